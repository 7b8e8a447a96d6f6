/**
 * What a phone's microphone records: each source heard from where the phone
 * stands, later and weaker with distance, with echoes, then the phone's own
 * noise and electronics. Everything is a function of scene time and seeds.
 */
import { record } from './microphone.ts'
import { metresBetween, ownTime, placeOf, positionAt, sceneTime } from './scene.ts'
import type { Phone, Place, Scene, SoundSource, Waypoint } from './scene.ts'
import { sourceRateHz, sourceSignal } from './source-signals.ts'
import { emissionTime } from './travel.ts'

/**
 * Mono samples in [-1, 1] at the microphone's rate; sample k is own time
 * k / sampleRateHz. Before the microphone's start there is exact silence.
 */
export function renderSound(scene: Scene, phone: Phone): Float32Array {
  const { sampleRateHz } = phone.microphone
  const air = new Float32Array(Math.ceil(ownTime(phone, phone.endSeconds) * sampleRateHz))
  const place = placeOf(scene, phone.place)
  for (const source of scene.sounds) {
    if (source.place !== phone.place) continue
    addPath(air, phone, source, source.path, 1)
    for (const wall of place.walls) {
      addPath(air, phone, source, mirrored(source.path, wall), wall.returned)
    }
  }
  addDiffuseEcho(air, sampleRateHz, place)
  record(air, phone)
  return air
}

/** The image of a source behind a wall: its direct way is the echo's way. */
export function mirrored(path: readonly Waypoint[], wall: Place['walls'][number]): Waypoint[] {
  return path.map((point) => ({
    atSeconds: point.atSeconds,
    xMetres: wall.axis === 'x' ? 2 * wall.atMetres - point.xMetres : point.xMetres,
    yMetres: wall.axis === 'y' ? 2 * wall.atMetres - point.yMetres : point.yMetres,
  }))
}

/** Exact travel at block ends; in between it is interpolated (a source moves centimetres in 5 ms). */
const blockSamples = 256

function addPath(
  air: Float32Array,
  phone: Phone,
  source: SoundSource,
  path: readonly Waypoint[],
  strength: number,
): void {
  const signal = sourceSignal(source)
  const { sampleRateHz } = phone.microphone
  let from = hearing(phone, source, path, 0)
  for (let start = 0; start < air.length; start += blockSamples) {
    const to = hearing(phone, source, path, (start + blockSamples) / sampleRateHz)
    if (to.index >= 0 && from.index < signal.length) {
      const end = Math.min(air.length, start + blockSamples)
      for (let sample = start; sample < end; sample++) {
        const share = (sample - start) / blockSamples
        const level = from.level + share * (to.level - from.level)
        air[sample]! +=
          strength * level * between(signal, from.index + share * (to.index - from.index))
      }
    }
    from = to
  }
}

function hearing(phone: Phone, source: SoundSource, path: readonly Waypoint[], ownSeconds: number) {
  const arrival = sceneTime(phone, ownSeconds)
  const emission = emissionTime(path, phone.position, arrival)
  const distance = Math.max(1, metresBetween(positionAt(path, emission), phone.position))
  return { index: (emission - source.atSeconds) * sourceRateHz, level: 1 / distance }
}

/** Cubic Hermite (Catmull-Rom) between samples; silence outside the signal. */
function between(signal: Float32Array, position: number): number {
  const index = Math.floor(position)
  if (index < -1 || index >= signal.length) return 0
  const share = position - index
  const a = signal[index - 1] ?? 0
  const b = signal[index] ?? 0
  const c = signal[index + 1] ?? 0
  const d = signal[index + 2] ?? 0
  const slope = 0.5 * (c - a)
  const nextSlope = 0.5 * (d - b)
  const rise = b - c
  return (
    ((2 * rise + slope + nextSlope) * share - 3 * rise - 2 * slope - nextSlope) * share * share +
    slope * share +
    b
  )
}

/** Schroeder's parallel combs with a low-pass in the loop: the tail after the early echoes. */
export function addDiffuseEcho(
  air: Float32Array,
  sampleRateHz: number,
  place: Pick<Place, 'echoSeconds'>,
  share = 0.05,
): void {
  const wet = new Float32Array(air.length)
  for (const delaySeconds of [0.0411, 0.0537, 0.0673, 0.0797]) {
    const delay = Math.round(delaySeconds * sampleRateHz)
    const feedback = 10 ** ((-3 * delaySeconds) / place.echoSeconds)
    const line = new Float32Array(delay)
    let smooth = 0
    let at = 0
    for (let sample = 0; sample < air.length; sample++) {
      const returned = line[at]!
      smooth += 0.6 * (returned - smooth)
      line[at] = air[sample]! + feedback * smooth
      wet[sample]! += returned
      at = at + 1 === delay ? 0 : at + 1
    }
  }
  for (let sample = 0; sample < air.length; sample++) air[sample]! += share * wet[sample]!
}

const passHz = 3700
const zeroCrossings = 24

/**
 * To 8 kHz through a windowed-sinc low-pass (−6 dB at 3.7 kHz) that shifts
 * nothing in time: output k is input time k / 8000.
 */
export function resampleTo8k(samples: Float32Array, rateHz: number): Float32Array {
  const common = greatestCommonDivisor(rateHz, 8000)
  const phases = 8000 / common
  const step = rateHz / common
  const reach = Math.ceil((zeroCrossings * rateHz) / (2 * passHz))
  const taps = Array.from({ length: phases }, (_, phase) => kernel(phase / phases, reach, rateHz))
  const out = new Float32Array(Math.floor(((samples.length - 1) * 8000) / rateHz) + 1)
  for (let index = 0; index < out.length; index++) {
    const position = index * step
    const weights = taps[position % phases]!
    const first = Math.floor(position / phases) - reach + 1
    const from = Math.max(0, -first)
    const to = Math.min(weights.length, samples.length - first)
    let sum = 0
    for (let tap = from; tap < to; tap++) sum += weights[tap]! * samples[first + tap]!
    out[index] = sum
  }
  return out
}

/** Blackman-windowed sinc whose centre lies `share` of a sample after tap reach − 1; weights add to 1. */
function kernel(share: number, reach: number, rateHz: number): Float64Array {
  const weights = new Float64Array(2 * reach)
  let sum = 0
  for (let tap = 0; tap < weights.length; tap++) {
    const distance = tap - (reach - 1) - share
    const angle = (2 * Math.PI * passHz * distance) / rateHz
    const turn = (Math.PI * distance) / reach
    const window = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn)
    weights[tap] =
      (angle === 0 ? 1 : Math.sin(angle) / angle) * (Math.abs(distance) < reach ? window : 0)
    sum += weights[tap]!
  }
  return weights.map((weight) => weight / sum)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
