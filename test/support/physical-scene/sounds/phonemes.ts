/**
 * A small inventory of speech sounds. Formants are of an adult man's vocal tract:
 * vowels after Peterson and Barney (1952), consonants after Klatt (1980), rounded.
 */
import type { Random } from '../../scene/random.ts'

export interface Phoneme {
  readonly formantsHz: readonly [number, number, number]
  readonly seconds: number
  /** Share of the glottis' full voice. */
  readonly voicing: number
  /** Breath through the open glottis, shaped by the formants. */
  readonly aspiration: number
  /** Noise at a narrowing, with a resonance of its own. */
  readonly frication: number
  readonly fricationHz: number
  readonly fricationWidthHz: number
}

/** The phonemes of one syllable, in order; the nucleus carries pitch and length. */
export interface Syllable {
  readonly phonemes: readonly Phoneme[]
  readonly stressed: boolean
}

function sound(
  formantsHz: Phoneme['formantsHz'],
  seconds: number,
  voicing: number,
  noise: Partial<Phoneme> = {},
): Phoneme {
  const none = { aspiration: 0, frication: 0, fricationHz: 3000, fricationWidthHz: 1000 }
  return { formantsHz, seconds, voicing, ...none, ...noise }
}

const vowel = (...formants: [number, number, number]): Phoneme => sound(formants, 0.11, 1)

export const vowels = [
  vowel(270, 2290, 3010),
  vowel(390, 1990, 2550),
  vowel(530, 1840, 2480),
  vowel(660, 1720, 2410),
  vowel(730, 1090, 2440),
  vowel(570, 840, 2410),
  vowel(440, 1020, 2240),
  vowel(300, 870, 2240),
  vowel(640, 1190, 2390),
  vowel(490, 1350, 1690),
] as const

/** Open and long, as people shout and sing them. */
export const openVowels = [vowels[4], vowels[3], vowels[5], vowels[0]] as const

const hiss = (
  formants: Phoneme['formantsHz'],
  voicing: number,
  frication: number,
  fricationHz: number,
  fricationWidthHz: number,
): Phoneme => sound(formants, 0.09, voicing, { frication, fricationHz, fricationWidthHz })

/** Closure, burst, and for voiceless ones a puff of breath. */
function stop(formants: Phoneme['formantsHz'], burstHz: number, voiced: boolean): Phoneme[] {
  const burst = { frication: 0.7, fricationHz: burstHz, fricationWidthHz: 1200 }
  return [
    sound(formants, 0.06, voiced ? 0.12 : 0),
    sound(formants, 0.014, voiced ? 0.3 : 0, burst),
    ...(voiced ? [] : [sound(formants, 0.035, 0.1, { aspiration: 0.5 })]),
  ]
}

const sonorants = [
  [sound([250, 1100, 2300], 0.07, 0.45)],
  [sound([250, 1600, 2600], 0.065, 0.45)],
  [sound([360, 1200, 2700], 0.06, 0.6)],
  [sound([350, 1100, 1500], 0.06, 0.6)],
  [sound([300, 700, 2200], 0.06, 0.6)],
  [sound([270, 2200, 3000], 0.05, 0.6)],
] as const
const stops = [
  stop([300, 900, 2200], 900, false),
  stop([300, 1700, 2600], 4400, false),
  stop([300, 1900, 2300], 2000, false),
  stop([300, 900, 2200], 800, true),
  stop([300, 1700, 2600], 3800, true),
  stop([300, 1900, 2300], 1900, true),
] as const
const fricatives = [
  [hiss([320, 1700, 2600], 0, 0.55, 5400, 1800)],
  [hiss([320, 1800, 2500], 0, 0.6, 3000, 1300)],
  [hiss([320, 1100, 2200], 0, 0.2, 4500, 5000)],
  [hiss([320, 1700, 2600], 0.4, 0.35, 5400, 1800)],
  [hiss([320, 1100, 2200], 0.5, 0.12, 4500, 5000)],
  [sound([500, 1500, 2500], 0.06, 0, { aspiration: 0.6 })],
] as const
const consonants = [...sonorants, ...stops, ...fricatives, ...sonorants]

/** Breath taken in before speaking. */
export const breath = sound([600, 1500, 2500], 0.25, 0, { aspiration: 0.12 })

/** A consonant or a cluster, a vowel or a glide between two, at times a coda. */
export function drawSyllable(random: Random, open = false): Syllable {
  const onset = random.chance(0.85) ? random.pick(consonants) : []
  const second = random.chance(0.15) ? random.pick(sonorants) : []
  const nucleus = random.pick(open ? openVowels : vowels)
  const glide = random.chance(0.25) ? [random.pick(vowels)] : []
  const coda = random.chance(0.35) ? random.pick(consonants) : []
  return {
    phonemes: [...onset, ...second, nucleus, ...glide, ...coda],
    stressed: random.chance(0.35),
  }
}

export function drawSyllables(random: Random, count: number, open = false): Syllable[] {
  return Array.from({ length: count }, () => drawSyllable(random, open))
}
