/** The discrete Fourier transform of a power of two of complex numbers, in place (Cooley and Tukey, radix 2). */
export interface Fourier {
  readonly size: number
  readonly forward: (real: Float64Array, imaginary: Float64Array) => void
  /** Includes the division by the size. */
  readonly backward: (real: Float64Array, imaginary: Float64Array) => void
}

export function fourierOf(size: number): Fourier {
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size))
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size))
  const forward = (real: Float64Array, imaginary: Float64Array): void => {
    swapReversed(real, imaginary)
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half)
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const low = start + k
          const high = low + half
          const c = cos[k * stride]!
          const s = sin[k * stride]!
          const re = real[high]! * c - imaginary[high]! * s
          const im = real[high]! * s + imaginary[high]! * c
          real[high] = real[low]! - re
          imaginary[high] = imaginary[low]! - im
          real[low]! += re
          imaginary[low]! += im
        }
      }
    }
  }
  const backward = (real: Float64Array, imaginary: Float64Array): void => {
    forward(imaginary, real)
    for (let index = 0; index < size; index++) {
      real[index]! /= size
      imaginary[index]! /= size
    }
  }
  return { size, forward, backward }
}

function swapReversed(real: Float64Array, imaginary: Float64Array): void {
  let reversed = 0
  for (let index = 1; index < real.length; index++) {
    let bit = real.length >> 1
    while (reversed & bit) {
      reversed ^= bit
      bit >>= 1
    }
    reversed |= bit
    if (index < reversed) {
      ;[real[index], real[reversed]] = [real[reversed]!, real[index]!]
      ;[imaginary[index], imaginary[reversed]] = [imaginary[reversed]!, imaginary[index]!]
    }
  }
}
