const bins: i32 = 512
/** So few values are sorted. */
const few: i32 = 24

/**
 * `out` takes two f64: the median of so many values, and that of their distances to it; 0 of none.
 * The values are lost. `room` holds as many, `counts` 512 i32.
 */
export function centreAndDistance(
  values: usize,
  count: i32,
  room: usize,
  counts: usize,
  out: usize,
): void {
  const centre = median(values, count, room, counts)
  for (let at = values; at < values + (count << 2); at += 4) {
    store<f32>(at, <f32>Math.abs(<f64>load<f32>(at) - centre))
  }
  store<f64>(out, centre)
  store<f64>(out + 8, median(values, count, room, counts))
}

/** The middle value, or the mean of the two middle ones. */
function median(values: usize, count: i32, room: usize, counts: usize): f64 {
  if (count == 0) return 0
  const middle = count >> 1
  const upper = inOrder(values, count, middle, room, counts)
  if (count & 1) return <f64>upper
  let lower: f32 = -Infinity
  let below: i32 = 0
  for (let at = values; at < values + (count << 2); at += 4) {
    const value = load<f32>(at)
    if (value >= upper) continue
    lower = max<f32>(lower, value)
    below++
  }
  return (<f64>(below < middle ? upper : lower) + <f64>upper) / 2
}

/** The value that sorting would put there: those of its bin alone are looked at again. */
function inOrder(given: usize, all: i32, wanted: i32, room: usize, counts: usize): f32 {
  let values = given
  let count = all
  let place = wanted
  while (count > few) {
    const end = values + (count << 2)
    // The last four may overlap with those before.
    let least = v128.load(end - 16)
    let most = least
    for (let at = values; at < end - 16; at += 16) {
      const four = v128.load(at)
      least = f32x4.min(least, four)
      most = f32x4.max(most, four)
    }
    const lowest = min<f32>(
      min<f32>(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
      min<f32>(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
    )
    const highest = max<f32>(
      max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    )
    if (lowest == highest) return lowest
    const span = <f64>highest - <f64>lowest
    // Infinities and what is no number fall into no bin.
    if (!(span < Infinity)) break
    const scale = <f64>(bins - 1) / span
    memory.fill(counts, 0, bins << 2)
    for (let at = values; at < end; at += 4) {
      const entry = counts + (binOf(load<f32>(at), lowest, scale) << 2)
      store<i32>(entry, load<i32>(entry) + 1)
    }
    let bin: i32 = 0
    while (place >= load<i32>(counts + (bin << 2))) {
      place -= load<i32>(counts + (bin << 2))
      bin++
    }
    let into = room
    for (let at = values; at < end; at += 4) {
      const value = load<f32>(at)
      if (binOf(value, lowest, scale) != bin) continue
      store<f32>(into, value)
      into += 4
    }
    values = room
    count = <i32>((into - room) >> 2)
  }
  return sorted(values, count, place, room)
}

function binOf(value: f32, lowest: f32, scale: f64): i32 {
  return <i32>((<f64>value - <f64>lowest) * scale)
}

/** Sorted by insertion into `room`, which may be where the values are. */
function sorted(values: usize, count: i32, place: i32, room: usize): f32 {
  for (let index: i32 = 0; index < count; index++) {
    const value = load<f32>(values + (index << 2))
    let at = room + (index << 2)
    for (; at > room && load<f32>(at - 4) > value; at -= 4) store<f32>(at, load<f32>(at - 4))
    store<f32>(at, value)
  }
  return load<f32>(room + (place << 2))
}
