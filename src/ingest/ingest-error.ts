/** Why a file was not taken in. What cannot be read as media is kept, with a finding; this is for what cannot be kept. */
export type IngestErrorCode =
  | 'file-missing'
  | 'not-a-file'
  | 'empty-file'
  | 'file-unreadable'
  | 'outside-case-folder'

export class IngestError extends Error {
  override readonly name = 'IngestError'
  readonly code: IngestErrorCode

  constructor(code: IngestErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
