/**
 * What repeats exactly: chants, music and sirens, drawn from a small library
 * that many places share, as the same song and the same siren are heard all
 * over a town. They are the trap: the same sound at another time or place.
 */
import { noiseFrom, seedFor } from './random.ts'
import type { Random } from './random.ts'
import { drawSound } from './source-signals.ts'

export type LoopKind = 'chant' | 'music' | 'siren'

/** How many different ones of each kind there are for one library seed. */
const loopsOfKind = 3

const drawn = new Map<string, Float32Array>()

/** One period of a loop at 1 root mean square; playing it end to end repeats exactly. */
export function loopSignal(
  kind: LoopKind,
  number: number,
  librarySeed: number,
  rateHz: number,
): Float32Array {
  const name = `${kind} ${number % loopsOfKind} ${librarySeed} ${rateHz}`
  const known = drawn.get(name)
  if (known !== undefined) return known
  const random = noiseFrom(seedFor(librarySeed, `${kind} ${number % loopsOfKind}`))
  const signal = withUnitLevel(draw[kind](random, rateHz))
  drawn.set(name, signal)
  return signal
}

/** In place: root mean square 1, silence stays silence. */
export function withUnitLevel(signal: Float32Array): Float32Array {
  let sum = 0
  for (const sample of signal) sum += sample * sample
  const scale = sum === 0 ? 0 : 1 / Math.sqrt(sum / signal.length)
  for (let index = 0; index < signal.length; index++) signal[index]! *= scale
  return signal
}

const draw: Readonly<Record<LoopKind, (random: Random, rateHz: number) => Float32Array>> = {
  chant: drawChant,
  music: drawMusic,
  siren: drawWail,
}

/** Several throats say the same syllables at nearly the same time, then breathe. */
function drawChant(random: Random, rateHz: number): Float32Array {
  const phraseSeconds = random.between(1.4, 3.2)
  const periodSeconds = phraseSeconds + random.between(0.3, 0.9)
  const signal = new Float32Array(Math.round(periodSeconds * rateHz))
  const phraseSeed = random.integer(1, 1e9)
  for (let throat = 0; throat < 6; throat++) {
    const voice = new Float32Array(Math.round(phraseSeconds * rateHz))
    drawSound('voice', voice, noiseFrom(phraseSeed), rateHz)
    const late = Math.round(random.between(0, 0.08) * rateHz)
    for (let index = 0; index < voice.length && index + late < signal.length; index++) {
      signal[index + late]! += voice[index]!
    }
  }
  return signal
}

/** Four bars: a drum, a hat, a bass and chords, the same each time around. */
function drawMusic(random: Random, rateHz: number): Float32Array {
  const beatSeconds = 60 / random.integer(96, 138)
  const beats = 16
  const signal = new Float32Array(Math.round(beats * beatSeconds * rateHz))
  const root = 55 * 2 ** (random.integer(0, 11) / 12)
  const steps = [0, 3, 5, 7, 8, 10]
  const add = (atBeat: number, seconds: number, at: (time: number) => number): void => {
    const start = Math.round(atBeat * beatSeconds * rateHz)
    const length = Math.min(Math.round(seconds * rateHz), signal.length - start)
    for (let index = 0; index < length; index++) signal[start + index]! += at(index / rateHz)
  }
  const sine = (hertz: number, time: number): number => Math.sin(2 * Math.PI * hertz * time)
  for (let beat = 0; beat < beats; beat++) {
    if (beat % 2 === 0 || random.chance(0.2)) {
      add(
        beat,
        0.3,
        (time) => 1.2 * sine(55 + 60 * Math.exp(-time / 0.03), time) * Math.exp(-time / 0.1),
      )
    }
    if (beat % 2 === 1) {
      add(beat, 0.2, (time) => 0.7 * (2 * random.next() - 1) * Math.exp(-time / 0.05))
    }
    add(beat + 0.5, 0.08, (time) => 0.3 * (2 * random.next() - 1) * Math.exp(-time / 0.015))
    const bass = root * 2 ** (random.pick(steps) / 12)
    add(beat, 0.9 * beatSeconds, (time) => 0.5 * (sine(bass, time) + 0.4 * sine(2 * bass, time)))
    const tune = 8 * root * 2 ** (random.pick(steps) / 12)
    add(beat + random.pick([0, 0, 0.5]), 0.5 * beatSeconds, (time) => {
      const tone = sine(tune, time) + 0.5 * sine(2 * tune, time) + 0.3 * sine(3 * tune, time)
      return 0.3 * tone * Math.exp(-time / 0.25)
    })
    if (beat % 4 === 0) {
      const chord = [0, 3, 7].map((step) => 4 * root * 2 ** ((random.pick(steps) + step) / 12))
      add(beat, 4 * beatSeconds, (time) =>
        chord.reduce(
          (sum, hertz) => sum + 0.15 * (sine(hertz, time) + 0.5 * sine(2 * hertz, time)),
          0,
        ),
      )
    }
  }
  return signal
}

/** One wail up and down: the pitch returns, and the loop closes on a whole sample. */
function drawWail(random: Random, rateHz: number): Float32Array {
  const signal = new Float32Array(Math.round(random.between(3.2, 5.5) * rateHz))
  const low = random.between(500, 650)
  const high = random.between(1250, 1500)
  let phase = 0
  for (let index = 0; index < signal.length; index++) {
    const height = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / signal.length)
    phase += (2 * Math.PI * (low + (high - low) * height)) / rateHz
    signal[index] = 0.6 * Math.sin(phase) + 0.25 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase)
  }
  return signal
}
