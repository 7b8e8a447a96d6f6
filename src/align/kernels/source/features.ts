/** Mel bands of a frame; frames lie one after the other, all bands of one side by side. */
const bands: i32 = 24
const frameBytes: i32 = 96
const windowLength: i32 = 256

/** out[frame][t] = samples[frame × hop + t] × shape[t]. */
export function cutFrames(samples: usize, hop: i32, shape: usize, frames: i32, out: usize): void {
  for (let frame: i32 = 0; frame < frames; frame++) {
    const from = samples + ((frame * hop) << 2)
    const into = out + ((frame * windowLength) << 2)
    for (let t: i32 = 0; t < 4 * windowLength; t += 16) {
      v128.store(into + t, f32x4.mul(v128.load(from + t), v128.load(shape + t)))
    }
  }
}

/**
 * Logarithms of the bands' energies, and which frames hold sound. `spectra` are in order:
 * re and im of each bin, bin 0 first. Each band weighs `groups[band]` times four bins from
 * `firstBins[band]` on. `powers` has room for all bins.
 */
export function melLogs(
  spectra: usize,
  frames: i32,
  firstBins: usize,
  groups: usize,
  weights: usize,
  floor: f32,
  silence: f32,
  powers: usize,
  rows: usize,
  active: usize,
): void {
  const least = f32x4.splat(floor)
  for (let frame: i32 = 0; frame < frames; frame++) {
    const spectrum = spectra + ((frame * windowLength) << 2)
    for (let bin: i32 = 0; bin < windowLength / 2; bin += 4) {
      const low = v128.load(spectrum + (bin << 3))
      const high = v128.load(spectrum + (bin << 3) + 16)
      const re = v128.shuffle<f32>(low, high, 0, 2, 4, 6)
      const im = v128.shuffle<f32>(low, high, 1, 3, 5, 7)
      v128.store(powers + (bin << 2), f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)))
    }
    const row = rows + frame * frameBytes
    let weight = weights
    let total: f32 = 0
    for (let band: i32 = 0; band < bands; band++) {
      let power = powers + (load<i32>(firstBins + (band << 2)) << 2)
      let sums = f32x4.splat(0)
      for (let group: i32 = load<i32>(groups + (band << 2)); group > 0; group--) {
        sums = f32x4.add(sums, f32x4.mul(v128.load(power), v128.load(weight)))
        power += 16
        weight += 16
      }
      const energy: f32 = across(sums)
      total += energy
      store<f32>(row + (band << 2), energy)
    }
    for (let at: i32 = 0; at < frameBytes; at += 16) {
      v128.store(row + at, naturalLog(f32x4.add(v128.load(row + at), least)))
    }
    store<u8>(active + frame, total < silence ? 0 : 1)
  }
}

function across(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) +
    f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
  )
}

/**
 * Of four normal positive numbers, to about one unit in the last place: exponent and
 * mantissa apart, the mantissa from √½ to √2 by the series of atanh.
 */
function naturalLog(x: v128): v128 {
  const shifted = i32x4.add(x, i32x4.splat(0x3f800000 - 0x3f3504f3))
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_s(shifted, 23), i32x4.splat(127)))
  const mantissa = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3))
  const f = f32x4.sub(mantissa, f32x4.splat(1))
  const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)))
  const z = f32x4.mul(s, s)
  let series = f32x4.add(f32x4.mul(z, f32x4.splat(0.2222222)), f32x4.splat(0.2857143))
  series = f32x4.add(f32x4.mul(z, series), f32x4.splat(0.4))
  series = f32x4.add(f32x4.mul(z, series), f32x4.splat(0.6666667))
  series = f32x4.add(f32x4.mul(z, series), f32x4.splat(2))
  return f32x4.add(f32x4.mul(exponent, f32x4.splat(0.6931472)), f32x4.mul(s, series))
}

/**
 * In place: takes the moving mean over `width` frames off (of those that hold sound),
 * averages neighbouring frames, then takes off half of what all bands have in common.
 * `room` holds `width` + 3 frames.
 */
export function highPass(rows: usize, active: usize, frames: i32, width: i32, room: usize): void {
  const reach = width / 2
  const sums = room
  const before = room + 2 * frameBytes
  const ring = room + 3 * frameBytes
  memory.fill(room, 0, 3 * frameBytes)
  let count: i32 = 0
  for (let frame: i32 = -reach; frame < frames; frame++) {
    const entering = frame + reach
    if (entering < frames && load<u8>(active + entering) != 0) {
      addRow(sums, rows + entering * frameBytes, 1)
      count++
    }
    if (frame < 0) continue
    const leaving = frame - reach - 1
    if (leaving >= 0 && load<u8>(active + leaving) != 0) {
      addRow(sums, ring + (leaving % width) * frameBytes, -1)
      count--
    }
    const row = rows + frame * frameBytes
    memory.copy(ring + (frame % width) * frameBytes, row, frameBytes)
    const isActive = load<u8>(active + frame) != 0
    const share: f64 = count == 0 ? 0 : 1 / <f64>count
    let common = f32x4.splat(0)
    for (let at: i32 = 0; at < frameBytes; at += 16) {
      const mean = scaled(sums + 2 * at, share)
      const now = isActive ? f32x4.sub(v128.load(row + at), mean) : f32x4.splat(0)
      const smooth = f32x4.mul(f32x4.add(now, v128.load(before + at)), f32x4.splat(0.5))
      v128.store(before + at, now)
      v128.store(row + at, smooth)
      common = f32x4.add(common, smooth)
    }
    const half = f32x4.splat(across(common) * (<f32>0.5 / <f32>bands))
    for (let at: i32 = 0; at < frameBytes; at += 16) {
      v128.store(row + at, f32x4.sub(v128.load(row + at), half))
    }
  }
}

/**
 * In place: each band over the root of its local mean square (`width` frames, of those
 * that hold sound) + a twentieth of its usual one + `steady`, clipped at ± `clip`; 0 in
 * frames that hold none. `room` holds `width` + 4 frames.
 */
export function normalise(
  rows: usize,
  active: usize,
  frames: i32,
  activeFrames: i32,
  width: i32,
  steady: f32,
  clip: f32,
  room: usize,
): void {
  const usual = room + 2 * frameBytes
  memory.fill(usual, 0, 2 * frameBytes)
  slideOverSquares(rows, active, frames, width, 0, 0, room)
  const share: f64 = activeFrames == 0 ? 0 : 0.05 / <f64>activeFrames
  for (let at: i32 = 0; at < 2 * frameBytes; at += 16) {
    v128.store(usual + at, f64x2.mul(v128.load(usual + at), f64x2.splat(share)))
  }
  slideOverSquares(rows, active, frames, width, steady, clip, room)
}

/** Without a clip: adds the local mean squares up in `usual`; else divides and clips. */
function slideOverSquares(
  rows: usize,
  active: usize,
  frames: i32,
  width: i32,
  steady: f32,
  clip: f32,
  room: usize,
): void {
  const reach = width / 2
  const sums = room
  const usual = room + 2 * frameBytes
  const ring = room + 4 * frameBytes
  memory.fill(sums, 0, 2 * frameBytes)
  let count: i32 = 0
  for (let frame: i32 = -reach; frame < frames; frame++) {
    const entering = frame + reach
    if (entering < frames) {
      const squares = ring + (entering % width) * frameBytes
      const leaving = entering - width
      if (leaving >= 0 && load<u8>(active + leaving) != 0) {
        addRow(sums, squares, -1)
        count--
      }
      const row = rows + entering * frameBytes
      for (let at: i32 = 0; at < frameBytes; at += 16) {
        const value = v128.load(row + at)
        v128.store(squares + at, f32x4.mul(value, value))
      }
      if (load<u8>(active + entering) != 0) {
        addRow(sums, squares, 1)
        count++
      }
    } else {
      const leaving = entering - width
      if (leaving >= 0 && load<u8>(active + leaving) != 0) {
        addRow(sums, ring + (entering % width) * frameBytes, -1)
        count--
      }
    }
    if (frame < 0) continue
    const isActive = load<u8>(active + frame) != 0
    const share: f64 = count == 0 ? 0 : 1 / <f64>count
    if (clip == 0) {
      if (isActive) addScaled(usual, sums, share)
      continue
    }
    const row = rows + frame * frameBytes
    for (let at: i32 = 0; at < frameBytes; at += 16) {
      if (!isActive) {
        v128.store(row + at, f32x4.splat(0))
        continue
      }
      const local = f32x4.add(scaled(sums + 2 * at, share), scaled(usual + 2 * at, 1))
      const value = f32x4.div(
        v128.load(row + at),
        f32x4.sqrt(f32x4.add(local, f32x4.splat(steady))),
      )
      v128.store(row + at, f32x4.max(f32x4.splat(-clip), f32x4.min(f32x4.splat(clip), value)))
    }
  }
}

/** sums (24 f64) += sign × row (24 f32). */
function addRow(sums: usize, row: usize, sign: f64): void {
  for (let at: i32 = 0; at < frameBytes; at += 8) {
    const values = f64x2.promote_low_f32x4(v128.load64_zero(row + at))
    const into = sums + 2 * at
    v128.store(into, f64x2.add(v128.load(into), f64x2.mul(values, f64x2.splat(sign))))
  }
}

/** into += share × sums, 24 f64 each. */
function addScaled(into: usize, sums: usize, share: f64): void {
  for (let at: i32 = 0; at < 2 * frameBytes; at += 16) {
    const value = f64x2.mul(v128.load(sums + at), f64x2.splat(share))
    v128.store(into + at, f64x2.add(v128.load(into + at), value))
  }
}

/** Four f64 times `share`, as f32; sums of squares that rounding took below zero are zero. */
function scaled(sums: usize, share: f64): v128 {
  const low = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums), f64x2.splat(share)))
  const high = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums + 16), f64x2.splat(share)))
  return v128.shuffle<f32>(low, high, 0, 1, 4, 5)
}

/** columns[band][t] = rows[t][band], t from 0 to `frames`, the rest of `length` zero. */
export function transpose(rows: usize, frames: i32, columns: usize, length: i32): void {
  for (let band: i32 = 0; band < bands; band++) {
    const column = columns + ((band * length) << 2)
    for (let t: i32 = 0; t < frames; t++) {
      store<f32>(column + (t << 2), load<f32>(rows + t * frameBytes + (band << 2)))
    }
    memory.fill(column + (frames << 2), 0, (length - frames) << 2)
  }
}

/**
 * rows[t] = source[t] − its least-squares guess from the frames up to `most` whole
 * periods away, of which a share of `share` is foreseeable.
 */
export function subtractPeriodic(
  rows: usize,
  source: usize,
  frames: i32,
  period: f64,
  share: f32,
  most: i32,
): void {
  for (let t: i32 = 0; t < frames; t++) {
    const row = rows + t * frameBytes
    memory.fill(row, 0, frameBytes)
    let count: i32 = 0
    for (let k: i32 = -most; k <= most; k++) {
      const at = <i32>Math.floor(<f64>t + <f64>k * period + 0.5)
      if (k == 0 || at < 0 || at >= frames) continue
      const neighbour = source + at * frameBytes
      for (let b: i32 = 0; b < frameBytes; b += 16) {
        v128.store(row + b, f32x4.add(v128.load(row + b), v128.load(neighbour + b)))
      }
      count++
    }
    const weight = f32x4.splat(count == 0 ? 0 : share / (<f32>count * share + (1 - share)))
    for (let b: i32 = 0; b < frameBytes; b += 16) {
      const guess = f32x4.mul(weight, v128.load(row + b))
      v128.store(row + b, f32x4.sub(v128.load(source + t * frameBytes + b), guess))
    }
  }
}

/** into[t] += (first + t × step) × rows[t]. */
export function fadeInto(into: usize, rows: usize, frames: i32, first: f32, step: f32): void {
  for (let t: i32 = 0; t < frames; t++) {
    const weight = f32x4.splat(first + <f32>t * step)
    for (let b: i32 = 0; b < frameBytes; b += 16) {
      const at = t * frameBytes + b
      const faded = f32x4.mul(weight, v128.load(rows + at))
      v128.store(into + at, f32x4.add(v128.load(into + at), faded))
    }
  }
}

/** Sum of the squares of all bands. */
export function energyOf(rows: usize, frames: i32): f64 {
  let sum: f64 = 0
  for (let t: i32 = 0; t < frames; t++) {
    let squares = f32x4.splat(0)
    for (let b: i32 = 0; b < frameBytes; b += 16) {
      const value = v128.load(rows + t * frameBytes + b)
      squares = f32x4.add(squares, f32x4.mul(value, value))
    }
    sum += <f64>across(squares)
  }
  return sum
}

/** out[t][band] = rows[t][band] × scale, rounded, within ±127; 0 where the frame holds no sound. */
export function quantise(rows: usize, active: usize, frames: i32, scale: f32, out: usize): void {
  for (let t: i32 = 0; t < frames; t++) {
    const isActive = load<u8>(active + t) != 0
    for (let b: i32 = 0; b < bands; b += 8) {
      const row = rows + t * frameBytes + (b << 2)
      const low = nearest(v128.load(row), scale)
      const high = nearest(v128.load(row + 16), scale)
      const words = i16x8.narrow_i32x4_s(low, high)
      const bytes = i8x16.max_s(i8x16.narrow_i16x8_s(words, words), i8x16.splat(-127))
      v128.store64_lane(out + t * bands + b, isActive ? bytes : i8x16.splat(0), 0)
    }
  }
}

function nearest(values: v128, scale: f32): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(values, f32x4.splat(scale))))
}
