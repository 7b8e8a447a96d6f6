import { CodedError } from '../case/coded-error.ts'

export type QueueErrorCode =
  | 'no-such-job'
  /** It is done, cancelled or in quarantine. */
  | 'job-ended'
  /** It waits or runs. */
  | 'job-open'
  | 'no-such-incident'
  | 'no-such-item'
  | 'no-case'
  /** Someone else does the job by now: nothing may be written any more. */
  | 'lease-lost'
  | 'job-cancelled'
  /** Its worker vanished too often. */
  | 'worker-lost'
  /** The worker stops, and gives the job back. */
  | 'worker-stopping'
  /** Other programs on the machine have them all: pg-boss brings the job again. */
  | 'no-core'
  /** Of a newer version. */
  | 'kind-unknown'

export class QueueError extends CodedError<QueueErrorCode> {
  override readonly name = 'QueueError'
}
