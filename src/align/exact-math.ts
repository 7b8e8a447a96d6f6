/**
 * Logarithm, exponential and cosine to the same bit in every engine: `Math.log`
 * and its like may differ in the last place between two versions of one
 * browser. Only + − × ÷ and powers of two are used, which IEEE 754 defines.
 *
 * After fdlibm (e_log.c, e_exp.c, k_cos.c, k_sin.c), less than one unit in the
 * last place off: Copyright (C) 1993 by Sun Microsystems, Inc. All rights
 * reserved. Developed at SunSoft, a Sun Microsystems, Inc. business. Permission
 * to use, copy, modify, and distribute this software is freely granted, provided
 * that this notice is preserved.
 */
const float = new Float64Array(1)
const words = new Int32Array(float.buffer)
/** Index of the word that holds sign and exponent. */
const high = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

const smallestNormal = 2 ** -1022
const ln2High = 6.9314718036912381649e-1
const ln2Low = 1.90821492927058770002e-10
const halfPiHigh = 1.57079632673412561417
const halfPiLow = 6.07710050650619224932e-11

/** Natural logarithm. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x === Infinity ? x : NaN
  let exponent = 0
  if (x < smallestNormal) {
    exponent = -54
    float[0] = x * 2 ** 54
  } else float[0] = x
  // The mantissa from √½ to √2.
  const shifted = words[high]! + (0x3ff00000 - 0x3fe6a09e)
  exponent += (shifted >> 20) - 1023
  words[high] = (shifted & 0x000fffff) + 0x3fe6a09e
  const f = float[0] - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const odd =
    w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1))
  const even =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)))
  const halfSquare = 0.5 * f * f
  return s * (halfSquare + even + odd) + exponent * ln2Low - halfSquare + f + exponent * ln2High
}

/** e to the power of x. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x
  if (x > 709.782712893384) return Infinity
  if (x < -745.1332191019411) return 0
  const power = Math.round(x * Math.LOG2E)
  const upper = x - power * ln2High
  const lower = power * ln2Low
  const r = upper - lower
  const t = r * r
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  const y = 1 - (lower - (r * c) / (2 - c) - upper)
  // In two steps, for 2 to the whole power may lie outside the range.
  const half = power >> 1
  return y * powerOfTwo(half) * powerOfTwo(power - half)
}

/** Of an angle in radians within ±10⁶. */
export function cos(x: number): number {
  const quarters = Math.round(x / (Math.PI / 2))
  const upper = x - quarters * halfPiHigh
  const lower = quarters * halfPiLow
  const r = upper - lower
  const rest = upper - r - lower
  switch (quarters & 3) {
    case 0:
      return cosineNearZero(r, rest)
    case 1:
      return -sineNearZero(r, rest)
    case 2:
      return -cosineNearZero(r, rest)
    default:
      return sineNearZero(r, rest)
  }
}

/** Of x + rest, up to π/4. */
function cosineNearZero(x: number, rest: number): number {
  const z = x * x
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))))
  const half = 0.5 * z
  const w = 1 - half
  return w + (1 - w - half + (z * r - x * rest))
}

/** Of x + rest, up to π/4. */
function sineNearZero(x: number, rest: number): number {
  const z = x * x
  const cube = z * x
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z *
          (2.75573137070700676789e-6 +
            z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)))
  return x - (z * (0.5 * rest - cube * r) - rest - cube * -1.66666666666666324348e-1)
}

function powerOfTwo(power: number): number {
  words[1 - high] = 0
  words[high] = (power + 1023) << 20
  return float[0]!
}
