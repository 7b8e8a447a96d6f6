import type { PlacedOnset } from './impulse-bursts.ts'
import type { Shifts } from './impulse-shifts.ts'
import { hearingToleranceSeconds } from './impulse-travel.ts'
import { within } from './impulse-times.ts'

/** Two onsets of two recordings that may be one sound. */
interface ImpulseMatch {
  readonly a: PlacedOnset
  readonly b: PlacedOnset
  /** How far apart they stand after the recordings' common shift. */
  readonly awaySeconds: number
}

const farthestSeconds = 1

/** Pairs that travel allows, the nearest first. */
export function impulseMatches(
  onsets: readonly PlacedOnset[],
  shifts: Shifts,
): readonly ImpulseMatch[] {
  const byTime = onsets
    .map((each) => ({ each, seconds: each.clockSeconds }))
    .sort((a, b) => a.seconds - b.seconds)
  const shifted = (each: PlacedOnset): number =>
    each.clockSeconds + (shifts.get(each.recording) ?? 0)
  return byTime
    .flatMap(({ each: a, seconds }) =>
      within(byTime, seconds, farthestSeconds).flatMap(({ each: b }) =>
        a.recording.id < b.recording.id &&
        Math.abs(b.clockSeconds - seconds) <= hearingToleranceSeconds(a.recording, b.recording)
          ? [{ a, b, awaySeconds: Math.abs(shifted(a) - shifted(b)) }]
          : [],
      ),
    )
    .sort((p, q) => p.awaySeconds - q.awaySeconds || p.a.clockSeconds - q.a.clockSeconds)
}
