/** Exact sum of the products of two stretches of signed bytes; `length` is a multiple of 8. */
export function dotBytes(a: usize, b: usize, length: i32): i32 {
  let sums = i32x4.splat(0)
  let at: i32 = 0
  for (; at + 16 <= length; at += 16) {
    const x = v128.load(a + at)
    const y = v128.load(b + at)
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_low_i8x16_s(x, y)))
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_high_i8x16_s(x, y)))
  }
  if (at < length) {
    const products = i16x8.mul(v128.load8x8_s(a + at), v128.load8x8_s(b + at))
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(products))
  }
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  )
}

/** The same for `runs` stretches of `runBytes`, one after the other; `out` takes one i32 each. */
export function dotRuns(a: usize, b: usize, runBytes: i32, runs: i32, out: usize): void {
  for (let run: i32 = 0; run < runs; run++) {
    store<i32>(out + 4 * run, dotBytes(a + run * runBytes, b + run * runBytes, runBytes))
  }
}

/** out[k] for k from 0: the same of the whole stretch with a moved on by k × `stepBytes`. */
export function dotShifts(
  a: usize,
  b: usize,
  length: i32,
  stepBytes: i32,
  shifts: i32,
  out: usize,
): void {
  for (let shift: i32 = 0; shift < shifts; shift++) {
    store<i32>(out + 4 * shift, dotBytes(a + shift * stepBytes, b, length))
  }
}
