import type { Library } from '../store/library.ts'
import type { Reader } from '../store/store.ts'
import { noIncident } from './api-schemas.ts'
import type { GateContext } from './gate.ts'
import { isStillThat } from './entity-tag.ts'

/** Changes where what answers on an incident are made of may have changed; undefined without the incident. */
type State = (reader: Reader, incident: string) => Promise<string | number | undefined>

/** Answers that were put together lately, as bytes, each for as long as what it was made from is unchanged. */
export class JsonCache {
  readonly #library: Library
  readonly #state: (reader: Reader, incident: string) => Promise<string>
  readonly #stateNow: (incident: string) => Promise<string>
  readonly #mostBytes: number
  readonly #answers = new Map<string, { readonly made: string; readonly bytes: Uint8Array }>()
  /** Of answers, their keys, and what keeping them takes. */
  #bytes = 0

  /** `state`: one cheap query. */
  constructor(library: Library, state: State, mostBytes: number) {
    this.#library = library
    this.#state = async (reader, incident) => {
      const found = await state(reader, incident)
      if (found === undefined) throw noIncident(incident)
      return String(found)
    }
    this.#stateNow = library.remembered(this.#state)
    this.#mostBytes = mostBytes
  }

  /**
   * `query`: what of the request's the answer depends on; nothing else of it is kept.
   * The answer that `make` gives as JSON, or gave of the same state; nothing where the client has it
   * by its ETag. @throws ProblemError 404
   */
  async answer(
    context: GateContext,
    incident: string,
    query: object,
    make: (reader: Reader) => Promise<string>,
  ): Promise<Response> {
    const key = `${context.req.path} ${JSON.stringify(query)}`
    const now = await this.#stateNow(incident)
    if (isStillThat(context.req.header('if-none-match'), `"${now}"`)) {
      return context.body(null, 304, { etag: `"${now}"` })
    }
    const known = this.#get(key, now)
    const { made, bytes } =
      known === undefined
        ? // Between the two something may have changed: both on one snapshot.
          await this.#library.read(async (reader) => ({
            made: await this.#state(reader, incident),
            bytes: new TextEncoder().encode(await make(reader)),
          }))
        : { made: now, bytes: known }
    if (known === undefined) this.#set(key, made, bytes)
    const headers = { 'content-type': 'application/json', etag: `"${made}"` }
    return context.body(bytes as Uint8Array<ArrayBuffer>, 200, headers)
  }

  /** The answer that was made of a state. */
  #get(key: string, state: string): Uint8Array | undefined {
    const known = this.#answers.get(key)
    if (known?.made !== state) return undefined
    // Asked for last, it goes last.
    this.#answers.delete(key)
    this.#answers.set(key, known)
    return known.bytes
  }

  #set(key: string, state: string, bytes: Uint8Array): void {
    this.#forget(key)
    if (bytes.length > this.#mostBytes / 4) return
    this.#answers.set(key, { made: state, bytes })
    this.#bytes += sizeOf(key, bytes)
    for (const oldest of this.#answers.keys()) {
      if (this.#bytes <= this.#mostBytes) break
      this.#forget(oldest)
    }
  }

  #forget(key: string): void {
    const known = this.#answers.get(key)
    if (known === undefined) return
    this.#bytes -= sizeOf(key, known.bytes)
    this.#answers.delete(key)
  }
}

const sizeOf = (key: string, bytes: Uint8Array): number => bytes.length + 2 * key.length + 200
