import { cos } from './exact-math.ts'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize } from './real-fft.ts'
import type { SampleSource } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'

const shortestOverlapSeconds = 1.5
const lowestHz = 200
const highestHz = 3700
/** Samples to either side of the line that are kept: 0.25 s. */
const largestReach = 2000

/** A line on which b is laid against a: a-time minus b-time of the same sound, over a's own time. */
export interface LagLine {
  /** At the middle of the overlap, samples. */
  readonly lagSamples: number
  /** Growth of the lag for each second of a's time. */
  readonly drift: number
}

/** How the overlap is cut: short windows bear drift that is not known, long ones hear more. */
export interface WindowPlan {
  /** A power of two. */
  readonly longestSamples: number
  readonly most: number
}

export interface PhaseCorrelations {
  readonly windows: readonly {
    /** Middle of the window in a's own time. */
    readonly atSeconds: number
    /** 2 × reach + 1 values, unit variance; index reach is the line's lag there. */
    readonly correlation: Float32Array
  }[]
  readonly reach: number
  readonly middleSeconds: number
  /** From the first window's middle to the last's. */
  readonly spanSeconds: number
  readonly overlapSeconds: number
}

/**
 * Phase correlation (GCC-PHAT, 200 to 3700 Hz) of a and b in windows across
 * their overlap, b read along the line, so that its drift does not blur the peak.
 */
export function phaseCorrelations(
  a: SampleSource,
  b: SampleSource,
  line: LagLine,
  plan: WindowPlan,
): PhaseCorrelations | undefined {
  const lag = Math.round(line.lagSamples)
  const first = Math.max(0, lag)
  const last = Math.min(a.length, b.length + lag)
  const overlap = last - first
  if (overlap < shortestOverlapSeconds * sampleRateHz) return undefined
  let length = plan.longestSamples
  while (length > overlap) length /= 2
  const count = Math.max(1, Math.min(plan.most, Math.floor((2 * (overlap - length)) / length) + 1))
  const starts = Array.from({ length: count }, (_, w) =>
    count === 1
      ? first + Math.floor((overlap - length) / 2)
      : first + Math.floor((w * (overlap - length)) / (count - 1)),
  )
  const middle = starts.reduce((sum, start) => sum + start, 0) / count + length / 2
  const reach = Math.min(largestReach, length / 4)
  const lagAt = (sample: number): number => line.lagSamples + line.drift * (sample - middle)
  const correlations = correlateWindows(a, b, starts, lagAt, line.drift, length, reach)
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
    middleSeconds: middle / sampleRateHz,
    spanSeconds: times.at(-1)! - times[0]!,
    overlapSeconds: overlap / sampleRateHz,
  }
}

function correlateWindows(
  a: SampleSource,
  b: SampleSource,
  starts: readonly number[],
  lagAt: (sample: number) => number,
  drift: number,
  length: number,
  reach: number,
): Float32Array[] {
  const fft = realFftOfSize(length)
  const shape = hannOf(length)
  const signal = allocateBlock(length)
  const ofA = allocateBlock(length)
  const ofB = allocateBlock(length)
  const stretched = new Float32Array(Math.ceil(length * (1 + Math.abs(drift))) + 4)
  const transform = (into: typeof ofA): void => {
    const values = floatsOf(signal)
    for (let t = 0; t < length; t++) values[t] = values[t]! * shape[t]!
    fft.forwardOrdered(signal, into)
  }
  const correlations = starts.map((start) => {
    a.read(start, floatsOf(signal))
    transform(ofA)
    readStretched(b, start - lagAt(start), 1 - drift, floatsOf(signal), stretched)
    transform(ofB)
    keepPhases(floatsOf(ofA), floatsOf(ofB))
    fft.inverseOrdered(ofA, signal)
    return excerpt(floatsOf(signal), reach)
  })
  for (const block of [signal, ofA, ofB]) freeBlock(block)
  return correlations
}

/** Fills `into` with the samples at `from`, `from + step` …: cubic interpolation (Catmull and Rom 1974). */
function readStretched(
  source: SampleSource,
  from: number,
  step: number,
  into: Float32Array,
  room: Float32Array,
): void {
  const first = Math.floor(from) - 1
  if (step === 1 && first + 1 === from) {
    source.read(from, into)
    return
  }
  source.read(first, room)
  for (let t = 0; t < into.length; t++) {
    const at = from + t * step - first
    const whole = Math.floor(at)
    const x = at - whole
    const p = room[whole - 1] ?? 0
    const q = room[whole] ?? 0
    const r = room[whole + 1] ?? 0
    const s = room[whole + 2] ?? 0
    into[t] = q + 0.5 * x * (r - p + x * (2 * p - 5 * q + 4 * r - s + x * (3 * (q - r) + s - p)))
  }
}

/** a becomes the phase of A conj(B) within the band, zero outside; both in order. */
function keepPhases(a: Float32Array, b: Float32Array): void {
  const { length } = a
  const from = 2 * Math.ceil((lowestHz * length) / sampleRateHz)
  const to = 2 * Math.floor((highestHz * length) / sampleRateHz)
  for (let at = from; at <= to; at += 2) {
    const aRe = a[at]!
    const aIm = a[at + 1]!
    const bRe = b[at]!
    const bIm = b[at + 1]!
    const re = aRe * bRe + aIm * bIm
    const im = aIm * bRe - aRe * bIm
    const size = Math.sqrt(re * re + im * im) + 1e-12
    a[at] = re / size
    a[at + 1] = im / size
  }
  a.fill(0, 0, from)
  a.fill(0, to + 2)
}

/** The lags around zero, scaled to unit variance (all zero if there was no sound). */
function excerpt(circular: Float32Array, reach: number): Float32Array {
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
    (_, t) => 0.5 - 0.5 * cos((2 * Math.PI * t) / (length - 1)),
  )
  hanns.set(length, made)
  return made
}
