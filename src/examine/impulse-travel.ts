import type { ImpulseRecording } from './impulse-candidates.ts'

const soundSpeedMetresPerSecond = 343
/** How far two phones are taken to stand apart at most when nobody says where they stood. */
const assumedDistanceMetres = 100

/** The most by which two recordings may hear one sound apart on the clock. */
export function hearingToleranceSeconds(a: ImpulseRecording, b: ImpulseRecording): number {
  const metres =
    a.position && b.position
      ? Math.hypot(
          a.position.xMetres - b.position.xMetres,
          a.position.yMetres - b.position.yMetres,
        ) +
        a.position.errorMetres +
        b.position.errorMetres
      : assumedDistanceMetres
  const travel = metres / soundSpeedMetresPerSecond
  // A clock that was set by sound has itself been shifted by travel.
  const shifted = Math.min(travel, a.travelBoundSeconds + b.travelBoundSeconds)
  return travel + shifted + statisticalErrorSeconds(a) + statisticalErrorSeconds(b)
}

/** What measurement alone leaves of a recording's error on the clock. */
export function statisticalErrorSeconds(recording: ImpulseRecording): number {
  return Math.max(0, recording.errorSeconds - recording.travelBoundSeconds)
}
