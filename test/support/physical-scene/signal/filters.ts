/** Second-order filters after R. Bristow-Johnson's cookbook, and first-order smoothing. All work in place. */
import { rateHz } from './samples.ts'

interface Coefficients {
  readonly b: readonly [number, number, number]
  /** Of the two earlier outputs, subtracted. */
  readonly a: readonly [number, number]
}

export function lowPass(
  samples: Float32Array,
  cutHz: number,
  quality = Math.SQRT1_2,
): Float32Array {
  const { cos, alpha } = at(cutHz, quality)
  const half = (1 - cos) / 2
  return run(samples, scaled([half, 2 * half, half], [1 + alpha, -2 * cos, 1 - alpha]))
}

export function highPass(
  samples: Float32Array,
  cutHz: number,
  quality = Math.SQRT1_2,
): Float32Array {
  const { cos, alpha } = at(cutHz, quality)
  const half = (1 + cos) / 2
  return run(samples, scaled([half, -2 * half, half], [1 + alpha, -2 * cos, 1 - alpha]))
}

/** 0 dB at the middle. */
export function bandPass(samples: Float32Array, middleHz: number, quality: number): Float32Array {
  const { cos, alpha } = at(middleHz, quality)
  return run(samples, scaled([alpha, 0, -alpha], [1 + alpha, -2 * cos, 1 - alpha]))
}

export function peak(
  samples: Float32Array,
  middleHz: number,
  quality: number,
  decibels: number,
): Float32Array {
  const { cos, alpha } = at(middleHz, quality)
  const root = 10 ** (decibels / 40)
  const b = [1 + alpha * root, -2 * cos, 1 - alpha * root] as const
  return run(samples, scaled(b, [1 + alpha / root, -2 * cos, 1 - alpha / root]))
}

/** First order, −6 dB an octave. */
export function smooth(samples: Float32Array, cutHz: number): Float32Array {
  const share = onePole(cutHz)
  let state = 0
  for (let index = 0; index < samples.length; index++) {
    state += share * (samples[index]! - state)
    samples[index] = state
  }
  return samples
}

/** What a first-order low pass takes of each new sample. */
export function onePole(cutHz: number): number {
  return 1 - Math.exp((-2 * Math.PI * cutHz) / rateHz)
}

/** Mean power of 200 to 3700 Hz, where voices are and every codec keeps something. */
export function voiceBandPower(samples: Float32Array): number {
  const band = lowPass(highPass(samples.slice(), 200), 3700)
  let sum = 0
  for (const sample of band) sum += sample * sample
  return sum / Math.max(1, band.length)
}

function at(hertz: number, quality: number): { cos: number; alpha: number } {
  const angle = (2 * Math.PI * Math.min(hertz, 0.47 * rateHz)) / rateHz
  return { cos: Math.cos(angle), alpha: Math.sin(angle) / (2 * quality) }
}

function scaled(
  b: readonly [number, number, number],
  [a0, a1, a2]: readonly [number, number, number],
): Coefficients {
  return { b: [b[0] / a0, b[1] / a0, b[2] / a0], a: [a1 / a0, a2 / a0] }
}

function run(samples: Float32Array, { b: [b0, b1, b2], a: [a1, a2] }: Coefficients): Float32Array {
  let x1 = 0
  let x2 = 0
  let y1 = 0
  let y2 = 0
  for (let index = 0; index < samples.length; index++) {
    const x = samples[index]!
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
    x2 = x1
    x1 = x
    y2 = y1
    y1 = y
    samples[index] = y
  }
  return samples
}
