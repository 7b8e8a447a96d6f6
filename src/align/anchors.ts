import { AlignError } from './align-error.ts'
import type { Anchor } from './alignment.ts'
import type { Observation } from './observation.ts'

/** A person's anchor is never taken for finer than this. */
const leastErrorSeconds = 0.001
/** What drift may add between two anchors of one pair. */
const driftAllowance = 500e-6

interface RejectedAnchor {
  readonly observation: Observation
  readonly reason: string
}

export interface AnchorSets {
  /** Per pair, the anchors that agree with each other. */
  readonly agreeing: readonly (readonly Observation[])[]
  readonly rejected: readonly RejectedAnchor[]
}

/** Anchors as observations, per pair; the ones at odds with most of their pair are set aside. */
export function anchorSets(anchors: readonly Anchor[], ids: readonly string[]): AnchorSets {
  const places = new Map(ids.map((id, place) => [id, place]))
  const byPair = Map.groupBy(
    anchors.map((anchor) => anchorObservation(anchor, places)),
    ({ a, b }) => `${a} ${b}`,
  )
  const agreeing: Observation[][] = []
  const rejected: RejectedAnchor[] = []
  for (const observations of byPair.values()) {
    const sorted = observations.sort(
      (one, two) =>
        one.sigmaSeconds - two.sigmaSeconds ||
        one.aSeconds - two.aSeconds ||
        one.bSeconds - two.bSeconds,
    )
    const companies = sorted.map((one) => sorted.filter((two) => agree(one, two)))
    const largest = companies.reduce((best, company) =>
      company.length > best.length ? company : best,
    )
    agreeing.push(largest.map((one) => ({ ...one, confidence: largest.length })))
    for (const one of sorted) {
      if (largest.includes(one)) continue
      const apart = Math.abs(lag(one) - lag(largest[0]!))
      rejected.push({
        observation: one,
        reason: `Differs by ${apart.toFixed(3)} s from ${largest.length} other anchor${largest.length === 1 ? '' : 's'} of these two recordings.`,
      })
    }
  }
  agreeing.sort((one, two) => one[0]!.a - two[0]!.a || one[0]!.b - two[0]!.b)
  return { agreeing, rejected }
}

function anchorObservation(anchor: Anchor, places: ReadonlyMap<string, number>): Observation {
  const times = [anchor.a.atSeconds, anchor.b.atSeconds, anchor.errorSeconds]
  if (times.some((time) => !Number.isFinite(time)) || anchor.errorSeconds < 0) {
    throw new AlignError(
      'anchor-not-a-time',
      'An anchor needs two times and an error of zero or more.',
    )
  }
  const first = places.get(anchor.a.id)
  const second = places.get(anchor.b.id)
  if (first === undefined || second === undefined) {
    throw new AlignError(
      'anchor-unknown-recording',
      'An anchor names a recording that is not given.',
    )
  }
  if (first === second) {
    throw new AlignError('anchor-same-recording', 'An anchor needs two different recordings.')
  }
  const [one, two] = first < second ? [anchor.a, anchor.b] : [anchor.b, anchor.a]
  return {
    kind: 'anchor',
    a: Math.min(first, second),
    b: Math.max(first, second),
    aSeconds: one.atSeconds,
    bSeconds: two.atSeconds,
    // Anywhere within the half-width is equally likely, as within a frame.
    sigmaSeconds: Math.max(leastErrorSeconds, anchor.errorSeconds) / Math.sqrt(3),
    confidence: 1,
  }
}

function lag(observation: Observation): number {
  return observation.aSeconds - observation.bSeconds
}

function agree(one: Observation, two: Observation): boolean {
  const halfWidths = (one.sigmaSeconds + two.sigmaSeconds) * Math.sqrt(3)
  const drift = driftAllowance * Math.abs(one.aSeconds - two.aSeconds)
  return Math.abs(lag(one) - lag(two)) <= halfWidths + drift
}
