/**
 * How own time maps to the incident's clock where nothing was left out:
 * `clock = offsetSeconds + rate × own`. The sign is defined here, once. A
 * recording that was cut has one map for each piece: `pieced-clock.ts`.
 */
export interface ClockMap {
  readonly offsetSeconds: number
  /** Clock seconds in one second of the recording's own time; about 1. */
  readonly rate: number
}

export function toClock(map: ClockMap, ownSeconds: number): number {
  return map.offsetSeconds + map.rate * ownSeconds
}

export function fromClock(map: ClockMap, clockSeconds: number): number {
  return (clockSeconds - map.offsetSeconds) / map.rate
}

/** A time on the clock with its 95 % half-width. */
export interface UncertainSeconds {
  readonly seconds: number
  readonly plusMinusSeconds: number
}

export type Order = 'before' | 'after' | 'cannot be said'

/** "A before B" may be said only where the intervals do not overlap. */
export function orderOf(a: UncertainSeconds, b: UncertainSeconds): Order {
  if (a.seconds + a.plusMinusSeconds < b.seconds - b.plusMinusSeconds) return 'before'
  if (b.seconds + b.plusMinusSeconds < a.seconds - a.plusMinusSeconds) return 'after'
  return 'cannot be said'
}
