/** Answers that were put together lately, as bytes, each for as long as what it was made from is unchanged. */
export class JsonCache {
  readonly #answers = new Map<string, { readonly made: number; readonly bytes: Uint8Array }>()
  readonly #mostBytes: number
  #bytes = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** The answer made at a state, a custody entry's index. */
  get(key: string, state: number): Uint8Array | undefined {
    const known = this.#answers.get(key)
    if (known?.made !== state) return undefined
    // Asked for last, it goes last.
    this.#answers.delete(key)
    this.#answers.set(key, known)
    return known.bytes
  }

  set(key: string, state: number, bytes: Uint8Array): void {
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
