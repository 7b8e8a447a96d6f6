import { CodedError } from '../case/coded-error.ts'

/** Why an upload was not taken in, or not further. `code` keeps its meaning; the message is safe to show. */
export type UploadErrorCode =
  | 'upload-unknown'
  | 'upload-gone'
  | 'upload-elsewhere'
  | 'incident-unknown'
  | 'link-unknown'
  | 'link-ended'
  | 'receipt-unknown'
  | 'tip-decided'
  | 'tip-withdrawn'
  | 'form-malformed'
  | 'empty-file'
  | 'length-unknown'
  | 'file-too-large'
  | 'incident-full'
  | 'link-full'
  | 'disk-full'
  | 'content-refused'
  | 'offset-differs'
  | 'sha256-malformed'
  | 'sha256-differs'
  | 'checksum-malformed'
  | 'checksum-unsupported'
  | 'checksum-differs'

export class UploadError extends CodedError<UploadErrorCode> {
  override readonly name = 'UploadError'
}
