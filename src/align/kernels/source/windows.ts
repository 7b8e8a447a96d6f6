/** out[t] = scale × values[t] of so many i16. They may stand in the second half of `out`. */
export function widen(values: usize, count: i32, scale: f32, out: usize): void {
  const factor = f32x4.splat(scale)
  let t: i32 = 0
  for (; t + 4 <= count; t += 4) {
    const four = f32x4.convert_i32x4_s(v128.load16x4_s(values + (t << 1)))
    v128.store(out + (t << 2), f32x4.mul(four, factor))
  }
  for (; t < count; t++) {
    store<f32>(out + (t << 2), <f32>load<i16>(values + (t << 1)) * scale)
  }
}

/**
 * out[t] = shape[t] × the source at `from` + t × `step` samples, read by cubic
 * interpolation (Catmull and Rom 1974). `from` is at least 1; the source holds
 * from + length × step + 3 samples.
 */
export function readWindow(
  source: usize,
  from: f64,
  step: f64,
  shape: usize,
  length: i32,
  out: usize,
): void {
  if (step == 1 && Math.floor(from) == from) {
    const start = source + ((<i32>from) << 2)
    for (let at: i32 = 0; at < length << 2; at += 16) {
      v128.store(out + at, f32x4.mul(v128.load(start + at), v128.load(shape + at)))
    }
    return
  }
  const drift = step - 1
  let parts = f32x4.splat(0)
  parts = f32x4.replace_lane(parts, 1, <f32>drift)
  parts = f32x4.replace_lane(parts, 2, <f32>(2 * drift))
  parts = f32x4.replace_lane(parts, 3, <f32>(3 * drift))
  for (let t: i32 = 0; t < length; t += 4) {
    const place0 = from + <f64>t * step
    const whole0 = <i32>place0
    const part0 = place0 - <f64>whole0
    const part3 = part0 + 3 * drift
    // Nearly always the four lie one sample apart: then nothing need be turned about.
    if (part3 >= 0 && part3 < 1) {
      const at = source + (whole0 << 2)
      const x = f32x4.add(f32x4.splat(<f32>part0), parts)
      const value = between(
        v128.load(at - 4),
        v128.load(at),
        v128.load(at + 4),
        v128.load(at + 8),
        x,
      )
      v128.store(out + (t << 2), f32x4.mul(value, v128.load(shape + (t << 2))))
      continue
    }
    const place1 = place0 + step
    const place2 = place1 + step
    const place3 = place2 + step
    const whole1 = <i32>place1
    const whole2 = <i32>place2
    const whole3 = <i32>place3
    const a = v128.load(source + ((whole0 - 1) << 2))
    const b = v128.load(source + ((whole1 - 1) << 2))
    const c = v128.load(source + ((whole2 - 1) << 2))
    const d = v128.load(source + ((whole3 - 1) << 2))
    let x = f32x4.splat(<f32>part0)
    x = f32x4.replace_lane(x, 1, <f32>(place1 - <f64>whole1))
    x = f32x4.replace_lane(x, 2, <f32>(place2 - <f64>whole2))
    x = f32x4.replace_lane(x, 3, <f32>(place3 - <f64>whole3))
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
    const AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
    const CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
    const p = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5)
    const q = v128.shuffle<f32>(ab, cd, 2, 3, 6, 7)
    const r = v128.shuffle<f32>(AB, CD, 0, 1, 4, 5)
    const s = v128.shuffle<f32>(AB, CD, 2, 3, 6, 7)
    v128.store(out + (t << 2), f32x4.mul(between(p, q, r, s, x), v128.load(shape + (t << 2))))
  }
}

/** q + x/2 (r − p + x (2p − 5q + 4r − s + x (3 (q − r) + s − p))) */
function between(p: v128, q: v128, r: v128, s: v128, x: v128): v128 {
  const third = f32x4.add(f32x4.mul(f32x4.splat(3), f32x4.sub(q, r)), f32x4.sub(s, p))
  const second = f32x4.sub(
    f32x4.add(f32x4.mul(f32x4.splat(2), p), f32x4.mul(f32x4.splat(4), r)),
    f32x4.add(f32x4.mul(f32x4.splat(5), q), s),
  )
  const bend = f32x4.mul(x, f32x4.add(second, f32x4.mul(x, third)))
  const rise = f32x4.mul(f32x4.mul(f32x4.splat(0.5), x), f32x4.add(f32x4.sub(r, p), bend))
  return f32x4.add(q, rise)
}

/**
 * a becomes the phase of A conj(B), times `band`. Four real parts, four imaginary parts
 * and so on; of `band` the first four of each eight count.
 */
export function keepPhases(a: usize, b: usize, band: usize, length: i32): void {
  const least = f32x4.splat(1e-12)
  for (let at: i32 = 0; at < length << 2; at += 32) {
    const aRe = v128.load(a + at)
    const aIm = v128.load(a + at, 16)
    const bRe = v128.load(b + at)
    const bIm = v128.load(b + at, 16)
    const re = f32x4.add(f32x4.mul(aRe, bRe), f32x4.mul(aIm, bIm))
    const im = f32x4.sub(f32x4.mul(aIm, bRe), f32x4.mul(aRe, bIm))
    const squares = f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im))
    const share = f32x4.div(v128.load(band + at), f32x4.add(f32x4.sqrt(squares), least))
    v128.store(a + at, f32x4.mul(re, share))
    v128.store(a + at, f32x4.mul(im, share), 16)
  }
}

/**
 * Of `2 × reach + 1` values of a circular correlation around its zero: scaled to
 * unit variance into `out`. Returns what they were divided by; below `least` all are 0.
 */
export function excerpt(circular: usize, length: i32, reach: i32, least: f32, out: usize): f32 {
  memory.copy(out, circular + ((length - reach) << 2), reach << 2)
  memory.copy(out + (reach << 2), circular, (reach + 1) << 2)
  const count: i32 = 2 * reach + 1
  let squares: f64 = 0
  for (let at: i32 = 0; at < count; at++) {
    const value = load<f32>(out + (at << 2))
    squares += <f64>value * <f64>value
  }
  const spread = <f32>Math.sqrt(squares / <f64>count)
  const scale: f32 = spread < least ? 0 : <f32>1 / spread
  for (let at: i32 = 0; at < count; at++) {
    store<f32>(out + (at << 2), scale * load<f32>(out + (at << 2)))
  }
  return spread
}

/**
 * Energy per cell of `cellSamples` values above its expectation for unit variance, each at
 * most `ceiling` before and `most` after division by their spread, neighbours added.
 */
export function cellEnergies(
  correlation: usize,
  cells: i32,
  cellSamples: i32,
  ceiling: f32,
  most: f32,
  out: usize,
): void {
  let squares: f64 = 0
  for (let cell: i32 = 0; cell < cells; cell++) {
    let sum = f32x4.splat(0)
    for (let at: i32 = 0; at < cellSamples; at += 4) {
      const value = v128.load(correlation + ((cell * cellSamples + at) << 2))
      sum = f32x4.add(sum, f32x4.mul(value, value))
    }
    const all =
      f32x4.extract_lane(sum, 0) +
      f32x4.extract_lane(sum, 1) +
      (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
    const energy = min<f32>(all, ceiling) - <f32>cellSamples
    store<f32>(out + (cell << 2), energy)
    squares += <f64>energy * <f64>energy
  }
  const spread = <f32>Math.sqrt(squares / <f64>cells) + <f32>1e-9
  for (let cell: i32 = 0; cell < cells; cell++) {
    store<f32>(out + (cell << 2), min<f32>(load<f32>(out + (cell << 2)) / spread, most))
  }
  // Neighbours are added so that a peak between two cells is not halved.
  let before: f32 = 0
  for (let cell: i32 = 0; cell < cells; cell++) {
    const here = load<f32>(out + (cell << 2))
    const after: f32 = cell + 1 < cells ? load<f32>(out + ((cell + 1) << 2)) : 0
    store<f32>(out + (cell << 2), before + here + after)
    before = here
  }
}

/** Σ |X|² over `count` transforms, one after the other, in the order that keepPhases takes. */
export function powers(transforms: usize, count: i32, length: i32, out: usize): void {
  memory.fill(out, 0, length << 2)
  for (let index: i32 = 0; index < count; index++) {
    const transform = transforms + index * (length << 2)
    // X[length/2] is real and stands where the imaginary part of X[0] would.
    const last = load<f32>(transform, 16)
    store<f32>(out, load<f32>(out, 16) + last * last, 16)
    store<f32>(transform, 0, 16)
    for (let at: i32 = 0; at < length << 2; at += 32) {
      const re = v128.load(transform + at)
      const im = v128.load(transform + at, 16)
      const power = f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im))
      v128.store(out + at, f32x4.add(v128.load(out + at), power))
    }
  }
}
