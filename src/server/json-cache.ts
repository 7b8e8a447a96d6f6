import type { Library } from '../store/library.ts'
import type { Reader } from '../store/store.ts'
import type { GateContext } from './gate.ts'

/** Answers that were put together lately, as bytes, each for as long as what it was made from is unchanged. */
export class JsonCache {
  readonly #answers = new Map<string, { readonly made: string; readonly bytes: Uint8Array }>()
  readonly #mostBytes: number
  #bytes = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** The answer that was made of a state. */
  get(key: string, state: string): Uint8Array | undefined {
    const known = this.#answers.get(key)
    if (known?.made !== state) return undefined
    // Asked for last, it goes last.
    this.#answers.delete(key)
    this.#answers.set(key, known)
    return known.bytes
  }

  set(key: string, state: string, bytes: Uint8Array): void {
    this.#forget(key)
    if (bytes.length > this.#mostBytes / 4) return
    this.#answers.set(key, { made: state, bytes })
    this.#bytes += bytes.length
    for (const oldest of this.#answers.keys()) {
      if (this.#bytes <= this.#mostBytes) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#answers.get(key)?.bytes.length ?? 0
    this.#answers.delete(key)
  }
}

/**
 * The answer that `make` gives as JSON, or gave of the same state; nothing where the client has it by
 * its ETag. `state` says in one cheap query what the answer follows from.
 */
export async function cached(
  context: GateContext,
  library: Library,
  cache: JsonCache,
  state: (reader: Reader) => Promise<string>,
  make: (reader: Reader) => Promise<string>,
): Promise<Response> {
  const { url } = context.req
  const now = await library.readOne(state)
  if (context.req.header('if-none-match') === `"${now}"`) {
    return context.body(null, 304, { etag: `"${now}"` })
  }
  const known = cache.get(url, now)
  const { made, bytes } =
    known === undefined
      ? // Between the two something may have changed: both on one snapshot.
        await library.read(async (reader) => ({
          made: await state(reader),
          bytes: new TextEncoder().encode(await make(reader)),
        }))
      : { made: now, bytes: known }
  if (known === undefined) cache.set(url, made, bytes)
  const headers = { 'content-type': 'application/json', etag: `"${made}"` }
  return context.body(bytes as Uint8Array<ArrayBuffer>, 200, headers)
}
