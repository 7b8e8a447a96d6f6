/** Mono sound as samples in pascals, and how loud it is. */
import type { Random } from '../../scene/random.ts'
import { soundSceneRateHz } from '../../scene/sound-scene-sources.ts'

/** Everything is made at this rate: what encodeSound takes. */
export const rateHz = soundSceneRateHz

export function silence(seconds: number): Float32Array {
  return new Float32Array(Math.max(1, Math.round(seconds * rateHz)))
}

/** White, of RMS 1. */
export function whiteNoise(random: Random, seconds: number): Float32Array {
  return silence(seconds).map(() => white(random))
}

/** One sample of white noise of RMS 1. */
export function white(random: Random): number {
  return (random.next() - 0.5) * 3.4641
}

/** 20 µPa is 0 dB. */
export function pascals(levelDecibels: number): number {
  return 2e-5 * 10 ** (levelDecibels / 20)
}

export function rms(samples: Float32Array, from = 0, to = samples.length): number {
  let sum = 0
  for (let index = from; index < to; index++) sum += samples[index]! ** 2
  return Math.sqrt(sum / Math.max(1, to - from))
}

/** The RMS of what sounds: of the stretches of 50 ms within 20 dB of the loudest. */
export function activeRms(samples: Float32Array): number {
  const step = Math.round(0.05 * rateHz)
  const powers: number[] = []
  for (let from = 0; from < samples.length; from += step) {
    powers.push(rms(samples, from, Math.min(samples.length, from + step)) ** 2)
  }
  const least = 0.01 * Math.max(...powers)
  const active = powers.filter((power) => power >= least)
  return Math.sqrt(active.reduce((sum, power) => sum + power, 0) / active.length)
}

/** Scaled in place so that its active RMS at one metre is this sound pressure level. */
export function atLevel(samples: Float32Array, levelDecibels: number): Float32Array {
  const gain = pascals(levelDecibels) / Math.max(1e-12, activeRms(samples))
  for (let index = 0; index < samples.length; index++) samples[index]! *= gain
  return samples
}

/** Adds a sound into a longer one from this second on; what lies outside is left out. */
export function addAt(into: Float32Array, atSeconds: number, sound: Float32Array, gain = 1): void {
  const start = Math.round(atSeconds * rateHz)
  const end = Math.min(sound.length, into.length - start)
  for (let index = Math.max(0, -start); index < end; index++) {
    into[start + index]! += gain * sound[index]!
  }
}

/** Fades both ends in place, so that a cut makes no click. */
export function faded(samples: Float32Array, seconds = 0.01): Float32Array {
  const length = Math.min(samples.length >> 1, Math.round(seconds * rateHz))
  for (let index = 0; index < length; index++) {
    samples[index]! *= index / length
    samples[samples.length - 1 - index]! *= index / length
  }
  return samples
}
