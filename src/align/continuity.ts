import type { SolvedGroup } from './group-result.ts'
import { agreementAlong, binSeconds } from './local-agreement.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { witnessesOf } from './witnesses.ts'

/** A witness that agrees less with a piece, in standard deviations of a bin, says nothing about its neighbour. */
const leastAgreement = 0.3
/**
 * Going on is more than chance from so many standard deviations, and more than a stray likeness
 * from so much of the agreement that the witnesses have where they belong. Measured: 0.07 at most
 * at true cuts, about 1 where a sound that repeats made two of one.
 */
const leastDeviations = 4
const leastShare = 0.1
/** Where going on would make so many, its lack is no accident, */
const knownDeviations = 8
/** if it lacks for so long: borders of pieces are known to some seconds only. */
const knownSeconds = 5
/** Beyond doubt: such cuts are taken back before others are judged by witnesses that they disturb. */
const clearShare = 0.5

/**
 * Whether two neighbouring pieces go on from one to the other as if nothing had
 * been cut: on the clock of the one, the other's sound agrees with what the
 * witnesses of the first hear there. Then they were torn apart by a sound that
 * repeats.
 */
export function areContinuous(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
  certainty: 'clearly' | 'rather',
): boolean {
  const least = certainty === 'clearly' ? clearShare : leastShare
  const goesOn = (one: RecordingPart, other: RecordingPart) => {
    const { deviations, share } = goingOn(one, other, parts, groups, featuresOf)
    return deviations > leastDeviations && share > least
  }
  return goesOn(before, after) || goesOn(after, before)
}

/**
 * Whether either piece, on the clock of the other, is known to be another sound than what the
 * witnesses hear there: asked where no one clock says that they lie apart.
 */
export function areContradicted(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): boolean {
  return (
    isDenied(before, after, parts, groups, featuresOf) ||
    isDenied(after, before, parts, groups, featuresOf)
  )
}

/** Whether the other part, on the clock of this one, is known to be another sound than what the witnesses hear. */
export function isDenied(
  one: RecordingPart,
  other: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): boolean {
  const { expected, share, heardSeconds } = goingOn(one, other, parts, groups, featuresOf)
  return expected > knownDeviations && share < leastShare && heardSeconds >= knownSeconds
}

interface Agreement {
  /** In standard deviations of chance, and what it would be if one went on into the other. */
  readonly deviations: number
  readonly expected: number
  readonly share: number
  /** By all witnesses together. */
  readonly heardSeconds: number
}

/** Agreement of the other piece on the clock of this one, by all witnesses together. */
function goingOn(
  one: RecordingPart,
  other: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): Agreement {
  const own = featuresOf(one.recording)
  if (!own) return { deviations: 0, expected: 0, share: 0, heardSeconds: 0 }
  let sum = 0
  let variance = 0
  let bins = 0
  for (const witness of witnessesOf(one, new Map(parts.map((part) => [part.id, part])), groups)) {
    const features = featuresOf(witness.recording)
    if (!features) continue
    const agreement = agreementAlong(own, features, (at) => at - witness.timeOf(at))
    const within = ({ fromSeconds, samples }: RecordingPart): number[] => {
      const first = Math.round(fromSeconds / binSeconds)
      const last = Math.round((fromSeconds + samples.length / sampleRateHz) / binSeconds)
      return [...agreement.subarray(first, last)].filter(
        (value, bin) =>
          !Number.isNaN(value) && witness.holds(witness.timeOf((first + bin) * binSeconds)),
      )
    }
    const usual = mean(within(one))
    if (!(usual >= leastAgreement)) continue
    for (const value of within(other)) {
      sum += usual * value
      variance += usual ** 2
      bins++
    }
  }
  const expected = Math.sqrt(variance)
  const deviations = variance > 0 ? sum / expected : 0
  return { deviations, expected, share: sum / variance, heardSeconds: bins * binSeconds }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
