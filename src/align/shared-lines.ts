import { exp } from './exact-math.ts'
import type { Observation } from './observation.ts'
import { disagreementAt } from './placement.ts'
import type { Place } from './placement.ts'

/** Lines this near to what the others say support each other, seconds. */
const kinshipSeconds = 0.003
/** What two phones' rates may well differ by; a moving source looks like more. */
const usualDrift = 300e-6
/** Drifts of one pair this near to each other are the same drift. */
const agreeingDrift = 20e-6
/** A place this far outside all lines of a pair has all its weight against it, so many times. */
const outsideSeconds = 0.02
const outsideWeight = 3
/** Partial choices that are followed at once. */
const beamWidth = 24
/** Links of a recording that propose where it lies. */
const mostProposers = 12

/**
 * Sources in different places make several lines per pair, and the highest of
 * each pair need not belong to the same source. Chooses one line per pair so
 * that all of a group agree, counting high lines of ordinary drift for more: a
 * beam search that places one recording after the other. Observations come
 * back in the same order.
 */
export function withSharedLines(
  count: number,
  observations: readonly Observation[],
): readonly Observation[] {
  if (!observations.some(({ family }) => family)) return observations
  const ties = observations.map(tieOf)
  const placed = new Set<number>()
  let beam: State[] = [{ places: [], support: 0 }]
  for (const next of placingOrder(count, ties)) {
    const own = ties
      .filter(({ a, b }) => (a === next ? placed.has(b) : b === next && placed.has(a)))
      .sort((one, two) => two.height - one.height)
    beam = beam
      .flatMap((state) => extensions(state, next, own))
      .sort((one, two) => two.support - one.support)
      .slice(0, beamWidth)
      .map(({ state: { places }, place, support }) => ({
        places: Object.assign([...places], { [next]: place }),
        support,
      }))
    placed.add(next)
  }
  const places = beam[0]?.places ?? []
  return observations.map((observation) => {
    const nearest = linesOf(observation).reduce((best, line) =>
      offBy(places, line) < offBy(places, best) ? line : best,
    )
    return observation.family ? { ...nearest, family: observation.family } : observation
  })
}

interface State {
  /** Sparse: only the recordings placed so far. */
  readonly places: readonly (Place | undefined)[]
  readonly support: number
}

/** A state with one recording more. */
interface Extension {
  readonly state: State
  readonly place: Place
  readonly support: number
}

/** What a pair says, each line with its weight. */
interface Tie {
  readonly a: number
  readonly b: number
  readonly height: number
  readonly lines: readonly Observation[]
  readonly weights: readonly number[]
}

function tieOf(observation: Observation): Tie {
  const { a, b, height = 0 } = observation
  const lines = linesOf(observation)
  return { a, b, height, lines, weights: lines.map((line) => weight(line, lines)) }
}

function linesOf(observation: Observation): readonly Observation[] {
  return observation.family ?? [observation]
}

/**
 * By a line's height and that of all that agree on its drift: resting sources
 * share it, moving ones do not. A line too weak to have a drift is not taken for one of none.
 */
function weight(line: Observation, family: readonly Observation[]): number {
  const drift = line.drift?.perSecond ?? usualDrift
  const heights = family.map((other) => {
    if (other === line) return other.height ?? 0
    if (!line.drift || !other.drift) return 0
    const apart = (other.drift.perSecond - drift) / agreeingDrift
    return (other.height ?? 0) * exp((apart * apart) / -2)
  })
  const total = heights.reduce((sum, height) => sum + height, 0)
  return Math.sqrt((line.height ?? 0) * total) * exp((drift / usualDrift) ** 2 / -2)
}

/** Best connected first, so that each next recording is held by as many lines as can be. */
function placingOrder(count: number, ties: readonly Tie[]): number[] {
  const highest = ties.map(({ lines }) => 1e-6 + Math.max(...lines.map(({ height = 0 }) => height)))
  const isPlaced = Array.from({ length: count }, () => false)
  const order: number[] = []
  while (order.length < count) {
    const held = Array.from({ length: count }, () => 0)
    for (const [index, { a, b }] of ties.entries()) {
      if (order.length === 0 || isPlaced[b]) held[a] = held[a]! + highest[index]!
      if (order.length === 0 || isPlaced[a]) held[b] = held[b]! + highest[index]!
    }
    const left = held.map((by, recording) => (isPlaced[recording] ? -1 : by))
    const next = left.indexOf(Math.max(...left))
    isPlaced[next] = true
    order.push(next)
  }
  return order
}

/** The places that ties, highest first, to recordings placed before propose; best supported first. */
function extensions(state: State, next: number, ties: readonly Tie[]): Extension[] {
  if (ties.length === 0) {
    return [{ state, place: { offsetSeconds: 0, rate: 1 }, support: state.support }]
  }
  const proposals = ties
    .slice(0, mostProposers)
    .flatMap(({ lines }) => lines.map((line) => proposed(state.places, next, line)))
    .map((place): Extension => {
      let { support } = state
      for (const tie of ties) {
        const [a, b] = [tie.a, tie.b].map((end) => (end === next ? place : state.places[end]!))
        support += supportOf(tie, a!, b!)
      }
      return { state, place, support }
    })
    .sort((one, two) => two.support - one.support)
  const distinct: Extension[] = []
  for (const proposal of proposals) {
    const isNew = distinct.every(
      ({ place }) =>
        Math.abs(place.offsetSeconds - proposal.place.offsetSeconds) > kinshipSeconds / 2,
    )
    if (isNew) distinct.push(proposal)
  }
  return distinct
}

/** Where a line puts a recording, given the other one's place. */
function proposed(
  places: readonly (Place | undefined)[],
  next: number,
  { a, b, aSeconds, bSeconds, drift }: Observation,
): Place {
  const stretch = 1 - (drift?.perSecond ?? 0)
  const other = places[next === a ? b : a]!
  const rate = next === a ? other.rate * stretch : other.rate / stretch
  const [here, there] = next === a ? [aSeconds, bSeconds] : [bSeconds, aSeconds]
  return { offsetSeconds: other.offsetSeconds + other.rate * there - rate * here, rate }
}

/**
 * What a pair says of two places: support near one of its lines; and against,
 * where they lie outside all of its lines, for no source that it heard allows that.
 */
function supportOf({ lines, weights }: Tie, a: Place, b: Place): number {
  let most = -Infinity
  let heaviest = -Infinity
  let least = Infinity
  let last = -Infinity
  for (let index = 0; index < lines.length; index++) {
    const off = disagreementAt(a, b, lines[index]!)
    const weight = weights[index]!
    most = Math.max(most, weight / (1 + (off / kinshipSeconds) ** 2))
    heaviest = Math.max(heaviest, weight)
    least = Math.min(least, off)
    last = Math.max(last, off)
  }
  const outside = Math.max(0, least, -last)
  return most - outsideWeight * heaviest * Math.min(1, outside / outsideSeconds)
}

function offBy(places: readonly (Place | undefined)[], line: Observation): number {
  const [a, b] = [places[line.a], places[line.b]]
  return a && b ? Math.abs(disagreementAt(a, b, line)) : 0
}
