import { binSeconds } from './local-agreement.ts'
import { gainAlong } from './stretches.ts'
import type { PairStretches, Stretch } from './stretches.ts'

/** Stretches whose lags differ by less are one. */
export const leastJumpSeconds = 0.5
/** What a stretch needs on either side of a break. */
const leastGain = 25
const leastStretchSeconds = 3
/** By how much going on at the old lag must be unlikelier than chance. */
const leastContradiction = 15
/** Two stretches abut where this much lies between them at most, and twice that or more in the other recording. */
const mostBetweenSeconds = 3.5
const nearSeconds = 0.5

/** Two stretches that abut in one recording's time and leave out or repeat something of the other's. */
export interface Break {
  readonly in: 'a' | 'b'
  /** Own time of that recording, between these. */
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly gain: number
}

/**
 * Where a pair's stretches show a cut, and in which of the two: the one in whose
 * own time they abut. A sound that repeats may fit elsewhere too, so each break
 * also needs that going on without a cut is contradicted: the other recording
 * holds sound there, and it is another.
 */
export function breaksOf({ stretches, mean }: PairStretches): Break[] {
  const joined = joinStretches(stretches).filter(
    ({ gain, fromSeconds, toSeconds }) =>
      gain >= leastGain && toSeconds - fromSeconds >= leastStretchSeconds,
  )
  return (['a', 'b'] as const).flatMap((where) => {
    const spans = joined
      .map((stretch) => ({ stretch, ...ownSpan(stretch, where) }))
      .filter((span, _, all) => !all.some((other) => displaces(other, span)))
      .sort((one, two) => one.fromSeconds - two.fromSeconds)
    return spans.slice(1).flatMap((second, index): Break[] => {
      const first = spans[index]!
      const between = second.fromSeconds - first.toSeconds
      const jump = second.stretch.line.lagSeconds - first.stretch.line.lagSeconds
      const betweenInOther = where === 'a' ? between - jump : between + jump
      const isNear = Math.abs(between) <= nearSeconds
      if (Math.abs(between) > mostBetweenSeconds || Math.abs(jump) < leastJumpSeconds) return []
      if (!isNear && Math.abs(between) > Math.abs(betweenInOther) / 2) return []
      const contradiction = -Math.min(
        continuation(first.stretch, second.stretch, where, mean),
        continuation(second.stretch, first.stretch, where, mean),
      )
      if (contradiction < leastContradiction) return []
      return [
        {
          in: where,
          fromSeconds: Math.min(first.toSeconds, second.fromSeconds),
          toSeconds: Math.max(first.toSeconds, second.fromSeconds),
          gain: Math.min(first.stretch.gain, second.stretch.gain, contradiction),
        },
      ]
    })
  })
}

/** Neighbours on one line become one stretch, whatever quiet lies between. */
function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const stretch of stretches) {
    const last = joined.at(-1)
    if (
      last &&
      Math.abs(last.line.lagSeconds - stretch.line.lagSeconds) < leastJumpSeconds &&
      stretch.fromSeconds >= last.toSeconds
    ) {
      const line = last.gain >= stretch.gain ? last.line : stretch.line
      const gain = last.gain + stretch.gain
      joined[joined.length - 1] = { ...last, toSeconds: stretch.toSeconds, gain, line }
    } else {
      joined.push(stretch)
    }
  }
  return joined
}

interface Span {
  readonly stretch: Stretch
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** In b's time stretches may lie over each other: a sound of b that a heard twice. The surer one stays. */
function displaces(other: Span, span: Span): boolean {
  const shared =
    Math.min(other.toSeconds, span.toSeconds) - Math.max(other.fromSeconds, span.fromSeconds)
  return other.stretch.gain > span.stretch.gain && shared > (span.toSeconds - span.fromSeconds) / 2
}

function ownSpan({ fromSeconds, toSeconds, line }: Stretch, where: 'a' | 'b') {
  const lag = where === 'a' ? 0 : line.lagSeconds
  return { fromSeconds: fromSeconds - lag, toSeconds: toSeconds - lag }
}

/**
 * What speaks for one stretch's line throughout the other stretch: its time in a,
 * or the time in which it would lie in a if the edited recording had gone on.
 */
function continuation(one: Stretch, other: Stretch, where: 'a' | 'b', mean: number): number {
  const gain = (shiftSeconds: number): number => {
    const [from, to] = [other.fromSeconds, other.toSeconds].map((at) =>
      Math.round((at + shiftSeconds) / binSeconds),
    )
    return gainAlong(one.line, from!, to!, mean)
  }
  const goneOn = where === 'b' ? one.line.lagSeconds - other.line.lagSeconds : 0
  return Math.min(gain(0), gain(goneOn))
}
