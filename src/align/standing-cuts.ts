import { leastJumpSeconds } from './breaks.ts'
import { areContinuous, areContradicted, isDenied } from './continuity.ts'
import type { SolvedGroup } from './group-result.ts'
import type { RecordingPart } from './recording-parts.ts'
import type { SoundFeatures } from './sound-features.ts'
import { isTieDenied } from './tied-clocks.ts'
import { endOf, placedIds } from './witnesses.ts'

/** Own times, in order, by id of the recording. */
export type Cuts = ReadonlyMap<string, readonly number[]>

/** A part's border lies this near to the cut that makes it: a sample. */
const atCutSeconds = 1e-3

export function isAt(one: number, other: number): boolean {
  return Math.abs(one - other) < atCutSeconds
}

export function cutCount(cuts: Cuts): number {
  return [...cuts.values()].reduce((sum, { length }) => sum + length, 0)
}

/**
 * Of each recording, the cuts whose neighbouring placed pieces stand apart. Where
 * a later piece lies as if nothing between had been cut, nothing was: a sound that
 * repeats lies between, and nobody leaves out exactly as much as he puts in. Open
 * ones, which have no placed piece beside them or two clocks, stand if wanted.
 */
export function cutsThatStand(
  cuts: Cuts,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  openOnes: 'stand' | 'fall',
  featuresOf: (recording: string) => SoundFeatures | undefined,
): Map<string, readonly number[]> {
  const placed = placedIds(groups)
  const areLeft = openOnes === 'stand'
  const areApart = (last: RecordingPart, next: RecordingPart, certainty: Certainty): boolean => {
    if (areContinuous(last, next, parts, groups, featuresOf, certainty)) return false
    const gap = gapBetween(last, next, groups)
    if (gap !== undefined) return gap > 0
    return (
      areLeft ||
      isOutrun(last, next, parts, groups) ||
      areContradicted(last, next, parts, groups, featuresOf) ||
      isTieDenied(last, next, parts, groups, featuresOf)
    )
  }
  const standing = (certainty: Certainty) =>
    new Map(
      [...cuts].flatMap(([id, times]) => {
        const own = parts.filter(({ recording }) => recording === id)
        const known = own.filter((part) => placed.has(part.id))
        const left = [undefined, ...known].flatMap((last, index) => {
          const next = known[index]
          const between = times.filter(
            (time) =>
              (!last || time > endOf(last) - atCutSeconds) &&
              (!next || time < next.fromSeconds + atCutSeconds),
          )
          if (between.length === 0) return []
          if (!last || !next || (areLeft && between.length > 1)) return areLeft ? between : []
          const [ones, twos] = areLeft
            ? [[last], [next]]
            : [known.slice(0, index), known.slice(index)]
          if (ones.some((one) => twos.some((two) => areOnOneLine(one, two, groups)))) return []
          if (!areApart(last, next, certainty)) return []
          // What lies between and has no place belongs to either, unless witnesses deny it.
          const denied = between.filter((time) => {
            const before = own.findLast((part) => endOf(part) < time + atCutSeconds)!
            const after = own.find((part) => part.fromSeconds > time - atCutSeconds)!
            return (
              (before === last && isDenied(last, after, parts, groups, featuresOf)) ||
              (after === next && isDenied(next, before, parts, groups, featuresOf))
            )
          })
          return between.length === 1 || denied.length === 0 ? between.slice(-1) : denied
        })
        return left.length > 0 ? [[id, left] as const] : []
      }),
    )
  const clear = standing('clearly')
  return cutCount(clear) < cutCount(cuts) ? clear : standing('rather')
}

type Certainty = 'clearly' | 'rather'

/** Whether the later piece lies where it would if the recording had gone on from the earlier one. */
export function areOnOneLine(
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
  const [one, two] = [placeOf(before, groups), placeOf(after, groups)]
  return one?.group === two?.group ? -shiftIfUncut(before, after, groups)! : undefined
}

/**
 * Whether some other recording puts the second clock later against the first than this one would if
 * it had not been cut between them. Cuts only leave out: whoever puts it soonest was cut.
 */
function isOutrun(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): boolean {
  const [one, two] = [before, after].map((part) => placeOf(part, groups)?.group)
  const own = shiftIfUncut(before, after, groups)
  if (own === undefined) return false
  const on = (group: number | undefined) =>
    parts.filter((part) => placeOf(part, groups)?.group === group)
  return on(one).some((first) =>
    on(two).some(
      (second) =>
        first.recording === second.recording &&
        first.recording !== before.recording &&
        first.fromSeconds < second.fromSeconds &&
        shiftIfUncut(first, second, groups)! >= own + leastJumpSeconds,
    ),
  )
}

/** Clock of the earlier piece less clock of the later one, where the recording goes on from the one to the other. */
function shiftIfUncut(
  before: RecordingPart,
  after: RecordingPart,
  groups: readonly SolvedGroup[],
): number | undefined {
  const [one, two] = [placeOf(before, groups), placeOf(after, groups)]
  if (!one || !two) return undefined
  const goingOn = one.offsetSeconds + one.rate * (after.fromSeconds - before.fromSeconds)
  return goingOn - two.offsetSeconds
}

function placeOf({ id }: RecordingPart, groups: readonly SolvedGroup[]) {
  for (const [group, { members }] of groups.entries()) {
    const member = members.find((one) => one.id === id)
    if (member) return { group, offsetSeconds: member.offsetSeconds, rate: member.rate }
  }
  return undefined
}
