/** Reading a sound between its samples. */
import { onePole } from '../signal/filters.ts'

const taps = 8
const phases = 512
/** Zeros that a sound needs at both ends before it is read. */
export const paddingSamples = 8

/** Windowed sinc, by phase and tap; the sound stands still at tap 3. */
const table = ((): Float32Array => {
  const values = new Float32Array((phases + 1) * taps)
  for (let phase = 0; phase <= phases; phase++) {
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const x = tap - 3 - phase / phases
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
      const window = Math.cos((Math.PI * x) / 8.2) ** 2
      values[phase * taps + tap] = sinc * window
      sum += sinc * window
    }
    for (let tap = 0; tap < taps; tap++) values[phase * taps + tap]! /= sum
  }
  return values
})()

/** What is read: a padded sound, from a place in it on, so many of its samples for each of ours. */
export interface Reading {
  readonly padded: Float32Array
  readonly position: number
  readonly step: number
  readonly gain: number
}

/** A low pass that goes on from block to block. */
export interface Softening {
  state: number
}

/** Adds with eight taps, for the direct sound; returns nothing of what lies outside the sound. */
export function addExactly(
  out: Float32Array,
  diffuse: Float32Array,
  diffuseShare: number,
  from: number,
  to: number,
  { padded, position, step, gain }: Reading,
  cutHz: number,
  softening: Softening,
): void {
  const share = onePole(cutHz)
  const last = padded.length - taps
  let { state } = softening
  let at = position + paddingSamples
  for (let index = from; index < to; index++, at += step) {
    const whole = Math.floor(at)
    const start = whole - 3
    let sample = 0
    if (start >= 0 && start <= last) {
      const row = Math.round((at - whole) * phases) * taps
      sample =
        padded[start]! * table[row]! +
        padded[start + 1]! * table[row + 1]! +
        padded[start + 2]! * table[row + 2]! +
        padded[start + 3]! * table[row + 3]! +
        padded[start + 4]! * table[row + 4]! +
        padded[start + 5]! * table[row + 5]! +
        padded[start + 6]! * table[row + 6]! +
        padded[start + 7]! * table[row + 7]!
    }
    state += share * (gain * sample - state)
    out[index]! += state
    diffuse[index]! += diffuseShare * state
  }
  softening.state = state
}

/** Adds with two taps and a low pass, for what walls give back. */
export function addSoftly(
  out: Float32Array,
  from: number,
  to: number,
  { padded, position, step, gain }: Reading,
  cutHz: number,
  softening: Softening,
): void {
  const share = onePole(cutHz)
  const last = padded.length - 2
  let { state } = softening
  let at = position + paddingSamples
  for (let index = from; index < to; index++, at += step) {
    const whole = Math.floor(at)
    let sample = 0
    if (whole >= 0 && whole <= last) {
      const low = padded[whole]!
      sample = low + (at - whole) * (padded[whole + 1]! - low)
    }
    state += share * (gain * sample - state)
    out[index]! += state
  }
  softening.state = state
}
