/** What can be heard at one place of a sound scene, from where, when, and how loud. */
import { noiseFrom, randomFrom, seedFor } from './random.ts'
import type { Random } from './random.ts'
import type { Point, SoundKind, Waypoint } from './scene.ts'
import { loopSignal, withUnitLevel } from './sound-loops.ts'
import type { LoopKind } from './sound-loops.ts'
import { drawSound } from './source-signals.ts'

/** Sound scenes are drawn at this rate in scene time; content ends at half of it. */
export const soundSceneRateHz = 16000

/** So that whoever reads a block of samples need not look where the signal ends. */
export const spareSamples = 512

export interface Emitter {
  readonly id: string
  readonly kind: 'babble' | 'walker' | 'shout' | 'traffic' | 'bang' | 'thump' | 'bell' | LoopKind
  /** Scene time at the source, before travel. */
  readonly atSeconds: number
  readonly durationSeconds: number
  readonly path: readonly Waypoint[]
  /** Root mean square at one metre over its whole duration. */
  readonly level: number
  /** Its signal is one period, played end to end. */
  readonly repeats: boolean
  /**
   * Sample k is scene time atSeconds + k / soundSceneRateHz, at 1 root mean
   * square; behind it `spareSamples` more, of silence or the loop's beginning.
   */
  readonly signal: () => Float32Array
}

/** How much of each there is in ten minutes, or as a share of the time. */
export interface Liveliness {
  readonly babbleGroups: number
  readonly walkers: number
  readonly shouts: number
  readonly bangs: number
  readonly traffic: number
  readonly sirens: number
  readonly chantShare: number
  readonly musicShare: number
}

export interface PlaceSounds {
  readonly seed: number
  /** Chants, music and sirens come from the library of this seed. */
  readonly librarySeed: number
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Sources stand within this distance of the middle. */
  readonly spreadMetres: number
  readonly liveliness: Liveliness
}

export function placeEmitters(place: PlaceSounds): Emitter[] {
  const { seed, liveliness, fromSeconds, toSeconds, spreadMetres } = place
  const seconds = toSeconds - fromSeconds
  const emitters: Emitter[] = []
  const add = (
    kind: Emitter['kind'],
    atSeconds: number,
    durationSeconds: number,
    path: readonly Waypoint[],
    level: number,
    signal: (random: Random) => Float32Array,
  ): void => {
    const id = `${kind}-${emitters.length + 1}`
    const repeats = kind === 'chant' || kind === 'music' || kind === 'siren'
    const whole = { id, kind, atSeconds, durationSeconds, path, level, repeats }
    emitters.push({
      ...whole,
      signal: once(() => withSpare(signal(noiseFrom(seedFor(seed, id))), repeats)),
    })
  }
  const inTenMinutes = (name: string, count: number): Random[] => {
    const random = randomFrom(seedFor(seed, `${name} count`))
    const expected = (count * seconds) / 600
    const drawn = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0)
    return Array.from({ length: drawn }, (_, index) =>
      randomFrom(seedFor(seed, `${name} ${index}`)),
    )
  }
  const anywhere = (random: Random, share: number): Waypoint[] => [
    { atSeconds: 0, ...pointWithin(random, share * spreadMetres) },
  ]

  for (let group = 0; group < liveliness.babbleGroups; group++) {
    const random = randomFrom(seedFor(seed, `babble ${group}`))
    const voices = random.integer(3, 5)
    add('babble', fromSeconds, seconds, anywhere(random, 0.25), random.between(1.5, 3), (own) =>
      babble(own, seconds, voices),
    )
  }
  for (let walker = 0; walker < liveliness.walkers; walker++) {
    const random = randomFrom(seedFor(seed, `walker ${walker}`))
    const path = walk(random, fromSeconds, toSeconds, 0.35 * spreadMetres)
    add('walker', fromSeconds, seconds, path, random.between(0.7, 1.5), (own) =>
      drawn('voice', own, seconds),
    )
  }
  for (const random of inTenMinutes('shout', liveliness.shouts)) {
    const at = random.between(fromSeconds, toSeconds)
    const length = random.between(0.6, 3)
    add('shout', at, length, anywhere(random, 0.35), random.between(4, 12), (own) =>
      drawn('voice', own, length),
    )
  }
  for (const random of inTenMinutes('bang', liveliness.bangs)) {
    const at = random.between(fromSeconds, toSeconds)
    add('bang', at, 0.35, anywhere(random, 0.3), random.between(40, 120), (own) =>
      drawn('bang', own, 0.35),
    )
  }
  for (const random of inTenMinutes('clatter', 1.5 * liveliness.bangs)) {
    const kind = random.pick(['thump', 'bell'] as const)
    const at = random.between(fromSeconds, toSeconds)
    const length = kind === 'bell' ? 1.6 : 0.3
    add(kind, at, length, anywhere(random, 0.3), random.between(4, 12), (own) =>
      drawn(kind, own, length),
    )
  }
  for (const random of inTenMinutes('traffic', liveliness.traffic)) {
    const pass = passing(random, fromSeconds, toSeconds, random.between(6, 15), 150)
    const length = pass.seconds
    add('traffic', pass.atSeconds, length, pass.path, random.between(1.5, 4), (own) =>
      drawn('vehicle', own, length),
    )
  }
  for (const random of inTenMinutes('siren', liveliness.sirens)) {
    const pass = passing(random, fromSeconds, toSeconds, random.between(8, 22), 220)
    const number = random.integer(0, 2)
    add('siren', pass.atSeconds, pass.seconds, pass.path, random.between(6, 18), () =>
      loopSignal('siren', number, place.librarySeed, soundSceneRateHz),
    )
  }
  for (const kind of ['chant', 'music'] as const) {
    const share = kind === 'chant' ? liveliness.chantShare : liveliness.musicShare
    if (share === 0) continue
    const random = randomFrom(seedFor(seed, kind))
    const where = anywhere(random, 0.3)
    let at = fromSeconds - random.between(0, 30)
    while (at < toSeconds) {
      const length = kind === 'chant' ? random.between(15, 60) : random.between(60, 240)
      const number = random.integer(0, 2)
      const level = random.between(1.5, 5)
      // A demonstration chants from anywhere; the music's loudspeaker stays.
      const from = kind === 'chant' ? anywhere(random, 0.25) : where
      if (at + length > fromSeconds) {
        add(kind, at, length, from, level, () =>
          loopSignal(kind, number, place.librarySeed, soundSceneRateHz),
        )
      }
      at += length + (length * (1 - share)) / share
    }
  }
  return emitters
}

/** A voice that goes on for so long, at 1 root mean square. */
export function talker(seed: number, seconds: number): Float32Array {
  return drawn('voice', noiseFrom(seed), seconds)
}

/** Evenly spread over the disc. */
export function pointWithin(random: Random, metres: number): Point {
  const bearing = random.between(0, 2 * Math.PI)
  const distance = metres * Math.sqrt(random.next())
  return { xMetres: distance * Math.cos(bearing), yMetres: distance * Math.sin(bearing) }
}

function drawn(kind: SoundKind, random: Random, seconds: number): Float32Array {
  const signal = new Float32Array(Math.ceil(seconds * soundSceneRateHz))
  drawSound(kind, signal, random, soundSceneRateHz)
  return withUnitLevel(signal)
}

/** Several people talk at once; nothing in it repeats. */
function babble(random: Random, seconds: number, voices: number): Float32Array {
  const signal = new Float32Array(Math.ceil(seconds * soundSceneRateHz))
  const voice = new Float32Array(signal.length)
  for (let count = 0; count < voices; count++) {
    voice.fill(0)
    drawSound('voice', voice, random, soundSceneRateHz)
    const level = random.between(0.3, 1)
    for (let index = 0; index < signal.length; index++) signal[index]! += level * voice[index]!
  }
  return withUnitLevel(signal)
}

/** At a walk from point to point. */
function walk(random: Random, from: number, to: number, metres: number): Waypoint[] {
  const path: Waypoint[] = [{ atSeconds: from, ...pointWithin(random, metres) }]
  for (let at = from; at < to;) {
    const last = path.at(-1)!
    const next = pointWithin(random, metres)
    const away = Math.hypot(next.xMetres - last.xMetres, next.yMetres - last.yMetres)
    at += Math.max(1, away / random.between(0.8, 1.6))
    path.push({ atSeconds: at, ...next })
  }
  return path
}

/** A vehicle comes from far on one side, passes the middle, and leaves. */
function passing(random: Random, from: number, to: number, speed: number, farMetres: number) {
  const way = random.pick([-1, 1])
  const yMetres = random.between(-15, 15)
  const seconds = (2 * farMetres) / speed
  const atSeconds = random.between(from - seconds / 2, to - seconds / 2)
  const path = [
    { atSeconds, xMetres: -way * farMetres, yMetres },
    { atSeconds: atSeconds + seconds, xMetres: way * farMetres, yMetres },
  ]
  return { atSeconds, seconds, path }
}

function withSpare(signal: Float32Array, repeats: boolean): Float32Array {
  const longer = new Float32Array(signal.length + spareSamples)
  longer.set(signal)
  if (repeats) longer.set(signal.subarray(0, spareSamples), signal.length)
  return longer
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}
