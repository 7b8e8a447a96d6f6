/** Sound in memory at two bytes a sample. */
export class PackedSound {
  /** In samples. */
  readonly length: number
  readonly #wholes: Int16Array
  readonly #scale: number

  /** A sample is `scale` times its whole number. */
  constructor(wholes: Int16Array, scale: number) {
    this.length = wholes.length
    this.#wholes = wholes
    this.#scale = scale
  }

  /** Fills `into` with the samples from index `from` on, zero outside the sound. */
  read(from: number, into: Float32Array): void {
    const first = Math.min(into.length, Math.max(0, -from))
    const last = Math.max(first, Math.min(into.length, this.length - from))
    into.fill(0, 0, first)
    into.fill(0, last)
    const wholes = this.#wholes
    const scale = this.#scale
    for (let at = first; at < last; at++) into[at] = wholes[from + at]! * scale
  }
}
