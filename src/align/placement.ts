import { ratePriorSigma } from './clock-solution.ts'
import type { Observation } from './observation.ts'

/** Beyond sound's travel, observations of one group may differ by this much: echoes, coarse lags. */
const slackSeconds = 0.03

/** Mean rates of two groups differ by no more than so many standard deviations, and by what provisional places leave. */
const likelySigmas = 3
const provisionalRateError = 50e-6

/** Where a recording lies on its group's provisional clock: clock = offset + rate × own time. */
export interface Place {
  readonly offsetSeconds: number
  readonly rate: number
}

export interface Placement {
  readonly places: readonly Place[]
  /** Group number per recording; recordings with the same number hang together. */
  readonly groups: readonly number[]
  readonly accepted: readonly Observation[]
  readonly rejected: readonly { readonly observation: Observation; readonly reason: string }[]
}

/** Each recording alone. */
export function unplaced(count: number): Placement {
  return {
    places: Array.from({ length: count }, () => ({ offsetSeconds: 0, rate: 1 })),
    groups: Array.from({ length: count }, (_, recording) => recording),
    accepted: [],
    rejected: [],
  }
}

/**
 * Extends groups by evidence given in falling order of trust, each entry the
 * observations of one kind for one pair. What contradicts stronger evidence by
 * more than sound's travel and the evidence's own error can explain is rejected.
 */
export function placeRecordings(
  before: Placement,
  entries: readonly (readonly Observation[])[],
  travelBound: (a: number, b: number) => number,
): Placement {
  const places = [...before.places]
  const groups = [...before.groups]
  const accepted = [...before.accepted]
  const rejected = [...before.rejected]
  for (const entry of entries) {
    const [first] = entry
    if (!first) continue
    if (groups[first.a] !== groups[first.b]) {
      join(places, groups, entry)
      accepted.push(...entry)
      continue
    }
    const tolerance = groupTolerance(groupOf(groups, first.a), travelBound)
    for (const observation of entry) {
      const apart = Math.abs(disagreement(places, observation))
      if (apart <= tolerance + 3 * observation.sigmaSeconds) accepted.push(observation)
      else rejected.push({ observation, reason: contradictionReason(apart) })
    }
  }
  return { places, groups, accepted, rejected }
}

export function contradictionReason(apartSeconds: number): string {
  return `Contradicts stronger evidence of its group by ${apartSeconds.toFixed(3)} s.`
}

/** Clock time of the moment in a minus clock time of the moment in b. */
export function disagreement(
  places: Readonly<Record<number, Place>>,
  observation: Observation,
): number {
  return disagreementAt(places[observation.a]!, places[observation.b]!, observation)
}

/** The same, with the two places at hand. */
export function disagreementAt(
  a: Place,
  b: Place,
  { aSeconds, bSeconds }: Pick<Observation, 'aSeconds' | 'bSeconds'>,
): number {
  return a.offsetSeconds + a.rate * aSeconds - b.offsetSeconds - b.rate * bSeconds
}

/** Sounds from different sources may shift each pair of a group by its own travel. */
export function groupTolerance(
  members: readonly number[],
  travelBound: (a: number, b: number) => number,
): number {
  let largest = 0
  for (const a of members) {
    for (const b of members) if (a < b) largest = Math.max(largest, travelBound(a, b))
  }
  return largest + slackSeconds
}

/** The recordings that hang together with the given one, itself among them. */
export function groupOf(groups: readonly number[], recording: number): number[] {
  return groups.flatMap((group, other) => (group === groups[recording] ? [other] : []))
}

/** The part of a's own time that b also covers; `toSeconds` ≤ `fromSeconds` if none. */
export function sharedTime(
  places: Readonly<Record<number, Place>>,
  durations: Readonly<Record<number, number>>,
  a: number,
  b: number,
): { readonly fromSeconds: number; readonly toSeconds: number; readonly lagSeconds: number } {
  const placeA = places[a]!
  const placeB = places[b]!
  const onA = (bSeconds: number) =>
    (placeB.offsetSeconds + placeB.rate * bSeconds - placeA.offsetSeconds) / placeA.rate
  const fromSeconds = Math.max(0, onA(0))
  const toSeconds = Math.min(durations[a]!, onA(durations[b]!))
  const middle = (fromSeconds + toSeconds) / 2
  const middleOfB =
    (placeA.offsetSeconds + placeA.rate * middle - placeB.offsetSeconds) / placeB.rate
  return { fromSeconds, toSeconds, lagSeconds: middle - middleOfB }
}

/**
 * Whether a line that would join two groups leaves their recordings with rates that phones have;
 * what a source that passes makes of a lag often does not.
 */
export function isLikelyRate({ places, groups }: Placement, { a, b, drift }: Observation): boolean {
  if (!drift) return true
  const [one, two] = [groupOf(groups, a), groupOf(groups, b)]
  const meanRate = (members: readonly number[]): number =>
    members.reduce((sum, member) => sum + places[member]!.rate, 0) / members.length
  const stretch = stretchOf(places[a]!, places[b]!, drift.perSecond)
  const apart = (stretch * meanRate(two)) / meanRate(one) - 1
  const sigma = ratePriorSigma * Math.sqrt(1 / one.length + 1 / two.length)
  return Math.abs(apart) <= likelySigmas * sigma + provisionalRateError
}

/** The lag grows by drift for each second of a, so b's clock runs at rate(a) / (1 − drift). */
function stretchOf(a: Place, b: Place, drift: number): number {
  return a.rate / (1 - drift) / b.rate
}

/** Moves the whole group of b so that b lies against a as observed. */
function join(places: Place[], groups: number[], entry: readonly Observation[]): void {
  const { a, b } = entry[0]!
  const drift = entry[0]!.drift?.perSecond ?? 0
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length
  const aSeconds = mean(entry.map((observation) => observation.aSeconds))
  const bSeconds = mean(entry.map((observation) => observation.bSeconds))
  const placeA = places[a]!
  const placeB = places[b]!
  const stretch = stretchOf(placeA, placeB, drift)
  const target = placeA.offsetSeconds + placeA.rate * aSeconds
  const shift = target - stretch * (placeB.offsetSeconds + placeB.rate * bSeconds)
  const [kept, moved] = [groups[a]!, groups[b]!]
  groups.forEach((group, recording) => {
    if (group !== moved) return
    const place = places[recording]!
    places[recording] = {
      offsetSeconds: shift + stretch * place.offsetSeconds,
      rate: stretch * place.rate,
    }
    groups[recording] = kept
  })
}
