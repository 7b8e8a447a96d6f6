/** The part of PFFFT's Emscripten module that is used here. Pointers are byte offsets into its memory. */
declare module '@echogarden/pffft-wasm/simd' {
  export interface Pffft {
    /** Made anew when the memory grows. */
    readonly HEAPF32: Float32Array
    /** Type 0 is a real transform; 0 if the size is not one of its own. */
    _pffft_new_setup(size: number, type: 0 | 1): number
    /** Direction 0 is forward, 1 backward; neither scales. Internal order. */
    _pffft_transform(setup: number, from: number, to: number, work: number, way: 0 | 1): void
    _pffft_transform_ordered(
      setup: number,
      from: number,
      to: number,
      work: number,
      way: 0 | 1,
    ): void
    /** Way 0: from internal order to order, 1: back; not in place. */
    _pffft_zreorder(setup: number, from: number, to: number, way: 0 | 1): void
    /** into += a × b × scale, all in internal order. */
    _pffft_zconvolve_accumulate(
      setup: number,
      a: number,
      b: number,
      into: number,
      scale: number,
    ): void
    _pffft_aligned_malloc(bytes: number): number
    _pffft_aligned_free(pointer: number): void
  }
  export default function create(): Promise<Pffft>
}
