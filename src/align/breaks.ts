import { gainWithin } from './laid-lines.ts'
import type { Line, Span } from './laid-lines.ts'
import { joinStretches } from './stretches.ts'
import type { Stretch } from './stretches.ts'

/** Stretches whose lines differ by less are one. */
export const leastJumpSeconds = 0.5
/** Cuts of one recording that are nearer are one. */
export const sameCutSeconds = 2
/** Shorter pieces are not looked for: a sound that repeats is soon taken for one. */
export const shortestPieceSeconds = 4.5
/** What a stretch needs on either side of a break. */
const leastGain = 25
const leastStretchSeconds = 3
/** By how much going on along the old line must be unlikelier than chance. */
const leastContradiction = 15
/** A cut lies at the edge of a stretch where going on for so long is contradicted this much. */
const edgeSeconds = 4
const leastAtEdge = 8
/** From here on there may be a piece between two stretches. */
const leastPieceBetween = 6

/** Own time of a recording within which a cut lies: the clock leaps there. */
export interface Break extends Span {
  readonly gain: number
}

/**
 * Stretches that are long and sure enough to be pieces. Cuts only leave out, so pieces follow each
 * other on the clock as they do in the recording: of stretches that contradict this, being sounds
 * that repeat, those are kept that together are surest.
 */
export function sureStretches(
  stretches: readonly Stretch[],
  areInOrder: (first: Stretch, second: Stretch) => boolean = areInClockOrder,
): Stretch[] {
  const isSure = ({ gain, fromSeconds, toSeconds }: Stretch) =>
    gain >= leastGain && toSeconds - fromSeconds >= leastStretchSeconds
  const sure = joinStretches(joinStretches(stretches).filter(isSure))
  return joinStretches(surestChain(sure, areInOrder))
}

function areInClockOrder({ line: one }: Stretch, { line: two }: Stretch): boolean {
  return one.cluster !== two.cluster || two.offsetSeconds - one.offsetSeconds > -leastJumpSeconds
}

interface Chain {
  readonly gain: number
  readonly of: readonly Stretch[]
}

function surestChain(
  stretches: readonly Stretch[],
  areInOrder: (first: Stretch, second: Stretch) => boolean,
): readonly Stretch[] {
  const none: Chain = { gain: 0, of: [] }
  const surest = (chains: readonly Chain[]): Chain =>
    chains.reduce((best, one) => (one.gain > best.gain ? one : best), none)
  const chains: Chain[] = []
  for (const one of stretches) {
    const before = surest(
      chains.filter(({ of }) => of.every((earlier) => areInOrder(earlier, one))),
    )
    chains.push({ gain: before.gain + one.gain, of: [...before.of, one] })
  }
  return surest(chains).of
}

/** From one line to a later one, or from some witnesses to others whose clocks it alone ties. */
function isLeap(first: Line, second: Line): boolean {
  if (first.cluster !== second.cluster) {
    return first.cluster !== undefined && second.cluster !== undefined
  }
  return second.offsetSeconds - first.offsetSeconds >= leastJumpSeconds
}

/**
 * Where a recording's stretches show a cut: the clock leaps forward there. A sound that repeats
 * may fit elsewhere too, so each break also needs that going on without a cut is contradicted: the
 * witnesses hold sound there, and it is another.
 */
export function breaksOf(stretches: readonly Stretch[]): Break[] {
  const sure = sureStretches(stretches)
  return sure.slice(1).flatMap((second, index): Break[] => {
    const first = sure[index]!
    if (!isLeap(first.line, second.line)) return []
    const contradiction = -Math.min(
      gainWithin(first.gains, second),
      gainWithin(second.gains, first),
    )
    if (contradiction < leastContradiction) return []
    const gain = Math.min(first.gain, second.gain, contradiction)
    return bordersBetween(first, second).map((span) => ({ ...span, gain }))
  })
}

/**
 * Where between two stretches a cut lies: where the witnesses of one hold sound beyond its end and
 * it is another. Two where that is so at either end and a piece that nobody heard fits between.
 */
function bordersBetween(first: Stretch, second: Stretch): Span[] {
  const [end, start] = [first.toSeconds, second.fromSeconds]
  const endsHere = gainWithin(first.gains, { fromSeconds: end, toSeconds: end + edgeSeconds })
  const startsHere = gainWithin(second.gains, {
    fromSeconds: start - edgeSeconds,
    toSeconds: start,
  })
  const edges = [
    ...(endsHere <= -leastAtEdge ? [{ fromSeconds: end, toSeconds: end }] : []),
    ...(startsHere <= -leastAtEdge ? [{ fromSeconds: start, toSeconds: start }] : []),
  ]
  if (start - end >= leastPieceBetween) return edges
  return edges.length === 1 ? edges : [{ fromSeconds: end, toSeconds: start }]
}
