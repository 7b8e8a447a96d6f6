import type { CalendarEvidence } from './calendar-time.ts'

/**
 * A phone's clock keeps within a second or two where a network sets it, and is
 * minutes off where a person did. Camcorders gain or lose about a second a day.
 */
const deviceClockSeconds = 300
/** The field holds whole seconds, cut off. */
const resolutionSeconds = 1

export interface ContainerTime {
  readonly recording: string
  /** As the probe found it. */
  readonly containerTime: string
  /** The recording's first and last own time. */
  readonly startSeconds: number
  readonly endSeconds: number
}

/**
 * What a container says about when. Apple's devices write the beginning,
 * Android's MPEG4Writer takes the time as it stops: so it may be any moment of
 * the recording. A wrong zone and the date of a copy are not in this error;
 * `calendarClaim` reckons with the first and names the second.
 */
export function containerEvidence(container: ContainerTime): CalendarEvidence {
  const { recording, containerTime, startSeconds, endSeconds } = container
  return {
    recording,
    kind: 'container',
    at: containerTime,
    ownSeconds: (startSeconds + endSeconds) / 2,
    uncertaintySeconds: (endSeconds - startSeconds) / 2 + deviceClockSeconds + resolutionSeconds,
  }
}
