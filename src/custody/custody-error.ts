export type CustodyErrorCode =
  | 'not-canonical'
  | 'record-malformed'
  | 'record-does-not-open'
  | 'salt-malformed'
  | 'seed-malformed'
  | 'key-malformed'
  | 'checkpoint-malformed'
  | 'checkpoint-signature-invalid'
  | 'receipt-malformed'
  | 'receipt-not-in-checkpoint'
  | 'checkpoints-inconsistent'
  | 'index-out-of-range'
  | 'manifest-path-unsafe'
  | 'manifest-path-duplicate'
  | 'recipe-malformed'
  | 'private-record-opened'

/** The one error of custody/. Its message is safe to show: it repeats no record. */
export class CustodyError extends Error {
  readonly code: CustodyErrorCode

  constructor(code: CustodyErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CustodyError'
    this.code = code
  }
}
