/** Errors of uploads and tips as problem details (RFC 9457) with their codes. */
import { TipError, type TipErrorCode } from '../ingest/tip-error.ts'
import { UploadError, type UploadErrorCode } from '../ingest/upload-error.ts'
import { StoreError } from '../store/store-error.ts'

/** 460 is tus's own: a part came otherwise than it was sent. */
const statuses: Readonly<Record<UploadErrorCode | TipErrorCode, number>> = {
  'upload-unknown': 404,
  'upload-gone': 410,
  'upload-elsewhere': 503,
  'incident-unknown': 404,
  'link-unknown': 404,
  'link-ended': 410,
  'receipt-unknown': 404,
  'tip-unknown': 404,
  'tip-decided': 409,
  'tip-arriving': 409,
  'tip-changed': 409,
  'tip-accepted': 409,
  'tip-withdrawn': 410,
  'form-malformed': 400,
  'empty-file': 422,
  'length-unknown': 400,
  'file-too-large': 413,
  'incident-full': 413,
  'link-full': 413,
  'disk-full': 507,
  'content-refused': 415,
  'offset-differs': 409,
  'sha256-malformed': 400,
  'sha256-differs': 422,
  'checksum-malformed': 400,
  'checksum-unsupported': 400,
  'checksum-differs': 460,
}

export interface UploadProblem {
  readonly status: number
  readonly code: string
  readonly detail: string
}

/** Undefined for an error of ours. */
export function uploadProblem(error: unknown): UploadProblem | undefined {
  if (error instanceof UploadError || error instanceof TipError) {
    return { status: statuses[error.code], code: error.code, detail: error.message }
  }
  if (!(error instanceof StoreError)) return undefined
  if (error.code === 'storage-full') {
    return { status: 507, code: 'disk-full', detail: 'The server has no room. Try again later.' }
  }
  if (error.code === 'database-unavailable') {
    return { status: 503, code: 'unavailable', detail: 'Try again in a moment.' }
  }
  return undefined
}

export function problemResponse(
  { status, code, detail }: UploadProblem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { type: 'about:blank', title: titles[status] ?? 'Error', status, detail, code }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  423: 'Locked',
  429: 'Too Many Requests',
  460: 'Checksum Mismatch',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
}
