import type { AlignedMember, AlignmentLink } from './alignment.ts'
import { solveClock } from './clock-solution.ts'
import type { ClockSolution } from './clock-solution.ts'
import type { Observation } from './observation.ts'
import { contradictionReason, groupTolerance, sharedTime } from './placement.ts'
import type { Place, Placement } from './placement.ts'
import { withSharedLines } from './shared-lines.ts'

/** Standard deviations to a 95 % half-width. */
const halfWidth95 = 1.96

export interface GroupMaterial {
  readonly ids: readonly string[]
  readonly durations: readonly number[]
  readonly placement: Placement
  readonly travelBound: (a: number, b: number) => number
  /** Of two of them that are pieces of one recording. */
  readonly isSameRecording: (a: number, b: number) => boolean
}

/** A member as it stands by itself, before pieces are put together. */
export type SolvedMember = Omit<AlignedMember, 'pieces'>

export interface SolvedGroup {
  readonly members: readonly SolvedMember[]
  readonly links: readonly SolvedLink[]
}

export type SolvedLink = Omit<AlignmentLink, 'isSameRecording'>

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
      (other, at) => at > index && material.isSameRecording(recording, other),
    )
    return next < 0 ? [] : [[index, next] as const]
  })
  const sigmas = members.map((a) => travelSigma(a, members, travelBound))
  const { solution, kept, dropped } = solveWithoutContradictions(
    members.length,
    placement.accepted.filter(relevant).map(localise).sort(inOrder),
    sigmas,
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
  const hasAnchors = kept.some(({ kind }) => kind === 'anchor')
  const anchored = anchoredWith(first, kept)
  const result = members
    .map((recording, index): SolvedMember => {
      const span = [0, durations[recording]!]
      const worst = (kind: 'all' | 'measured') =>
        halfWidth95 * Math.max(...span.map((at) => solution.sigma(kind, index, at, first)))
      const isAnchored = anchored.has(index)
      const bound = index === first || isAnchored ? 0 : travelBound(members[first]!, recording)
      // Anchors leave travel's part to measurement too; without them its bound comes on top.
      const all = worst('all')
      const statistical = isAnchored ? all : worst('measured')
      const error = hasAnchors ? Math.min(all, statistical + bound) : statistical + bound
      return {
        id: ids[recording]!,
        offsetSeconds: places[index]!.offsetSeconds,
        rate: places[index]!.rate,
        errorSeconds: error,
        statisticalErrorSeconds: statistical,
        travelBoundSeconds: bound,
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
      driftPpm: (observation.drift?.perSecond ?? 0) * 1e6,
      confidence: observation.confidence,
      overlapSeconds: Math.max(0, toSeconds - fromSeconds),
      residualSeconds: residual(solution, observation),
      kind: observation.kind,
      accepted: reason === undefined,
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

/**
 * One unknown travel per member, so that the difference of two is spread as if
 * even over ± their bound: half the variance each, averaged over the others.
 */
function travelSigma(
  a: number,
  members: readonly number[],
  travelBound: (a: number, b: number) => number,
): number {
  const squares = members.filter((b) => b !== a).map((b) => travelBound(a, b) ** 2)
  const mean = squares.reduce((sum, square) => sum + square, 0) / Math.max(1, squares.length)
  return Math.sqrt(Math.max(mean, 1e-8) / 6)
}

/** Solves, drops the worst observation that travel cannot explain, solves again, until none is left. */
function solveWithoutContradictions(
  count: number,
  observations: readonly Observation[],
  sigmas: readonly number[],
  tolerance: number,
  sameRates: readonly (readonly [number, number])[],
): {
  readonly solution: ClockSolution
  readonly kept: readonly Observation[]
  readonly dropped: readonly Rejection[]
} {
  let kept = observations
  const dropped: Rejection[] = []
  for (;;) {
    kept = withSharedLines(count, kept)
    const solution = solveClock(count, kept, sigmas, sameRates)
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
