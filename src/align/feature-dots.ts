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
  if (last?.rows === rows) return last.pointer
  if (lastButOne?.rows === rows) return lastButOne.pointer
  const pointer = pointerOf(rows)
  lastButOne = last
  last = { rows, pointer }
  return pointer
}

/** The two asked for last are kept at hand: thousands of products of one pair follow each other. */
let last: { readonly rows: Int8Array; readonly pointer: number } | undefined
let lastButOne: typeof last

function pointerOf(rows: Int8Array): number {
  const known = kept.get(rows)
  if (known) {
    kept.delete(rows)
    kept.set(rows, known)
    return known.pointer
  }
  for (const [oldest, { pointer, bytes }] of kept) {
    if (keptInAll + rows.length <= keptBytes) break
    // One of these two may be the other side of the pair that is being compared.
    if (oldest === last?.rows || oldest === lastButOne?.rows) continue
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
  last = undefined
  lastButOne = undefined
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
