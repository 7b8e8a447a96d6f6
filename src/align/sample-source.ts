/** A recording's sound, read in pieces: it may be in memory or on a disk. Mono, 8 kHz, full scale ±1. */
export interface SampleSource {
  /** In samples. */
  readonly length: number
  /** Fills `into` with the samples from index `from` on; zero before the first and after the last, and for NaN. */
  read(from: number, into: Float32Array): void
}

/** The same for samples in memory, which are not copied. */
export function sourceOf(samples: Float32Array | SampleSource): SampleSource {
  if (!(samples instanceof Float32Array)) return samples
  return {
    length: samples.length,
    read(from, into) {
      const first = Math.min(into.length, Math.max(0, -from))
      const last = Math.max(first, Math.min(into.length, samples.length - from))
      into.fill(0, 0, first)
      into.fill(0, last)
      into.set(samples.subarray(from + first, from + last), first)
      for (let index = first; index < last; index++) {
        // x − x is zero for every number there is, and for no other.
        if (into[index]! - into[index]! !== 0) into[index] = 0
      }
    },
  }
}
