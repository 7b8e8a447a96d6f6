import type { SolvedGroup } from './group-result.ts'
import { dotOf } from './feature-dots.ts'
import { agreementSpread } from './local-agreement.ts'
import type { RecordingPart } from './recording-parts.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { witnessesOf } from './witnesses.ts'

/** A cut is looked for this far to either side of where it was proposed. */
const reachSeconds = 4
/** Usual agreement of a bin of 0.1 s, in standard deviations of chance. */
const usualAgreement = 1.2
const framesPerBin = 10
/** Middle of what a frame of features hears, after its own beginning. */
const frameMiddleSeconds = 0.011

/**
 * Own time of the cut between two pieces: up to there the others agree with the
 * piece before, from there on with the piece after.
 */
export function refineCut(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): number {
  const proposed = after.fromSeconds
  const own = featuresOf(before.recording)
  if (!own) return proposed
  const [first, last] = [-1, 1].map((side) =>
    Math.round((proposed + side * reachSeconds) / frameSeconds),
  )
  const from = Math.max(0, first!, Math.round(before.fromSeconds / frameSeconds))
  const to = Math.min(own.frames, last!)
  const balance = new Float64Array(Math.max(0, to - from))
  const partOf = new Map(parts.map((part) => [part.id, part]))
  const sides = [
    { part: before, sign: 1 },
    { part: after, sign: -1 },
  ]
  for (const { part, sign } of sides) {
    for (const witness of witnessesOf(part, partOf, groups)) {
      const features = featuresOf(witness.recording)
      if (!features) continue
      const spread = agreementSpread(own, features)
      for (let frame = from; frame < to; frame++) {
        const there = Math.round(witness.timeOf(frame * frameSeconds) / frameSeconds)
        const isHeard = witness.holds(there * frameSeconds) && there >= 0 && there < features.frames
        if (!isHeard) continue
        const product = dotOf(own, features, frame - there, frame, frame + 1)
        const likelihood =
          (usualAgreement * product) / spread - usualAgreement ** 2 / 2 / framesPerBin
        balance[frame - from]! += sign * likelihood
      }
    }
  }
  return cutOf(balance, from, proposed)
}

function cutOf(balance: Float64Array, from: number, proposed: number): number {
  let sum = 0
  let best = { sum: 0, at: 0 }
  balance.forEach((value, index) => {
    sum += value
    if (sum > best.sum) best = { sum, at: index + 1 }
  })
  const isInside = best.at > 0 && best.at < balance.length
  return isInside ? (from + best.at) * frameSeconds + frameMiddleSeconds : proposed
}
