import {
  breaksOf,
  leastJumpSeconds,
  sameCutSeconds,
  shortestPieceSeconds,
  sureStretches,
} from './breaks.ts'
import type { Break } from './breaks.ts'
import { likelyOffsets } from './cut-votes.ts'
import type { OpenSpan } from './cut-votes.ts'
import type { SolvedGroup } from './group-result.ts'
import { gainsOf, gainWithin, hearersFrom, layLine } from './laid-lines.ts'
import type { Hearer, LaidLine, Line, Span } from './laid-lines.ts'
import { cutsAmong, pairStretches } from './pair-edges.ts'
import type { PairStretch, StretchWith } from './pair-edges.ts'
import type { PairFinding } from './pair-search.ts'
import type { RecordingPart } from './recording-parts.ts'
import { frameSeconds, sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { followLines } from './stretches.ts'
import type { Followed, Stretch } from './stretches.ts'
import { clockWitnesses, placedIds } from './witnesses.ts'

/** Height that a pair of a suspect needs. */
const leastScoreOfSuspect = 4.6
/** What an edge against a suspect needs to make another one. */
const leastGainOfSuspect = 20
/** Witnesses that are asked about one recording: of hundreds, not all. */
const mostWitnesses = 16
/** A time in which the witnesses do not agree is looked into from so long on. */
const leastOpenSeconds = 4.4
/** By how much going on along the line must be unlikelier than chance there. */
const leastContradiction = 10
/** Stretches around such a time that are followed with it. */
const marginSeconds = 15
/** Pairs of one suspect that are compared. */
const mostPairs = 8
/**
 * Of more, only those that show a cut are followed again once there are pieces, and of these none
 * is asked for a line that stands alone: so many witnesses say it surely, or it is none.
 */
const fewRecordings = 40
/**
 * Of so many, a recording without a place is suspected only where places on one clock, one after the
 * other, explain so much of its sound: of edited ones it was 0.59 and more, of strangers that some
 * sirens passed 0.26 at most.
 */
const leastCovered = 0.4
/** How far travel may shift a witness that is linked, and one that is not. */
const linkedReachSeconds = 0.06
const unlinkedReachSeconds = 0.2

/** Whether these are parts of more than a few recordings. */
export function areMany(parts: readonly RecordingPart[]): boolean {
  return new Set(parts.map(({ recording }) => recording)).size > fewRecordings
}

/** Where a part of a recording lies against others, by all of them together. */
export interface Expected extends Span {
  /** Own time of the recording less own time of the other. Surest first. */
  readonly against: readonly { readonly recording: string; readonly lagSeconds: number }[]
}

/** Own times at which a recording seems to be cut, and where its pieces then lie. */
export interface Proposal {
  readonly cuts: readonly number[]
  readonly expected: readonly Expected[]
}

export interface EditMaterial {
  readonly parts: readonly RecordingPart[]
  readonly groups: readonly SolvedGroup[]
  /** Of pairs of whole recordings, by id. */
  readonly findings: readonly (PairFinding & { readonly ids: readonly [string, string] })[]
  readonly featuresOf: (recording: string) => SoundFeatures | undefined
  /** Lags of the links of two whole recordings, own time of the first less own time of the second. */
  readonly lagsOf: (a: string, b: string) => readonly number[]
}

/**
 * Where recordings seem to be cut, by id; nothing is claimed yet: the pieces must then stand apart.
 * Whole recordings that do not lie well on their clock are compared with each other two by two,
 * since a cut that nobody knows of bends the clock itself. Once there are pieces, each recording is
 * followed along the clock of all that heard the same.
 */
export function proposeCuts(material: EditMaterial): Map<string, Proposal> {
  const { parts } = material
  const byRecording = Map.groupBy(parts, ({ recording }) => recording)
  const isWhole = parts.every(({ id, recording }) => id === recording)
  const isMany = areMany(parts)
  const isAsked = (own: readonly RecordingPart[]) => isWhole || !isMany || own.length > 1
  const followed = new Map(
    [...byRecording].map(
      ([id, own]) => [id, isAsked(own) ? followOnClocks(id, own, material) : []] as const,
    ),
  )
  const suspects = [...followed].flatMap(([id, found]) =>
    found.some(({ breaks }) => breaks.length > 0) ? [id] : [],
  )
  const found = isWhole ? comparedInPairs(suspects, material) : followed
  return new Map(
    [...byRecording].flatMap(([id, own]) => {
      const seconds = own.reduce((sum, { samples }) => sum + samples.length, 0) / sampleRateHz
      const before = own.slice(1).map(({ fromSeconds }) => fromSeconds)
      const of = found.get(id) ?? []
      const cuts = mergeCuts(
        of.flatMap(({ breaks }) => breaks),
        before,
        seconds,
      )
      const expected = of.flatMap((one) => one.expected)
      const isWorth = cuts.length > 0 || (expected.length > 0 && before.length > 0)
      return isWorth ? [[id, { cuts, expected }] as const] : []
    }),
  )
}

function followOnClocks(
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

/** What the pairs of these recordings show, those that sound most alike. */
function comparedInPairs(
  suspects: readonly string[],
  { parts, findings, featuresOf, lagsOf }: EditMaterial,
): Map<string, FollowedOnClock[]> {
  const stretches = new Map<string, StretchWith[]>()
  const note = (id: string, other: string, found: readonly PairStretch[]): void => {
    stretches.set(id, [...(stretches.get(id) ?? []), ...found.map((one) => ({ ...one, other }))])
  }
  const compared = new Set<string>()
  const asked = new Set(suspects)
  const isMany = areMany(parts)
  for (let before = -1; before < asked.size;) {
    const isFirst = before < 0
    before = asked.size
    for (const { ids } of mostAlike([...asked].sort(), findings)) {
      const [a, b] = ids
      const key = `${a}\u0000${b}`
      if (compared.has(key)) continue
      compared.add(key)
      const [ofA, ofB] = pairStretches(featuresOf(a)!, featuresOf(b)!, lagsOf(a, b))
      note(a, b, ofA)
      note(b, a, ofB)
    }
    // Whoever shows a cut against a suspect is one; of many, only against one that its clock suspects.
    if (isMany && !isFirst) break
    for (const [id, breaks] of cutsAmong(stretches)) {
      if (breaks.some(({ gain }) => gain >= leastGainOfSuspect)) asked.add(id)
    }
  }
  const breaks = cutsAmong(stretches)
  return new Map(
    [...asked].map((id) => {
      const expected = (stretches.get(id) ?? [])
        .toSorted((one, two) => two.gain - one.gain)
        .map(({ other, fromSeconds, toSeconds, lagSeconds }) => ({
          fromSeconds,
          toSeconds,
          against: [{ recording: other, lagSeconds }],
        }))
      return [id, [{ breaks: breaks.get(id) ?? [], expected }]]
    }),
  )
}

/** Of each suspect so many pairs at most, the highest first. */
function mostAlike(suspects: readonly string[], findings: EditMaterial['findings']) {
  const asked = new Map(suspects.map((id) => [id, 0]))
  return findings
    .filter(({ score, ids }) => score >= leastScoreOfSuspect && ids.some((id) => asked.has(id)))
    .toSorted((one, two) => two.score - one.score)
    .filter(({ ids }) => {
      const of = ids.filter((id) => asked.has(id))
      if (of.every((id) => asked.get(id)! >= mostPairs)) return false
      for (const id of of) asked.set(id, asked.get(id)! + 1)
      return true
    })
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

interface FollowedOnClock {
  readonly breaks: readonly Break[]
  readonly expected: readonly Expected[]
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
  // Of whole recordings, most of them without a cut, only those are asked that say most.
  const isWhole = parts.every((part) => part.id === part.recording)
  const linked = hearers.filter(({ isLinked }) => isLinked || !isWhole)
  const before = followLines(lines.map((line) => lay(line, whole, linked)))
  const open = lines.length === 0 ? [{ ...whole, ...anyOffset }] : openSpans(before, whole, isWhole)
  const torn = tornOf(before, open)
  const isFresh = ({ fromSeconds }: Break) =>
    own.every((part) => Math.abs(part.fromSeconds - fromSeconds) >= shortestPieceSeconds) &&
    whole.toSeconds - fromSeconds >= shortestPieceSeconds
  if (torn.some(isFresh)) return [{ breaks: torn, expected: [] }]
  if (open.length === 0) return []
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
    ...lines.map((line) => lay(line, whole, hearers)),
    ...candidates.map((line) => lay(line, near, hearers)),
  ])
  const sure = sureStretches(after.stretches)
  const soundSeconds = features.activeFrames * frameSeconds
  if (lines.length === 0 && areMany(parts) && secondsInOrder(sure) < leastCovered * soundSeconds)
    return []
  const expected = sure.map((stretch) => expectedOf(stretch, hearers, after.means))
  // Of a recording without a place, only stretches on both sides say that it may be cut.
  const known = lines.length === 0 ? [] : openSpans(after, whole, isWhole)
  return [{ breaks: tornOf(after, known), expected }]
}

/** How much of a recording can be explained by stretches of which each lies later on the clock than those before. */
function secondsInOrder(stretches: readonly Stretch[]): number {
  const until: number[] = []
  stretches.forEach(({ fromSeconds, toSeconds, line }, index) => {
    const before = until.filter((_, at) => stretches[at]!.line.offsetSeconds <= line.offsetSeconds)
    until[index] = Math.max(0, ...before) + toSeconds - fromSeconds
  })
  return Math.max(0, ...until)
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

/** One time for what several groups show, the narrowest and surest counting most; what was cut before is no news. */
function mergeCuts(found: readonly Break[], before: readonly number[], seconds: number): number[] {
  const cuts: { at: number; weight: number }[] = []
  const middle = ({ fromSeconds, toSeconds }: Break) => (fromSeconds + toSeconds) / 2
  const weight = ({ fromSeconds, toSeconds, gain }: Break) =>
    gain / (0.1 + toSeconds - fromSeconds) ** 2
  for (const cut of found.toSorted((one, two) => weight(two) - weight(one))) {
    const near = cuts.find(({ at }) => Math.abs(at - middle(cut)) < sameCutSeconds)
    if (near) {
      const total = near.weight + weight(cut)
      near.at += ((middle(cut) - near.at) * weight(cut)) / total
      near.weight = total
    } else if (
      [0, seconds, ...before, ...cuts.map(({ at }) => at)].every(
        (at) => Math.abs(at - middle(cut)) >= shortestPieceSeconds,
      )
    ) {
      cuts.push({ at: middle(cut), weight: weight(cut) })
    }
  }
  return cuts.map(({ at }) => at).sort((one, two) => one - two)
}
