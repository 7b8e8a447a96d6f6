/** Drums and strings of a band. Each call is one stroke or one note, about 1 in amplitude. */
import type { Random } from '../../scene/random.ts'
import { bandPass, highPass, lowPass } from '../signal/filters.ts'
import { faded, rateHz, silence, white, whiteNoise } from '../signal/samples.ts'

/** A skin whose tone falls as it dies away. */
export function drum(random: Random, lowHz: number, seconds: number): Float32Array {
  const out = silence(seconds)
  const fall = random.between(0.5, 1.5)
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    const at = index / rateHz
    phase += (2 * Math.PI * lowHz * (1 + fall * Math.exp(-at / 0.03))) / rateHz
    const stick = index < 80 ? 0.4 * white(random) * (1 - index / 80) : 0
    out[index] = Math.sin(phase) * Math.exp((-5 * at) / seconds) + stick
  }
  return out
}

export function snare(random: Random): Float32Array {
  const seconds = random.between(0.15, 0.3)
  const wires = highPass(whiteNoise(random, seconds), random.between(700, 1500))
  const skin = drum(random, random.between(170, 230), seconds)
  return wires.map((sample, at) => 0.7 * (sample + skin[at]!) * Math.exp((-5 * at) / wires.length))
}

export function cymbal(random: Random, seconds: number): Float32Array {
  const metal = highPass(whiteNoise(random, seconds), 4500)
  return metal.map((sample, at) => 0.6 * sample * Math.exp((-4 * at) / metal.length))
}

export interface Timbre {
  /** Level of each harmonic against the one before. */
  readonly fall: number
  readonly cutHz: number
  /** 0 dies away at once, 1 is held. */
  readonly held: number
  readonly detune: number
}

export function drawTimbre(random: Random, low: boolean): Timbre {
  return {
    fall: random.between(0.45, 0.85),
    cutHz: low ? random.between(300, 900) : random.between(1500, 5000),
    held: random.between(0, 1),
    detune: random.between(0, 0.006),
  }
}

/** A sum of harmonics in two slightly different pitches. */
export function note(hertz: number, seconds: number, timbre: Timbre): Float32Array {
  const out = silence(seconds)
  const harmonics = Math.min(12, Math.floor(7000 / hertz))
  const waves = [1, 1 + timbre.detune].map((ratio) => (2 * Math.PI * hertz * ratio) / rateHz)
  for (let harmonic = 1; harmonic <= harmonics; harmonic++) {
    const gain = (0.5 * timbre.fall ** (harmonic - 1)) / (1 + (harmonic * hertz) / timbre.cutHz)
    for (const step of waves) {
      // A recurrence for sin(k·step): two multiplications a sample.
      const twice = 2 * Math.cos(harmonic * step)
      let [before, now] = [-Math.sin(harmonic * step), 0]
      for (let index = 0; index < out.length; index++) {
        out[index]! += gain * now
        ;[before, now] = [now, twice * now - before]
      }
    }
  }
  const decay = (1 - timbre.held) * 4
  for (let index = 0; index < out.length; index++) {
    out[index]! *= Math.exp((-decay * index) / out.length)
  }
  return faded(out, 0.015)
}

/** A sheet, a pole, a dustbin: modes at no simple ratios. */
export function metalBlow(random: Random): Float32Array {
  const out = silence(random.between(0.3, 1.4))
  const base = random.between(180, 900)
  for (let mode = 0; mode < 9; mode++) {
    const hertz = base * (1 + mode * random.between(0.5, 1.3))
    if (hertz > 7000) break
    const decay = random.between(8, 40) * (1 + hertz / 3000)
    const phase = random.between(0, 6)
    const gain = random.between(0.2, 1)
    for (let index = 0; index < out.length; index++) {
      const at = index / rateHz
      out[index]! += gain * Math.sin(2 * Math.PI * hertz * at + phase) * Math.exp(-decay * at)
    }
  }
  return out
}

export function breakingGlass(random: Random): Float32Array {
  const out = silence(random.between(0.5, 1.2))
  for (let shard = 0; shard < 40; shard++) {
    const start = Math.floor(out.length * random.next() ** 2.5)
    const hertz = random.between(2200, 6800)
    const length = Math.min(out.length - start, Math.floor(rateHz * random.between(0.01, 0.12)))
    for (let k = 0; k < length; k++) {
      out[start + k]! += Math.sin((2 * Math.PI * hertz * k) / rateHz) * Math.exp((-5 * k) / length)
    }
  }
  return out
}

export function footstep(random: Random): Float32Array {
  const heel = bandPass(whiteNoise(random, 0.08), random.between(150, 500), 1)
  return lowPass(heel, 2500).map((sample, at) => sample * Math.exp(-at / 200))
}
