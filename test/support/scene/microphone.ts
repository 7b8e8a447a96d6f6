import { noiseFrom, seedFor } from './random.ts'
import type { Microphone, Phone } from './scene.ts'

/** What the phone's own place adds and its electronics make of it. In place, own time from sample 0. */
export function record(air: Float32Array, phone: Pick<Phone, 'microphone' | 'seed'>): void {
  const { microphone } = phone
  addNoise(air, microphone, seedFor(phone.seed, 'noise'))
  addWind(air, microphone, seedFor(phone.seed, 'wind'))
  addHandling(air, microphone, seedFor(phone.seed, 'handling'))
  highPass(air, microphone.lowCutHz / microphone.sampleRateHz)
  lowPass(air, microphone.highCutHz / microphone.sampleRateHz)
  applyGain(air, microphone)
  for (let index = 0; index < air.length; index++) {
    air[index] = Math.max(-1, Math.min(1, air[index]!))
  }
  air.fill(0, 0, Math.round(microphone.startSeconds * microphone.sampleRateHz))
}

function addNoise(air: Float32Array, microphone: Microphone, seed: number): void {
  const random = noiseFrom(seed)
  const hiss = microphone.noiseLevel * Math.sqrt(3)
  // A one-pole low-pass of uniform noise: its root mean square is known from its pole.
  const pole = 0.95
  const ambience = microphone.ambienceLevel * Math.sqrt((3 * (1 + pole)) / (1 - pole))
  let rumble = 0
  for (let index = 0; index < air.length; index++) {
    rumble = pole * rumble + (1 - pole) * (2 * random.next() - 1)
    air[index]! += hiss * (2 * random.next() - 1) + ambience * rumble
  }
}

/** Turbulence at the microphone: very low noise that comes in gusts. */
function addWind(air: Float32Array, microphone: Microphone, seed: number): void {
  if (microphone.windLevel === 0) return
  const random = noiseFrom(seed)
  const gustSamples = Math.round(microphone.sampleRateHz * random.between(0.9, 2.1))
  const pole = 1 - (2 * Math.PI * 70) / microphone.sampleRateHz
  const scale = microphone.windLevel * Math.sqrt((3 * (1 + pole)) / (1 - pole))
  let rumble = 0
  let from = 0
  let to = random.next() ** 2
  for (let index = 0; index < air.length; index++) {
    const step = index % gustSamples
    if (step === 0) {
      from = to
      to = random.next() ** 2
    }
    rumble = pole * rumble + (1 - pole) * (2 * random.next() - 1)
    const share = 0.5 - 0.5 * Math.cos((Math.PI * step) / gustSamples)
    air[index]! += scale * (from + share * (to - from)) * rumble
  }
}

function addHandling(air: Float32Array, microphone: Microphone, seed: number): void {
  const random = noiseFrom(seed)
  for (const { atSeconds, level } of microphone.handling) {
    const start = Math.round(atSeconds * microphone.sampleRateHz)
    const pitch = random.between(80, 220)
    const length = Math.round(0.12 * microphone.sampleRateHz)
    for (let step = 0; step < length && start + step < air.length; step++) {
      if (start + step < 0) continue
      const time = step / microphone.sampleRateHz
      const body = Math.sin(2 * Math.PI * pitch * time) + 0.5 * (2 * random.next() - 1)
      air[start + step]! += level * body * Math.exp(-time / 0.02)
    }
  }
}

/** Second-order Butterworth sections (Robert Bristow-Johnson, Audio EQ Cookbook). */
export function lowPass(samples: Float32Array, cutoffShare: number): void {
  const turn = 2 * Math.PI * cutoffShare
  const cosine = Math.cos(turn)
  const alpha = Math.sin(turn) / Math.SQRT2
  biquad(samples, (1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha)
}

export function highPass(samples: Float32Array, cutoffShare: number): void {
  const turn = 2 * Math.PI * cutoffShare
  const cosine = Math.cos(turn)
  const alpha = Math.sin(turn) / Math.SQRT2
  biquad(
    samples,
    (1 + cosine) / 2,
    -1 - cosine,
    (1 + cosine) / 2,
    1 + alpha,
    -2 * cosine,
    1 - alpha,
  )
}

function biquad(
  samples: Float32Array,
  b0: number,
  b1: number,
  b2: number,
  a0: number,
  a1: number,
  a2: number,
): void {
  let x1 = 0
  let x2 = 0
  let y1 = 0
  let y2 = 0
  for (let index = 0; index < samples.length; index++) {
    const x0 = samples[index]!
    const y0 = (b0 * x0 + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0
    x2 = x1
    x1 = x0
    y2 = y1
    y1 = y0
    samples[index] = y0
  }
}

/** Fast down, slow up, as phones do: loud sounds duck what follows them. */
function applyGain(samples: Float32Array, microphone: Microphone): void {
  const { gain, gainControl, sampleRateHz } = microphone
  if (gainControl.kind === 'none') {
    for (let index = 0; index < samples.length; index++) samples[index]! *= gain
    return
  }
  const attack = 1 - Math.exp(-1 / (0.004 * sampleRateHz))
  const release = 1 - Math.exp(-1 / (gainControl.releaseSeconds * sampleRateHz))
  let level = gainControl.target / gainControl.maximum
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index]! * gain
    const loudness = Math.abs(sample)
    level += (loudness > level ? attack : release) * (loudness - level)
    samples[index] =
      sample * Math.min(gainControl.maximum, gainControl.target / Math.max(level, 1e-6))
  }
}
