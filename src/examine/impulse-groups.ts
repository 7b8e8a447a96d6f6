import { burstsOf, type Follower, type PlacedOnset } from './impulse-bursts.ts'
import type { ImpulseRecording } from './impulse-candidates.ts'
import { groupsBeyondChance } from './impulse-chance.ts'
import { agreedFollowers } from './impulse-echoes.ts'
import { impulseMatches } from './impulse-matches.ts'
import { agreementSeconds, commonShifts, type Shifts } from './impulse-shifts.ts'
import { hearingToleranceSeconds } from './impulse-travel.ts'
import { nearestTo } from './impulse-times.ts'

/** Beginnings of one sound, no two from one recording. */
export type ImpulseGroup = readonly PlacedOnset[]

export interface ImpulseGroups {
  readonly groups: readonly ImpulseGroup[]
  readonly echoes: readonly Follower[]
}

/**
 * Which onsets are one sound. What begins a burst is matched first, so that an
 * echo in one recording is not taken for the sound itself in another; what
 * follows is a sound of its own only where recordings agree on its delay.
 */
export function impulseGroups(recordings: readonly ImpulseRecording[]): ImpulseGroups {
  const bursts = recordings.map(burstsOf)
  const heads = bursts.flatMap((burst) => burst.heads)
  const shifts = commonShifts(recordings, heads)
  const apart = heads.map((head): ImpulseGroup => [head])
  const groups = parted(joined(apart, shifts), heads, recordings, shifts)
  const groupOf = new Map(groups.flatMap((group) => group.map((head) => [head, group] as const)))
  const isAlone = ({ early }: Follower): boolean => (groupOf.get(early)?.length ?? 1) === 1
  const all = bursts.flatMap(({ followers }) => followers)
  const own = [
    ...Map.groupBy(
      all.filter((follower) => !isAlone(follower)),
      ({ early }) => groupOf.get(early),
    ),
  ].flatMap(([group, followers]) => (group ? agreedFollowers(followers, group) : []))
  // Behind a knock in one phone stands, now and then, what all the others hear.
  const behindOne = all.filter(isAlone).map(({ late }) => late)
  const promoted = new Set(behindOne)
  const allHeads = [...heads, ...behindOne]
  const laterShifts = commonShifts(recordings, allHeads)
  const rejoined = joined([...groups, ...own, ...behindOne.map((late) => [late])], laterShifts)
  const whole = parted(rejoined, allHeads, recordings, laterShifts, new Set(own)).filter(
    ([only, second]) => second !== undefined || (only !== undefined && !promoted.has(only)),
  )
  const heard = new Set(whole.flat())
  const full = completed(
    whole,
    all.filter(({ late }) => !heard.has(late)),
    laterShifts,
  )
  const taken = new Set(full.flat())
  return { groups: full, echoes: all.filter(({ late }) => !taken.has(late)) }
}

/** Groups that chance explains fall apart again. */
function parted(
  groups: readonly ImpulseGroup[],
  heads: readonly PlacedOnset[],
  recordings: readonly ImpulseRecording[],
  shifts: Shifts,
  settled: ReadonlySet<ImpulseGroup> = new Set(),
): readonly ImpulseGroup[] {
  const standing = groupsBeyondChance(groups, heads, recordings, shifts)
  return groups.flatMap((group) =>
    standing.has(group) || settled.has(group) ? [group] : group.map((each) => [each]),
  )
}

/** What seemed an echo in one recording, but is what several others hear as a sound. */
function completed(
  groups: readonly ImpulseGroup[],
  followers: readonly Follower[],
  shifts: Shifts,
): readonly ImpulseGroup[] {
  const shifted = (each: PlacedOnset): number =>
    each.clockSeconds + (shifts.get(each.recording) ?? 0)
  const middle = (group: ImpulseGroup): number =>
    group.reduce((sum, each) => sum + shifted(each), 0) / group.length
  const several = groups
    .filter((group) => group.length > 1)
    .map((group) => ({ group, seconds: middle(group) }))
    .sort((a, b) => a.seconds - b.seconds)
  const more = new Map<ImpulseGroup, PlacedOnset[]>()
  for (const { late } of followers) {
    const near = nearestTo(several, shifted(late))
    if (near === undefined || Math.abs(near.seconds - shifted(late)) > agreementSeconds) continue
    const members = more.get(near.group) ?? [...near.group]
    if (mayBeOne([late], members)) more.set(near.group, [...members, late])
  }
  return groups.map((group) => more.get(group) ?? group)
}

/** Groups that a match ties and travel allows become one, the nearest match first. */
function joined(groups: readonly ImpulseGroup[], shifts: Shifts): readonly ImpulseGroup[] {
  const groupOf = new Map<PlacedOnset, ImpulseGroup>()
  for (const group of groups) for (const each of group) groupOf.set(each, group)
  for (const { a, b } of impulseMatches([...groupOf.keys()], shifts)) {
    const [one, other] = [groupOf.get(a), groupOf.get(b)]
    if (one === undefined || other === undefined || one === other) continue
    if (!mayBeOne(one, other)) continue
    const both = [...one, ...other]
    for (const each of both) groupOf.set(each, both)
  }
  return [...new Set(groupOf.values())]
}

function mayBeOne(one: ImpulseGroup, other: ImpulseGroup): boolean {
  return one.every((a) =>
    other.every(
      (b) =>
        a.recording !== b.recording &&
        Math.abs(a.clockSeconds - b.clockSeconds) <=
          hearingToleranceSeconds(a.recording, b.recording),
    ),
  )
}
