import { standardDeviationsTo95 } from './half-width.ts'
import type { Observation } from './observation.ts'
import { travelsFromLikelySources } from './source-places.ts'
import type { Position } from './source-places.ts'
import { pairName } from './witness-weights.ts'

/** What is known of the travel of the shared sound to each member before any anchor: a normal distribution. */
export interface TravelPrior {
  readonly means: readonly number[]
  /** Seconds squared; positive definite. */
  readonly covariance: readonly (readonly number[])[]
}

export interface TravelEvidence {
  /** Each with the line that all share, others in `family`. */
  readonly observations: readonly Observation[]
  /** The member that was recorded by the same phone at the same time: itself, or of copies the first. */
  readonly phones: readonly number[]
  /** Of each member, where known. */
  readonly positions: readonly (Position | undefined)[]
  /** Recordings stored twice have one name. */
  readonly witnesses: readonly string[]
  readonly soundSpeedMetresPerSecond: number
}

/**
 * Standard deviation of travel over the mean distance of lines. This and the four below are set on
 * simulated incidents of 5 to 150 m (docs/guides/alignment.md).
 */
const travelPerDistance = 1.2
/** Nearer lines are one source as likely as two: the pitch of a voice repeats after 4 to 12 ms. */
const leastDistanceSeconds = 0.01
/** Where no lines lie apart, one loud source may hide how far the phones do: standard deviation of travel, */
const hiddenTravelSeconds = 0.135
/** which counts as much as lines that lie apart for so many phones, */
const hiddenPhones = 0.3
/** and so many phones are heard at most against it, for all may hear the one source. */
const mostTellingPhones = 5
/** Echoes and microphones: two recordings of one phone differ by no less. */
const leastTravelSigmaSeconds = 0.0001

/** By the phones' places where they are known; where not, by how far the sounds themselves lie apart. */
export function travelPrior(evidence: TravelEvidence): TravelPrior {
  const { phones, positions, soundSpeedMetresPerSecond } = evidence
  const pairs = pairsOfWitnesses(evidence)
  const variance = travelByLines(pairs, new Set(evidence.witnesses).size) ** 2
  const means = positions.map(() => 0)
  const covariance = positions.map((_, i) => positions.map((_own, j) => (i === j ? variance : 0)))
  const known = [...positions.keys()].filter((at) => positions[at] && phones[at] === at)
  if (known.length > 1) {
    const sources = travelsFromLikelySources(
      known.map((phone) => positions[phone]!),
      soundSpeedMetresPerSecond,
    )
    const average = (value: (travels: readonly number[]) => number) =>
      sources.reduce((sum, travels) => sum + value(travels), 0) / sources.length
    known.forEach((phone, i) => (means[phone] = average((travels) => travels[i]!)))
    known.forEach((one, i) => {
      const sigma = positions[one]!.errorMetres / soundSpeedMetresPerSecond / standardDeviationsTo95
      known.forEach((two, j) => {
        const shared = average(
          (travels) => (travels[i]! - means[one]!) * (travels[j]! - means[two]!),
        )
        covariance[one]![two] = shared + (i === j ? sigma ** 2 : 0)
      })
    })
  }
  return {
    means: phones.map((phone) => means[phone]!),
    covariance: phones.map((one, i) =>
      phones.map((two, j) => covariance[one]![two]! + (i === j ? leastTravelSigmaSeconds ** 2 : 0)),
    ),
  }
}

/** Refined sound between two witnesses, each two once: the highest line of all their recordings. */
function pairsOfWitnesses({ observations, witnesses }: TravelEvidence): Observation[] {
  const pairs = new Map<string, Observation>()
  for (const observation of observations) {
    const { a, b, height } = observation
    if (height === undefined || witnesses[a] === witnesses[b]) continue
    const name = pairName(witnesses, observation)
    if (height > (pairs.get(name)?.height ?? 0)) pairs.set(name, observation)
  }
  return [...pairs.values()]
}

/** Standard deviation of travel, seconds. */
function travelByLines(pairs: readonly Observation[], witnesses: number): number {
  const apart = pairs.map(linesApart)
  const phones = Math.min(witnesses - 1, mostTellingPhones)
  const told = (what: keyof LinesApart) =>
    (phones * apart.reduce((sum, pair) => sum + pair[what], 0)) / (pairs.length || 1)
  return (
    (hiddenPhones * hiddenTravelSeconds + travelPerDistance * told('seconds')) /
    (hiddenPhones + told('chance'))
  )
}

/** Of two lines of a pair, each drawn by its height. */
interface LinesApart {
  /** That they lie apart. */
  readonly chance: number
  /** Mean distance, that of lines that do not lie apart taken as 0. */
  readonly seconds: number
}

function linesApart({ family = [] }: Observation): LinesApart {
  const total = family.reduce((sum, { height = 0 }) => sum + height, 0)
  let [chance, seconds] = [0, 0]
  for (const one of family) {
    for (const two of family) {
      const distance = Math.abs(lagOf(one) - lagOf(two))
      if (distance <= leastDistanceSeconds) continue
      const drawn = ((one.height ?? 0) / total) * ((two.height ?? 0) / total)
      chance += drawn
      seconds += drawn * distance
    }
  }
  return { chance, seconds }
}

function lagOf({ aSeconds, bSeconds }: Observation): number {
  return aSeconds - bSeconds
}
