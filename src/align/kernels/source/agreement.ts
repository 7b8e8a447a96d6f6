/** Exact sum of the products of two stretches of signed bytes; `length` is a multiple of 8. */
export function dotBytes(a: usize, b: usize, length: i32): i32 {
  let sums = i32x4.splat(0)
  let others = i32x4.splat(0)
  let at: i32 = 0
  for (; at + 16 <= length; at += 16) {
    sums = i32x4.add(sums, dotOfEight(a + at, b + at))
    others = i32x4.add(others, dotOfEight(a + at + 8, b + at + 8))
  }
  if (at < length) sums = i32x4.add(sums, dotOfEight(a + at, b + at))
  sums = i32x4.add(sums, others)
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  )
}

function dotOfEight(a: usize, b: usize): v128 {
  return i32x4.dot_i16x8_s(v128.load8x8_s(a), v128.load8x8_s(b))
}

/** The same for `runs` stretches of `runBytes`, one after the other; `out` takes one i32 each. */
export function dotRuns(a: usize, b: usize, runBytes: i32, runs: i32, out: usize): void {
  for (let run: i32 = 0; run < runs; run++) {
    store<i32>(out + 4 * run, dotBytes(a + run * runBytes, b + run * runBytes, runBytes))
  }
}
