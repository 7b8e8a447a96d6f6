/** What of a source's sound reaches a phone, at the phone's own clock: directly, by mirror images, and into the diffuse field. */
import type { Point } from '../../scene/scene.ts'
import { positionAt } from '../../scene/scene.ts'
import { rateHz } from '../signal/samples.ts'
import { arrivalSeconds, emissionSeconds, metresFrom, moves } from './geometry.ts'
import { addExactly, addSoftly, paddingSamples } from './interpolation.ts'
import type { Emission, Image, Mover, Place, Source } from './place.ts'

/** A phone as far as sound travels to it: own sample n is taken at scene time startSeconds + rate × n / rateHz. */
export interface Listener extends Mover {
  readonly startSeconds: number
  readonly rate: number
  /** What of the direct sound passes what it stands behind; 1: nothing in the way. */
  readonly directShare: number
}

/** What arrives, in pascals; the diffuse field takes its sound from two sides. */
export interface Arrivals {
  readonly sound: Float32Array
  readonly diffuse: readonly [Float32Array, Float32Array]
}

const movingBlock = 128
/** What a mirror image may come later than the direct sound: 300 m. */
const latestImageSeconds = 0.9
const fadingSamples = 64

export function addEmission(
  arrivals: Arrivals,
  place: Place,
  source: Source,
  emission: Emission,
  listener: Listener,
): void {
  const length = arrivals.sound.length
  const own = (sceneSeconds: number): number =>
    ((sceneSeconds - listener.startSeconds) / listener.rate) * rateHz
  const endSeconds = emission.atSeconds + emission.samples.length / rateHz
  const first = own(arrivalSeconds(source, listener, emission.atSeconds))
  const last = own(arrivalSeconds(source, listener, endSeconds))
  const from = Math.max(0, Math.floor(first) - paddingSamples)
  const until = (latest: number): number =>
    Math.min(length, Math.ceil(last + latest * rateHz) + fadingSamples)
  if (from >= until(latestImageSeconds)) return
  const padded = new Float32Array(emission.samples.length + 2 * paddingSamples)
  emission.samples.forEach((sample, at) => (padded[at + paddingSamples] = emission.gain * sample))
  const still = !moves(source) && !moves(listener)
  const scene = { source, listener, emission, padded, still }
  addDirect(arrivals, place, scene, from, until(0))
  for (const image of place.images) {
    addImage(arrivals.sound, scene, image, from, until(latestImageSeconds))
  }
}

interface Hearing {
  readonly source: Source
  readonly listener: Listener
  readonly emission: Emission
  readonly padded: Float32Array
  readonly still: boolean
}

function addDirect(
  { sound, diffuse }: Arrivals,
  { reverberation }: Place,
  hearing: Hearing,
  from: number,
  to: number,
): void {
  const softening = { state: 0 }
  const { criticalMetres, reachMetres } = reverberation
  eachBlock(hearing, from, to, undefined, (start, end, position, step, metres, x) => {
    const gain = hearing.listener.directShare / Math.max(0.5, metres)
    const diffuseGain = 1 / (criticalMetres * (1 + metres / reachMetres))
    const cut = Math.min(airCutHz(metres), hearing.listener.directShare < 1 ? 900 : Infinity)
    const reading = { padded: hearing.padded, position, step, gain }
    addExactly(
      sound,
      diffuse[x < 0 ? 0 : 1],
      diffuseGain / gain,
      start,
      end,
      reading,
      cut,
      softening,
    )
  })
}

function addImage(
  sound: Float32Array,
  hearing: Hearing,
  image: Image,
  from: number,
  to: number,
): void {
  const softening = { state: 0 }
  eachBlock(hearing, from, to, image, (start, end, position, step, metres, x) => {
    const house = image.houses[mod(Math.floor(x / 14), image.houses.length)] ?? 1
    if (house === 0) return
    const gain = (image.gain * house) / Math.max(1, metres)
    const cut = Math.min(image.cutHz, airCutHz(metres))
    addSoftly(sound, start, end, { padded: hearing.padded, position, step, gain }, cut, softening)
  })
}

type Block = (
  from: number,
  to: number,
  position: number,
  step: number,
  metres: number,
  /** Along the street, half way between the source and the phone: where a façade gives it back. */
  xMetres: number,
) => void

/** Cuts a stretch of own samples into blocks within which the distance changes evenly. */
function eachBlock(
  { source, listener, emission, padded, still }: Hearing,
  from: number,
  to: number,
  image: Image | undefined,
  work: Block,
): void {
  const sceneAt = (own: number): number => listener.startSeconds + (listener.rate * own) / rateHz
  const emittedAt = (own: number): number => emissionSeconds(source, listener, sceneAt(own), image)
  const positionOf = (emitted: number): number => (emitted - emission.atSeconds) * rateHz
  let emitted = emittedAt(from)
  const size = still ? to - from : movingBlock
  for (let start = from; start < to; start += size) {
    const end = Math.min(to, start + size)
    const next = still ? emitted + (listener.rate * (end - start)) / rateHz : emittedAt(end)
    const [position, after] = [positionOf(emitted), positionOf(next)]
    if (after > -paddingSamples && position < padded.length + fadingSamples) {
      const heard = sceneAt((start + end) / 2)
      const middle = (emitted + next) / 2
      const metres = metresFrom(source, middle, listener, heard, image)
      const x = halfWay(positionAt(source.path, middle), positionAt(listener.path, heard))
      work(start, end, position, (after - position) / (end - start), metres, x)
    }
    emitted = next
  }
}

function halfWay(a: Point, b: Point): number {
  return (a.xMetres + b.xMetres) / 2
}

function mod(value: number, size: number): number {
  return ((value % size) + size) % size
}

/** ISO 9613-1 at 20 °C and half humidity is near 27 dB a kilometre at 4 kHz: the first-order low pass that does that. */
function airCutHz(metres: number): number {
  return 4000 / Math.sqrt(10 ** (0.0027 * Math.max(1, metres)) - 1)
}
