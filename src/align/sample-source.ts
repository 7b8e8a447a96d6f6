import { floatsAt, kernels, shortsAt } from './kernels/kernels.ts'

/** A recording's sound, read in pieces: it may be in memory or on a disk. Mono, 8 kHz, full scale ±1. */
export interface SampleSource {
  /** In samples. */
  readonly length: number
  /** Fills `into` with the samples from index `from` on; zero before the first and after the last, and for NaN. */
  read(from: number, into: Float32Array): void
  /** Of sound stored as whole numbers these, where samples are `scale` times as much: cheaper to read. */
  readonly wholes?: WholeSamples
}

interface WholeSamples {
  readonly scale: number
  /** As the source's `read`. */
  read(from: number, into: Int16Array): void
}

/** Fills the kernels' memory there with so many samples from index `from` on. */
export function readSamples(source: SampleSource, from: number, into: number, count: number): void {
  const { wholes } = source
  if (wholes === undefined) {
    source.read(from, floatsAt(into, count))
    return
  }
  // Upper half of the room: made wider from the front, nothing is overwritten before it is read.
  const shorts = into + 2 * count
  wholes.read(from, shortsAt(shorts, count))
  kernels.widen(shorts, count, wholes.scale, into)
}

/** The same for samples in memory, which are not copied. */
export function sourceOf(samples: Float32Array | SampleSource): SampleSource {
  if (!(samples instanceof Float32Array)) return samples
  let isFinite: boolean | undefined
  return {
    length: samples.length,
    read(from, into) {
      const first = Math.min(into.length, Math.max(0, -from))
      const last = Math.max(first, Math.min(into.length, samples.length - from))
      into.fill(0, 0, first)
      into.fill(0, last)
      into.set(samples.subarray(from + first, from + last), first)
      isFinite ??= holdsNumbers(samples)
      if (isFinite) return
      for (let index = first; index < last; index++) {
        if (!isNumber(into[index]!)) into[index] = 0
      }
    },
  }
}

/** x − x is zero for every number there is, and for no other. */
const isNumber = (sample: number): boolean => sample - sample === 0

function holdsNumbers(samples: Float32Array): boolean {
  for (let index = 0; index < samples.length; index++) {
    if (!isNumber(samples[index]!)) return false
  }
  return true
}
