import { peakGap, peakNear } from './coarse-search.ts'
import type { CoarseSearch } from './coarse-search.ts'
import { fineMatches } from './fine-search.ts'
import {
  coarseObservation,
  deservesFineSearch,
  isAmbiguous,
  isLink,
  refinedObservation,
} from './observation.ts'
import type { Observation } from './observation.ts'
import type { SampleSource } from './sample-source.ts'
import { frameHop, sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** What a coarse peak needs where the group already says where to look. */
const expectedScore = 2.2

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
  readonly gap: number
  readonly fineScore: number
  /** Several lags fit about equally well. */
  readonly isAmbiguous: boolean
  readonly observation?: Observation
}

/** Looks at every lag; an observation only if one lag stands clear of all others. */
export function compareSound(a: Sound, b: Sound, search: CoarseSearch): PairFinding {
  const { peaks } = search.compare(a.features, b.features)
  const [peak] = peaks
  const gap = peakGap(peaks)
  const score = peak?.score ?? 0
  const none = { a: a.place, b: b.place, score, gap, fineScore: 0 }
  if (!peak || !deservesFineSearch(peaks)) return { ...none, isAmbiguous: isAmbiguous(peaks) }
  const fine = fineMatches(a.samples, b.samples, peak.lagFrames * frameHop)
  const finding = { ...none, fineScore: fine[0]?.score ?? 0, isAmbiguous: false }
  if (!isLink(peaks, fine)) return finding
  return {
    ...finding,
    observation:
      refinedObservation(a.place, b.place, fine, peak.lagSeconds, gap) ??
      coarseObservation(a.place, b.place, peak.lagSeconds, durationsOf(a, b), gap),
  }
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
  const peak = peakNear(scores, expectedLagSeconds, reachSeconds)
  if (!peak || peak.score < expectedScore) return undefined
  const fine = fineMatches(a.samples, b.samples, peak.lagFrames * frameHop)
  const likely = fine.filter(
    ({ lagSeconds }) => Math.abs(lagSeconds - expectedLagSeconds) <= reachSeconds,
  )
  return refinedObservation(a.place, b.place, likely, peak.lagSeconds, 0)
}

export function durationsOf(a: Sound, b: Sound): readonly [number, number] {
  return [a.samples.length / sampleRateHz, b.samples.length / sampleRateHz]
}
