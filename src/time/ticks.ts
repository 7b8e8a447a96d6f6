/**
 * A point in a stream's own time base: `ticks / timescale` seconds. This pair,
 * with the stream's index, is a frame's address (SWGDE 19-V-002); seconds as
 * floating point are for display and for the clock only.
 */
export interface Instant {
  /** Integer; may be negative (pre-roll). */
  readonly ticks: number
  /** Positive integer, ticks in a second. */
  readonly timescale: number
}

export function secondsOf(instant: Instant): number {
  return instant.ticks / instant.timescale
}

/** Nearest tick of `timescale` to `seconds`. */
export function ticksAt(seconds: number, timescale: number): number {
  return Math.round(seconds * timescale)
}

/** Seconds as whole microseconds: what recipes and hashed records hold. */
export function microsecondsOf(seconds: number): number {
  return Math.round(seconds * 1e6)
}
