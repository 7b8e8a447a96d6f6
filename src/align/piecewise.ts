import type { AlignInput, Alignment, Anchor, ApartRecording } from './alignment.ts'
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
}

export interface PartsEngine {
  readonly align: (parts: readonly RecordingPart[], anchors: readonly Anchor[]) => PartsAlignment
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
export function alignPiecewise(
  recordings: readonly AlignInput[],
  anchors: readonly Anchor[],
  engine: PartsEngine,
): Alignment {
  let parts = cutRecordings(recordings, new Map())
  let aligned = engine.align(parts, anchors)
  let cuts = engine.proposeCuts()
  for (let round = 0; cuts.size > 0 && round < mostRounds; round++) {
    parts = cutRecordings(recordings, cuts)
    aligned = engine.align(parts, anchorsOfParts(anchors, parts))
    const { groups } = aligned
    const stand = (certainty: 'clearly' | 'rather') =>
      cutsThatStand(
        cuts,
        (before, after, at) =>
          standsApart(before, after, at, parts, groups, engine.featuresOf, certainty),
        parts,
        groups,
      )
    const clear = stand('clearly')
    const standing = cutCount(clear) < cutCount(cuts) ? clear : stand('rather')
    if (cutCount(standing) === cutCount(cuts)) break
    cuts = standing
    if (cuts.size === 0) {
      parts = cutRecordings(recordings, cuts)
      aligned = engine.align(parts, anchors)
    }
  }
  return assembleGroups(recordings, parts, aligned, (before, after) =>
    refineCut(before, after, parts, aligned.groups, engine.featuresOf),
  )
}

function cutCount(cuts: ReadonlyMap<string, readonly number[]>): number {
  return [...cuts.values()].reduce((sum, { length }) => sum + length, 0)
}

/** Of each recording, the cuts whose neighbouring placed pieces stand apart. */
function cutsThatStand(
  cuts: ReadonlyMap<string, readonly number[]>,
  standApart: (before: RecordingPart, after: RecordingPart, atSeconds: number) => boolean,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): Map<string, readonly number[]> {
  const placed = new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)))
  return new Map(
    [...cuts].flatMap(([id, times]) => {
      const own = parts.filter(({ recording }) => recording === id)
      const standing = times.filter((at, index) => {
        const before = own.slice(0, index + 1).findLast((part) => placed.has(part.id))
        const after = own.slice(index + 1).find((part) => placed.has(part.id))
        return before !== undefined && after !== undefined && standApart(before, after, at)
      })
      return standing.length > 0 ? [[id, standing] as const] : []
    }),
  )
}

/** Apart by a cut's least or more, and not one going on into the other. */
function standsApart(
  before: RecordingPart,
  after: RecordingPart,
  atSeconds: number,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: PartsEngine['featuresOf'],
  certainty: 'clearly' | 'rather',
): boolean {
  if (areContinuous(before, after, parts, groups, featuresOf, certainty)) return false
  const clocks = [before, after].map(({ id, fromSeconds }) => {
    const group = groups.findIndex(({ members }) => members.some((member) => member.id === id))
    const { offsetSeconds, rate } = groups[group]!.members.find((member) => member.id === id)!
    return { group, clockSeconds: offsetSeconds + rate * (atSeconds - fromSeconds) }
  })
  const [one, two] = clocks
  return (
    one!.group !== two!.group || Math.abs(one!.clockSeconds - two!.clockSeconds) >= leastJumpSeconds
  )
}
