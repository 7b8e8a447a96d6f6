import { dotOf } from './feature-dots.ts'
import type { SoundFeatures } from './sound-features.ts'

/** The mean of the best of so many accidents, in their deviations; neighbouring lags are opposed. */
export const accidentOfBest = [0, 0.7, 1, 1.2]
/** Lags of two sources that one pair heard differ by no more, frames: 120 m of way. */
export const mostFramesBetweenSources = 35
/** The peak of one source is some frames wide. */
const leastFramesBetweenSources = 4
/** What a source must reach of the highest, and in deviations of accident. */
const leastShareOfHighest = 0.4
const leastDeviations = 5

/**
 * Lags of the sources near a lag, frames, the highest first: where the whole overlap agrees locally
 * most. Two people some way apart who talk in turn are heard at two lags, and where one talks the
 * other's lag says the opposite. `deviation` is accident's for so many frames.
 */
export function sourceLags(
  a: SoundFeatures,
  b: SoundFeatures,
  centre: number,
  deviation: number,
  deviationFrames: number,
): number[] {
  const reach = mostFramesBetweenSources + 1
  const from = Math.max(0, reach - centre)
  const to = Math.min(b.frames, a.frames - centre - reach)
  const energy = b.energyBefore[to]! - b.energyBefore[from]!
  const likeness = Float64Array.from({ length: 2 * reach + 1 }, (_, index) => {
    const lag = centre - reach + index
    const ofA = a.energyBefore[to + lag]! - a.energyBefore[from + lag]!
    return dotOf(a, b, lag, from + lag, to + lag) / Math.sqrt(energy * ofA + 1e-9)
  })
  const highest = likeness.reduce((one, two) => Math.max(one, two))
  const accident = leastDeviations * deviation * Math.sqrt(deviationFrames / (to - from))
  const least = Math.max(accident, leastShareOfHighest * highest)
  const tops: number[] = []
  for (let index = 1; index < likeness.length - 1; index++) {
    const here = likeness[index]!
    if (here >= least && here > likeness[index - 1]! && here >= likeness[index + 1]!) {
      tops.push(index)
    }
  }
  const kept: number[] = []
  for (const top of tops.sort((one, two) => likeness[two]! - likeness[one]!)) {
    if (kept.every((other) => Math.abs(other - top) >= leastFramesBetweenSources)) kept.push(top)
  }
  return kept.length === 0 ? [centre] : kept.map((index) => centre - reach + index)
}
