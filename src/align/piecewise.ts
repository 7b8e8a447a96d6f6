import type { AlignInput, Alignment, AlignSteps, Anchor, ApartRecording } from './alignment.ts'
import { sameCutSeconds, shortestPieceSeconds } from './breaks.ts'
import { cutBetween, refineCut } from './cut-points.ts'
import type { Expected } from './edit-material.ts'
import type { Proposal } from './edits.ts'
import type { SolvedGroup } from './group-result.ts'
import { mainParts } from './main-parts.ts'
import { assembleGroups } from './pieces.ts'
import { anchorsOfParts, cutRecordings } from './recording-parts.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sourceOf } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { areOnOneLine, cutCount, cutsThatStand, isAt } from './standing-cuts.ts'
import type { Cuts } from './standing-cuts.ts'
import { endOf, placedIds } from './witnesses.ts'

/** Cuts are proposed, taken back where their pieces do not stand apart, and looked for once more. */
const mostRounds = 4
/** Proposals one upon the other, before what is still open is taken back. */
const mostSteps = 6
/** How far a cut is moved at most; where the witnesses say nothing for a while, it stays. */
const farSearch = { reachSeconds: 25, leastGain: 8, hears: 'throughout' } as const
/** By how much at least, and how often. */
const leastMoveSeconds = 0.5
const mostMoves = 2
/**
 * A part of a recording without any other place speaks for it only if it is so long: a siren that
 * passes two places is as much like a part of one of them.
 */
const leastTornSeconds = 60

export interface PartsAlignment {
  readonly groups: readonly SolvedGroup[]
  readonly apart: readonly ApartRecording[]
  /** The groups solved anew, given a name for each part's witness. */
  readonly groupsOf: (witnesses: readonly string[]) => readonly SolvedGroup[]
}

export interface PartsEngine {
  readonly align: (
    parts: readonly RecordingPart[],
    anchors: readonly Anchor[],
    expected: ReadonlyMap<string, readonly Expected[]>,
  ) => AlignSteps<PartsAlignment>
  /** Where recordings seem to be cut besides, by id. */
  readonly proposeCuts: (
    parts: readonly RecordingPart[],
    groups: readonly SolvedGroup[],
  ) => ReadonlyMap<string, Proposal>
  /** Of a whole recording. */
  readonly featuresOf: (recording: string) => SoundFeatures | undefined
}

/**
 * Aligns whole recordings; where some seem to be cut together from pieces, the
 * pieces, each like a recording of its own, but all of one rate. A cut stands
 * only if the pieces beside it are placed apart from each other: what fails
 * that is put together again, so a recording is never split in vain. Where a
 * recording would lose its place by that, what has a place speaks for the rest.
 */
export function* alignPiecewise(
  recordings: readonly AlignInput[],
  anchors: readonly Anchor[],
  engine: PartsEngine,
): AlignSteps<Alignment> {
  const whole = cutRecordings(recordings, new Map())
  const wholeAligned = yield* engine.align(whole, anchors, new Map())
  let parts = whole
  let aligned = wholeAligned
  let cuts = new Map<string, readonly number[]>()
  const expected = new Map<string, readonly Expected[]>()
  function* alignCut(): AlignSteps<void> {
    if (cuts.size === 0) {
      parts = whole
      aligned = wholeAligned
      return
    }
    for (let move = 0; move <= mostMoves; move++) {
      parts = cutRecordings(recordings, cuts)
      aligned = yield* engine.align(parts, anchorsOfParts(anchors, parts), expected)
      const moved = movedCuts(cuts, parts, aligned.groups, engine.featuresOf)
      if (!moved) return
      if (move < mostMoves) cuts = moved
    }
  }
  /** Each moment is proposed once, so that this comes to an end. */
  const proposed = new Map<string, readonly number[]>()
  /** Recordings that have a place only in pieces, though no cut of theirs stands. */
  const torn = new Set<string>()
  const standing = (openOnes: 'stand' | 'fall') =>
    cutsThatStand(cuts, parts, aligned.groups, openOnes, engine.featuresOf)
  /** Takes back what pieces contradict, until nothing does. */
  function* takeBack(): AlignSteps<void> {
    for (;;) {
      const left = standing('stand')
      if (cutCount(left) === cutCount(cuts)) return
      cuts = left
      yield* alignCut()
    }
  }
  /** Puts together again what was cut in vain, unless a recording then has no place any more. */
  function* rejoin(): AlignSteps<void> {
    for (;;) {
      const sure = standing('fall')
      const before = placedRecordings(parts, aligned.groups)
      const left = new Map(
        [...cuts].flatMap(([id, times]) => {
          if (torn.has(id)) return [[id, times] as const]
          if (!sure.has(id)) return []
          const useful = times.filter((time) => isBesidePlaced(time, id, parts, aligned.groups))
          return useful.length > 0 ? [[id, useful] as const] : []
        }),
      )
      if (cutCount(left) === cutCount(cuts)) return
      const cutBefore = cuts
      cuts = left
      yield* alignCut()
      yield* takeBack()
      const after = placedRecordings(parts, aligned.groups)
      const lost = [...before].filter(
        ([id, seconds]) => cutBefore.has(id) && !after.has(id) && seconds >= leastTornSeconds,
      )
      if (lost.length === 0) continue
      for (const [id] of lost) {
        torn.add(id)
        cuts.set(id, cutBefore.get(id)!)
      }
      yield* alignCut()
      yield* takeBack()
    }
  }
  for (let round = 0; round < mostRounds; round++) {
    const before = stateOf(parts, aligned.groups)
    let isNew = false
    const tried = new Set<string>()
    for (let step = 0; step < mostSteps; step++) {
      const news = newsOf(
        engine.proposeCuts(parts, aligned.groups),
        parts,
        aligned,
        proposed,
        tried,
      )
      if (news.length === 0) break
      isNew = true
      for (const { id, cuts: more, expected: places } of news) {
        expected.set(id, [...places, ...(expected.get(id) ?? [])])
        proposed.set(id, [...(proposed.get(id) ?? []), ...more])
        const all = [...(cuts.get(id) ?? []), ...more].sort((one, two) => one - two)
        if (all.length > 0) cuts.set(id, all)
      }
      yield* alignCut()
      yield* takeBack()
      // Whole recordings have said all that they say.
      if (cuts.size === 0) break
    }
    if (!isNew) break
    yield* rejoin()
    if (stateOf(parts, aligned.groups) === before) break
  }
  // What no cut that stands divides is one piece and lies where its main part does.
  for (;;) {
    const main = mainParts(parts, standing('fall'), aligned.groups)
    if (main.length === parts.length) break
    parts = main
    aligned = yield* engine.align(parts, anchorsOfParts(anchors, parts), expected)
  }
  return assembleGroups(recordings, parts, aligned, (before, after) =>
    refineCut(before, after, parts, aligned.groups, engine.featuresOf, (id) => {
      const input = recordings.find((one) => one.id === id)
      return input && sourceOf(input.samples)
    }),
  )
}

/** The parts, and which of them have a place. */
function stateOf(parts: readonly RecordingPart[], groups: readonly SolvedGroup[]): string {
  const placed = placedIds(groups)
  return JSON.stringify(parts.map(({ id }) => [id, placed.has(id)]))
}

/** Of recordings of which some part has a place, how much of them lies on one clock at most, seconds. */
function placedRecordings(
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): ReadonlyMap<string, number> {
  const placed = new Map<string, number>()
  for (const { members } of groups) {
    const ids = new Set(members.map(({ id }) => id))
    const own = Map.groupBy(
      parts.filter(({ id }) => ids.has(id)),
      ({ recording }) => recording,
    )
    for (const [recording, of] of own) {
      const seconds = of.reduce((sum, { samples }) => sum + samples.length, 0) / sampleRateHz
      placed.set(recording, Math.max(seconds, placed.get(recording) ?? 0))
    }
  }
  return placed
}

/** Whether a part that ends or begins at that moment has a place. */
function isBesidePlaced(
  time: number,
  recording: string,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): boolean {
  const placed = placedIds(groups)
  return parts.some(
    (part) =>
      part.recording === recording &&
      placed.has(part.id) &&
      (isAt(part.fromSeconds, time) || isAt(endOf(part), time)),
  )
}

interface News extends Proposal {
  readonly id: string
}

/** Cuts that were not proposed before, or places for pieces that have none; each is tried once. */
function newsOf(
  proposals: ReadonlyMap<string, Proposal>,
  parts: readonly RecordingPart[],
  { groups }: PartsAlignment,
  proposed: Cuts,
  tried: Set<string>,
): News[] {
  const placed = placedIds(groups)
  return [...proposals].flatMap(([id, proposal]): News[] => {
    const cuts = proposal.cuts.filter((at) =>
      (proposed.get(id) ?? []).every((other) => Math.abs(at - other) >= sameCutSeconds),
    )
    const own = parts.filter((part) => part.recording === id)
    const apart = own.filter((part) => own.length > 1 && !placed.has(part.id))
    const key = apart.map((part) => part.id).join(' ')
    const isUntried = proposal.expected.length > 0 && apart.length > 0 && !tried.has(key)
    tried.add(key)
    return cuts.length > 0 || isUntried ? [{ ...proposal, cuts, id }] : []
  })
}

/** Cuts whose pieces lie apart, each put where the witnesses change sides; nothing if all are there. */
function movedCuts(
  cuts: Cuts,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: PartsEngine['featuresOf'],
): Map<string, readonly number[]> | undefined {
  const placed = placedIds(groups)
  let isMoved = false
  const moved = new Map(
    [...cuts].map(([id, times]) => {
      const own = parts.filter(({ recording }) => recording === id)
      const at = times.map((time, index) => {
        const [before, after] = [own[index]!, own[index + 1]!]
        if (!placed.has(before.id) || !placed.has(after.id)) return time
        if (areOnOneLine(before, after, groups)) return time
        const to = cutBetween(before, after, parts, groups, featuresOf, farSearch)
        const isRoom =
          to - before.fromSeconds >= shortestPieceSeconds &&
          endOf(after) - to >= shortestPieceSeconds
        if (!isRoom || Math.abs(to - time) < leastMoveSeconds) return time
        isMoved = true
        return to
      })
      const inOrder = at.every((time, index) => index === 0 || time > at[index - 1]!)
      return [id, inOrder ? at : times] as const
    }),
  )
  return isMoved ? moved : undefined
}
