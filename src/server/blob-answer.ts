import type { Log } from '../observe/log.ts'
import type { Library } from '../store/library.ts'
import type { PresignedReads } from '../store/presigned-reads.ts'
import { readRange } from './byte-range.ts'
import type { GateContext } from './gate.ts'
import { ProblemError } from './problem.ts'
import { presignedAnswer, type PresignedWish } from './presigned-answer.ts'
import { streamAnswer } from './stream-answer.ts'
import { isStillThat } from './entity-tag.ts'

export interface BlobSource {
  readonly library: Library
  readonly log: Log
  /** Where the object store answers readers itself. */
  readonly reads?: PresignedReads | undefined
}

/**
 * A blob as an answer, or the part of it that was asked for (RFC 9110 section 14), or the way to it
 * in the object store. Whoever asks was let in already.
 */
export async function blobAnswer(
  { library, log, reads }: BlobSource,
  context: GateContext,
  blob: { readonly sha256: string; readonly sizeBytes: number },
  { mediaType, of, headers: more }: Omit<PresignedWish, 'sha256'>,
): Promise<Response> {
  const headers = {
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
    etag: `"${blob.sha256}"`,
    ...more,
  }
  if (isStillThat(context.req.header('if-none-match'), headers.etag))
    return context.body(null, 304, headers)
  const { sha256 } = blob
  const elsewhere = await presignedAnswer(reads, context, { sha256, mediaType, of, headers: more })
  if (elsewhere !== undefined) return elsewhere
  // Whoever has a part of something else, as of the revision before, gets all of this (section 13.1.5).
  const held = context.req.header('if-range') ?? headers.etag
  const asked = held === headers.etag ? context.req.header('range') : undefined
  const range = readRange(asked, blob.sizeBytes)
  if (range.kind === 'unsatisfiable') {
    context.header('content-range', `bytes */${blob.sizeBytes}`)
    throw new ProblemError(
      416,
      `There are ${blob.sizeBytes} bytes, and none of them in that range.`,
    )
  }
  const part = range.kind === 'part' ? range : { start: 0, end: blob.sizeBytes }
  const body =
    context.req.method === 'HEAD'
      ? null
      : await streamAnswer(library.blobs.read(blob.sha256, part), context, log)
  const length = { 'content-length': String(part.end - part.start) }
  if (range.kind === 'all') return new Response(body, { headers: { ...headers, ...length } })
  const contentRange = `bytes ${part.start}-${part.end - 1}/${blob.sizeBytes}`
  return new Response(body, {
    status: 206,
    headers: { ...headers, ...length, 'content-range': contentRange },
  })
}
