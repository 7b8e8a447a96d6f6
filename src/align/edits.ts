import { comparedInPairs } from './compared-pairs.ts'
import { sameCutSeconds, shortestPieceSeconds } from './breaks.ts'
import type { Break } from './breaks.ts'
import { followOnClocks, goesOn } from './clock-following.ts'
import type { FollowedOnClock } from './clock-following.ts'
import { areMany } from './edit-material.ts'
import type { EditMaterial, Expected } from './edit-material.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sampleRateHz } from './sound-features.ts'

/** Own times at which a recording seems to be cut, and where its pieces then lie. */
export interface Proposal {
  readonly cuts: readonly number[]
  readonly expected: readonly Expected[]
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
  const found: ReadonlyMap<string, readonly Omit<FollowedOnClock, 'along'>[]> = isWhole
    ? comparedInPairs(suspects, material)
    : followed
  return new Map(
    [...byRecording].flatMap(([id, own]) => {
      const seconds = own.reduce((sum, { samples }) => sum + samples.length, 0) / sampleRateHz
      const before = own.slice(1).map(({ fromSeconds }) => fromSeconds)
      const of = found.get(id) ?? []
      const along = isWhole ? followed.get(id)!.flatMap((one) => one.along) : []
      const cuts = mergeCuts(
        of.flatMap(({ breaks }) => breaks).filter((one) => !goesOn(one, along)),
        before,
        seconds,
      )
      const expected = of.flatMap((one) => one.expected)
      const isWorth = cuts.length > 0 || (expected.length > 0 && before.length > 0)
      return isWorth ? [[id, { cuts, expected }] as const] : []
    }),
  )
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
