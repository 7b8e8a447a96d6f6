import { allocate, bandCount, bytesAt, kernels, wordsAt } from './kernels/kernels.ts'
import type { SoundFeatures } from './sound-features.ts'

/** What rows may take of the kernels' memory before those used longest ago are put in anew. */
const keptBytes = 64e6

interface KeptRows {
  readonly pointer: number
  readonly bytes: number
}

const kept = new Map<Int8Array, KeptRows>()
let keptInAll = 0
let out: KeptRows | undefined

/** The features' rows in the kernels' memory; good until the next but one recording is asked for. */
function rowsOf({ rows }: SoundFeatures): number {
  const known = kept.get(rows)
  if (known) {
    kept.delete(rows)
    kept.set(rows, known)
    return known.pointer
  }
  // Room for two at least: the pair that is being compared.
  while (kept.size > 1 && keptInAll + rows.length > keptBytes) {
    const [oldest, { pointer, bytes }] = kept.entries().next().value!
    kept.delete(oldest)
    kernels.release(pointer)
    keptInAll -= bytes
  }
  const pointer = allocate(rows.length)
  bytesAt(pointer, rows.length).set(rows)
  kept.set(rows, { pointer, bytes: rows.length })
  keptInAll += rows.length
  return pointer
}

/** Gives the memory back that rows of features take. */
export function releaseRows(): void {
  for (const { pointer } of kept.values()) kernels.release(pointer)
  kept.clear()
  keptInAll = 0
}

function roomFor(words: number): number {
  if (out === undefined || out.bytes < 4 * words) {
    if (out) kernels.release(out.pointer)
    const bytes = 4 * Math.max(1024, 2 * words)
    out = { pointer: allocate(bytes), bytes }
  }
  return out.pointer
}

/**
 * Sums over all bands and over `runFrames` frames of the product of a and b, of `runs`
 * stretches one after the other from `fromFrame` of a on; b is read `lag` frames earlier.
 * All of them must lie within both. Good until the next call.
 */
export function dotRuns(
  a: SoundFeatures,
  b: SoundFeatures,
  lag: number,
  fromFrame: number,
  runFrames: number,
  runs: number,
): Int32Array {
  const [ofA, ofB, into] = [rowsOf(a), rowsOf(b), roomFor(runs)]
  kernels.dotRuns(
    ofA + bandCount * fromFrame,
    ofB + bandCount * (fromFrame - lag),
    bandCount * runFrames,
    runs,
    into,
  )
  return wordsAt(into, runs)
}

/** The same sum of one stretch. */
export function dotOf(
  a: SoundFeatures,
  b: SoundFeatures,
  lag: number,
  fromFrame: number,
  toFrame: number,
): number {
  const [ofA, ofB] = [rowsOf(a), rowsOf(b)]
  return kernels.dotBytes(
    ofA + bandCount * fromFrame,
    ofB + bandCount * (fromFrame - lag),
    bandCount * (toFrame - fromFrame),
  )
}

/** The same sum at each lag from `firstLag` to `lastLag`, over the frames of b that all of them reach. Good until the next call. */
export function dotLags(
  a: SoundFeatures,
  b: SoundFeatures,
  firstLag: number,
  lastLag: number,
): { readonly fromFrame: number; readonly toFrame: number; readonly products: Int32Array } {
  const from = Math.max(0, -firstLag)
  const to = Math.max(from, Math.min(b.frames, a.frames - lastLag))
  const lags = lastLag - firstLag + 1
  const [ofA, ofB, into] = [rowsOf(a), rowsOf(b), roomFor(lags)]
  kernels.dotShifts(
    ofA + bandCount * (from + firstLag),
    ofB + bandCount * from,
    bandCount * (to - from),
    bandCount,
    lags,
    into,
  )
  return { fromFrame: from, toFrame: to, products: wordsAt(into, lags) }
}
