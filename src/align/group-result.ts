import type { AlignedMember, AlignmentLink } from './alignment.ts'
import { solveClock } from './clock-solution.ts'
import type { ClockSolution } from './clock-solution.ts'
import type { Observation } from './observation.ts'
import { contradictionReason, groupTolerance, sharedTime } from './placement.ts'
import type { Place, Placement } from './placement.ts'
import { standardDeviationsTo95 } from './half-width.ts'
import { withSharedLines } from './shared-lines.ts'
import type { Position } from './source-places.ts'
import { travelPrior } from './travel-prior.ts'
import type { TravelPrior } from './travel-prior.ts'
import { weighedByWitness } from './witness-weights.ts'

export interface GroupMaterial {
  readonly ids: readonly string[]
  readonly durations: readonly number[]
  readonly placement: Placement
  readonly travelBound: (a: number, b: number) => number
  readonly positions: readonly (Position | undefined)[]
  readonly soundSpeedMetresPerSecond: number
  /** Id of the recording that each is a piece of. */
  readonly recordings: readonly string[]
  /** The same, but of a copy the id of what it is a copy of. */
  readonly witnesses: readonly string[]
}

/** A member as it stands by itself, before pieces are put together. */
export interface SolvedMember extends Omit<AlignedMember, 'pieces'> {
  /** Travel of the sound that all share, against the other members'. */
  readonly travelSeconds: number
}

export interface SolvedGroup {
  readonly members: readonly SolvedMember[]
  readonly links: readonly SolvedLink[]
}

export interface SolvedLink extends Omit<AlignmentLink, 'isSameRecording'> {
  /** Own time of a at which the lag was measured finely; absent where it was not. */
  readonly atSeconds?: number
}

interface Rejection {
  readonly observation: Observation
  readonly reason: string
}

/** Solves one group's clock and states it in the group's own gauge. `members` in order of id. */
export function groupResult(members: readonly number[], material: GroupMaterial): SolvedGroup {
  const { ids, durations, placement, travelBound } = material
  const inGroup = new Set(members)
  const local = new Map(members.map((recording, index) => [recording, index]))
  const relevant = ({ a, b }: Observation) => inGroup.has(a) && inGroup.has(b)
  const rejected: Rejection[] = placement.rejected.filter(({ observation }) =>
    relevant(observation),
  )
  const renumbered =
    (number: (place: number) => number) =>
    (observation: Observation): Observation => ({
      ...observation,
      a: number(observation.a),
      b: number(observation.b),
      ...(observation.family ? { family: observation.family.map(renumbered(number)) } : {}),
    })
  const localise = renumbered((place) => local.get(place)!)
  const globalise = renumbered((place) => members[place]!)
  const tolerance = groupTolerance(members, travelBound)
  const sameRates = members.flatMap((recording, index) => {
    const next = members.findIndex(
      (other, at) => at > index && material.recordings[other] === material.recordings[recording],
    )
    return next < 0 ? [] : [[index, next] as const]
  })
  const witnesses = members.map((recording) => material.witnesses[recording]!)
  const recordings = members.map((recording) => material.recordings[recording]!)
  const phones = phonesOf(recordings, witnesses)
  const travelOf = (observations: readonly Observation[]) =>
    travelPrior({
      observations,
      phones,
      positions: members.map((recording) => material.positions[recording]),
      witnesses,
      soundSpeedMetresPerSecond: material.soundSpeedMetresPerSecond,
    })
  const { solution, kept, dropped } = solveWithoutContradictions(
    recordings,
    witnesses,
    placement.accepted.filter(relevant).map(localise).sort(inOrder),
    travelOf,
    tolerance,
    sameRates,
  )
  rejected.push(
    ...dropped.map(({ observation, reason }) => ({ observation: globalise(observation), reason })),
  )

  const first = solution.offsets.reduce(
    (best, offset, index) => (offset < solution.offsets[best]! ? index : best),
    0,
  )
  const zero = solution.offsets[first]!
  const places: Place[] = solution.offsets.map((offset, index) => ({
    offsetSeconds: offset - zero,
    rate: solution.rates[index]!,
  }))
  const anchored = anchoredWith(first, kept)
  const result = members
    .map((recording, index): SolvedMember => {
      const ends = [0, durations[recording]!]
      const halfWidth = (kind: 'all' | 'measured') =>
        standardDeviationsTo95 *
        Math.max(...ends.map((at) => solution.sigma(kind, index, at, first)))
      const [all, measured] = [halfWidth('all'), halfWidth('measured')]
      const areBothKnown = material.positions[recording] && material.positions[members[first]!]
      const most = areBothKnown
        ? travelBound(members[first]!, recording) +
          Math.abs(solution.travels[index]! - solution.travels[first]!)
        : Infinity
      // Anchors leave travel's part to measurement; without them it comes on top.
      const isAnchored = index === first || anchored.has(index)
      const travel = isAnchored
        ? 0
        : Math.min(most, Math.sqrt(Math.max(0, all ** 2 - measured ** 2)))
      return {
        id: ids[recording]!,
        offsetSeconds: places[index]!.offsetSeconds,
        rate: places[index]!.rate,
        errorSeconds: isAnchored ? all : measured + travel,
        statisticalErrorSeconds: isAnchored ? all : measured,
        travelBoundSeconds: travel,
        travelSeconds: solution.travels[index]!,
        method: methodOf(index, kept),
      }
    })
    .sort((one, two) => one.offsetSeconds - two.offsetSeconds || (one.id < two.id ? -1 : 1))
  const localDurations = members.map((recording) => durations[recording]!)
  const describe = (observation: Observation, reason?: string): SolvedLink => {
    const { fromSeconds, toSeconds } = sharedTime(
      places,
      localDurations,
      observation.a,
      observation.b,
    )
    return {
      a: ids[members[observation.a]!]!,
      b: ids[members[observation.b]!]!,
      lagSeconds: observation.aSeconds - observation.bSeconds,
      ...(observation.drift ? { driftPpm: observation.drift.perSecond * 1e6 } : {}),
      confidence: observation.confidence,
      overlapSeconds: Math.max(0, toSeconds - fromSeconds),
      residualSeconds: residual(solution, observation),
      kind: observation.kind,
      accepted: reason === undefined,
      ...(observation.height === undefined ? {} : { atSeconds: observation.aSeconds }),
      ...(reason === undefined ? {} : { reason }),
    }
  }
  const links = [
    ...kept.map((observation) => ({ observation, link: describe(observation) })),
    ...rejected.map(({ observation, reason }) => ({
      observation,
      link: describe(localise(observation), reason),
    })),
  ]
    .map(({ observation, link }) => ({ observation: { ...observation, a: 0, b: 0 }, link }))
    .sort(
      (one, two) =>
        compareText(one.link.a, two.link.a) ||
        compareText(one.link.b, two.link.b) ||
        inOrder(one.observation, two.observation),
    )
    .map(({ link }) => link)
  return { members: result, links }
}

/** Members that one phone recorded at one time, a recording and its copies, have one number. */
function phonesOf(recordings: readonly string[], witnesses: readonly string[]): number[] {
  // Pieces of one recording may each have heard another source.
  const isWhole = (recording: string) =>
    recordings.indexOf(recording) === recordings.lastIndexOf(recording)
  return recordings.map((recording, member) =>
    isWhole(recording)
      ? recordings.findIndex((other, at) => witnesses[at] === witnesses[member] && isWhole(other))
      : member,
  )
}

/** Solves, drops the worst observation that travel cannot explain, solves again, until none is left. */
function solveWithoutContradictions(
  recordings: readonly string[],
  witnesses: readonly string[],
  observations: readonly Observation[],
  travelOf: (observations: readonly Observation[]) => TravelPrior,
  tolerance: number,
  sameRates: readonly (readonly [number, number])[],
): {
  readonly solution: ClockSolution
  readonly kept: readonly Observation[]
  readonly dropped: readonly Rejection[]
} {
  const count = witnesses.length
  let kept = observations
  const dropped: Rejection[] = []
  for (;;) {
    kept = withSharedLines(count, kept)
    const evidence = weighedByWitness(kept, recordings, witnesses)
    const solution = solveClock(count, evidence, travelOf(kept), sameRates)
    const worst = kept
      .map((observation) => ({
        observation,
        apart: Math.abs(residual(solution, observation)),
      }))
      .filter(({ observation, apart }) => apart > tolerance + 3 * observation.sigmaSeconds)
      .sort((one, two) => two.apart - one.apart)
      .find(({ observation }) =>
        isConnected(
          count,
          kept.filter((other) => other !== observation),
        ),
      )
    if (!worst) return { solution, kept, dropped }
    kept = kept.filter((other) => other !== worst.observation)
    dropped.push({ observation: worst.observation, reason: contradictionReason(worst.apart) })
  }
}

function residual(solution: ClockSolution, observation: Observation): number {
  const { a, b, aSeconds, bSeconds, kind } = observation
  const travel = kind === 'sound' ? solution.travels[b]! - solution.travels[a]! : 0
  return (
    solution.offsets[a]! +
    solution.rates[a]! * aSeconds -
    solution.offsets[b]! -
    solution.rates[b]! * bSeconds +
    travel
  )
}

function isConnected(count: number, observations: readonly Observation[]): boolean {
  return reachedFrom(0, observations).size === count
}

/** Members that anchors alone tie to the given one, itself left out. */
function anchoredWith(first: number, observations: readonly Observation[]): ReadonlySet<number> {
  const reached = reachedFrom(
    first,
    observations.filter(({ kind }) => kind === 'anchor'),
  )
  reached.delete(first)
  return reached
}

function reachedFrom(start: number, observations: readonly Observation[]): Set<number> {
  const reached = new Set([start])
  for (let grew = true; grew;) {
    grew = false
    for (const { a, b } of observations) {
      if (reached.has(a) === reached.has(b)) continue
      reached.add(a).add(b)
      grew = true
    }
  }
  return reached
}

function methodOf(member: number, observations: readonly Observation[]): AlignedMember['method'] {
  const kinds = new Set(
    observations.filter(({ a, b }) => a === member || b === member).map(({ kind }) => kind),
  )
  if (kinds.size === 2) return 'sound and anchors'
  return kinds.has('anchor') ? 'anchors' : 'sound'
}

function inOrder(one: Observation, two: Observation): number {
  return (
    one.a - two.a ||
    one.b - two.b ||
    compareText(one.kind, two.kind) ||
    one.aSeconds - two.aSeconds ||
    one.bSeconds - two.bSeconds ||
    one.sigmaSeconds - two.sigmaSeconds
  )
}

function compareText(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0
}
