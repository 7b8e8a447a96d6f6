/**
 * Recorded music: a form of verses and choruses over chords of one key, drums by
 * a pattern, a bass, a melody that is sung in the chorus. Played again it is the
 * same to the last sample, and within it each bar's drums are.
 */
import type { Random } from '../../scene/random.ts'
import { addAt, silence } from '../signal/samples.ts'
import { cymbal, drawTimbre, drum, note, snare } from './instruments.ts'
import type { Timbre } from './instruments.ts'
import { drawSyllables } from './phonemes.ts'
import { drawVoice, speak } from './speech.ts'

const scales = [
  [0, 2, 4, 5, 7, 9, 11],
  [0, 2, 3, 5, 7, 8, 10],
  [0, 2, 3, 5, 7, 9, 10],
] as const
const progressions = [
  [0, 4, 5, 3],
  [0, 5, 3, 4],
  [5, 3, 0, 4],
  [0, 3, 0, 4],
  [0, 6, 5, 4],
  [1, 4, 0, 0],
] as const
const steps = 16

export function composeSong(random: Random): Float32Array {
  const barSeconds = 240 / random.between(86, 142)
  const rootHz = 55 * 2 ** (random.integer(-3, 8) / 12)
  const scale = random.pick(scales)
  const degreeHz = (degree: number): number =>
    rootHz * 2 ** (Math.floor(degree / 7) + scale[((degree % 7) + 7) % 7]! / 12)
  const form = random.pick(['AABAB', 'ABABB', 'ABAAB', 'BABAB'])
  const parts = new Map(
    ['A', 'B'].map((name) => [name, composePart(random, degreeHz, barSeconds, name === 'B')]),
  )
  const partSeconds = 8 * barSeconds
  const song = silence(form.length * partSeconds)
  form.split('').forEach((name, index) => addAt(song, index * partSeconds, parts.get(name)!))
  return song
}

function composePart(
  random: Random,
  degreeHz: (degree: number) => number,
  barSeconds: number,
  sung: boolean,
): Float32Array {
  const part = silence(8 * barSeconds)
  const chords = random.pick(progressions)
  const drums = drawDrums(random, barSeconds)
  const [bass, keys, lead] = [true, false, false].map((low) => drawTimbre(random, low)) as [
    Timbre,
    Timbre,
    Timbre,
  ]
  const bassLine = Array.from({ length: 8 }, () => random.chance(0.7))
  const strum = random.pick([1, 2, 4, 8])
  const tune = Array.from({ length: steps }, () =>
    random.chance(0.45) ? random.integer(14, 22) : undefined,
  )
  for (let bar = 0; bar < 8; bar++) {
    const at = bar * barSeconds
    const chord = chords[bar % 4]!
    addAt(part, at, drums)
    bassLine.forEach((played, eighth) => {
      const length = (barSeconds / 8) * 0.9
      if (played)
        addAt(part, at + (eighth * barSeconds) / 8, note(degreeHz(chord + 7), length, bass), 0.6)
    })
    for (let beat = 0; beat < strum; beat++) {
      for (const third of [14, 16, 18]) {
        const sound = note(degreeHz(chord + third), (barSeconds / strum) * 0.95, keys)
        addAt(part, at + (beat * barSeconds) / strum, sound, 0.22)
      }
    }
    if (!sung) {
      const moved = bar % 4 === 3 ? 2 : 0
      tune.forEach((degree, step) => {
        if (degree === undefined) return
        const sound = note(degreeHz(degree + moved), barSeconds / 8, lead)
        addAt(part, at + (step * barSeconds) / steps, sound, 0.35)
      })
    }
  }
  if (sung) {
    const text = drawSyllables(random, 16, true)
    const manner = {
      effort: 0.5,
      syllableSeconds: barSeconds / 4,
      pitchesHz: text.map(() => degreeHz(random.integer(14, 21))),
    }
    const line = speak(text, { ...drawVoice(random), tempo: 1 }, manner, random)
    addAt(part, 0, line, 0.5)
    addAt(part, 4 * barSeconds, line, 0.5)
  }
  return part
}

/** One bar. */
function drawDrums(random: Random, barSeconds: number): Float32Array {
  const bar = silence(barSeconds)
  const kick = drum(random, random.between(45, 70), 0.25)
  const [clap, hat, open] = [snare(random), cymbal(random, 0.06), cymbal(random, 0.3)]
  for (let step = 0; step < steps; step++) {
    const at = (step * barSeconds) / steps
    if (step % 8 === 0 || random.chance(step % 2 === 0 ? 0.25 : 0.08)) addAt(bar, at, kick)
    if (step % 8 === 4 || random.chance(0.06)) addAt(bar, at, clap, 0.7)
    if (step % 2 === 0 || random.chance(0.3)) addAt(bar, at, random.chance(0.12) ? open : hat, 0.35)
  }
  return bar
}
