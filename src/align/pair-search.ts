import { peakNear, refined } from './coarse-search.ts'
import type { CoarsePeak, CoarseSearch } from './coarse-search.ts'
import { fineMatches } from './fine-search.ts'
import { coarseObservation, isAmbiguous, refinedObservation } from './observation.ts'
import type { Observation } from './observation.ts'
import type { SampleSource } from './sample-source.ts'
import { frameHop, sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { evidenceGap, isClear, mayBeClear, weighPeaks } from './window-evidence.ts'

/** What a coarse peak needs where the group already says where to look. */
const expectedScore = 2.2
/**
 * Below this no peak is weighed: accident makes as much among thousands of lags. The lowest
 * of 129 clear pairs of ten scenes was 8.4; three unrelated pairs in four are below.
 */
const faintScore = 4.6

export interface Sound {
  /** In the list of recordings. */
  readonly place: number
  readonly samples: SampleSource
  readonly features: SoundFeatures
}

/** What two recordings say about each other. */
export interface PairFinding {
  readonly a: number
  readonly b: number
  readonly score: number
  /** Of the next peak by height. */
  readonly nextScore: number
  readonly gap: number
  /** Several lags fit about equally well. */
  readonly isAmbiguous: boolean
  /** Where one lag stands clear of all others. */
  readonly clear?: { readonly lagFrames: number; readonly lagSeconds: number }
}

export type ClearFinding = PairFinding & Required<Pick<PairFinding, 'clear'>>

/** Looks at every lag. */
export function compareSound(a: Sound, b: Sound, search: CoarseSearch): PairFinding {
  const { peaks: ranked } = search.compare(a.features, b.features)
  const [highest, next] = ranked
  const scores = { a: a.place, b: b.place, score: highest?.score ?? 0, nextScore: next?.score ?? 0 }
  if (scores.score < faintScore) {
    return { ...scores, gap: scores.score - scores.nextScore, isAmbiguous: false }
  }
  const weigh = (found: readonly CoarsePeak[]) => weighPeaks(a.features, b.features, found)
  let peaks = weigh(ranked)
  // What is clear already is measured finely anyway.
  if (mayBeClear(peaks) && !isClear(peaks)) {
    peaks = weigh(ranked.map((peak) => refined(a.features, b.features, peak)))
  }
  const [peak] = peaks
  return {
    ...scores,
    gap: evidenceGap(peaks),
    isAmbiguous: isAmbiguous(peaks),
    ...(peak && isClear(peaks)
      ? { clear: { lagFrames: peak.lagFrames, lagSeconds: peak.lagSeconds } }
      : {}),
  }
}

/** Measures the clear lag finely; where that fails, the coarse lag has to do. */
export function refineSound(a: Sound, b: Sound, { clear, gap }: ClearFinding): Observation {
  const fine = fineMatches(a.samples, b.samples, clear.lagFrames * frameHop)
  return (
    refinedObservation(a.place, b.place, fine, clear.lagSeconds, gap) ??
    coarseObservation(a.place, b.place, clear.lagSeconds, durationsOf(a, b), gap)
  )
}

/** Looks only around the lag that the group implies; an observation if the fine search is clear there. */
export function compareSoundAt(
  a: Sound,
  b: Sound,
  expectedLagSeconds: number,
  reachSeconds: number,
  search: CoarseSearch,
): Observation | undefined {
  const scores = search.compare(a.features, b.features)
  const near = peakNear(scores, expectedLagSeconds, reachSeconds)
  if (!near || near.score < expectedScore) return undefined
  const peak = refined(a.features, b.features, near)
  const fine = fineMatches(a.samples, b.samples, peak.lagFrames * frameHop)
  const likely = fine.filter(
    ({ lagSeconds }) => Math.abs(lagSeconds - expectedLagSeconds) <= reachSeconds,
  )
  return refinedObservation(a.place, b.place, likely, peak.lagSeconds, 0)
}

export function durationsOf(a: Sound, b: Sound): readonly [number, number] {
  return [a.samples.length / sampleRateHz, b.samples.length / sampleRateHz]
}
