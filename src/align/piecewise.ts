import type { AlignInput, Alignment, AlignSteps, Anchor, ApartRecording } from './alignment.ts'
import { leastJumpSeconds } from './breaks.ts'
import { areContinuous } from './continuity.ts'
import { refineCut } from './cut-points.ts'
import type { SolvedGroup } from './group-result.ts'
import { assembleGroups } from './pieces.ts'
import { anchorsOfParts, cutRecordings } from './recording-parts.ts'
import type { RecordingPart } from './recording-parts.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Cuts are proposed once, then taken back where their pieces do not stand apart. */
const mostRounds = 6

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
  ) => AlignSteps<PartsAlignment>
  /** After the whole recordings were aligned: own times at which they seem to be cut, by id. */
  readonly proposeCuts: () => ReadonlyMap<string, readonly number[]>
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
  const wholeAligned = yield* engine.align(whole, anchors)
  let parts = whole
  let aligned = wholeAligned
  let cuts = engine.proposeCuts()
  for (let round = 0; cuts.size > 0 && round < mostRounds; round++) {
    parts = cutRecordings(recordings, cuts)
    aligned = yield* engine.align(parts, anchorsOfParts(anchors, parts))
    const { groups } = aligned
    const stand = (certainty: 'clearly' | 'rather') =>
      cutsThatStand(
        cuts,
        (before, after) =>
          !areContinuous(before, after, parts, groups, engine.featuresOf, certainty),
        parts,
        groups,
      )
    const clear = stand('clearly')
    const standing = cutCount(clear) < cutCount(cuts) ? clear : stand('rather')
    if (cutCount(standing) === cutCount(cuts)) break
    cuts = standing
    if (cuts.size === 0) {
      parts = whole
      aligned = wholeAligned
    }
  }
  return assembleGroups(recordings, parts, aligned, (before, after) =>
    refineCut(before, after, parts, aligned.groups, engine.featuresOf),
  )
}

function cutCount(cuts: ReadonlyMap<string, readonly number[]>): number {
  return [...cuts.values()].reduce((sum, { length }) => sum + length, 0)
}

/**
 * Of each recording, the cuts whose neighbouring placed pieces stand apart. Where
 * a later piece lies as if nothing between had been cut, nothing was: a sound that
 * repeats lies between, and nobody leaves out exactly as much as he puts in.
 */
function cutsThatStand(
  cuts: ReadonlyMap<string, readonly number[]>,
  standApart: (before: RecordingPart, after: RecordingPart) => boolean,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): Map<string, readonly number[]> {
  const placed = new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)))
  return new Map(
    [...cuts].flatMap(([id, times]) => {
      const own = parts.filter(({ recording }) => recording === id)
      const standing = times.filter((_, index) => {
        const before = own.slice(0, index + 1).filter((part) => placed.has(part.id))
        const after = own.slice(index + 1).filter((part) => placed.has(part.id))
        const [last, next] = [before.at(-1), after[0]]
        if (!last || !next) return false
        const isReturn = before.some((one) => after.some((two) => areOnOneLine(one, two, groups)))
        return !isReturn && goesOnLater(last, next, groups) && standApart(last, next)
      })
      return standing.length > 0 ? [[id, standing] as const] : []
    }),
  )
}

/**
 * Whether the later piece lies on the same clock and after the earlier one: cutting
 * leaves out and keeps the order, and a chant that comes again looks like a piece
 * from before. Pieces on two clocks say nothing of a cut between them.
 */
function goesOnLater(
  before: RecordingPart,
  after: RecordingPart,
  groups: readonly SolvedGroup[],
): boolean {
  const gap = gapBetween(before, after, groups)
  return gap !== undefined && gap > 0
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
