import { exp } from './exact-math.ts'
import type { Observation } from './observation.ts'
import { disagreement } from './placement.ts'
import type { Place } from './placement.ts'

/** Lines this near to what the others say support each other, seconds. */
const kinshipSeconds = 0.003
/** What two phones' rates may well differ by; a moving source looks like more. */
const usualDrift = 300e-6
/** Drifts of one pair this near to each other are the same drift. */
const agreeingDrift = 20e-6
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
  let beam: State[] = [{ places: [], support: 0 }]
  for (const next of placingOrder(count, observations)) {
    beam = beam
      .flatMap((state) => extensions(state, next, observations))
      .sort((one, two) => two.support - one.support)
      .slice(0, beamWidth)
  }
  const places = beam[0]?.places ?? []
  return observations.map((observation) => {
    const nearest = lines(observation).reduce((best, line) =>
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

function lines(observation: Observation): readonly Observation[] {
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
function placingOrder(count: number, observations: readonly Observation[]): number[] {
  const order: number[] = []
  while (order.length < count) {
    const ties = Array.from({ length: count }, () => 0)
    for (const observation of observations) {
      const tie = 1e-6 + Math.max(...lines(observation).map(({ height = 0 }) => height))
      const { a, b } = observation
      if (order.length === 0 || order.includes(b)) ties[a] = ties[a]! + tie
      if (order.length === 0 || order.includes(a)) ties[b] = ties[b]! + tie
    }
    const left = ties.map((tie, recording) => (order.includes(recording) ? -1 : tie))
    order.push(left.indexOf(Math.max(...left)))
  }
  return order
}

function extensions(state: State, next: number, observations: readonly Observation[]): State[] {
  const ties = observations.filter(
    ({ a, b }) => (a === next && state.places[b]) || (b === next && state.places[a]),
  )
  const placedAt = (place: Place): State => {
    const places = [...state.places]
    places[next] = place
    const support = ties.reduce((sum, tie) => sum + supportOf(places, tie), state.support)
    return { places, support }
  }
  if (ties.length === 0) return [placedAt({ offsetSeconds: 0, rate: 1 })]
  const proposals = [...ties]
    .sort((one, two) => (two.height ?? 0) - (one.height ?? 0))
    .slice(0, mostProposers)
    .flatMap((tie) => lines(tie).map((line) => proposed(state.places, next, line)))
    .map(placedAt)
    .sort((one, two) => two.support - one.support)
  const distinct: State[] = []
  for (const proposal of proposals) {
    const offset = ({ places }: State) => places[next]!.offsetSeconds
    const isNew = distinct.every(
      (other) => Math.abs(offset(other) - offset(proposal)) > kinshipSeconds / 2,
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

function supportOf(places: readonly (Place | undefined)[], observation: Observation): number {
  return Math.max(
    ...lines(observation).map(
      (line) =>
        weight(line, lines(observation)) / (1 + (offBy(places, line) / kinshipSeconds) ** 2),
    ),
  )
}

function offBy(places: readonly (Place | undefined)[], line: Observation): number {
  const [a, b] = [places[line.a], places[line.b]]
  return a && b ? Math.abs(disagreement({ [line.a]: a, [line.b]: b }, line)) : 0
}
