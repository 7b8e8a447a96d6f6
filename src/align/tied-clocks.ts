import type { SolvedGroup } from './group-result.ts'
import { hearersFrom, layLine } from './laid-lines.ts'
import type { Hearer } from './laid-lines.ts'
import { binSeconds } from './local-agreement.ts'
import type { RecordingPart } from './recording-parts.ts'
import type { SoundFeatures } from './sound-features.ts'
import { clockWitnesses, endOf, placedIds } from './witnesses.ts'

/** How far travel may shift two that are not linked. */
const reachSeconds = 0.2
/** A witness that agrees less with the recording that ties, in standard deviations of a bin, says nothing. */
const leastAgreement = 0.3
/**
 * What two that belong together would make, in standard deviations of chance, and for how long they
 * must both be heard, all pairs added up: two phones may hear different sources for a while.
 */
const leastDeviations = 10
const leastBins = 30 / binSeconds
/** Of that, chance makes so much at most where they do not. */
const mostShare = 0.1

/**
 * Whether two clocks contradict each other if a recording that lies on both is taken to go on from
 * the one piece to the other: then what its witnesses on either clock hear at one moment differs.
 */
export function isTieDenied(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): boolean {
  const [one, two] = [before, after].map((part) => witnessedOf(part, parts, groups, featuresOf))
  if (!one || !two) return false
  // The second clock told on the first.
  const shift = one.offsetSeconds - two.offsetSeconds
  let expected = 0
  let found = 0
  let bins = 0
  for (const { hearer, usual } of two.witnesses) {
    const others = one.witnesses.filter(
      ({ hearer: { recording } }) => recording !== hearer.recording,
    )
    const line = { offsetSeconds: hearer.offsetSeconds + shift, rate: hearer.rate }
    const laid = layLine(
      hearer.features,
      others.map((other) => other.hearer),
      line,
      hearer,
      () => reachSeconds,
    )
    others.forEach((other, index) => {
      const mean = Math.min(usual, other.usual)
      for (const value of laid.agreement[index]!) {
        if (Number.isNaN(value)) continue
        expected += mean ** 2
        found += mean * value
        bins++
      }
    })
  }
  return bins >= leastBins && Math.sqrt(expected) > leastDeviations && found < mostShare * expected
}

interface Witnessed {
  /** The recording's own zero on the group's clock. */
  readonly offsetSeconds: number
  readonly witnesses: readonly { readonly hearer: Hearer; readonly usual: number }[]
}

/** Those that hear a part, and how far they agree with it in the mean of a bin. */
function witnessedOf(
  part: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): Witnessed | undefined {
  const own = featuresOf(part.recording)
  const group = groups.find(({ members }) => members.some(({ id }) => id === part.id))
  const member = group?.members.find(({ id }) => id === part.id)
  if (!own || !group || !member) return undefined
  const partOf = new Map(parts.map((one) => [one.id, one]))
  const hearers = hearersFrom(
    clockWitnesses(part.recording, partOf, group, placedIds(groups)),
    featuresOf,
  )
  const line = {
    offsetSeconds: member.offsetSeconds - member.rate * part.fromSeconds,
    rate: member.rate,
  }
  const span = { fromSeconds: part.fromSeconds, toSeconds: endOf(part) }
  const { agreement } = layLine(own, hearers, line, span, () => reachSeconds)
  const witnesses = hearers.flatMap((hearer, index) => {
    const heard = agreement[index]!.filter((value) => !Number.isNaN(value))
    const usual = heard.reduce((sum, value) => sum + value, 0) / heard.length
    return usual >= leastAgreement ? [{ hearer, usual }] : []
  })
  return { offsetSeconds: line.offsetSeconds, witnesses }
}
