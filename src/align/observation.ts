import { largestDrift } from './fine-search.ts'
import type { FineMatch } from './fine-search.ts'
import { isClear } from './window-evidence.ts'
import type { WeighedPeak } from './window-evidence.ts'

/**
 * One piece of evidence that moment `aSeconds` of recording a (own time) is
 * moment `bSeconds` of recording b. a and b are places in the list of
 * recordings sorted by id, a < b.
 *
 * What sound brings together differs on the true clock by the difference of its
 * travel to the two phones; what a person saw in both pictures does not.
 */
export interface Observation {
  readonly kind: 'sound' | 'anchor'
  readonly a: number
  readonly b: number
  readonly aSeconds: number
  readonly bSeconds: number
  /** Standard deviation of aSeconds − bSeconds, without travel. */
  readonly sigmaSeconds: number
  /** Growth of (a-time − b-time) per second of a's time; absent where it was not measured. */
  readonly drift?: { readonly perSecond: number; readonly sigma: number }
  /** Sound from several places: this and the other lines found, any of which may be the one all share. */
  readonly family?: readonly Observation[]
  /** Fine score of the line, where sound was refined. */
  readonly height?: number
  /** Sound: the gap between the ranked peaks. Anchor: how many anchors of this pair agree. */
  readonly confidence: number
}

/** Evidence that is no accident: where the next is near, the sound repeats. */
const repeatedEvidence = 6
/** A line of this height is trusted to refine. */
const trustedFineScore = 8
/** A fine match belongs to its coarse peak when it lies this near, seconds. */
const coarseReachSeconds = 0.25
/** What a coarse peak alone is worth: two frames. */
const coarseSigmaSeconds = 0.02
/** Below this, agreement of phones' microphones is not claimed: rooms and echoes smear a peak. */
const leastSoundSigmaSeconds = 0.0005

/** Whether the sound repeats: several lags fit, and none is clear of the others. */
export function isAmbiguous(peaks: readonly WeighedPeak[]): boolean {
  const [first] = peaks
  return first !== undefined && first.evidence >= repeatedEvidence && !isClear(peaks)
}

/** The observation that fine lines near a lag make, the highest first; nothing if none can be trusted. */
export function refinedObservation(
  a: number,
  b: number,
  fine: readonly FineMatch[],
  nearLagSeconds: number,
  confidence: number,
): Observation | undefined {
  const family = fine
    .filter(
      ({ score, lagSeconds }) =>
        score >= trustedFineScore && Math.abs(lagSeconds - nearLagSeconds) <= coarseReachSeconds,
    )
    .map((line): Observation => ({
      kind: 'sound',
      a,
      b,
      aSeconds: line.atSeconds,
      bSeconds: line.atSeconds - line.lagSeconds,
      sigmaSeconds: Math.hypot(line.lagSigmaSeconds, leastSoundSigmaSeconds),
      height: line.score,
      // What seems steeper than two clocks make it is a phone that walks, or a source that passes.
      ...(Number.isFinite(line.driftSigma) && Math.abs(line.drift) <= largestDrift
        ? { drift: { perSecond: line.drift, sigma: line.driftSigma } }
        : {}),
      confidence,
    }))
  const [highest] = family
  return highest && (family.length > 1 ? { ...highest, family } : highest)
}

/** The observation that a coarse peak makes by itself, in the middle of the overlap. */
export function coarseObservation(
  a: number,
  b: number,
  lagSeconds: number,
  durations: readonly [a: number, b: number],
  confidence: number,
): Observation {
  const from = Math.max(0, lagSeconds)
  const to = Math.min(durations[0], durations[1] + lagSeconds)
  const middle = (from + to) / 2
  return {
    kind: 'sound',
    a,
    b,
    aSeconds: middle,
    bSeconds: middle - lagSeconds,
    sigmaSeconds: coarseSigmaSeconds,
    confidence,
  }
}
