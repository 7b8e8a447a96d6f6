import type { Break } from './breaks.ts'
import { sureStretches } from './breaks.ts'
import { likelyOffsets } from './cut-votes.ts'
import { gainWithin, layLine } from './laid-lines.ts'
import type { Hearer, Span } from './laid-lines.ts'
import { binSeconds } from './local-agreement.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { followLines } from './stretches.ts'
import type { Stretch } from './stretches.ts'

/** What lies so near to a moment says whether something goes on there. */
const nearSeconds = [4.4, 10] as const
/** What all edges at one moment must say together. */
const leastAtEdge = 10
/** Edges that are nearer are one. */
const sameEdgeSeconds = 1
/** Stretches abut where this much lies between them at most. */
const abuttingSeconds = 3.5
const leastLeapSeconds = 1
/** Ends of stretches are known to so much. */
const orderSlackSeconds = 1
const reachSeconds = 0.06

/** Own time of a recording in which it agrees with another on one lag. */
export interface PairStretch extends Span {
  readonly gain: number
  /** Own time of the recording less own time of the other. */
  readonly lagSeconds: number
  /** How much likelier the lag is than none within a span of own time. */
  readonly gainIn: (span: Span) => number
  /** In the other's own time a further stretch abuts before or after: it is the other that leaps. */
  readonly leapsBefore: boolean
  readonly leapsAfter: boolean
}

/** Stretches of a pair in the own time of each: a's and b's. */
export function pairStretches(
  a: SoundFeatures,
  b: SoundFeatures,
  knownLags: readonly number[],
): readonly [PairStretch[], PairStretch[]] {
  const whole = { fromSeconds: 0, toSeconds: a.frames * frameSeconds }
  const hearer: Hearer = {
    recording: '',
    features: b,
    isLinked: false,
    cluster: 0,
    offsetSeconds: 0,
    rate: 1,
    fromSeconds: 0,
    toSeconds: b.frames * frameSeconds,
  }
  const offsets = knownLags.map((lag) => -lag)
  const open = { ...whole, leastOffset: -Infinity, mostOffset: Infinity }
  for (const offset of likelyOffsets(a, 1, [hearer], [open])) {
    if (offsets.every((other) => Math.abs(other - offset) > 0.25)) offsets.push(offset)
  }
  const { stretches } = followLines(
    offsets.map((offsetSeconds) =>
      layLine(a, [hearer], { offsetSeconds, rate: 1 }, whole, () => reachSeconds),
    ),
  )
  const sure = sureStretches(stretches, areInOrderOfBoth)
  const ofA = sure.map(({ fromSeconds, toSeconds, gain, gains, line }) => ({
    fromSeconds,
    toSeconds,
    gain,
    lagSeconds: line.lagSeconds[0]!,
    gainIn: (span: Span) => gainWithin(gains, span),
  }))
  const ofB = ofA.map(({ fromSeconds, toSeconds, gain, lagSeconds, gainIn }) => ({
    fromSeconds: fromSeconds - lagSeconds,
    toSeconds: toSeconds - lagSeconds,
    gain,
    lagSeconds: -lagSeconds,
    gainIn: (span: Span) =>
      gainIn({
        fromSeconds: span.fromSeconds + lagSeconds,
        toSeconds: span.toSeconds + lagSeconds,
      }),
  }))
  return [withLeaps(ofA, ofB), withLeaps(ofB, ofA)]
}

/** Whether the second also comes later in the own time of the other. */
function areInOrderOfBoth(first: Stretch, second: Stretch): boolean {
  const [one, two] = [first.line.lagSeconds[0]!, second.line.lagSeconds[0]!]
  return second.fromSeconds - two >= first.toSeconds - one - orderSlackSeconds
}

/** The same stretches told in both own times. */
function withLeaps(
  own: readonly Omit<PairStretch, 'leapsBefore' | 'leapsAfter'>[],
  others: readonly Span[],
): PairStretch[] {
  const between = (spans: readonly Span[], first: number, second: number): number =>
    Math.abs((spans[second]?.fromSeconds ?? Infinity) - (spans[first]?.toSeconds ?? 0))
  return own.map((stretch, index) => {
    const isLeap = (isAfter: boolean): boolean =>
      others.some((_, at) => {
        if (at === index) return false
        const order = isAfter ? ([index, at] as const) : ([at, index] as const)
        const inOther = between(others, ...order)
        return inOther < abuttingSeconds && inOther + leastLeapSeconds < between(own, ...order)
      })
    return { ...stretch, leapsBefore: isLeap(false), leapsAfter: isLeap(true) }
  })
}

/** Stretches of one recording with another. */
export interface StretchWith extends PairStretch {
  readonly other: string
}

/** Where agreement of a pair ends or begins though both hold sound: one of the two was cut. */
interface Edge {
  readonly id: string
  readonly at: number
  readonly weight: number
  /** The same edge in the other's own time, unless it is known that the other was not cut. */
  readonly other: string
  readonly otherAt: number
}

/**
 * Own times at which recordings were cut, by id: where agreement with others ends or begins, and
 * agreement with others yet does not go on. Which of a pair was cut, all pairs together tell: the
 * moment at which most edges meet explains them, and they say nothing of the other recordings.
 */
export function cutsAmong(stretches: ReadonlyMap<string, readonly StretchWith[]>) {
  const edges = [...stretches].flatMap(([id, own]) => own.flatMap((one) => edgesOf(id, one)))
  const found = new Map<string, Break[]>()
  const clusterOf = (id: string, at: number, left: readonly Edge[]) => {
    const own = left.filter((edge) => edge.id === id && Math.abs(edge.at - at) < sameEdgeSeconds)
    const together = own.reduce((sum, { weight }) => sum + weight, 0)
    return { id, at, own, gain: together - goingOn(stretches.get(id)!, at), together }
  }
  for (let left = edges; ;) {
    const best = left
      .map(({ id, at }) => clusterOf(id, at, left))
      .filter(({ gain, together }) => gain > 0 && together >= leastAtEdge)
      .sort((x, y) => y.gain - x.gain || (x.id < y.id ? -1 : x.id > y.id ? 1 : x.at - y.at))[0]
    if (!best) return found
    const { id, at, own, gain } = best
    const cut = { fromSeconds: at, toSeconds: at + binSeconds, gain }
    found.set(id, [...(found.get(id) ?? []), cut])
    const explained = new Set<Edge>(own)
    for (const { other, otherAt } of own) {
      const theirs = clusterOf(other, otherAt, left)
      // Where two explain it equally well, both are looked into.
      if (theirs.gain >= gain) continue
      for (const edge of theirs.own) if (edge.other === id) explained.add(edge)
    }
    left = left.filter((edge) => !explained.has(edge))
  }
}

function edgesOf(id: string, stretch: StretchWith): Edge[] {
  const { other, fromSeconds, toSeconds, lagSeconds } = stretch
  return [
    {
      at: fromSeconds,
      weight: mostOf(stretch, fromSeconds, ({ before, after }) => Math.min(after, -before)),
      leaps: stretch.leapsBefore,
    },
    {
      at: toSeconds,
      weight: mostOf(stretch, toSeconds, ({ before, after }) => Math.min(before, -after)),
      leaps: stretch.leapsAfter,
    },
  ]
    .filter(({ weight, leaps }) => weight > 0 && !leaps)
    .map(({ at, weight }) => ({ id, at, weight, other, otherAt: at - lagSeconds }))
}

/** Of what speaks for the lag before and after a moment, the most that follows, near by or farther. */
function mostOf(
  { gainIn }: PairStretch,
  at: number,
  following: (gains: { readonly before: number; readonly after: number }) => number,
): number {
  return Math.max(
    ...nearSeconds.map((near) =>
      following({
        before: gainIn({ fromSeconds: at - near, toSeconds: at }),
        after: gainIn({ fromSeconds: at, toSeconds: at + near }),
      }),
    ),
  )
}

/** What says that a recording goes on at that moment. */
function goingOn(stretches: readonly StretchWith[], at: number): number {
  return stretches
    .filter(
      ({ fromSeconds, toSeconds }) =>
        fromSeconds < at - sameEdgeSeconds && toSeconds > at + sameEdgeSeconds,
    )
    .map((one) => mostOf(one, at, ({ before, after }) => Math.min(before, after)))
    .reduce((sum, gain) => sum + Math.max(0, gain), 0)
}
