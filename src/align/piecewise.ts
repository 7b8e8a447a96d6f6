import type { AlignInput, Alignment, AlignSteps, Anchor, ApartRecording } from './alignment.ts'
import { leastJumpSeconds, sameCutSeconds, shortestPieceSeconds } from './breaks.ts'
import { areContinuous, areContradicted } from './continuity.ts'
import { refineCut } from './cut-points.ts'
import type { Expected, Proposal } from './edits.ts'
import type { SolvedGroup } from './group-result.ts'
import { assembleGroups } from './pieces.ts'
import { anchorsOfParts, cutRecordings } from './recording-parts.ts'
import type { RecordingPart } from './recording-parts.ts'
import type { SoundFeatures } from './sound-features.ts'
import { endOf, placedIds } from './witnesses.ts'

/** Cuts are proposed, taken back where their pieces do not stand apart, and looked for once more. */
const mostRounds = 4
/** Proposals one upon the other, before what is still open is taken back. */
const mostSteps = 6
/** A cut is moved by so much, at most and at least, and so often. */
const moveReachSeconds = 25
const leastMoveSeconds = 0.5
const mostMoves = 2

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
 * that is put together again, so a recording is never split in vain.
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
  /** Takes back what does not stand, until all stand. */
  function* takeBack(openOnesToo: boolean): AlignSteps<void> {
    for (;;) {
      const standing = cutsThatStand(cuts, parts, aligned.groups, openOnesToo, engine.featuresOf)
      if (cutCount(standing) === cutCount(cuts)) return
      cuts = standing
      yield* alignCut()
    }
  }
  for (let round = 0; round < mostRounds; round++) {
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
      yield* takeBack(false)
    }
    if (!isNew) break
    yield* takeBack(true)
    if (cuts.size === 0) break
  }
  return assembleGroups(recordings, parts, aligned, (before, after) =>
    refineCut(before, after, parts, aligned.groups, engine.featuresOf),
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

/** Own times, in order, by id of the recording. */
type Cuts = ReadonlyMap<string, readonly number[]>

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
        const to = refineCut(before, after, parts, groups, featuresOf, moveReachSeconds)
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

function cutCount(cuts: Cuts): number {
  return [...cuts.values()].reduce((sum, { length }) => sum + length, 0)
}

/**
 * Of each recording, the cuts whose neighbouring placed pieces stand apart. Where
 * a later piece lies as if nothing between had been cut, nothing was: a sound that
 * repeats lies between, and nobody leaves out exactly as much as he puts in.
 */
function cutsThatStand(
  cuts: Cuts,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  openOnesToo: boolean,
  featuresOf: PartsEngine['featuresOf'],
): Map<string, readonly number[]> {
  const placed = placedIds(groups)
  const standing = (certainty: 'clearly' | 'rather') =>
    new Map(
      [...cuts].flatMap(([id, times]) => {
        const own = parts.filter(({ recording }) => recording === id)
        const left = times.filter((_, index) => {
          const before = own.slice(0, index + 1).filter((part) => placed.has(part.id))
          const after = own.slice(index + 1).filter((part) => placed.has(part.id))
          const [last, next] = [before.at(-1), after[0]]
          if (!last || !next) return !openOnesToo
          const areBeside = own[index] === last && own[index + 1] === next
          if (!openOnesToo && !areBeside) return true
          const [ones, twos] = openOnesToo ? [before, after] : [[last], [next]]
          if (ones.some((one) => twos.some((two) => areOnOneLine(one, two, groups)))) return false
          if (areContinuous(last, next, parts, groups, featuresOf, certainty)) return false
          const gap = gapBetween(last, next, groups)
          return gap === undefined
            ? !openOnesToo || areContradicted(last, next, parts, groups, featuresOf)
            : gap > 0
        })
        return left.length > 0 ? [[id, left] as const] : []
      }),
    )
  const clear = standing('clearly')
  return cutCount(clear) < cutCount(cuts) ? clear : standing('rather')
}

/** Whether the later piece lies where it would if the recording had gone on from the earlier one. */
function areOnOneLine(
  before: RecordingPart,
  after: RecordingPart,
  groups: readonly SolvedGroup[],
): boolean {
  const gap = gapBetween(before, after, groups)
  return gap !== undefined && Math.abs(gap) < leastJumpSeconds
}

/** What was left out between two pieces, on the clock; nothing if they are in different groups. */
function gapBetween(
  before: RecordingPart,
  after: RecordingPart,
  groups: readonly SolvedGroup[],
): number | undefined {
  const [one, two] = [before, after].map(({ id, fromSeconds }) => {
    const group = groups.findIndex(({ members }) => members.some((member) => member.id === id))
    const { offsetSeconds, rate } = groups[group]!.members.find((member) => member.id === id)!
    return { group, clockSeconds: offsetSeconds + rate * (after.fromSeconds - fromSeconds) }
  })
  return one!.group === two!.group ? two!.clockSeconds - one!.clockSeconds : undefined
}
