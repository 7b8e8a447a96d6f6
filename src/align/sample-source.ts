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
      for (let index = 0; index < into.length; index++) {
        const sample = samples[from + index] ?? 0
        into[index] = Number.isFinite(sample) ? sample : 0
      }
    },
  }
}
