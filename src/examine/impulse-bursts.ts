import { toClock } from '../time/clock.ts'
import type { ImpulseRecording } from './impulse-candidates.ts'
import type { ImpulseOnset } from './impulse-onsets.ts'

/** An onset with its recording, set on the clock. */
export interface PlacedOnset {
  readonly recording: ImpulseRecording
  readonly onset: ImpulseOnset
  readonly clockSeconds: number
}

/** An onset soon after a stronger one of the same recording: its echo, or a sound of its own. */
export interface Follower {
  readonly late: PlacedOnset
  readonly early: PlacedOnset
  readonly delaySeconds: number
}

export interface Bursts {
  readonly heads: readonly PlacedOnset[]
  readonly followers: readonly Follower[]
}

const soonestSeconds = 0.02
const latestSeconds = 0.7
/** Sooner than this even a wall's full echo may seem as strong: it falls on the tail of the first. */
const nearbySeconds = 0.15
const weakerDb = { nearby: 0, later: 3 }

/** What begins a burst in one recording, and what follows it as an echo would. */
export function burstsOf(recording: ImpulseRecording): Bursts {
  const heads: PlacedOnset[] = []
  const followers: Follower[] = []
  for (const onset of recording.onsets) {
    const late = { recording, onset, clockSeconds: toClock(recording.clock, onset.ownSeconds) }
    const early = heads.findLast((head) => follows(onset, head.onset))
    if (early === undefined) heads.push(late)
    else followers.push({ late, early, delaySeconds: late.clockSeconds - early.clockSeconds })
  }
  return { heads, followers }
}

function follows(late: ImpulseOnset, early: ImpulseOnset): boolean {
  const delay = late.ownSeconds - early.ownSeconds
  if (delay < soonestSeconds || delay > latestSeconds) return false
  const weaker = delay < nearbySeconds ? weakerDb.nearby : weakerDb.later
  return late.levelDb <= early.levelDb - weaker
}
