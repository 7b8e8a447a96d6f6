/**
 * In: the sound about an onset. Out: its first 20 ms as whole numbers, and how
 * alike two of them are. Microphones, echoes and codecs change a sound, but one
 * bang stays more like itself in two recordings than like what else they hear.
 */

/** From 2 ms before the onset to 20 ms after it, 8 kHz, above 300 Hz, 127 the loudest. */
export type ImpulseShape = Int8Array

const leadSamples = 16
const shapeSamples = 176
/** Two onsets of one sound are found within so many samples of each other. */
const reachSamples = 8
const comparedSamples = shapeSamples - 2 * reachSamples

export function shapeAt(sound: Float32Array, index: number): ImpulseShape {
  const from = index - leadSamples
  const shape = new Int8Array(shapeSamples)
  let loudest = 0
  for (let at = 0; at < shapeSamples; at++) {
    loudest = Math.max(loudest, Math.abs(sound[from + at] ?? 0))
  }
  if (loudest === 0) return shape
  for (let at = 0; at < shapeSamples; at++) {
    shape[at] = Math.round((127 * (sound[from + at] ?? 0)) / loudest)
  }
  return shape
}

/**
 * 0 to 1: the highest normalised cross-correlation within 1 ms, whichever way
 * round the microphones are wired.
 */
export function alikeness(a: ImpulseShape, b: ImpulseShape): number {
  const energy = energyFrom(a, reachSamples)
  let other = energyFrom(b, 0)
  let best = 0
  for (let shift = 0; shift <= 2 * reachSamples; shift++) {
    let sum = 0
    for (let at = 0; at < comparedSamples; at++) sum += a[reachSamples + at]! * b[shift + at]!
    const norm = Math.sqrt(energy * other)
    if (norm > 0) best = Math.max(best, Math.abs(sum) / norm)
    other += (b[shift + comparedSamples] ?? 0) ** 2 - b[shift]! ** 2
  }
  return best
}

function energyFrom(shape: ImpulseShape, from: number): number {
  let energy = 0
  for (let at = from; at < from + comparedSamples; at++) energy += shape[at]! ** 2
  return energy
}
