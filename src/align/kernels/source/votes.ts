/**
 * out[k] = half the square of what stands highest near k: of min(most, (value − centre) × scale)
 * within `reach` places, each times 1 − `less` × how far off, and 0 at least. `room` holds 2 × reach
 * + 3 values more than there are, `out` 3 more. `moments` takes two f64: the sum of out and of its
 * squares.
 */
export function evidenceNear(
  values: usize,
  count: i32,
  centre: f32,
  scale: f32,
  most: f32,
  reach: i32,
  less: f32,
  room: usize,
  out: usize,
  moments: usize,
): void {
  const first = room + (reach << 2)
  memory.fill(room, 0, reach << 2)
  memory.fill(first + (count << 2), 0, (reach + 3) << 2)
  for (let at: i32 = 0; at < count; at++) {
    const height = (load<f32>(values + (at << 2)) - centre) * scale
    store<f32>(first + (at << 2), max<f32>(0, min<f32>(most, height)))
  }
  for (let at: i32 = 0; at < count; at += 4) {
    const here = first + (at << 2)
    let highest = v128.load(here)
    for (let step: i32 = 1; step <= reach; step++) {
      const either = f32x4.max(v128.load(here - (step << 2)), v128.load(here + (step << 2)))
      const share = f32x4.splat(1 - less * <f32>step)
      highest = f32x4.max(highest, f32x4.mul(either, share))
    }
    const half = f32x4.mul(highest, f32x4.splat(0.5))
    v128.store(out + (at << 2), f32x4.mul(half, highest))
  }
  memory.fill(out + (count << 2), 0, 12)
  let sum = f64x2.splat(0)
  let squares = f64x2.splat(0)
  for (let at: i32 = 0; at < count; at += 4) {
    const four = v128.load(out + (at << 2))
    const low = f64x2.promote_low_f32x4(four)
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 0, 1))
    sum = f64x2.add(sum, f64x2.add(low, high))
    squares = f64x2.add(squares, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)))
  }
  store<f64>(moments, f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))
  store<f64>(moments + 8, f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1))
}
