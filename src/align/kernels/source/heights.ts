/**
 * out[k] = correlation[−k], circular, over the root of the steps that overlap at lag k, `full` at
 * least; −∞ where they are fewer than `shortest`. An index beyond `aSteps` stands for a lag of
 * `size` less. `size` is a multiple of 4.
 */
export function heightsByLength(
  correlation: usize,
  size: i32,
  aSteps: i32,
  bSteps: i32,
  shortest: f32,
  full: f32,
  out: usize,
): void {
  const a = f32x4.splat(<f32>aSteps)
  const b = f32x4.splat(<f32>bSteps)
  const around = f32x4.splat(<f32>size)
  let places = f32x4(0, 1, 2, 3)
  for (let place: i32 = 0; place < size; place += 4) {
    const isAround = f32x4.gt(places, a)
    const lags = f32x4.sub(places, v128.and(around, isAround))
    const end = f32x4.min(a, f32x4.add(b, lags))
    const steps = f32x4.sub(end, f32x4.max(f32x4.splat(0), lags))
    const heights = heightsAt(turned(correlation, size, place), steps, shortest, full)
    v128.store(out + (place << 2), heights)
    places = f32x4.add(places, f32x4.splat(4))
  }
}

/** The same where the overlap at lag k is overlap[−k] × `scale` steps. */
export function heightsByOverlap(
  correlation: usize,
  overlap: usize,
  size: i32,
  scale: f32,
  shortest: f32,
  full: f32,
  out: usize,
): void {
  for (let place: i32 = 0; place < size; place += 4) {
    const steps = f32x4.mul(turned(overlap, size, place), f32x4.splat(scale))
    const heights = heightsAt(turned(correlation, size, place), steps, shortest, full)
    v128.store(out + (place << 2), heights)
  }
}

/** The values at −place, −place − 1 and the two before, circular. */
function turned(values: usize, size: i32, place: i32): v128 {
  if (place > 0) {
    const four = v128.load(values + ((size - place - 3) << 2))
    return v128.shuffle<f32>(four, four, 3, 2, 1, 0)
  }
  const four = v128.load(values + ((size - 4) << 2))
  const last = v128.shuffle<f32>(four, four, 3, 3, 2, 1)
  return f32x4.replace_lane(last, 0, load<f32>(values))
}

function heightsAt(values: v128, steps: v128, shortest: f32, full: f32): v128 {
  const roots = f32x4.sqrt(f32x4.max(steps, f32x4.splat(full)))
  const isLong = f32x4.ge(steps, f32x4.splat(shortest))
  return v128.bitselect(f32x4.div(values, roots), f32x4.splat(-Infinity), isLong)
}

/** out[n] = the highest of `length` values of the nth block; both numbers multiples of 4. */
export function highestOfBlocks(values: usize, count: i32, length: i32, out: usize): void {
  for (let from: i32 = 0; from < count; from += length) {
    let highest = v128.load(values + (from << 2))
    for (let at: i32 = from + 4; at < from + length; at += 4) {
      highest = f32x4.max(highest, v128.load(values + (at << 2)))
    }
    const both = f32x4.max(highest, v128.shuffle<f32>(highest, highest, 2, 3, 0, 1))
    store<f32>(out, max<f32>(f32x4.extract_lane(both, 0), f32x4.extract_lane(both, 1)))
    out += 4
  }
}
