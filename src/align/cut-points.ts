import { dotOf } from './feature-dots.ts'
import type { SolvedGroup } from './group-result.ts'
import { cautious, hearersFrom, layLine } from './laid-lines.ts'
import type { Span } from './laid-lines.ts'
import { agreementSpread, binFrames } from './local-agreement.ts'
import type { RecordingPart } from './recording-parts.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { clockWitnesses, endOf, placedIds } from './witnesses.ts'

/** A cut is looked for this far to either side of where it was proposed. */
const usualReachSeconds = 4
/** So much of each piece, next to the cut, says how far the witnesses agree with it. */
const nearSeconds = 40
/** How far travel may shift a witness that is linked, and one that is not. */
const linkedReachSeconds = 0.04
const unlinkedReachSeconds = 0.2
/** A witness that agrees less, in standard deviations of a bin, says nothing. */
const leastAgreement = 0.2
/** Middle of what a frame of features hears, after its own beginning. */
const frameMiddleSeconds = 0.011

/**
 * Own time of the cut between two pieces: up to there the others agree with the
 * piece before, from there on with the piece after. It stays as proposed if that is hardly less
 * likely: by less than `leastGain`, a logarithm.
 */
export function refineCut(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
  reachSeconds: number = usualReachSeconds,
  leastGain = 0,
): number {
  const proposed = after.fromSeconds
  const own = featuresOf(before.recording)
  if (!own) return proposed
  const [first, last] = [-1, 1].map((side) =>
    Math.round((proposed + side * reachSeconds) / frameSeconds),
  )
  const from = Math.max(0, first!, Math.round(before.fromSeconds / frameSeconds))
  const to = Math.min(own.frames, last!, Math.round(endOf(after) / frameSeconds))
  const balance = new Float64Array(Math.max(0, to - from))
  const near = [
    {
      part: before,
      sign: 1,
      span: {
        fromSeconds: Math.max(before.fromSeconds, proposed - nearSeconds),
        toSeconds: proposed,
      },
    },
    {
      part: after,
      sign: -1,
      span: {
        fromSeconds: proposed,
        toSeconds: Math.min(endOf(after), proposed + nearSeconds),
      },
    },
  ]
  for (const { part, sign, span } of near) {
    addLikelihoods(balance, from, sign, own, part, span, parts, groups, featuresOf)
  }
  return cutOf(balance, from, proposed, leastGain)
}

/** How much likelier it is, frame by frame, that the witnesses of a piece hear it than that they do not. */
function addLikelihoods(
  balance: Float64Array,
  fromFrame: number,
  sign: number,
  own: SoundFeatures,
  part: RecordingPart,
  span: Span,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): void {
  const group = groups.find(({ members }) => members.some(({ id }) => id === part.id))
  const member = group?.members.find(({ id }) => id === part.id)
  if (!group || !member) return
  const { rate } = member
  const line = { offsetSeconds: member.offsetSeconds - rate * part.fromSeconds, rate }
  const partOf = new Map(parts.map((one) => [one.id, one]))
  const witnesses = clockWitnesses(part.recording, partOf, group, placedIds(groups))
  const hearers = hearersFrom(witnesses, featuresOf)
  const laid = layLine(own, hearers, line, span, ({ isLinked }) =>
    isLinked ? linkedReachSeconds : unlinkedReachSeconds,
  )
  const middle = (span.fromSeconds + span.toSeconds) / 2
  hearers.forEach((hearer, index) => {
    const { features } = hearer
    const heard = laid.agreement[index]!.filter((value) => !Number.isNaN(value))
    const mean = heard.reduce((sum, value) => sum + value, 0) / heard.length
    if (!(mean >= leastAgreement)) return
    const spread = agreementSpread(own, features)
    const weight = cautious * mean
    for (let place = 0; place < balance.length; place++) {
      const frame = fromFrame + place
      const drift = (1 - rate / hearer.rate) * (frame * frameSeconds - middle)
      const lag = Math.round((laid.lagSeconds[index]! + drift) / frameSeconds)
      const there = (frame - lag) * frameSeconds
      const isHeard = there >= hearer.fromSeconds && there < hearer.toSeconds
      if (!isHeard || frame < lag || frame - lag >= features.frames) continue
      const product = dotOf(own, features, lag, frame, frame + 1)
      balance[place]! += sign * ((weight * product) / spread - weight ** 2 / 2 / binFrames)
    }
  })
}

function cutOf(balance: Float64Array, from: number, proposed: number, leastGain: number): number {
  const place = Math.round(proposed / frameSeconds) - from
  let sum = 0
  let there = 0
  let best = { sum: 0, at: 0 }
  balance.forEach((value, index) => {
    sum += value
    if (index < place) there = sum
    if (sum > best.sum) best = { sum, at: index + 1 }
  })
  const isInside = best.at > 0 && best.at < balance.length
  const isBetter = best.sum - there >= leastGain
  return isInside && isBetter ? (from + best.at) * frameSeconds + frameMiddleSeconds : proposed
}
