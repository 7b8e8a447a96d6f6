import { peakNear, refined } from './coarse-search.ts'
import type { CoarsePeak, CoarseSearch } from './coarse-search.ts'
import { fineMatches } from './fine-search.ts'
import type { FineMatch } from './fine-search.ts'
import { coarseObservation, isAmbiguous, refinedObservation } from './observation.ts'
import type { Observation } from './observation.ts'
import type { SampleSource } from './sample-source.ts'
import { isHeardBesides } from './silent-seconds.ts'
import { standingOf } from './sole-moment.ts'
import type { Standing } from './sole-moment.ts'
import { frameHop, sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { gainOfSecondLag } from './torn-pair.ts'
import {
  evidenceGap,
  isClear,
  isClearInPart,
  isSure,
  mayBeClear,
  shareOfClear,
  weighPeaks,
  weighSources,
} from './window-evidence.ts'
import type { WeighedPeak } from './window-evidence.ts'

/** What a coarse peak needs where the group already says where to look. */
const expectedScore = 2.2
/**
 * Below this no peak is weighed: accident makes as much among thousands of lags. The lowest
 * of 129 clear pairs of ten scenes was 8.4; three unrelated pairs in four are below.
 */
const faintScore = 4.6
/** From here on it is asked whether several sources were heard, each at a lag of its own. */
const leastScoreOfSources = 10
/** What a second lag must gain. Measured: docs/guides/alignment.md. */
const leastGainOfSecondLag = 12
/** Lags that the fine search may choose from where evidence leaves it open. */
const likelyLags = 2

/** How many times as high as at the next likely lag a line must be that decides between them. */
const leastTimesNext = 1.5
/** Nine in ten lines that decide reach it in the first look, and one in ten of the others. */
const leastFirstLook = 2.5

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
  /** The gap as a share of what makes a lag clear, times how evenly the overlap agrees. */
  readonly share: number
  /** So clear that the two may be joined by it alone. */
  readonly isSure: boolean
  /**
   * Two lags one after the other explain it far better than any one, or one lag is clear in a part
   * of the overlap alone: one of the two may have been cut.
   */
  readonly isTorn: boolean
  /** Several lags fit about equally well. */
  readonly isAmbiguous: boolean
  /** The likeliest lags, by evidence; none where no peak was weighed. */
  readonly likely: readonly Lag[]
  /** Where one lag stands clear of all others. */
  readonly clear?: Lag
}

/** a-time minus b-time. */
export interface Lag {
  readonly lagFrames: number
  readonly lagSeconds: number
}

export type ClearFinding = PairFinding & Required<Pick<PairFinding, 'clear'>>

/** Looks at every lag. */
export function compareSound(a: Sound, b: Sound, search: CoarseSearch): PairFinding {
  const { peaks: ranked } = search.compare(a.features, b.features)
  const [highest, next] = ranked
  const scores = { a: a.place, b: b.place, score: highest?.score ?? 0 }
  if (scores.score < faintScore) {
    const gap = scores.score - (next?.score ?? 0)
    return {
      ...scores,
      gap,
      share: 0,
      isSure: false,
      isTorn: false,
      isAmbiguous: false,
      likely: [],
    }
  }
  const weigh = (found: readonly CoarsePeak[]) => weighPeaks(a.features, b.features, found)
  let peaks = weigh(ranked)
  // What is clear already is measured finely anyway.
  if (mayBeClear(peaks) && !isClear(peaks)) {
    peaks = weigh(ranked.map((peak) => refined(a.features, b.features, peak)))
  }
  if (scores.score >= leastScoreOfSources && !isSure(peaks)) {
    const bySource = weighSources(a.features, b.features, peaks)
    if (bySource && shareOfClear(bySource) > shareOfClear(peaks)) peaks = bySource
  }
  const likely = likeliest(peaks)
  return {
    ...scores,
    gap: evidenceGap(peaks),
    share: shareOfClear(peaks),
    isSure: isSure(peaks),
    isTorn: isClearInPart(peaks) || gainOfSecondLag(peaks) >= leastGainOfSecondLag,
    isAmbiguous: isAmbiguous(peaks),
    likely,
    ...(isClear(peaks) ? { clear: likely[0]! } : {}),
  }
}

function likeliest(peaks: readonly WeighedPeak[]): Lag[] {
  return peaks.slice(0, likelyLags).map(({ lagFrames, lagSeconds }) => ({ lagFrames, lagSeconds }))
}

/** Measures the clear lag finely; where that fails, the coarse lag has to do. */
export function refineSound(a: Sound, b: Sound, { clear, gap }: ClearFinding): Observation {
  const fine = fineMatches(a.samples, b.samples, clear.lagFrames * frameHop)
  return (
    refinedObservation(a.place, b.place, fine, clear.lagSeconds, gap) ??
    coarseObservation(a.place, b.place, clear.lagSeconds, durationsOf(a, b), gap)
  )
}

/** A line that decides where evidence leaves it open. */
export interface SoleLine {
  readonly observation: Observation
  readonly standing: Standing
}

/**
 * The line of the likeliest lags, if it is far higher than the others' and than anything
 * nearby, the more so the less evidence says; with a second source's beside it, less will do.
 */
export function soleLine(
  a: Sound,
  b: Sound,
  finding: PairFinding,
  search: CoarseSearch,
): SoleLine | undefined {
  const { gap, share } = finding
  const [highest, next] = likelyOf(a, b, finding, search)
    .flatMap(({ lagFrames, lagSeconds }) => {
      const fine = fineMatches(a.samples, b.samples, lagFrames * frameHop, leastFirstLook)
      const observation = refinedObservation(a.place, b.place, fine, lagSeconds, gap)
      return observation ? [{ observation, fine, line: lineOf(observation, fine) }] : []
    })
    .sort((one, two) => two.line.score - one.line.score)
  if (!highest || (next && highest.line.score < leastTimesNext * next.line.score)) return undefined
  const { observation, line, fine } = highest
  const standing = standingOf(a.samples, b.samples, line, fine, share)
  return standing && { observation, standing }
}

function lineOf({ height }: Observation, fine: readonly FineMatch[]): FineMatch {
  return fine.find(({ score }) => score === height)!
}

/** Where all was too faint to be weighed at once, it is weighed now. */
function likelyOf(
  a: Sound,
  b: Sound,
  { likely }: PairFinding,
  search: CoarseSearch,
): readonly Lag[] {
  if (likely.length > 0) return likely
  const { peaks } = search.compare(a.features, b.features)
  const placed = peaks.map((peak) => refined(a.features, b.features, peak))
  return likeliest(weighPeaks(a.features, b.features, placed))
}

/** Looks only around the lag that the group implies; an observation if the fine search is clear there. */
export function compareSoundAt(
  a: Sound,
  b: Sound,
  expectedLagSeconds: number,
  reachSeconds: number,
  search: CoarseSearch,
): Observation | undefined {
  return lineNear(a, b, expectedLagSeconds, reachSeconds, 0, search)?.observation
}

/** The same, if the line also stands alone or a second source's stands beside it. */
export function soleLineAt(
  a: Sound,
  b: Sound,
  expectedLagSeconds: number,
  reachSeconds: number,
  shareOfEvidence: number,
  search: CoarseSearch,
): Observation | undefined {
  const near = lineNear(a, b, expectedLagSeconds, reachSeconds, leastFirstLook, search)
  if (!near) return undefined
  const { line, fine, observation } = near
  const stands = standingOf(a.samples, b.samples, line, fine, shareOfEvidence) !== undefined
  return stands && isHeardBesides(a, b, line) ? observation : undefined
}

interface LineNear {
  readonly observation: Observation
  readonly line: FineMatch
  /** All lines found there. */
  readonly fine: readonly FineMatch[]
}

function lineNear(
  a: Sound,
  b: Sound,
  expectedLagSeconds: number,
  reachSeconds: number,
  leastFirst: number,
  search: CoarseSearch,
): LineNear | undefined {
  const scores = search.compare(a.features, b.features)
  const near = peakNear(scores, expectedLagSeconds, reachSeconds)
  if (!near || near.score < expectedScore) return undefined
  const peak = refined(a.features, b.features, near)
  const fine = fineMatches(a.samples, b.samples, peak.lagFrames * frameHop, leastFirst)
  const likely = fine.filter(
    ({ lagSeconds }) => Math.abs(lagSeconds - expectedLagSeconds) <= reachSeconds,
  )
  const observation = refinedObservation(a.place, b.place, likely, peak.lagSeconds, 0)
  return observation && { observation, line: lineOf(observation, likely), fine }
}

/** Whether two have more in common than the one sound that makes this link's line. */
export function isHeardBesidesLink(
  a: Sound,
  b: Sound,
  { aSeconds, bSeconds, drift }: Observation,
): boolean {
  return isHeardBesides(a, b, { lagSeconds: aSeconds - bSeconds, drift: drift?.perSecond ?? 0 })
}

export function durationsOf(a: Sound, b: Sound): readonly [number, number] {
  return [a.samples.length / sampleRateHz, b.samples.length / sampleRateHz]
}
