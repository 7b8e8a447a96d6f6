import { CodedError } from '../case/coded-error.ts'

/** Why a file was not taken in. What cannot be read as media is kept, with a finding; this is for what cannot be kept. */
export type IngestErrorCode =
  | 'file-missing'
  | 'not-a-file'
  | 'empty-file'
  | 'file-unreadable'
  | 'outside-case-folder'
  | 'incident-full'

export class IngestError extends CodedError<IngestErrorCode> {
  override readonly name = 'IngestError'
}
