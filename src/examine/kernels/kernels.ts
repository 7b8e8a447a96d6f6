import { kernelsWasm } from './kernels-wasm.ts'

/**
 * The inner loop of impulsive sounds in WebAssembly, compiled from `source/` as that of
 * the alignment is: src/align/kernels. Pointers are byte offsets into its own memory.
 */
interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer }
  fillPowers(
    state: number,
    samples: number,
    steps: number,
    stepSamples: number,
    gain: number,
    a1: number,
    a2: number,
    sound: number,
    powers: number,
  ): void
}

const bytes = Uint8Array.from(atob(kernelsWasm), (letter) => letter.charCodeAt(0))
const { instance } = await WebAssembly.instantiate(bytes)
export const kernels = instance.exports as unknown as Kernels
