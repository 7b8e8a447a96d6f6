import { noiseFrom } from './random.ts'
import type { Random } from './random.ts'
import type { SoundSource } from './scene.ts'

/** Sources are drawn at this rate in scene time; each phone then samples them at its own. */
export const sourceRateHz = 48000

const drawn = new WeakMap<SoundSource, Float32Array>()

/** The sound as it leaves the source, one metre away: sample k is scene time atSeconds + k / 48000. */
export function sourceSignal(source: SoundSource): Float32Array {
  const known = drawn.get(source)
  if (known !== undefined) return known
  const signal = new Float32Array(Math.ceil(source.durationSeconds * sourceRateHz))
  drawSound(source.kind, signal, noiseFrom(source.seed), sourceRateHz)
  for (let index = 0; index < signal.length; index++) signal[index]! *= source.level
  drawn.set(source, signal)
  return signal
}

/** Draws one kind of sound over `out`, whose samples lie `1 / rateHz` apart. */
export function drawSound(
  kind: SoundSource['kind'],
  out: Float32Array,
  random: Random,
  rateHz: number,
): void {
  draw[kind](out, random, rateHz)
}

type Draw = (out: Float32Array, random: Random, rateHz: number) => void

const draw: Readonly<Record<SoundSource['kind'], Draw>> = {
  bang: drawBang,
  voice: drawVoice,
  siren: drawSiren,
  vehicle: drawVehicle,
  bell: drawBell,
  thump: drawThump,
}

/** Friedlander blast wave (pressure front, then suction), then turbulent gas. */
function drawBang(out: Float32Array, random: Random, rateHz: number): void {
  const positivePhaseSeconds = random.between(0.0006, 0.0014)
  const gasSeconds = random.between(0.008, 0.02)
  for (let index = 0; index < out.length; index++) {
    const time = index / rateHz
    const front = (1 - time / positivePhaseSeconds) * Math.exp(-time / positivePhaseSeconds)
    const gas = 0.35 * (2 * random.next() - 1) * Math.exp(-time / gasSeconds)
    const body = 0.2 * Math.sin(2 * Math.PI * 110 * time) * Math.exp(-time / 0.05)
    out[index] = front + gas + body
  }
}

function drawThump(out: Float32Array, random: Random, rateHz: number): void {
  const pitch = random.between(60, 110)
  for (let index = 0; index < out.length; index++) {
    const time = index / rateHz
    const knock = 0.3 * (2 * random.next() - 1) * Math.exp(-time / 0.01)
    out[index] = knock + Math.sin(2 * Math.PI * pitch * time) * Math.exp(-time / 0.06)
  }
}

function drawBell(out: Float32Array, random: Random, rateHz: number): void {
  const partials = [1, 2.02, 2.76, 4.1, 5.43]
  const pitch = random.between(620, 900)
  const strokes = Math.max(1, Math.floor(out.length / rateHz / 0.4))
  for (let index = 0; index < out.length; index++) {
    const time = index / rateHz
    const stroke = Math.min(strokes - 1, Math.floor(time / 0.4))
    const since = time - stroke * 0.4
    let sum = 0
    for (let partial = 0; partial < partials.length; partial++) {
      const decay = Math.exp((-since * (partial + 1)) / 0.5)
      sum += (decay * Math.sin(2 * Math.PI * pitch * partials[partial]! * since)) / (partial + 1)
    }
    out[index] = 0.5 * sum
  }
}

/** A wail: the pitch sweeps up and down, with overtones as of a horn loudspeaker. */
function drawSiren(out: Float32Array, random: Random, rateHz: number): void {
  const sweepSeconds = random.between(3.2, 5.5)
  const low = random.between(500, 650)
  const high = random.between(1250, 1500)
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    const turn = (index / rateHz / sweepSeconds) % 1
    const height = 0.5 - 0.5 * Math.cos(2 * Math.PI * turn)
    phase += (2 * Math.PI * (low + (high - low) * height)) / rateHz
    out[index] = 0.6 * Math.sin(phase) + 0.25 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase)
  }
}

/** Tyre noise with an engine under it; both waver. */
function drawVehicle(out: Float32Array, random: Random, rateHz: number): void {
  const engineHz = random.between(45, 85)
  const waverSeconds = random.between(1.1, 2.3)
  // Poles for 48 kHz, moved so that they sound the same at any rate.
  const tyres = 1 - (1 - 0.12) ** (sourceRateHz / rateHz)
  const softer = 1 - (1 - 0.25) ** (sourceRateHz / rateHz)
  let smooth = 0
  let smoother = 0
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    const time = index / rateHz
    smooth += tyres * (2 * random.next() - 1 - smooth)
    smoother += softer * (smooth - smoother)
    const waver = 1 + 0.15 * Math.sin((2 * Math.PI * time) / waverSeconds)
    phase += (2 * Math.PI * engineHz * waver) / rateHz
    const engine = 0.3 * Math.sin(phase) + 0.2 * Math.sin(2 * phase) + 0.1 * Math.sin(5 * phase)
    out[index] = waver * (3 * smoother + engine)
  }
}

const vowelsHz = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
  [640, 1190, 2390],
] as const

/** Speech without words: a pulse train through moving formants, syllable by syllable. */
function drawVoice(out: Float32Array, random: Random, rateHz: number): void {
  const basePitch = random.pick([110, 130, 190, 220, 260])
  let at = Math.floor(random.between(0, 0.4) * rateHz)
  while (at < out.length) {
    const syllables = random.integer(2, 9)
    for (let count = 0; count < syllables && at < out.length; count++) {
      at = drawSyllable(out, at, basePitch * random.between(0.85, 1.35), random, rateHz)
    }
    at += Math.floor(random.between(0.15, 1.1) * rateHz)
  }
}

function drawSyllable(
  out: Float32Array,
  start: number,
  pitchHz: number,
  random: Random,
  rateHz: number,
): number {
  const length = Math.floor(random.between(0.11, 0.26) * rateHz)
  const hissLength = Math.floor(random.between(0.01, 0.06) * rateHz)
  const formants = random
    .pick(vowelsHz)
    .map((hertz) => resonance(hertz * random.between(0.95, 1.05), rateHz))
  const loudness = random.between(0.5, 1)
  const glide = random.between(-0.15, 0.1)
  let phase = 1
  for (let step = 0; step < length && start + step < out.length; step++) {
    phase += (pitchHz * (1 + (glide * step) / length)) / rateHz
    let pulse = 0
    if (phase >= 1) {
      phase -= 1
      pulse = 1
    }
    let sum = 0
    for (const formant of formants) sum += formant(pulse)
    const hiss = step < hissLength ? 0.12 * (2 * random.next() - 1) : 0
    out[start + step]! += loudness * Math.sin((Math.PI * step) / length) * (sum + hiss)
  }
  return start + length
}

/** A two-pole resonance of about 90 Hz width whose ring starts at about one third. */
function resonance(hertz: number, rateHz: number): (input: number) => number {
  const radius = Math.exp((-Math.PI * 90) / rateHz)
  const turn = 2 * radius * Math.cos((2 * Math.PI * hertz) / rateHz)
  const loss = radius * radius
  const first = Math.sin((2 * Math.PI * hertz) / rateHz)
  let previous = 0
  let beforePrevious = 0
  return (input) => {
    const output = input + turn * previous - loss * beforePrevious
    beforePrevious = previous
    previous = output
    return output * first * 0.33
  }
}
