import { fftOfSize } from './fft.ts'
import { sampleRateHz } from './sound-features.ts'

const longestWindow = 32768
const mostWindows = 24
const shortestOverlapSeconds = 1.5
const lowestHz = 200
const highestHz = 3700
/** Samples to either side of the coarse lag that are kept: 0.25 s. */
const largestReach = 2000

export interface PhaseCorrelations {
  readonly windows: readonly {
    /** Middle of the window in a's own time. */
    readonly atSeconds: number
    /** 2 × reach + 1 values, unit variance; index reach is the coarse lag. */
    readonly correlation: Float32Array
  }[]
  readonly reach: number
  readonly middleSeconds: number
  /** From the first window's middle to the last's. */
  readonly spanSeconds: number
  readonly overlapSeconds: number
}

/**
 * Phase correlation (GCC-PHAT, 200 to 3700 Hz) of a and b in up to 24 windows
 * across their overlap at the given lag (a-time minus b-time, samples).
 */
export function phaseCorrelations(
  a: Float32Array,
  b: Float32Array,
  lagSamples: number,
): PhaseCorrelations | undefined {
  const first = Math.max(0, lagSamples)
  const last = Math.min(a.length, b.length + lagSamples)
  const overlap = last - first
  if (overlap < shortestOverlapSeconds * sampleRateHz) return undefined
  let length = longestWindow
  while (length > overlap) length /= 2
  const count = Math.max(
    1,
    Math.min(mostWindows, Math.floor((2 * (overlap - length)) / length) + 1),
  )
  const starts = Array.from({ length: count }, (_, w) =>
    count === 1
      ? first + Math.floor((overlap - length) / 2)
      : first + Math.floor((w * (overlap - length)) / (count - 1)),
  )
  const reach = Math.min(largestReach, length / 4)
  const correlations = correlateWindows(a, b, starts, lagSamples, length, reach)
  const windows = starts.flatMap((start, w) => {
    const correlation = correlations[w]!
    return hasEnergy(correlation)
      ? [{ atSeconds: (start + length / 2) / sampleRateHz, correlation }]
      : []
  })
  if (windows.length === 0) return undefined
  const times = windows.map((window) => window.atSeconds)
  return {
    windows,
    reach,
    middleSeconds: times.reduce((sum, time) => sum + time, 0) / times.length,
    spanSeconds: times.at(-1)! - times[0]!,
    overlapSeconds: overlap / sampleRateHz,
  }
}

function correlateWindows(
  a: Float32Array,
  b: Float32Array,
  starts: readonly number[],
  lagSamples: number,
  length: number,
  reach: number,
): Float32Array[] {
  const fft = fftOfSize(length)
  const shape = hannOf(length)
  const re = new Float64Array(length)
  const im = new Float64Array(length)
  const correlations: Float32Array[] = []
  // Two windows share one inverse transform, as real and imaginary part.
  for (let w = 0; w < starts.length; w += 2) {
    const bothRe = new Float64Array(length)
    const bothIm = new Float64Array(length)
    for (const part of [0, 1] as const) {
      const start = starts[w + part]
      if (start === undefined) continue
      for (let t = 0; t < length; t++) {
        re[t] = a[start + t]! * shape[t]!
        im[t] = b[start - lagSamples + t]! * shape[t]!
      }
      fft.forward(re, im)
      addPhases(re, im, bothRe, bothIm, part)
    }
    fft.inverse(bothRe, bothIm)
    correlations.push(excerpt(bothRe, reach))
    if (w + 1 < starts.length) correlations.push(excerpt(bothIm, reach))
  }
  return correlations
}

/** Adds the phase of A conj(B), or i times it for part 1, where re + i im is the transform of a + i b. */
function addPhases(
  re: Float64Array,
  im: Float64Array,
  intoRe: Float64Array,
  intoIm: Float64Array,
  part: 0 | 1,
): void {
  const length = re.length
  const from = Math.ceil((lowestHz * length) / sampleRateHz)
  const to = Math.floor((highestHz * length) / sampleRateHz)
  for (let k = from; k <= to; k++) {
    const mirror = length - k
    const aRe = re[k]! + re[mirror]!
    const aIm = im[k]! - im[mirror]!
    const bRe = im[k]! + im[mirror]!
    const bIm = re[mirror]! - re[k]!
    const crossRe = aRe * bRe + aIm * bIm
    const crossIm = aIm * bRe - aRe * bIm
    const size = Math.sqrt(crossRe * crossRe + crossIm * crossIm) + 1e-12
    const phaseRe = crossRe / size
    const phaseIm = crossIm / size
    if (part === 0) {
      intoRe[k] = intoRe[k]! + phaseRe
      intoIm[k] = intoIm[k]! + phaseIm
      intoRe[mirror] = intoRe[mirror]! + phaseRe
      intoIm[mirror] = intoIm[mirror]! - phaseIm
    } else {
      intoRe[k] = intoRe[k]! - phaseIm
      intoIm[k] = intoIm[k]! + phaseRe
      intoRe[mirror] = intoRe[mirror]! + phaseIm
      intoIm[mirror] = intoIm[mirror]! + phaseRe
    }
  }
}

/** The lags around zero, scaled to unit variance (all zero if there was no sound). */
function excerpt(circular: Float64Array, reach: number): Float32Array {
  const correlation = new Float32Array(2 * reach + 1)
  let squares = 0
  for (let lag = -reach; lag <= reach; lag++) {
    const value = circular[lag < 0 ? lag + circular.length : lag]!
    correlation[lag + reach] = value
    squares += value * value
  }
  const spread = Math.sqrt(squares / correlation.length)
  if (spread < 1e-9) return correlation.fill(0)
  return correlation.map((value) => value / spread)
}

function hasEnergy(correlation: Float32Array): boolean {
  return correlation.some((value) => value !== 0)
}

const hanns = new Map<number, Float64Array>()

function hannOf(length: number): Float64Array {
  const known = hanns.get(length)
  if (known) return known
  const made = Float64Array.from(
    { length },
    (_, t) => 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / (length - 1)),
  )
  hanns.set(length, made)
  return made
}
