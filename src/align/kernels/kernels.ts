import { kernelsWasm } from './kernels-wasm.ts'

/** Mel bands of a frame of features: the kernels know no other number. */
export const bandCount = 24

/**
 * Inner loops in WebAssembly SIMD, compiled from `source/` (AssemblyScript) by
 * `scripts/build-kernels.ts`; each function is described there. All numbers are
 * integers or floats, pointers are byte offsets into the kernels' own memory.
 * The same bits on every machine: no relaxed instructions.
 */
interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer }
  allocate(bytes: number): number
  release(pointer: number): void
  dotBytes(a: number, b: number, length: number): number
  dotRuns(a: number, b: number, runBytes: number, runs: number, out: number): void
  addUp(rows: number, count: number, factor: number, columns: number): void
  cutFrames(samples: number, hop: number, shape: number, frames: number, out: number): void
  melLogs(
    spectra: number,
    frames: number,
    firstBins: number,
    groups: number,
    weights: number,
    floor: number,
    silence: number,
    powers: number,
    rows: number,
    active: number,
  ): void
  highPass(rows: number, active: number, frames: number, width: number, room: number): void
  normalise(
    rows: number,
    active: number,
    frames: number,
    activeFrames: number,
    width: number,
    steady: number,
    clip: number,
    room: number,
  ): void
  transpose(rows: number, frames: number, columns: number, length: number): void
  subtractPeriodic(
    rows: number,
    source: number,
    frames: number,
    period: number,
    share: number,
    most: number,
  ): void
  fadeInto(into: number, rows: number, frames: number, first: number, step: number): void
  energyOf(rows: number, frames: number): number
  quantise(rows: number, active: number, frames: number, scale: number, out: number): void
  widen(values: number, count: number, scale: number, out: number): void
  readWindow(
    source: number,
    from: number,
    step: number,
    shape: number,
    length: number,
    out: number,
  ): void
  keepPhases(a: number, b: number, band: number, length: number): void
  powers(transforms: number, count: number, length: number, out: number): void
  excerpt(circular: number, length: number, reach: number, least: number, out: number): number
  cellEnergies(
    correlation: number,
    cells: number,
    cellSamples: number,
    ceiling: number,
    most: number,
    out: number,
  ): void
  highestLines(
    energies: number,
    windows: number,
    cells: number,
    shifts: number,
    slopes: number,
    row: number,
    heights: number,
    places: number,
    stride: number,
    sampled: number,
  ): number
  heightsByLength(
    correlation: number,
    size: number,
    aSteps: number,
    bSteps: number,
    shortest: number,
    full: number,
    out: number,
  ): void
  heightsByOverlap(
    correlation: number,
    overlap: number,
    size: number,
    scale: number,
    shortest: number,
    full: number,
    out: number,
  ): void
  highestOfBlocks(values: number, count: number, length: number, out: number): void
  centreAndDistance(values: number, count: number, room: number, counts: number, out: number): void
  evidenceNear(
    values: number,
    count: number,
    centre: number,
    scale: number,
    most: number,
    reach: number,
    less: number,
    room: number,
    out: number,
    moments: number,
  ): void
}

const bytes = Uint8Array.from(atob(kernelsWasm), (letter) => letter.charCodeAt(0))
const { instance } = await WebAssembly.instantiate(bytes)
export const kernels = instance.exports as unknown as Kernels

/** Room for so many bytes, of any content, at a multiple of 16. Give it back with `kernels.release`. */
export function allocate(byteCount: number): number {
  return kernels.allocate(byteCount) >>> 0
}

/** Views of the kernels' memory: good until the next `allocate`, which may move it. */
export function floatsAt(pointer: number, length: number): Float32Array {
  return new Float32Array(kernels.memory.buffer, pointer, length)
}

export function wordsAt(pointer: number, length: number): Int32Array {
  return new Int32Array(kernels.memory.buffer, pointer, length)
}

export function doublesAt(pointer: number, length: number): Float64Array {
  return new Float64Array(kernels.memory.buffer, pointer, length)
}

export function shortsAt(pointer: number, length: number): Int16Array {
  return new Int16Array(kernels.memory.buffer, pointer, length)
}

export function bytesAt(pointer: number, length: number): Uint8Array {
  return new Uint8Array(kernels.memory.buffer, pointer, length)
}

/** Runs with room for parts of so many bytes each, and gives it back. */
export function withRoom<Result>(
  sizes: readonly number[],
  use: (...pointers: number[]) => Result,
): Result {
  const pointers = sizes.map(allocate)
  try {
    return use(...pointers)
  } finally {
    for (const pointer of pointers) kernels.release(pointer)
  }
}
