/**
 * Speech from a glottal source through moving formants, in the manner of D. Klatt's
 * cascade synthesiser (1980): a pulse train with jitter and breath excites four
 * resonators in a row; noise at a narrowing goes beside them.
 */
import type { Random } from '../../scene/random.ts'
import { faded, rateHz, silence, white } from '../signal/samples.ts'
import { onePole } from '../signal/filters.ts'
import type { Phoneme, Syllable } from './phonemes.ts'

/** What stays with a person. */
export interface Voice {
  readonly pitchHz: number
  /** Of formants against an adult man's: 1.17 is a woman, 1.3 a child. */
  readonly tractScale: number
  readonly breathiness: number
  /** Speed of speaking; 1 is middling. */
  readonly tempo: number
  readonly jitter: number
}

export function drawVoice(random: Random): Voice {
  const high = random.chance(0.5)
  return {
    pitchHz: high ? random.between(165, 255) : random.between(85, 150),
    tractScale: high ? random.between(1.08, 1.25) : random.between(0.92, 1.06),
    breathiness: random.between(0.02, 0.15),
    tempo: random.between(0.8, 1.3),
    jitter: random.between(0.005, 0.02),
  }
}

export interface Manner {
  /** 0 is a murmur, 1 a shout: higher, longer, brighter. */
  readonly effort: number
  /** Of each syllable, where it is sung. */
  readonly pitchesHz?: readonly number[]
  /** Seconds of each syllable, where it keeps a beat. */
  readonly syllableSeconds?: number
}

const controlSamples = 64

/** What the control track holds at one moment, aimed at by the current phoneme. */
interface Track {
  readonly formantsHz: [number, number, number]
  voicing: number
  aspiration: number
  frication: number
  fricationHz: number
  fricationWidthHz: number
}

/** Not scaled to any level. */
export function speak(
  syllables: readonly Syllable[],
  voice: Voice,
  manner: Manner,
  random: Random,
): Float32Array {
  const segments = timed(syllables, voice, manner, random)
  const total = segments.reduce((sum, { seconds }) => sum + seconds, 0)
  const out = silence(total + 0.1)
  const synthesiser = synthesiserOf(voice, manner, random)
  const { track } = synthesiser
  let [segment, segmentEnd, progress] = [0, segments[0]?.seconds ?? 0, 0]
  for (let at = 0; at < out.length; at += controlSamples) {
    const seconds = at / rateHz
    while (seconds >= segmentEnd && segment < segments.length) {
      segment += 1
      segmentEnd += segments[segment]?.seconds ?? 1
    }
    const now = segments[segment]
    follow(track, now?.phoneme, voice.tractScale)
    progress = seconds / total
    const pitchHz = now?.sungHz ?? voice.pitchHz * (1.12 - 0.28 * progress) * (now?.accent ?? 0.9)
    synthesiser.fill(out, at, Math.min(out.length, at + controlSamples), pitchHz)
  }
  return faded(out)
}

interface Segment {
  readonly phoneme: Phoneme
  readonly seconds: number
  readonly accent: number
  readonly sungHz: number | undefined
}

function timed(
  syllables: readonly Syllable[],
  voice: Voice,
  { effort, pitchesHz, syllableSeconds }: Manner,
  random: Random,
): Segment[] {
  return syllables.flatMap(({ phonemes, stressed }, index) => {
    const accent = random.between(0.94, 1.06) * (stressed ? 1.18 : 1)
    const stretch = ((stressed ? 1.3 : 0.95) * (1 + 0.5 * effort)) / voice.tempo
    const loose = phonemes.map((phoneme) => {
      const length = phoneme.voicing === 1 ? stretch : Math.sqrt(stretch)
      return phoneme.seconds * length * random.between(0.85, 1.18)
    })
    const sum = loose.reduce((total, seconds) => total + seconds, 0)
    const beat =
      syllableSeconds === undefined ? 1 : (syllableSeconds * random.between(0.95, 1.05)) / sum
    return phonemes.map((phoneme, at) => ({
      phoneme,
      seconds: loose[at]! * beat,
      accent,
      sungHz: pitchesHz?.[index],
    }))
  })
}

/** Coarticulation: formants take some 25 ms to arrive, loudness 8 ms. */
function follow(track: Track, phoneme: Phoneme | undefined, tractScale: number): void {
  const slow = 1 - Math.exp(-controlSamples / rateHz / 0.025)
  const quick = 1 - Math.exp(-controlSamples / rateHz / 0.008)
  const go = (from: number, to: number, share: number): number => from + share * (to - from)
  if (phoneme !== undefined) {
    for (const formant of [0, 1, 2] as const) {
      const aim = phoneme.formantsHz[formant] * tractScale
      track.formantsHz[formant] = go(track.formantsHz[formant], aim, slow)
    }
    if (phoneme.frication > 0) {
      track.fricationHz = phoneme.fricationHz * Math.sqrt(tractScale)
      track.fricationWidthHz = phoneme.fricationWidthHz
    }
  }
  track.voicing = go(track.voicing, phoneme?.voicing ?? 0, quick)
  track.aspiration = go(track.aspiration, phoneme?.aspiration ?? 0, quick)
  track.frication = go(track.frication, phoneme?.frication ?? 0, quick)
}

interface Synthesiser {
  readonly track: Track
  readonly fill: (out: Float32Array, from: number, to: number, pitchHz: number) => void
}

/** A resonator y = a x + b y₁ + c y₂ with gain 1 at 0 Hz. */
interface Resonator {
  a: number
  b: number
  c: number
  y1: number
  y2: number
}

function tune(resonator: Resonator, hertz: number, widthHz: number): void {
  const radius = Math.exp((-Math.PI * widthHz) / rateHz)
  resonator.c = -radius * radius
  resonator.b = 2 * radius * Math.cos((2 * Math.PI * Math.min(hertz, 7200)) / rateHz)
  resonator.a = 1 - resonator.b - resonator.c
}

function synthesiserOf(voice: Voice, { effort, pitchesHz }: Manner, random: Random): Synthesiser {
  const track: Track = {
    formantsHz: [500, 1500, 2500],
    voicing: 0,
    aspiration: 0,
    frication: 0,
    fricationHz: 3000,
    fricationWidthHz: 1000,
  }
  const make = (): Resonator => ({ a: 1, b: 0, c: 0, y1: 0, y2: 0 })
  const [first, second, third, fourth, narrow] = [make(), make(), make(), make(), make()]
  const openShare = 0.66 - 0.2 * effort
  const tilt = onePole(2600 + 5000 * effort)
  const raised = 1 + 0.75 * effort
  const vibrato = pitchesHz === undefined ? 0 : 0.012
  let [phase, period, tilted, sung, shimmer] = [0, 1, 0, random.next(), 1]
  const fill = (out: Float32Array, from: number, to: number, pitchHz: number): void => {
    const [f1, f2, f3] = track.formantsHz
    tune(first, f1 * (1 + 0.12 * effort), 60 + 50 * effort)
    tune(second, f2, 95)
    tune(third, f3, 150)
    tune(fourth, 3500 * voice.tractScale, 260)
    tune(narrow, track.fricationHz, track.fricationWidthHz)
    sung += (5.4 * (to - from)) / rateHz
    const wanted = pitchHz * (pitchesHz === undefined ? raised : 1)
    const step = (wanted * (1 + vibrato * Math.sin(2 * Math.PI * sung))) / rateHz
    for (let index = from; index < to; index++) {
      phase += step * period
      if (phase >= 1) {
        phase -= 1
        period = 1 + voice.jitter * white(random)
        shimmer = 1 + 0.06 * white(random)
      }
      const open = phase / openShare
      // Rosenberg's glottal pulse, differentiated: what leaves the lips.
      const pulse = open < 1 ? (2 - 3 * open) * open * shimmer : 0
      tilted += tilt * (pulse - tilted)
      const noise = white(random)
      const airy = voice.breathiness * track.voicing * (open < 1 ? 1 : 0.3) + track.aspiration * 0.4
      let wave = track.voicing * tilted + 0.35 * airy * noise
      for (const resonator of [first, second, third, fourth]) {
        const y = resonator.a * wave + resonator.b * resonator.y1 + resonator.c * resonator.y2
        resonator.y2 = resonator.y1
        resonator.y1 = y
        wave = y
      }
      const y = noise + narrow.b * narrow.y1 + narrow.c * narrow.y2
      narrow.y2 = narrow.y1
      narrow.y1 = y
      out[index] = wave + 0.4 * track.frication * y
    }
  }
  return { track, fill }
}
