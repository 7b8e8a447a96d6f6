import type { ClockMap } from '../time/clock.ts'

/** One recording's place on the incident's clock, whose zero is the case's. */
export interface RecordingOnClock {
  readonly footage: string
  readonly clock: ClockMap
  /** 95 % half-width of the offset. */
  readonly errorSeconds: number
  /** Part of it that sound's travel over unknown distance accounts for. */
  readonly travelBoundSeconds: number
  readonly method: 'sound' | 'anchors' | 'sound and anchors' | 'reference'
}

/** The incident's clock: the recordings on it, and those that are not, with the reason. */
export interface IncidentClock {
  readonly recordings: readonly RecordingOnClock[]
  readonly apart: readonly {
    readonly footage: string
    readonly code: string
    readonly reason: string
  }[]
  /** What the clock's zero is, e.g. "first bang, heard in Bakery window". */
  readonly zeroLabel: string
}
