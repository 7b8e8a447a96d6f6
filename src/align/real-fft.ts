/**
 * Fourier transforms of real signals: PFFFT (Julien Pommier), compiled to
 * WebAssembly with SIMD. It works on blocks of its own memory; docs/decisions/0004
 * has the figures against plain TypeScript.
 */
import createPffft from '@echogarden/pffft-wasm/simd'

const pffft = await createPffft()

/** Floats in the transforms' memory. Free it with `freeBlock`. */
export interface FloatBlock {
  readonly pointer: number
  readonly length: number
}

export interface RealFft {
  /** Real points: a power of two, 32 or more. */
  readonly size: number
  /** X[k] = Σ x[t] e^(−2πi kt/size) four real parts, four imaginary parts, and so on (X[size/2] where the imaginary part of X[0] would be): for the functions below and for the kernels. */
  forward(from: FloatBlock, to: FloatBlock): void
  /** The same, in order: X[0], X[size/2] (both real), then re and im of X[1], X[2] … */
  forwardOrdered(from: FloatBlock, to: FloatBlock): void
  /** Transforms so many signals, one after the other, in place; in order. */
  forwardOrderedEach(signals: FloatBlock, count: number): void
  /** The same in the order of `forward`. */
  forwardEach(signals: FloatBlock, count: number): void
  /** x[t] = Σ X[k] e^(+2πi kt/size), not divided by the size; from the order of `forward`. */
  inverse(from: FloatBlock, to: FloatBlock): void
  /** From the order of `forwardOrdered` to that of `forward`; to another block. */
  disorder(from: FloatBlock, to: FloatBlock): void
  /** into += scale × a × b, in the order of `forward`. */
  addProduct(a: FloatBlock, b: FloatBlock, into: FloatBlock, scale: number): void
}

const smallestSize = 32
const forwardWay = 0
const backwardWay = 1

/** Memory for so many floats, of any content. RangeError if there is none left. */
export function allocateBlock(length: number): FloatBlock {
  const pointer = pffft._pffft_aligned_malloc(4 * length)
  if (pointer === 0) throw new RangeError(`no memory for ${length} floats`)
  return { pointer, length }
}

export function freeBlock(block: FloatBlock): void {
  pffft._pffft_aligned_free(block.pointer)
}

/** The block's floats. Good until the next `allocateBlock`, which may move the memory. */
export function floatsOf({ pointer, length }: FloatBlock): Float32Array {
  return pffft.HEAPF32.subarray(pointer / 4, pointer / 4 + length)
}

/** Of blocks of that length that lie one after the other in a block, the one of that number. */
export function partOf(block: FloatBlock, index: number, length: number): FloatBlock {
  return { pointer: block.pointer + 4 * index * length, length }
}

const transforms = new Map<number, RealFft>()

/** The transform of that size; its tables are made once. RangeError if not a power of two from 32 on. */
export function realFftOfSize(size: number): RealFft {
  const known = transforms.get(size)
  if (known) return known
  const made = createTransform(size)
  transforms.set(size, made)
  return made
}

/** The smallest power of two that is at least `length`, and at least 32. */
export function transformSizeFrom(length: number): number {
  let size = smallestSize
  while (size < length) size *= 2
  return size
}

function createTransform(size: number): RealFft {
  const setup = transformSizeFrom(size) === size ? pffft._pffft_new_setup(size, 0) : 0
  if (setup === 0) throw new RangeError(`an FFT here has a power of two points, not ${size}`)
  const { pointer: work } = allocateBlock(size)
  return {
    size,
    forward: (from, to) =>
      pffft._pffft_transform(setup, from.pointer, to.pointer, work, forwardWay),
    forwardOrdered: (from, to) =>
      pffft._pffft_transform_ordered(setup, from.pointer, to.pointer, work, forwardWay),
    inverse: (from, to) =>
      pffft._pffft_transform(setup, from.pointer, to.pointer, work, backwardWay),
    forwardOrderedEach({ pointer }, count) {
      for (let at = pointer; at < pointer + 4 * count * size; at += 4 * size) {
        pffft._pffft_transform_ordered(setup, at, at, work, forwardWay)
      }
    },
    forwardEach({ pointer }, count) {
      for (let at = pointer; at < pointer + 4 * count * size; at += 4 * size) {
        pffft._pffft_transform(setup, at, at, work, forwardWay)
      }
    },
    disorder: (from, to) => pffft._pffft_zreorder(setup, from.pointer, to.pointer, backwardWay),
    addProduct: (a, b, into, scale) =>
      pffft._pffft_zconvolve_accumulate(setup, a.pointer, b.pointer, into.pointer, scale),
  }
}
