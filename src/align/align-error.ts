import { CodedError } from '../case/coded-error.ts'

export type AlignErrorCode =
  | 'duplicate-id'
  | 'anchor-unknown-recording'
  | 'anchor-same-recording'
  | 'anchor-not-a-time'
  | 'calendar-not-a-time'

/** A request that makes no sense. Recordings that cannot be placed are results, not errors. */
export class AlignError extends CodedError<AlignErrorCode> {
  override readonly name = 'AlignError'
}
