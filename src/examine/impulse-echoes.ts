import type { Follower, PlacedOnset } from './impulse-bursts.ts'

/** Up to here a wall of the street may have returned the sound, and two phones may agree by chance. */
const nearbySeconds = 0.15
/** So far apart may recordings be on the delay of a second sound from about the same place. */
const sameDelaySeconds = { nearby: 0.004, two: 0.012, several: 0.025 }
/** Where only two agree, one of them must hear it nearly as loud as the first. */
const loudEnoughDb = 6
/** Nearby, nearly all must hear it, and half of them no quieter than this: a wall gives less back. */
const nearlyAll = { least: 3, share: 0.8, apartSeconds: 0.045, quieterDb: 10 }

/**
 * Of what follows one sound in its recordings, what is a sound of its own:
 * half of those that heard the first hear it, after the same delay. Everything
 * else is echo.
 */
export function agreedFollowers(
  followers: readonly Follower[],
  heads: readonly PlacedOnset[],
): readonly (readonly PlacedOnset[])[] {
  const taken = new Set<Follower>()
  const groups: PlacedOnset[][] = []
  const strongestFirst = followers.toSorted(
    (a, b) => b.late.onset.prominenceDb - a.late.onset.prominenceDb,
  )
  for (const seed of strongestFirst) {
    if (taken.has(seed)) continue
    const free = strongestFirst.filter((each) => !taken.has(each))
    const near = seed.delaySeconds < nearbySeconds
    const all = near ? alike(seed, free, nearlyAll.apartSeconds) : []
    const group = areNearlyAll(all, heads.length)
      ? all
      : alike(seed, free, near ? sameDelaySeconds.nearby : sameDelaySeconds.several)
    if (group !== all && !areAgreed(group, heads.length)) continue
    for (const each of group) taken.add(each)
    groups.push(group.map(({ late }) => late))
  }
  return groups
}

/** The seed and, of each other recording, what has the nearest delay. */
function alike(seed: Follower, others: readonly Follower[], reach: number): readonly Follower[] {
  const away = (each: Follower): number => Math.abs(each.delaySeconds - seed.delaySeconds)
  const found = new Map([[seed.early.recording, seed]])
  for (const each of others) {
    const { recording } = each.early
    const before = found.get(recording)
    if (recording === seed.early.recording || away(each) > reach) continue
    if (before === undefined || away(each) < away(before)) found.set(recording, each)
  }
  return [...found.values()]
}

function areNearlyAll(group: readonly Follower[], headCount: number): boolean {
  if (group.length < Math.max(nearlyAll.least, nearlyAll.share * headCount)) return false
  const delays = group.map(({ delaySeconds }) => delaySeconds)
  if (Math.max(...delays) - Math.min(...delays) > nearlyAll.apartSeconds) return false
  const loud = group.filter(
    ({ late, early }) => late.onset.levelDb >= early.onset.levelDb - nearlyAll.quieterDb,
  )
  return 2 * loud.length >= group.length
}

function areAgreed(group: readonly Follower[], headCount: number): boolean {
  if (group.length < 2 || 2 * group.length < headCount) return false
  if (group.length > 2) return true
  const [one, other] = group.map(({ delaySeconds }) => delaySeconds)
  const apart = Math.abs((one ?? 0) - (other ?? 0))
  return (
    apart <= sameDelaySeconds.two &&
    group.some(({ late, early }) => late.onset.levelDb >= early.onset.levelDb - loudEnoughDb)
  )
}
