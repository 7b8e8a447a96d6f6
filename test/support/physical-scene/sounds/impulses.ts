/** Short and loud: shots, firecrackers, doors; and dogs. */
import type { Random } from '../../scene/random.ts'
import { bandPass, lowPass } from '../signal/filters.ts'
import { addAt, faded, rateHz, silence, white, whiteNoise } from '../signal/samples.ts'

/** Where in the samples of a shot its blast begins. */
export const blastFromSeconds = 0.02

/**
 * A muzzle blast by Friedlander's curve, p = (1 − t/T) e^(−t/T), T about 1 ms, with
 * the turbulent gas behind it; at times a bullet's N-wave before it.
 */
export function shot(random: Random): Float32Array {
  const out = silence(0.25)
  const positive = random.between(0.0006, 0.002)
  for (let index = 0; index < out.length; index++) {
    const at = index / rateHz - blastFromSeconds
    if (at < 0) continue
    const blast = (1 - at / positive) * Math.exp(-at / positive)
    const gas = 0.12 * white(random) * Math.exp(-at / 0.012)
    out[index] = blast + gas
  }
  if (random.chance(0.4)) nWave(out, blastFromSeconds - random.between(0.004, 0.015), random)
  return lowPass(out, 7000)
}

function nWave(out: Float32Array, atSeconds: number, random: Random): void {
  const length = Math.round(rateHz * random.between(0.0003, 0.0006))
  const start = Math.round(atSeconds * rateHz)
  for (let k = 0; k <= length; k++) out[start + k]! += 0.5 * (1 - (2 * k) / length)
}

/** Firecrackers: small ones, many, each other. */
export function firecrackers(random: Random): Float32Array {
  const out = silence(random.between(0.6, 2.5))
  for (let at = 0; at < out.length / rateHz - 0.3; at += random.between(0.02, 0.25)) {
    addAt(out, at, shot(random), random.between(0.2, 1))
  }
  return out
}

export function slammedDoor(random: Random): Float32Array {
  const body = bandPass(whiteNoise(random, 0.3), random.between(90, 220), 0.8)
  const latch = bandPass(whiteNoise(random, 0.3), random.between(1500, 3500), 1)
  return body.map(
    (sample, at) => sample * Math.exp(-at / 700) + 0.5 * latch[at]! * Math.exp(-at / 120),
  )
}

export interface Dog {
  readonly pitchHz: number
  readonly formantHz: number
  readonly roughness: number
}

export function drawDog(random: Random): Dog {
  const small = random.next()
  return {
    pitchHz: 280 + 450 * small,
    formantHz: 800 + 900 * small,
    roughness: random.between(0.1, 0.6),
  }
}

/** One bark; a dog barks a little differently each time. */
export function bark(dog: Dog, random: Random): Float32Array {
  const out = silence(random.between(0.12, 0.28))
  const height = random.between(0.9, 1.15)
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    const share = index / out.length
    const bend = 0.75 + 0.5 * Math.sin(Math.PI * Math.min(1, share * 1.3))
    phase += (dog.pitchHz * height * bend * (1 + 0.2 * dog.roughness * white(random))) / rateHz
    const pulse = (phase % 1) * -2 + 1
    out[index] = (pulse + dog.roughness * white(random)) * Math.sin(Math.PI * share) ** 0.5
  }
  const throat = bandPass(out.slice(), dog.formantHz * random.between(0.9, 1.1), 2)
  return faded(throat.map((sample, at) => sample + 0.15 * out[at]!))
}
