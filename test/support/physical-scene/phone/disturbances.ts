/** What one phone hears and no other: its noise, wind at its opening, the hand that holds it. In pascals, in place. */
import type { Random } from '../../scene/random.ts'
import { bandPass, lowPass, smooth, voiceBandPower } from '../signal/filters.ts'
import {
  addAt,
  atLevel,
  faded,
  pascals,
  rateHz,
  silence,
  white,
  whiteNoise,
} from '../signal/samples.ts'
import { rain, swelled } from '../sounds/crowd.ts'
import { drawSyllables } from '../sounds/phonemes.ts'
import { drawVoice, speak } from '../sounds/speech.ts'
import type { RecordingPhone } from './phone.ts'

/** The phone's own noise of this power between 200 and 3700 Hz; rain on and around it where it rains. */
export function addOwnNoise(
  sound: Float32Array,
  { microphone }: RecordingPhone,
  weather: 'dry' | 'rain' | 'indoors',
  power: number,
  random: Random,
): void {
  const seconds = sound.length / rateHz
  const hiss = whiteNoise(random, seconds)
  const rumble = smooth(hiss.slice(), microphone.noiseCutHz)
  let noise = swelled(
    rumble.map((sample, at) => 3 * sample + 0.3 * hiss[at]!),
    random,
    0.25,
    0.6,
  )
  if (weather === 'rain') {
    const drops = rain(seconds, random)
    const gain = 2 * Math.sqrt(voiceBandPower(noise) / voiceBandPower(drops))
    noise = noise.map((sample, at) => sample + gain * drops[at]!)
  }
  const gain = Math.sqrt(power / voiceBandPower(noise))
  for (let index = 0; index < sound.length; index++) sound[index]! += gain * noise[index]!
}

/**
 * Turbulence at the opening: noise that falls off above a corner which rises with
 * the wind's speed, in gusts; its pressure goes with the square of the speed.
 */
export function addWind(sound: Float32Array, strength: number, random: Random): void {
  let [gust, flutter, low, lower] = [0, 0, 0, 0]
  const [slow, quick] = [0.25, 4].map((hertz) => (2 * Math.PI * hertz) / rateHz) as [number, number]
  for (let index = 0; index < sound.length; index++) {
    gust += slow * (white(random) / Math.sqrt(slow) - gust)
    flutter += quick * (white(random) / Math.sqrt(quick) - flutter)
    const speed = strength * Math.max(0, 0.6 + 0.5 * gust + 0.2 * flutter)
    const corner = (2 * Math.PI * (40 + 220 * speed)) / rateHz
    low += corner * (white(random) - low)
    lower += corner * (low - lower)
    sound[index]! += (3 * speed * speed * (lower + 0.06 * low)) / Math.sqrt(corner)
  }
}

export function addHandling(sound: Float32Array, perMinute: number, random: Random): void {
  const seconds = sound.length / rateHz
  for (let at = 0; at < seconds; at += (-Math.log(1 - random.next()) * 60) / perMinute) {
    const touch = random.chance(0.5) ? thump(random) : rub(random)
    addAt(sound, at, atLevel(touch, random.between(68, 92)))
  }
}

function thump(random: Random): Float32Array {
  const out = silence(0.25)
  const hertz = random.between(50, 160)
  for (let index = 0; index < out.length; index++) {
    const at = index / rateHz
    const knock = index < 40 ? white(random) : 0
    out[index] = Math.sin(2 * Math.PI * hertz * at) * Math.exp(-at / 0.04) + knock
  }
  return out
}

/** Skin that sticks and slips. */
function rub(random: Random): Float32Array {
  const out = bandPass(whiteNoise(random, random.between(0.2, 1.5)), random.between(300, 2500), 0.8)
  const slipHz = random.between(15, 60)
  for (let index = 0; index < out.length; index++) {
    out[index]! *= 0.6 + 0.4 * Math.sign(Math.sin((2 * Math.PI * slipHz * index) / rateHz))
  }
  return faded(swelled(out, random, 0.6, 4), 0.05)
}

/** A murmur at half a metre, that nobody farther away makes out. */
export function addTalker(sound: Float32Array, levelDecibels: number, random: Random): void {
  const voice = drawVoice(random)
  const seconds = sound.length / rateHz
  for (let at = random.between(0, 6); at < seconds; at += random.between(0.3, 7)) {
    const spoken = speak(
      drawSyllables(random, random.integer(3, 14)),
      voice,
      { effort: 0.1 },
      random,
    )
    addAt(sound, at, atLevel(spoken, levelDecibels + random.between(-3, 3)))
    at += spoken.length / rateHz
  }
}

export function muffle(sound: Float32Array, { muffled }: RecordingPhone): void {
  for (const { fromSeconds, toSeconds, cutHz } of muffled) {
    const [from, to] = [fromSeconds, toSeconds].map((at) => Math.floor(at * rateHz))
    const covered = lowPass(sound.slice(from, to), cutHz)
    sound.set(covered, from)
  }
}

/** What no phone's own noise lies under. */
export const leastNoisePower = pascals(24) ** 2
