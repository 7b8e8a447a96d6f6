import { toClock } from '../time/clock.ts'
import type { PlacedOnset } from './impulse-bursts.ts'
import type { ImpulseRecording } from './impulse-candidates.ts'
import type { Shifts } from './impulse-shifts.ts'
import { hearingToleranceSeconds } from './impulse-travel.ts'
import { within } from './impulse-times.ts'

/** Two onsets of two recordings that may be one sound. */
export interface ImpulseMatch {
  readonly a: PlacedOnset
  readonly b: PlacedOnset
  /** How far apart they stand after the recordings' common shift. */
  readonly awaySeconds: number
}

/** Of matches as near and as prominent as an accepted one, chance may have made this share at most. */
const mostByChance = 0.05
const farthestSeconds = 1
/** In less than this too few are heard to speak of a rate. */
const shortestSeconds = 10

/** Pairs that travel allows and chance does not explain, the nearest first. */
export function impulseMatches(
  onsets: readonly PlacedOnset[],
  shifts: Shifts,
): readonly ImpulseMatch[] {
  const byPair = Map.groupBy(possibleMatches(onsets, shifts), ({ a, b }) => pairOf(a, b))
  const byRecording = Map.groupBy(onsets, ({ recording }) => recording)
  return [...byPair.values()]
    .flatMap((matches) => beyondChance(matches, byRecording))
    .sort((p, q) => p.awaySeconds - q.awaySeconds || p.a.clockSeconds - q.a.clockSeconds)
}

function pairOf(a: PlacedOnset, b: PlacedOnset): string {
  return JSON.stringify([a.recording.id, b.recording.id])
}

function possibleMatches(onsets: readonly PlacedOnset[], shifts: Shifts): readonly ImpulseMatch[] {
  const byTime = onsets
    .map((each) => ({ each, seconds: each.clockSeconds }))
    .sort((a, b) => a.seconds - b.seconds)
  const shifted = (each: PlacedOnset): number =>
    each.clockSeconds + (shifts.get(each.recording) ?? 0)
  return byTime.flatMap(({ each: a, seconds }) =>
    within(byTime, seconds, farthestSeconds).flatMap(({ each: b }) =>
      a.recording.id < b.recording.id &&
      Math.abs(b.clockSeconds - seconds) <= hearingToleranceSeconds(a.recording, b.recording)
        ? [{ a, b, awaySeconds: Math.abs(shifted(a) - shifted(b)) }]
        : [],
    ),
  )
}

/**
 * Two recordings with many onsets have some at the same time by chance. A match
 * stands where those as near and as prominent are many more than that.
 */
function beyondChance(
  matches: readonly ImpulseMatch[],
  byRecording: ReadonlyMap<ImpulseRecording, readonly PlacedOnset[]>,
): readonly ImpulseMatch[] {
  const [first] = matches
  if (first === undefined) return []
  const [a, b] = [first.a.recording, first.b.recording]
  const from = Math.max(toClock(a.clock, 0), toClock(b.clock, 0))
  const to = Math.min(toClock(a.clock, a.endSeconds), toClock(b.clock, b.endSeconds))
  const seconds = Math.max(shortestSeconds, to - from)
  const [inA, inB] = [a, b].map((recording) =>
    (byRecording.get(recording) ?? []).map(({ onset }) => onset.prominenceDb),
  )
  const lengths = Math.max(shortestSeconds, a.endSeconds) * Math.max(shortestSeconds, b.endSeconds)
  return matches.filter((match) => {
    const least = weaker(match)
    const countIn = (all: readonly number[] = []): number =>
      all.filter((other) => other >= least).length
    const alike = matches.filter(
      (other) => weaker(other) >= least && other.awaySeconds <= match.awaySeconds,
    )
    const rates = (countIn(inA) * countIn(inB)) / lengths
    const expected = rates * seconds * 2 * match.awaySeconds
    return expected <= mostByChance * Math.min(distinct(alike, 'a'), distinct(alike, 'b'))
  })
}

function weaker({ a, b }: ImpulseMatch): number {
  return Math.min(a.onset.prominenceDb, b.onset.prominenceDb)
}

function distinct(matches: readonly ImpulseMatch[], side: 'a' | 'b'): number {
  return new Set(matches.map((match) => match[side])).size
}
