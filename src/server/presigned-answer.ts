/**
 * Instead of bytes the way to them in the object store, where that is switched on: once the gate has
 * said yes and the reading is noted, to somebody who takes a file as a whole. What a player or a
 * script of ours reads goes through the server: a player asks for ranges at the address it was sent to,
 * minutes later; a story's own policy lets it load nothing from elsewhere, and its check follows nowhere.
 */
import type { PresignedReads } from '../store/presigned-reads.ts'
import type { GateContext } from './gate.ts'

/** Found in the bytes, never what a sender said. None of these runs as a page, whatever is sniffed. */
const inertTypes =
  /^(?:(?:video|audio)\/(?!.*mpegurl)[a-z0-9.+-]+|image\/(?:avif|bmp|gif|heic|heif|jpeg|png|tiff|webp))$/

export interface PresignedWish {
  readonly sha256: string
  /** As it was found. */
  readonly mediaType: string
  /** Of our own answer. */
  readonly headers: Readonly<Record<string, string>>
  readonly of: 'desk' | 'story'
}

/** Undefined where the server answers itself. */
export async function presignedAnswer(
  reads: PresignedReads | undefined,
  context: GateContext,
  { sha256, mediaType, headers, of }: PresignedWish,
): Promise<Response | undefined> {
  if (reads === undefined || !inertTypes.test(mediaType) || !takesWhole(context, of))
    return undefined
  const location = await reads.address(sha256, {
    contentType: headers['content-type'] ?? mediaType,
    cacheControl: of === 'desk' ? 'no-store' : 'no-cache',
    contentDisposition:
      headers['content-disposition'] ?? dispositionOf(mediaType, context.req.path),
  })
  return context.body(null, 307, {
    location,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
}

/** A file that is opened; on the desk also a picture, and scripts with a token. */
function takesWhole({ req, get }: GateContext, of: 'desk' | 'story'): boolean {
  if (req.method !== 'GET') return false
  const kind = req.header('sec-fetch-dest')
  if (req.header('sec-fetch-mode') === 'navigate') return kind === 'document'
  return of === 'desk' && (kind === 'image' || get('asker').kind === 'token')
}

/** A recording that played at its address would end with that: it is kept, under the name it has here. */
function dispositionOf(mediaType: string, path: string): string {
  if (mediaType.startsWith('image/')) return 'inline'
  const name = /\/([\w.-]{1,100})$/.exec(path)?.[1]
  return name === undefined ? 'attachment' : `attachment; filename="${name}"`
}
