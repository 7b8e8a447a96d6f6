/**
 * A second-order high-pass, then Haar bands: the sum of 1, 2 or 4 samples minus the sum
 * of as many before them, squared. `sound` takes the filtered samples; each of the three
 * rows of `powers`, `steps` f32 long, takes the sum of the band's squares over each step
 * and the one before. `state`, 13 f64, zero at first, is carried from call to call; its
 * last three are the sums over the last step.
 */
export function fillPowers(
  state: usize,
  samples: usize,
  steps: i32,
  stepSamples: i32,
  gain: f64,
  a1: f64,
  a2: f64,
  sound: usize,
  powers: usize,
): void {
  let x1 = load<f64>(state)
  let x2 = load<f64>(state, 8)
  let y1 = load<f64>(state, 16)
  let y2 = load<f64>(state, 24)
  // Sums of two samples, from one to six samples ago.
  let p1 = load<f64>(state, 32)
  let p2 = load<f64>(state, 40)
  let p3 = load<f64>(state, 48)
  let p4 = load<f64>(state, 56)
  let p5 = load<f64>(state, 64)
  let p6 = load<f64>(state, 72)
  let highBefore = load<f64>(state, 80)
  let middleBefore = load<f64>(state, 88)
  let lowBefore = load<f64>(state, 96)
  const row = steps << 2
  for (let step: i32 = 0; step < steps; step++) {
    let high: f64 = 0
    let middle: f64 = 0
    let low: f64 = 0
    const end = samples + (stepSamples << 2)
    for (; samples < end; samples += 4) {
      const x0 = <f64>load<f32>(samples)
      // The last sample comes last: the next one waits for it.
      const y0 = gain * (x0 - 2 * x1 + x2) - a2 * y2 - a1 * y1
      const p0 = y0 + y1
      const highPart = y0 - y1
      const middlePart = p0 - p2
      const lowPart = p0 + p2 - p4 - p6
      high += highPart * highPart
      middle += middlePart * middlePart
      low += lowPart * lowPart
      store<f32>(sound, <f32>y0)
      sound += 4
      x2 = x1
      x1 = x0
      y2 = y1
      y1 = y0
      p6 = p5
      p5 = p4
      p4 = p3
      p3 = p2
      p2 = p1
      p1 = p0
    }
    store<f32>(powers, <f32>(highBefore + high))
    store<f32>(powers + row, <f32>(middleBefore + middle))
    store<f32>(powers + 2 * row, <f32>(lowBefore + low))
    powers += 4
    highBefore = high
    middleBefore = middle
    lowBefore = low
  }
  store<f64>(state, x1)
  store<f64>(state, x2, 8)
  store<f64>(state, y1, 16)
  store<f64>(state, y2, 24)
  store<f64>(state, p1, 32)
  store<f64>(state, p2, 40)
  store<f64>(state, p3, 48)
  store<f64>(state, p4, 56)
  store<f64>(state, p5, 64)
  store<f64>(state, p6, 72)
  store<f64>(state, highBefore, 80)
  store<f64>(state, middleBefore, 88)
  store<f64>(state, lowBefore, 96)
}
