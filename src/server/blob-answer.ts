import type { Context } from 'hono'
import type { Library } from '../store/library.ts'
import type { Log } from '../observe/log.ts'
import { readRange } from './byte-range.ts'
import { streamAnswer } from './stream-answer.ts'

/** A blob as an answer, or the part of it that was asked for (RFC 9110 section 14). */
export async function blobAnswer(
  { library, log }: { readonly library: Library; readonly log: Log },
  context: Context,
  blob: { readonly sha256: string; readonly sizeBytes: number },
  more: Readonly<Record<string, string>>,
): Promise<Response> {
  const headers = {
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
    etag: `"${blob.sha256}"`,
    ...more,
  }
  if (context.req.header('if-none-match') === headers.etag) return context.body(null, 304, headers)
  const range = readRange(context.req.header('range'), blob.sizeBytes)
  if (range.kind === 'unsatisfiable') {
    return context.body(null, 416, { 'content-range': `bytes */${blob.sizeBytes}` })
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
