import { CodedError } from '../case/coded-error.ts'

export type JobErrorCode =
  | 'output-not-a-bundle'
  | 'output-unwritable'
  | 'output-full'
  /** A file of the bundle would lie outside of it. */
  | 'output-unsafe'
  | 'originals-missing'
  | 'render-failed'
  | 'case-missing'
  /** A newer case was published in the meantime. */
  | 'superseded'

export class JobError extends CodedError<JobErrorCode> {
  override readonly name = 'JobError'
}
