/**
 * Sounds that exist once in the world and are heard at many places, each time the
 * same to the sample: songs, recorded chants and announcements, models of sirens
 * and of car alarms. The same for every scene; made when first asked for.
 */
import { noiseFrom, seedFor } from '../../scene/random.ts'
import type { Random } from '../../scene/random.ts'
import { throughMegaphone } from './crowd.ts'
import { drawSyllables } from './phonemes.ts'
import { carAlarm, drawSirenModel, sirenLoop } from './sirens.ts'
import { composeSong } from './song.ts'
import { drawVoice, speak } from './speech.ts'
import { addAt, atLevel, rateHz, silence } from '../signal/samples.ts'

export interface Library {
  readonly song: (number: number) => Float32Array
  /** Called through a megaphone by a recording. */
  readonly chant: (number: number) => Float32Array
  readonly announcement: (number: number) => Float32Array
  /** About 12 s of whole cycles. */
  readonly siren: (number: number) => Float32Array
  readonly alarm: (number: number) => Float32Array
}

/** How many there are of each. */
export const librarySizes = { song: 12, chant: 6, announcement: 4, siren: 6, alarm: 4 } as const

const modes = ['wail', 'yelp', 'hi-lo'] as const

export function soundLibrary(): Library {
  const kept = new Map<string, Float32Array>()
  const once =
    (
      kind: keyof Library,
      levelDecibels: number,
      make: (random: Random, n: number) => Float32Array,
    ) =>
    (number: number): Float32Array => {
      const name = `${kind} ${number}`
      let sound = kept.get(name)
      if (sound === undefined) {
        sound = atLevel(make(noiseFrom(seedFor(1866, name)), number), levelDecibels)
        kept.set(name, sound)
      }
      return sound
    }
  return {
    song: once('song', 88, composeSong),
    chant: once('chant', 98, recordedChant),
    announcement: once('announcement', 90, announcement),
    siren: once('siren', 110, (random, n) => sirenLoop(drawSirenModel(random, modes[n % 3]!), 12)),
    alarm: once('alarm', 104, carAlarm),
  }
}

function recordedChant(random: Random): Float32Array {
  const text = drawSyllables(random, random.integer(5, 9), true)
  const beat = random.between(0.24, 0.34)
  const voices = Array.from({ length: 4 }, () =>
    speak(text, drawVoice(random), { effort: 1, syllableSeconds: beat }, random),
  )
  const out = silence(Math.max(...voices.map(({ length }) => length)) / rateHz + 0.1)
  for (const voice of voices) addAt(out, random.between(0, 0.04), voice)
  return throughMegaphone(out)
}

/** A gong of two notes and a sentence or two. */
function announcement(random: Random): Float32Array {
  const text = drawSyllables(random, random.integer(22, 34))
  const spoken = speak(text, { ...drawVoice(random), tempo: 0.9 }, { effort: 0.3 }, random)
  const out = silence(2 + spoken.length / rateHz)
  const gongHz = random.between(500, 700)
  for (const [stroke, ratio] of [1, 0.8].entries()) {
    const struck = Math.round(0.6 * stroke * rateHz)
    for (let index = struck; index < 1.875 * rateHz; index++) {
      const at = (index - struck) / rateHz
      const wave = Math.sin(2 * Math.PI * gongHz * ratio * at)
      out[index]! += 0.4 * wave * Math.exp(-at / 0.375)
    }
  }
  addAt(out, 1.9, spoken)
  return throughMegaphone(out, 1.5)
}
