import type { SolvedGroup } from './group-result.ts'
import { agreementAlong, binSeconds } from './local-agreement.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { witnessesOf } from './witnesses.ts'

/** A witness that agrees less with a piece, in standard deviations of a bin, says nothing about its neighbour. */
const leastAgreement = 0.3
/** Standard deviations of chance from which going on is taken for more than chance. */
const leastEvidence = 4

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
): boolean {
  const goesOn = (one: RecordingPart, other: RecordingPart) =>
    evidenceOfGoingOn(one, other, parts, groups, featuresOf) > leastEvidence
  return goesOn(before, after) || goesOn(after, before)
}

/** Agreement of the other piece on the clock of this one, by all witnesses, in standard deviations of chance. */
function evidenceOfGoingOn(
  one: RecordingPart,
  other: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): number {
  const own = featuresOf(one.recording)
  if (!own) return 0
  let sum = 0
  let variance = 0
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
    }
  }
  return variance > 0 ? sum / Math.sqrt(variance) : 0
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
