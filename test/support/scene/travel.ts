import { isRelated, metresBetween, positionAt } from './scene.ts'
import type { Phone, Point, Scene, SoundSource, Waypoint } from './scene.ts'

/** Dry air at about 20 °C. */
export const soundMetresPerSecond = 343

/** Scene time at which what arrives now at the listener left the (perhaps moving) source. */
export function emissionTime(
  path: readonly Waypoint[],
  listener: Point,
  arrivalSeconds: number,
): number {
  let emission = arrivalSeconds
  for (let round = 0; round < 6; round++) {
    const next =
      arrivalSeconds - metresBetween(positionAt(path, emission), listener) / soundMetresPerSecond
    if (Math.abs(next - emission) < 1e-7) return next
    emission = next
  }
  return emission
}

/** Scene time at which a sound that leaves the source at `emissionSeconds` reaches the listener. */
export function arrivalTime(
  path: readonly Waypoint[],
  listener: Point,
  emissionSeconds: number,
): number {
  return (
    emissionSeconds +
    metresBetween(positionAt(path, emissionSeconds), listener) / soundMetresPerSecond
  )
}

export interface OffsetRange {
  /** Start of b minus start of a, in scene seconds: what is true. */
  readonly trueSeconds: number
  /** What matching the loud sounds alone may find, travel included. */
  readonly minimumSeconds: number
  readonly maximumSeconds: number
}

/**
 * The range of (start of b − start of a) that sound alone supports: a source
 * nearer to b than to a makes b seem to have started later by the difference
 * in travel. Sources count while both record and where they stand 10 dB above
 * the noise of both phones; without any, travel between the phones bounds it.
 */
export function acousticOffsetRange(scene: Scene, aId: string, bId: string): OffsetRange {
  const a = phoneOf(scene, aId)
  const b = phoneOf(scene, bId)
  const trueSeconds = b.startSeconds - a.startSeconds
  if (!isRelated(scene, a) || a.place !== b.place) {
    throw new RangeError(`${aId} and ${bId} share no sound`)
  }
  const heard = scene.sounds
    .filter((source) => source.place === a.place)
    .flatMap((source) => momentsOf(source, a, b))
  const differences = heard
    .filter((moment) => moment.levelAtA >= 3 * noiseOf(a) && moment.levelAtB >= 3 * noiseOf(b))
    .map((moment) => moment.travelDifferenceSeconds)
  if (differences.length === 0) {
    const bound = metresBetween(a.position, b.position) / soundMetresPerSecond
    differences.push(-bound, bound)
  }
  return {
    trueSeconds,
    minimumSeconds: trueSeconds + Math.min(...differences),
    maximumSeconds: trueSeconds + Math.max(...differences),
  }
}

function momentsOf(source: SoundSource, a: Phone, b: Phone) {
  const from = Math.max(source.atSeconds, a.startSeconds, b.startSeconds)
  const to = Math.min(source.atSeconds + source.durationSeconds, a.endSeconds, b.endSeconds)
  const times: number[] = []
  for (let time = from; time <= to; time += 0.5) times.push(time)
  return times.map((time) => {
    const position = positionAt(source.path, time)
    const toA = metresBetween(position, a.position)
    const toB = metresBetween(position, b.position)
    return {
      levelAtA: source.level / Math.max(1, toA),
      levelAtB: source.level / Math.max(1, toB),
      travelDifferenceSeconds: (toA - toB) / soundMetresPerSecond,
    }
  })
}

function noiseOf(phone: Phone): number {
  return Math.hypot(phone.microphone.noiseLevel, phone.microphone.ambienceLevel)
}

function phoneOf(scene: Scene, id: string): Phone {
  const phone = scene.phones.find((candidate) => candidate.id === id)
  if (phone === undefined) throw new RangeError(`the scene has no phone ${id}`)
  return phone
}
