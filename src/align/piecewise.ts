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
const mostRounds = 4

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
    const standing = cutsThatStand(cuts, parts, aligned.groups, engine.featuresOf)
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

/** Of each recording, the cuts between pieces that are placed, apart by more than a cut's least, and do not go on into each other. */
function cutsThatStand(
  cuts: ReadonlyMap<string, readonly number[]>,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: PartsEngine['featuresOf'],
): Map<string, readonly number[]> {
  const places = new Map(
    groups.flatMap(({ members }, group) =>
      members.map((member) => [member.id, { ...member, group }] as const),
    ),
  )
  return new Map(
    [...cuts].flatMap(([id, times]) => {
      const own = parts.filter(({ recording }) => recording === id)
      const standing = times.filter((at, index) => {
        const before = own.slice(0, index + 1).findLast((part) => places.has(part.id))
        const after = own.slice(index + 1).find((part) => places.has(part.id))
        if (!before || !after) return false
        if (areContinuous(before, after, parts, groups, featuresOf)) return false
        const [one, two] = [places.get(before.id)!, places.get(after.id)!]
        if (one.group !== two.group) return true
        const clockAt = ({ fromSeconds }: RecordingPart, { offsetSeconds, rate }: typeof one) =>
          offsetSeconds + rate * (at - fromSeconds)
        return Math.abs(clockAt(before, one) - clockAt(after, two)) >= leastJumpSeconds
      })
      return standing.length > 0 ? [[id, standing] as const] : []
    }),
  )
}
