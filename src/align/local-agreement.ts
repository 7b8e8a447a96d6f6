import { dotOf, dotRuns } from './feature-dots.ts'
import { centreAndSpread } from './median.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Agreement is summed over so many frames: 0.1 s. */
export const binFrames = 10
export const binSeconds = binFrames * frameSeconds
/** One loud moment says no more than this, in standard deviations of a bin by chance. */
const mostPerBin = 4
/** Bins in a block of 2 s. */
const blockBins = 20
/** Lags that stand for chance. */
const chanceLags = 12
const leastOverlapFrames = 300

/** Sum over bands and frames of the product of features, per bin of a's time; NaN where b holds less than half. */
function sumsAt(a: SoundFeatures, b: SoundFeatures, lag: number): Float32Array {
  const sums = new Float32Array(Math.ceil(a.frames / binFrames)).fill(Number.NaN)
  const first = Math.ceil(Math.max(0, lag) / binFrames)
  const last = Math.floor(Math.min(a.frames, b.frames + lag) / binFrames)
  if (last > first) sums.set(dotRuns(a, b, lag, first * binFrames, binFrames, last - first), first)
  for (const bin of new Set([first - 1, Math.max(first, last)])) {
    if (bin >= 0 && bin < sums.length) sums[bin] = sumOfBin(a, b, bin, lag)
  }
  return sums
}

function sumOfBin(a: SoundFeatures, b: SoundFeatures, bin: number, lag: number): number {
  const from = Math.max(bin * binFrames, lag)
  const to = Math.min((bin + 1) * binFrames, a.frames, b.frames + lag)
  return to - from < binFrames / 2 ? Number.NaN : dotOf(a, b, lag, from, to)
}

/** Robust standard deviation of a bin at lags that mean nothing, from blocks, so that slow swings count. */
export function agreementSpread(a: SoundFeatures, b: SoundFeatures): number {
  const known = spreads.get(a)?.get(b)
  if (known !== undefined) return known
  const lowest = leastOverlapFrames - b.frames
  const range = a.frames - leastOverlapFrames - lowest
  const blocks = Array.from({ length: chanceLags }, (_, index) => {
    const lag = Math.round(lowest + ((index + 0.37) / chanceLags) * range)
    return blockSums(sumsAt(a, b, lag)).filter(Number.isFinite)
  })
  const all = Float32Array.from(blocks.flatMap((sums) => [...sums]))
  const spread = centreAndSpread(all).spread / Math.sqrt(blockBins)
  spreads.set(a, (spreads.get(a) ?? new WeakMap()).set(b, spread))
  return spread
}

const spreads = new WeakMap<SoundFeatures, WeakMap<SoundFeatures, number>>()

function blockSums(bins: Float32Array): Float32Array {
  return Float32Array.from({ length: Math.floor(bins.length / blockBins) }, (_, block) => {
    let sum = 0
    for (let bin = block * blockBins; bin < (block + 1) * blockBins; bin++) sum += bins[bin]!
    return sum
  })
}

/**
 * How far a and b agree along a line of lag, per bin of a's own time, in standard deviations of
 * chance; NaN where b holds nothing or the bin's middle lies outside the span.
 */
export function agreementAlong(
  a: SoundFeatures,
  b: SoundFeatures,
  lagSecondsAt: (aSeconds: number) => number,
  span: { readonly fromSeconds: number; readonly toSeconds: number } = everything,
): Float32Array {
  const spread = agreementSpread(a, b)
  const bins = Math.ceil(a.frames / binFrames)
  const agreement = new Float32Array(bins).fill(Number.NaN)
  const first = Math.max(0, Math.ceil(span.fromSeconds / binSeconds - 0.5))
  const last = Math.min(bins, Math.ceil(span.toSeconds / binSeconds - 0.5))
  const lagOf = (bin: number) => Math.round(lagSecondsAt((bin + 0.5) * binSeconds) / frameSeconds)
  for (let bin = first; bin < last;) {
    const sums = sumsFrom(a, b, bin, last, lagOf)
    for (const [index, sum] of sums.entries()) {
      agreement[bin + index] = Math.max(-mostPerBin, Math.min(mostPerBin, sum / spread))
    }
    bin += sums.length
  }
  return agreement
}

/** Sums of the bins from one on that have its lag and lie within b; of that bin alone where b begins or ends. */
function sumsFrom(
  a: SoundFeatures,
  b: SoundFeatures,
  bin: number,
  end: number,
  lagOf: (bin: number) => number,
): Float32Array | Int32Array {
  const lag = lagOf(bin)
  const isWhole = (one: number): boolean =>
    one * binFrames >= lag && (one + 1) * binFrames <= Math.min(a.frames, b.frames + lag)
  let next = bin
  while (next < end && isWhole(next) && lagOf(next) === lag) next++
  if (next === bin) return Float32Array.of(sumOfBin(a, b, bin, lag))
  return dotRuns(a, b, lag, bin * binFrames, binFrames, next - bin)
}

const everything = { fromSeconds: -Infinity, toSeconds: Infinity }
