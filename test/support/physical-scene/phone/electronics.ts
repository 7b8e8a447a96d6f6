/** From pressure at the microphone to the samples that are encoded: all in place, 1 is full scale in the end. */
import { fourierOf } from '../signal/fourier.ts'
import { highPass, lowPass, onePole, peak } from '../signal/filters.ts'
import { rateHz } from '../signal/samples.ts'
import type { GainControl, Microphone, NoiseSuppression, RecordingPhone } from './phone.ts'

export function throughMicrophone(
  sound: Float32Array,
  { lowCutHz, highCutHz, peaks }: Microphone,
): void {
  highPass(sound, lowCutHz)
  for (const { middleHz, decibels } of peaks) peak(sound, middleHz, 1.5, decibels)
  if (highCutHz < 0.47 * rateHz) lowPass(sound, highCutHz)
}

/** Brings loud and soft nearer to a level of 1, each at its own speed. */
export function controlGain(
  sound: Float32Array,
  { attackSeconds, releaseSeconds, mostDecibels, slope }: GainControl,
): void {
  const [attack, release] = [attackSeconds, releaseSeconds].map(
    (s) => 1 - Math.exp(-1 / (s * rateHz)),
  )
  const [most, least] = [mostDecibels, -mostDecibels].map((decibels) => 10 ** (decibels / 20))
  let level = 1
  let gain = 1
  for (let index = 0; index < sound.length; index++) {
    const size = 1.25 * Math.abs(sound[index]!)
    level += (size > level ? attack! : release!) * (size - level)
    if (index % 16 === 0) gain = Math.max(least!, Math.min(most!, Math.max(1e-6, level) ** -slope))
    sound[index]! *= gain
  }
}

const frame = 512
const hop = 256

/** Spectral subtraction (S. Boll, 1979) over the least power that each band had lately; musical noise comes with it. */
export function suppressNoise(sound: Float32Array, how: NoiseSuppression): void {
  const fourier = fourierOf(frame)
  const window = Float64Array.from({ length: frame }, (_, n) =>
    Math.sin((Math.PI * (n + 0.5)) / frame),
  )
  const gains = bandGains(how)
  const out = new Float32Array(sound.length)
  // Two frames at once: one as the real part, the next as the imaginary one.
  const real = new Float64Array(frame)
  const imaginary = new Float64Array(frame)
  for (let start = -hop; start < sound.length; start += 2 * hop) {
    for (let n = 0; n < frame; n++) {
      real[n] = window[n]! * (sound[start + n] ?? 0)
      imaginary[n] = window[n]! * (sound[start + hop + n] ?? 0)
    }
    fourier.forward(real, imaginary)
    for (let bin = 0; bin <= frame / 2; bin++) gains(real, imaginary, bin)
    fourier.backward(real, imaginary)
    for (let n = 0; n < frame; n++) {
      if (start + n >= 0 && start + n < sound.length) out[start + n]! += window[n]! * real[n]!
      if (start + hop + n < sound.length) out[start + hop + n]! += window[n]! * imaginary[n]!
    }
  }
  sound.set(out)
}

/** Scales one band of both frames, and its mirror image, by how far each stands over the noise. */
function bandGains({ floorDecibels, overSubtraction }: NoiseSuppression) {
  const floor = 10 ** (floorDecibels / 20)
  const noise = new Float64Array(frame / 2 + 1)
  const smoothed = new Float64Array(frame / 2 + 1)
  const gainOf = (bin: number, re: number, im: number): number => {
    const power = re * re + im * im + 1e-20
    smoothed[bin]! += 0.2 * (power - smoothed[bin]!)
    const least = noise[bin] === 0 ? power : Math.min(smoothed[bin]!, noise[bin]! * 1.006)
    noise[bin] = least
    return Math.max(floor, Math.sqrt(Math.max(0, 1 - (overSubtraction * least) / power)))
  }
  return (real: Float64Array, imaginary: Float64Array, bin: number): void => {
    const mirrored = (frame - bin) % frame
    const [re, im] = [real[bin]!, imaginary[bin]!]
    const [mirroredRe, mirroredIm] = [real[mirrored]!, imaginary[mirrored]!]
    const first = { re: (re + mirroredRe) / 2, im: (im - mirroredIm) / 2 }
    const second = { re: (im + mirroredIm) / 2, im: (mirroredRe - re) / 2 }
    const gain = gainOf(bin, first.re, first.im)
    const next = gainOf(bin, second.re, second.im)
    real[bin] = gain * first.re - next * second.im
    imaginary[bin] = gain * first.im + next * second.re
    if (mirrored === bin) return
    real[mirrored] = gain * first.re + next * second.im
    imaginary[mirrored] = next * second.re - gain * first.im
  }
}

/** Soft near full scale, hard at it. */
export function clip(sound: Float32Array): void {
  for (let index = 0; index < sound.length; index++) {
    const size = Math.abs(sound[index]!)
    if (size > 0.7) {
      const bent = Math.min(0.99, 0.7 + 0.3 * Math.tanh((size - 0.7) / 0.3))
      sound[index] = Math.sign(sound[index]!) * bent
    }
  }
}

/** Whole stretches without sound. */
export function cutGaps(sound: Float32Array, { gaps }: RecordingPhone): void {
  for (const { fromSeconds, toSeconds } of gaps) {
    sound.fill(0, Math.floor(fromSeconds * rateHz), Math.floor(toSeconds * rateHz))
  }
}

/** Taken away by the converter. */
export function withoutOffset(sound: Float32Array): void {
  const share = onePole(15)
  let mean = 0
  for (let index = 0; index < sound.length; index++) {
    mean += share * (sound[index]! - mean)
    sound[index]! -= mean
  }
}
