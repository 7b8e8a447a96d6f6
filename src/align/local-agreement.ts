import { dotOf, dotRuns } from './feature-dots.ts'
import { centreAndSpread } from './median.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Agreement is summed over so many frames: 0.1 s. */
export const binFrames = 10
export const binSeconds = binFrames * frameSeconds
/** One loud moment says no more than this, in standard deviations of a bin by chance. */
const mostPerBin = 4
/** Bins in a block while the line of a lag is looked for: 2 s. */
const blockBins = 20
/** A block agrees from this on. */
const agreeingBlock = 4
/** Lags tried around a candidate, frames, and the drift that is tried with them. */
const mostShift = 8
const mostStart = 5
/** Lags are tried at every other frame. */
const shiftStep = 2
const largestDrift = 600e-6
const driftStep = 100e-6
/** Lags that stand for chance. */
const chanceLags = 12
const leastOverlapFrames = 300

/** How far a and b agree along one line of lag, over a's own time. */
export interface AgreementLine {
  /** a-time minus b-time, seconds, in the middle of a. */
  readonly lagSeconds: number
  /** Growth of the lag per second of a's time. */
  readonly drift: number
  /** Per bin of a's time, in standard deviations of chance; NaN where b holds nothing there. */
  readonly agreement: Float32Array
}

/** The lines of lag near each candidate on which a and b agree most. */
export function agreementLines(
  a: SoundFeatures,
  b: SoundFeatures,
  lagsFrames: readonly number[],
): AgreementLine[] {
  const spread = agreementSpread(a, b)
  if (!(spread > 0)) return []
  return lagsFrames.map((lag) => {
    const { shift, drift } = bestLine(a, b, lag, spread)
    const line = (frame: number) => lag + Math.round(shift + drift * (frame - a.frames / 2))
    return {
      lagSeconds: (lag + shift) * frameSeconds,
      drift,
      agreement: sumsAlong(a, b, line).map((sum) =>
        Math.max(-mostPerBin, Math.min(mostPerBin, sum / spread)),
      ),
    }
  })
}

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

/** The same where the lag grows along a: bins of one lag together, and one by one where b begins or ends. */
function sumsAlong(
  a: SoundFeatures,
  b: SoundFeatures,
  lagAt: (frame: number) => number,
): Float32Array {
  const sums = new Float32Array(Math.ceil(a.frames / binFrames))
  const lags = Int32Array.from(sums, (_, bin) => lagAt((bin + 0.5) * binFrames))
  const isWhole = (bin: number): boolean =>
    bin * binFrames >= lags[bin]! &&
    (bin + 1) * binFrames <= Math.min(a.frames, b.frames + lags[bin]!)
  for (let bin = 0; bin < sums.length;) {
    const lag = lags[bin]!
    let next = bin
    while (next < sums.length && lags[next] === lag && isWhole(next)) next++
    if (next > bin) sums.set(dotRuns(a, b, lag, bin * binFrames, binFrames, next - bin), bin)
    else sums[next++] = sumOfBin(a, b, bin, lag)
    bin = next
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

function bestLine(
  a: SoundFeatures,
  b: SoundFeatures,
  lag: number,
  spread: number,
): { readonly shift: number; readonly drift: number } {
  const shifted = Array.from({ length: (2 * mostShift) / shiftStep + 1 }, (_, index) =>
    blockSums(sumsAt(a, b, lag + shiftStep * index - mostShift)),
  )
  const blocks = shifted[0]!.length
  let best = { shift: 0, drift: 0, score: 0 }
  for (let step = -largestDrift / driftStep; step <= largestDrift / driftStep; step++) {
    for (let shift = -mostStart; shift <= mostStart; shift++) {
      const drift = step * driftStep
      let score = 0
      for (let block = 0; block < blocks; block++) {
        const frame = (block + 0.5) * blockBins * binFrames
        const moved = shift + drift * (frame - a.frames / 2) + mostShift
        const sums = shifted[Math.round(moved / shiftStep)]
        const agreement = (sums?.[block] ?? 0) / spread - agreeingBlock
        if (agreement > 0) score += agreement
      }
      if (score > best.score) best = { shift, drift, score }
    }
  }
  return best
}

/** Agreement along one line that is known already. */
export function agreementAlong(
  a: SoundFeatures,
  b: SoundFeatures,
  lagSecondsAt: (aSeconds: number) => number,
): Float32Array {
  const spread = agreementSpread(a, b)
  const line = (frame: number) => Math.round(lagSecondsAt(frame * frameSeconds) / frameSeconds)
  return sumsAlong(a, b, line).map((sum) =>
    Math.max(-mostPerBin, Math.min(mostPerBin, sum / spread)),
  )
}
