import type { Break } from './breaks.ts'
import { sureStretches } from './breaks.ts'
import { likelyOffsets } from './cut-votes.ts'
import { gainWithin, layLine } from './laid-lines.ts'
import type { Hearer, Span } from './laid-lines.ts'
import { binSeconds } from './local-agreement.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { followLines } from './stretches.ts'

/** What lies so near to a moment says whether something goes on there. */
const nearSeconds = 4.4
/** What all edges at one moment must say together. */
const leastAtEdge = 10
/** Edges that are nearer are one. */
const sameEdgeSeconds = 1
/** Stretches abut where this much lies between them at most. */
const abuttingSeconds = 3.5
const leastLeapSeconds = 1
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
  const sure = sureStretches(stretches)
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

/**
 * Where agreement with others ends or begins though both hold sound on either side, and agreement
 * with others yet does not go on. Which of the two was cut, more than two must tell.
 */
export function edgesAmong(stretches: readonly PairStretch[]): Break[] {
  const around = ({ gainIn }: PairStretch, at: number) => ({
    before: gainIn({ fromSeconds: at - nearSeconds, toSeconds: at }),
    after: gainIn({ fromSeconds: at, toSeconds: at + nearSeconds }),
  })
  const edges = stretches
    .flatMap((stretch) => {
      const [from, to] = [stretch.fromSeconds, stretch.toSeconds]
      const [start, end] = [around(stretch, from), around(stretch, to)]
      return [
        { at: from, weight: Math.min(start.after, -start.before), leaps: stretch.leapsBefore },
        { at: to, weight: Math.min(end.before, -end.after), leaps: stretch.leapsAfter },
      ]
    })
    .filter(({ weight, leaps }) => weight > 0 && !leaps)
    .sort((one, two) => two.weight - one.weight)
  const found: Break[] = []
  for (const { at } of edges) {
    if (found.some(({ fromSeconds }) => Math.abs(fromSeconds - at) < sameEdgeSeconds)) continue
    const together = edges
      .filter((edge) => Math.abs(edge.at - at) < sameEdgeSeconds)
      .reduce((sum, { weight }) => sum + weight, 0)
    const goingOn = stretches
      .filter(
        ({ fromSeconds, toSeconds }) =>
          fromSeconds < at - sameEdgeSeconds && toSeconds > at + sameEdgeSeconds,
      )
      .map((stretch) => around(stretch, at))
      .reduce((sum, { before, after }) => sum + Math.max(0, Math.min(before, after)), 0)
    if (together < leastAtEdge || together <= goingOn) continue
    found.push({ fromSeconds: at, toSeconds: at + binSeconds, gain: together })
  }
  return found
}
