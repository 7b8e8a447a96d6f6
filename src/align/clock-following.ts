import { breaksOf, leastJumpSeconds, shortestPieceSeconds, sureStretches } from './breaks.ts'
import type { Break } from './breaks.ts'
import { likelyOffsets } from './cut-votes.ts'
import type { OpenSpan } from './cut-votes.ts'
import { areMany } from './edit-material.ts'
import type { EditMaterial, Expected } from './edit-material.ts'
import type { SolvedGroup } from './group-result.ts'
import { gainsOf, gainWithin, hearersFrom, layLine } from './laid-lines.ts'
import type { Hearer, LaidLine, Line, Span } from './laid-lines.ts'
import type { RecordingPart } from './recording-parts.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { followLines } from './stretches.ts'
import type { Followed, Stretch } from './stretches.ts'
import { clockWitnesses, placedIds } from './witnesses.ts'

/** Witnesses that are asked about one recording: of hundreds, not all. */
const mostWitnesses = 16
/** A time in which the witnesses do not agree is looked into from so long on. */
const leastOpenSeconds = 4.4
/**
 * By how much going on along the line must be unlikelier than chance there. Of scenes with edits all
 * but some edges reach it; an alarm that masks a far phone made 13 to 19 in scenes without any.
 */
const leastContradiction = 20
/** Stretches around such a time that are followed with it. */
const marginSeconds = 15
/**
 * Of so many, a recording without a place is suspected only where places on one clock, one after the
 * other, explain so much of its sound: of edited ones it was 0.59 and more, of strangers that some
 * sirens passed 0.26 at most.
 */
const leastCovered = 0.4
/** How far travel may shift a witness that is linked, and one that is not. */
const linkedReachSeconds = 0.06
const unlinkedReachSeconds = 0.2
/** Where something seems cut, sources far apart are told apart first: their lags differ by so much at most. */
const sourcesReachSeconds = 0.35
const mostSources = 4

/** A recording followed along each clock on which it lies, or on which it may. */
export function followOnClocks(
  id: string,
  own: readonly RecordingPart[],
  material: EditMaterial,
): FollowedOnClock[] {
  const features = material.featuresOf(id)
  if (!features) return []
  return groupsToAsk(id, own, material).flatMap((group) =>
    followOnClock(id, own, group, features, material),
  )
}

/** The groups in which a recording lies; of one that lies in none, those that it sounds like at several moments and no more. */
function groupsToAsk(
  id: string,
  own: readonly RecordingPart[],
  { parts, groups, findings }: EditMaterial,
): SolvedGroup[] {
  const partIds = new Set(own.map((part) => part.id))
  const its = groups.filter(({ members }) => members.some((member) => partIds.has(member.id)))
  if (its.length > 0) return its
  const alike = new Set(
    findings
      .filter(({ isTorn, ids }) => isTorn && ids.includes(id))
      .flatMap(({ ids }) => ids.filter((other) => other !== id)),
  )
  const recordingOf = new Map(parts.map((part) => [part.id, part.recording]))
  // Among so many some siren is like one that passed elsewhere; a cut shows in several pairs.
  if (areMany(parts) && alike.size < 2) return []
  const placed = placedIds(groups)
  const alone = parts.filter((part) => !placed.has(part.id) && alike.has(part.recording))
  return [
    ...groups.filter(({ members }) =>
      members.some((member) => alike.has(recordingOf.get(member.id)!)),
    ),
    ...alone.map((part) => groupOfOne(part.id)),
  ]
}

function groupOfOne(id: string): SolvedGroup {
  const member = {
    id,
    offsetSeconds: 0,
    rate: 1,
    errorSeconds: 0,
    statisticalErrorSeconds: 0,
    travelBoundSeconds: 0,
    travelSeconds: 0,
    method: 'sound',
  } as const
  return { members: [member], links: [] }
}

export interface FollowedOnClock {
  readonly breaks: readonly Break[]
  /** Stretches of the clock along which its witnesses hear it. */
  readonly along: readonly Stretch[]
  readonly expected: readonly Expected[]
}

/** What a recording's clock must say on either side of a moment, and within which time. */
const leastGoingOn = 5
const goingOnSeconds = 8

/** Whether the witnesses of its clock hear a recording on one line before a moment and after it. */
export function goesOn({ fromSeconds, toSeconds }: Break, along: readonly Stretch[]): boolean {
  const at = (fromSeconds + toSeconds) / 2
  return along.some(
    ({ gains }) =>
      gainWithin(gains, { fromSeconds: at - goingOnSeconds, toSeconds: at }) >= leastGoingOn &&
      gainWithin(gains, { fromSeconds: at, toSeconds: at + goingOnSeconds }) >= leastGoingOn,
  )
}

function followOnClock(
  id: string,
  own: readonly RecordingPart[],
  group: SolvedGroup,
  features: SoundFeatures,
  { parts, groups, featuresOf }: EditMaterial,
): FollowedOnClock[] {
  const hearers = hearersOf(id, parts, group, placedIds(groups), featuresOf)
  const whole = { fromSeconds: 0, toSeconds: features.frames * frameSeconds }
  const clusters = [...new Set(hearers.map(({ cluster }) => cluster))].sort((x, y) => x - y)
  const lines = linesOf(own, group).flatMap((line): Line[] =>
    clusters.length < 2 ? [line] : [line, ...clusters.map((cluster) => ({ ...line, cluster }))],
  )
  const lay = (line: Line, span: Span, asked: readonly Hearer[]): LaidLine =>
    layLine(features, asked, line, span, ({ isLinked }) =>
      isLinked ? linkedReachSeconds : unlinkedReachSeconds,
    )
  const layBySources = (line: Line, asked: readonly Hearer[]): LaidLine =>
    layLine(features, asked, line, whole, () => sourcesReachSeconds, mostSources)
  // Of whole recordings, most of them without a cut, only those are asked that say most.
  const isWhole = parts.every((part) => part.id === part.recording)
  const linked = hearers.filter(({ isLinked }) => isLinked || !isWhole)
  const seemsWhole = (one: Followed): boolean =>
    openSpans(one, whole, isWhole).length === 0 && breaksOf(one.stretches).length === 0
  const simply = followLines(lines.map((line) => lay(line, whole, linked)))
  const before =
    lines.length === 0 || seemsWhole(simply)
      ? simply
      : followLines(lines.map((line) => layBySources(line, linked)))
  const open = lines.length === 0 ? [{ ...whole, ...anyOffset }] : openSpans(before, whole, isWhole)
  const torn = tornOf(before, open)
  const isFresh = ({ fromSeconds }: Break) =>
    own.every((part) => Math.abs(part.fromSeconds - fromSeconds) >= shortestPieceSeconds) &&
    whole.toSeconds - fromSeconds >= shortestPieceSeconds
  const along = sureStretches(before.stretches)
  if (torn.some(isFresh)) return [{ breaks: torn, expected: [], along }]
  if (open.length === 0) return [{ breaks: [], expected: [], along }]
  const rate = lines[0]?.rate ?? 1
  const near = {
    fromSeconds: Math.min(...open.map(({ fromSeconds }) => fromSeconds)) - marginSeconds,
    toSeconds: Math.max(...open.map(({ toSeconds }) => toSeconds)) + marginSeconds,
  }
  const candidates = clusters.flatMap((cluster): Line[] => {
    const asked = hearers.filter((hearer) => hearer.cluster === cluster)
    return likelyOffsets(features, rate, asked, open)
      .filter((offset) =>
        lines.every((line) => Math.abs(line.offsetSeconds - offset) >= leastJumpSeconds),
      )
      .map((offsetSeconds) => ({ offsetSeconds, rate, cluster }))
  })
  const after = followLines([
    ...lines.map((line) => layBySources(line, hearers)),
    ...candidates.map((line) => lay(line, near, hearers)),
  ])
  const sure = sureStretches(after.stretches)
  const soundSeconds = features.activeFrames * frameSeconds
  if (lines.length === 0 && areMany(parts) && secondsOf(sure) < leastCovered * soundSeconds)
    return []
  const expected = sure.map((stretch) => expectedOf(stretch, hearers, after.means))
  // Of a recording without a place, only stretches on both sides say that it may be cut.
  const known = lines.length === 0 ? [] : openSpans(after, whole, isWhole)
  return [{ breaks: tornOf(after, known), expected, along }]
}

function secondsOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds, 0)
}

/** Those of a group that are asked: the ones that are linked first, then the longest. */
function hearersOf(
  id: string,
  parts: readonly RecordingPart[],
  group: SolvedGroup,
  placed: ReadonlySet<string>,
  featuresOf: (recording: string) => SoundFeatures | undefined,
): Hearer[] {
  const partOf = new Map(parts.map((part) => [part.id, part]))
  const seconds = ({ fromSeconds, toSeconds }: Hearer) => toSeconds - fromSeconds
  return hearersFrom(clockWitnesses(id, partOf, group, placed), featuresOf)
    .sort(
      (one, two) =>
        Number(two.isLinked) - Number(one.isLinked) ||
        seconds(two) - seconds(one) ||
        (one.recording < two.recording ? -1 : 1),
    )
    .slice(0, mostWitnesses)
}

/** Where a recording's placed pieces lie on the clock; pieces on one line are one. */
function linesOf(own: readonly RecordingPart[], group: SolvedGroup): Line[] {
  const lines: Line[] = []
  for (const { id, fromSeconds } of own) {
    const member = group.members.find((one) => one.id === id)
    if (!member) continue
    const { rate } = member
    const offsetSeconds = member.offsetSeconds - rate * fromSeconds
    if (lines.every((line) => Math.abs(line.offsetSeconds - offsetSeconds) >= leastJumpSeconds)) {
      lines.push({ offsetSeconds, rate })
    }
  }
  return lines
}

const anyOffset = { leastOffset: -Infinity, mostOffset: Infinity }

/** Own times in which the witnesses hold sound but do not agree on any line yet, and between which lines they may lie. */
function openSpans(
  { stretches, lines, gains }: Followed,
  whole: Span,
  isWhole: boolean,
): OpenSpan[] {
  const known = sureStretches(stretches)
  const gainAlong = (stretch: Stretch | undefined, span: Span): number =>
    stretch ? gainWithin(gains[lines.indexOf(stretch.line)]!, span) : 0
  return [undefined, ...known].flatMap((before, index): OpenSpan[] => {
    const after = known[index]
    const span = {
      fromSeconds: before?.toSeconds ?? whole.fromSeconds,
      toSeconds: after?.fromSeconds ?? whole.toSeconds,
    }
    if (span.toSeconds - span.fromSeconds < leastOpenSeconds) return []
    const contradiction = -Math.min(gainAlong(before, span), gainAlong(after, span))
    if (contradiction < leastContradiction) return []
    const leastOffset = before ? before.line.offsetSeconds + leastJumpSeconds : -Infinity
    const mostOffset = after ? after.line.offsetSeconds - leastJumpSeconds : Infinity
    if (leastOffset < mostOffset) return [{ ...span, leastOffset, mostOffset }]
    // Different witnesses put both on one line and deny what lies between: then a cut has bent the clock.
    return isWhole && before && after && before.line !== after.line
      ? [{ ...span, ...anyOffset }]
      : []
  })
}

function tornOf(followed: Followed, open: readonly OpenSpan[]): Break[] {
  return [...breaksOf(followed.stretches), ...edgesOf(followed, open)]
}

/** Where a stretch ends though its witnesses hold sound beyond: there something else may begin. */
function edgesOf({ stretches }: Followed, open: readonly OpenSpan[]): Break[] {
  return open.flatMap(({ fromSeconds, toSeconds }): Break[] =>
    sureStretches(stretches).flatMap((stretch): Break[] => {
      const isBefore = stretch.toSeconds === fromSeconds
      if (!isBefore && stretch.fromSeconds !== toSeconds) return []
      const at = isBefore ? fromSeconds : toSeconds
      const beyond = isBefore
        ? { fromSeconds: at, toSeconds: Math.min(toSeconds, at + leastOpenSeconds) }
        : { fromSeconds: Math.max(fromSeconds, at - leastOpenSeconds), toSeconds: at }
      const gain = -gainWithin(stretch.gains, beyond)
      return gain >= leastContradiction ? [{ fromSeconds: at, toSeconds: at, gain }] : []
    }),
  )
}

function expectedOf(
  { fromSeconds, toSeconds, line }: Stretch,
  hearers: readonly Hearer[],
  means: readonly number[],
): Expected {
  const against = hearers
    .map(({ recording }, witness) => ({
      recording,
      lagSeconds: line.lagSeconds[witness]!,
      gain: gainWithin(
        gainsOf({ ...line, agreement: [line.agreement[witness]!] }, [means[witness]!]),
        { fromSeconds, toSeconds },
      ),
    }))
    .filter(({ gain }) => gain > 0)
    .sort((one, two) => two.gain - one.gain || (one.recording < two.recording ? -1 : 1))
    .map(({ recording, lagSeconds }) => ({ recording, lagSeconds }))
  return { fromSeconds, toSeconds, against }
}
