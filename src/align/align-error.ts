export type AlignErrorCode =
  | 'duplicate-id'
  | 'anchor-unknown-recording'
  | 'anchor-same-recording'
  | 'anchor-not-a-time'
  | 'calendar-not-a-time'

/** A request that makes no sense. Recordings that cannot be placed are results, not errors. */
export class AlignError extends Error {
  readonly code: AlignErrorCode

  constructor(code: AlignErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AlignError'
    this.code = code
  }
}
