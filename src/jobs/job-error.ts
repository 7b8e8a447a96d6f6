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

export class JobError extends Error {
  override readonly name = 'JobError'
  readonly code: JobErrorCode

  constructor(code: JobErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
