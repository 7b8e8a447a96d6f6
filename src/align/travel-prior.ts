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
 * Variance of travel over the standard deviation of a pair's lines, seconds. Not
 * of its square: very wide lines are also chance, very narrow ones also one loud
 * source. This and the three below are set on simulated incidents of 5 to 150 m
 * (docs/guides/alignment.md).
 */
const travelPerSpread = 0.5
/** One loud source hides how far apart the others stand: a spread that is taken for granted, */
const hiddenSpreadSeconds = 0.03
/** as much as that of so many phones counts, */
const hiddenPhones = 0.05
/** and so many phones are heard at most against it, for all may hear the one source. */
const mostTellingPhones = 5
/** Echoes and microphones: two recordings of one phone differ by no less. */
const leastTravelSigmaSeconds = 0.0001

/** By the phones' places where they are known; where not, by how far the sounds themselves lie apart. */
export function travelPrior(evidence: TravelEvidence): TravelPrior {
  const { phones, positions, soundSpeedMetresPerSecond } = evidence
  const pairs = pairsOfWitnesses(evidence)
  const variance = varianceByLines(pairs, new Set(evidence.witnesses).size)
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

function varianceByLines(pairs: readonly Observation[], witnesses: number): number {
  const telling = pairs.length === 0 ? 0 : Math.min(witnesses - 1, mostTellingPhones)
  const shown = pairs.reduce((sum, pair) => sum + lineVariance(pair), 0) / (pairs.length || 1)
  const spread = Math.sqrt(
    (hiddenPhones * hiddenSpreadSeconds ** 2 + telling * shown) / (hiddenPhones + telling),
  )
  return travelPerSpread * spread
}

/** Of the lags of a pair's lines, each weighed by its height. */
function lineVariance({ family = [] }: Observation): number {
  const total = family.reduce((sum, { height = 0 }) => sum + height, 0)
  if (total <= 0) return 0
  const average = (value: (line: Observation) => number) =>
    family.reduce((sum, line) => sum + ((line.height ?? 0) / total) * value(line), 0)
  const middle = average(lagOf)
  return average((line) => (lagOf(line) - middle) ** 2)
}

function lagOf({ aSeconds, bSeconds }: Observation): number {
  return aSeconds - bSeconds
}
