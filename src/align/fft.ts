/**
 * Complex fast Fourier transform, radix 4 with one radix-2 step for odd powers
 * of two, Stockham order (no bit reversal). Two real signals ride in one
 * transform as real and imaginary part; every caller here does that.
 *
 * Source of the Stockham step: Van Loan, Computational Frameworks for the Fast
 * Fourier Transform (1992), chapter 2.4.
 */
export interface Fft {
  /** Number of complex points, a power of two. */
  readonly size: number
  /** In place, X[k] = Σ x[t] e^(−2πi kt/size). */
  forward(re: Float64Array, im: Float64Array): void
  /** In place, x[t] = 1/size Σ X[k] e^(+2πi kt/size). */
  inverse(re: Float64Array, im: Float64Array): void
}

const plans = new Map<number, Fft>()

/** The transform of that size; its tables are made once. RangeError if not a power of two. */
export function fftOfSize(size: number): Fft {
  const known = plans.get(size)
  if (known) return known
  const made = createFft(size)
  plans.set(size, made)
  return made
}

/** The smallest power of two that is at least `length`. */
export function powerOfTwoFrom(length: number): number {
  let size = 1
  while (size < length) size *= 2
  return size
}

function createFft(size: number): Fft {
  if (!Number.isInteger(size) || size < 1 || powerOfTwoFrom(size) !== size) {
    throw new RangeError(`an FFT here has a power of two points, not ${size}`)
  }
  const cos = new Float64Array(size)
  const sin = new Float64Array(size)
  for (let k = 0; k < size; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size)
    sin[k] = -Math.sin((2 * Math.PI * k) / size)
  }
  const spareRe = new Float64Array(size)
  const spareIm = new Float64Array(size)

  function forward(re: Float64Array, im: Float64Array): void {
    if (re.length !== size || im.length !== size) throw new RangeError('wrong length for this FFT')
    let fromRe = re
    let fromIm = im
    let toRe: Float64Array = spareRe
    let toIm: Float64Array = spareIm
    let length = size
    let stride = 1
    while (length > 1) {
      if (length >= 4) {
        radix4(fromRe, fromIm, toRe, toIm, length, stride, cos, sin)
        length /= 4
        stride *= 4
      } else {
        radix2(fromRe, fromIm, toRe, toIm, stride)
        length = 1
      }
      const swapRe = fromRe
      const swapIm = fromIm
      fromRe = toRe
      fromIm = toIm
      toRe = swapRe
      toIm = swapIm
    }
    if (fromRe !== re) {
      re.set(fromRe)
      im.set(fromIm)
    }
  }

  return {
    size,
    forward,
    inverse(re, im) {
      // Swapping the parts before and after conjugates, which turns forward into inverse.
      forward(im, re)
      const scale = 1 / size
      for (let t = 0; t < size; t++) {
        re[t] = re[t]! * scale
        im[t] = im[t]! * scale
      }
    },
  }
}

function radix4(
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
  length: number,
  stride: number,
  cos: Float64Array,
  sin: Float64Array,
): void {
  const quarter = length / 4
  for (let p = 0; p < quarter; p++) {
    const c1 = cos[p * stride]!
    const s1 = sin[p * stride]!
    const c2 = cos[2 * p * stride]!
    const s2 = sin[2 * p * stride]!
    const c3 = cos[3 * p * stride]!
    const s3 = sin[3 * p * stride]!
    const from = p * stride
    const step = quarter * stride
    const to = 4 * p * stride
    for (let q = 0; q < stride; q++) {
      const a = from + q
      const b = a + step
      const c = b + step
      const d = c + step
      const sumAcRe = xRe[a]! + xRe[c]!
      const sumAcIm = xIm[a]! + xIm[c]!
      const difAcRe = xRe[a]! - xRe[c]!
      const difAcIm = xIm[a]! - xIm[c]!
      const sumBdRe = xRe[b]! + xRe[d]!
      const sumBdIm = xIm[b]! + xIm[d]!
      // i (b − d)
      const turnRe = xIm[d]! - xIm[b]!
      const turnIm = xRe[b]! - xRe[d]!
      const u1Re = difAcRe - turnRe
      const u1Im = difAcIm - turnIm
      const u2Re = sumAcRe - sumBdRe
      const u2Im = sumAcIm - sumBdIm
      const u3Re = difAcRe + turnRe
      const u3Im = difAcIm + turnIm
      const o = to + q
      yRe[o] = sumAcRe + sumBdRe
      yIm[o] = sumAcIm + sumBdIm
      yRe[o + stride] = c1 * u1Re - s1 * u1Im
      yIm[o + stride] = c1 * u1Im + s1 * u1Re
      yRe[o + 2 * stride] = c2 * u2Re - s2 * u2Im
      yIm[o + 2 * stride] = c2 * u2Im + s2 * u2Re
      yRe[o + 3 * stride] = c3 * u3Re - s3 * u3Im
      yIm[o + 3 * stride] = c3 * u3Im + s3 * u3Re
    }
  }
}

function radix2(
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
  stride: number,
): void {
  for (let q = 0; q < stride; q++) {
    const b = q + stride
    yRe[q] = xRe[q]! + xRe[b]!
    yIm[q] = xIm[q]! + xIm[b]!
    yRe[b] = xRe[q]! - xRe[b]!
    yIm[b] = xIm[q]! - xIm[b]!
  }
}
