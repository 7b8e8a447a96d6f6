import type { ClockPiece, Cut, PiecedClock } from '../time/pieced-clock.ts'
import { plusMinus, roughTimecode } from '../time/text.ts'

/** One recording's place on the incident's clock, whose zero is the case's. */
export interface RecordingOnClock extends PiecedClock<PieceOnClock> {
  readonly footage: string
  readonly method: 'sound' | 'anchors' | 'sound and anchors' | 'reference'
}

/** Infinite where the piece begins or ends with the recording. */
export interface PieceOnClock extends ClockPiece {
  /** 95 % half-width of the offset. */
  readonly errorSeconds: number
  /** Part of it that sound's travel over unknown distance accounts for. */
  readonly travelBoundSeconds: number
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

/** `at about 0:30.0 of its own time, where 12.00 s ± 0.31 s are left out`. */
export function cutWords(cut: Cut<PieceOnClock>): string {
  const leftOut = (cut.toClockSeconds - cut.fromClockSeconds).toFixed(2)
  const error = plusMinus(cut.before.errorSeconds + cut.after.errorSeconds)
  return `at about ${roughTimecode(cut.ownSeconds)} of its own time, where ${leftOut} s ${error} are left out`
}
