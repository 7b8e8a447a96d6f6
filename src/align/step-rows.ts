import type { SoundFeatures } from './sound-features.ts'

/**
 * One band, or (the row after the last) how many frames of each step hold sound: the
 * steps between these two, zero where the recording has none, then zeros.
 */
export function writeSteps(
  { steps, stepCount }: SoundFeatures,
  row: number,
  fromStep: number,
  toStep: number,
  into: Float32Array,
): void {
  const first = Math.max(fromStep, 0)
  const last = Math.max(first, Math.min(toStep, stepCount))
  const start = first - fromStep
  const end = last - fromStep
  into.fill(0, 0, start)
  into.fill(0, end)
  // `set` of whole numbers into floats takes ten times as long as this.
  for (let to = start, at = row * stepCount + first; to < end; to++, at++) into[to] = steps[at]!
}

/** So many steps of it from the first one backwards around: the transform is their conjugate. */
export function writeTurned(
  { steps, stepCount }: SoundFeatures,
  row: number,
  fromStep: number,
  count: number,
  into: Float32Array,
): void {
  into.fill(0)
  const first = Math.max(0, -fromStep)
  const last = Math.min(count, stepCount - fromStep)
  for (let step = first, at = row * stepCount + fromStep + first; step < last; step++, at++) {
    into[step === 0 ? 0 : into.length - step] = steps[at]!
  }
}
