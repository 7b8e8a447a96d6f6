import { cos } from './exact-math.ts'
import { allocate, floatsAt, kernels, withRoom } from './kernels/kernels.ts'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize } from './real-fft.ts'
import type { FloatBlock } from './real-fft.ts'
import { readSamples } from './sample-source.ts'
import type { SampleSource } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'

const shortestOverlapSeconds = 1.5
const lowestHz = 200
const highestHz = 3700
const usualReach = 2000
/** Correlations whose spread is less hold no sound. */
const faintest = 1e-9

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
  /** Samples to either side of the line that are kept, a quarter of the window at most; 0.25 s unless given. */
  readonly reachSamples?: number
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
  const reach = Math.min(plan.reachSamples ?? usualReach, length / 4)
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

/** Correlations of the windows that begin there, scaled to unit variance (all zero if there was no sound). */
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
  const { shape, band } = windowTables(length)
  const signal = allocateBlock(length)
  const ofA = allocateBlock(length)
  const ofB = allocateBlock(length)
  const stretched = Math.ceil(length * (1 + Math.abs(drift))) + 8
  const excerptLength = 2 * reach + 1
  const correlations = withRoom(
    [4 * stretched, 4 * length, 4 * length, 4 * excerptLength],
    (source, window, other, kept) => {
      /** Transform of the window of a recording that begins at `from` and is read in such steps. */
      const transform = (
        recording: SampleSource,
        from: number,
        step: number,
        into: FloatBlock,
      ): void => {
        const first = Math.floor(from) - 1
        readSamples(recording, first, source, stretched)
        kernels.readWindow(source, from - first, step, shape, length, window)
        floatsOf(signal).set(floatsAt(window, length))
        fft.forward(signal, into)
      }
      return starts.map((start) => {
        transform(a, start, 1, ofA)
        transform(b, start - lagAt(start), 1 - drift, ofB)
        floatsAt(window, length).set(floatsOf(ofA))
        floatsAt(other, length).set(floatsOf(ofB))
        kernels.keepPhases(window, other, band, length)
        floatsOf(ofA).set(floatsAt(window, length))
        fft.inverse(ofA, signal)
        floatsAt(window, length).set(floatsOf(signal))
        kernels.excerpt(window, length, reach, faintest, kept)
        return floatsAt(kept, excerptLength).slice()
      })
    },
  )
  for (const block of [signal, ofA, ofB]) freeBlock(block)
  return correlations
}

function hasEnergy(correlation: Float32Array): boolean {
  return correlation.some((value) => value !== 0)
}

interface WindowTables {
  /** Hann's window, in the kernels' memory. */
  readonly shape: number
  /** 1 where a bin lies within the band, in the order of `forward`; there too. */
  readonly band: number
}

/** Made once for each length and kept. */
const tables = new Map<number, WindowTables>()

function windowTables(length: number): WindowTables {
  const known = tables.get(length)
  if (known) return known
  const shape = allocate(4 * length)
  floatsAt(shape, length).set(
    Float32Array.from({ length }, (_, t) => 0.5 - 0.5 * cos((2 * Math.PI * t) / (length - 1))),
  )
  const ordered = allocateBlock(length)
  const disordered = allocateBlock(length)
  const from = 2 * Math.ceil((lowestHz * length) / sampleRateHz)
  const to = 2 * Math.floor((highestHz * length) / sampleRateHz)
  floatsOf(ordered)
    .fill(0)
    .fill(1, from, to + 2)
  realFftOfSize(length).disorder(ordered, disordered)
  const band = allocate(4 * length)
  floatsAt(band, length).set(floatsOf(disordered))
  const made = { shape, band }
  for (const block of [ordered, disordered]) freeBlock(block)
  tables.set(length, made)
  return made
}
