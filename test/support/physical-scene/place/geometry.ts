/** Where things are, and how long sound takes between them while both may move. */
import { positionAt } from '../../scene/scene.ts'
import type { Point } from '../../scene/scene.ts'
import { soundMetresPerSecond } from '../../scene/travel.ts'
import type { Random } from '../../scene/random.ts'
import type { Image, Mover } from './place.ts'

export interface Rectangle {
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
}

export function pointWithin({ left, right, bottom, top }: Rectangle, random: Random): Point {
  return { xMetres: random.between(left, right), yMetres: random.between(bottom, top) }
}

export function moves({ path }: Mover): boolean {
  return path.length > 1
}

/** Between where a source, or its mirror image, is at one time and where a listener is at another. */
export function metresFrom(
  source: Mover,
  emittedSeconds: number,
  listener: Mover,
  heardSeconds: number,
  image?: Image,
): number {
  const from = positionAt(source.path, emittedSeconds)
  const to = positionAt(listener.path, heardSeconds)
  const x = image === undefined ? from.xMetres : image.xFlip * from.xMetres + image.xShiftMetres
  const y = image === undefined ? from.yMetres : image.yFlip * from.yMetres + image.yShiftMetres
  const z = image?.below === true ? -source.heightMetres : source.heightMetres
  return Math.hypot(x - to.xMetres, y - to.yMetres, z - listener.heightMetres)
}

/** When that left the source which the listener hears at this scene time. */
export function emissionSeconds(
  source: Mover,
  listener: Mover,
  heardSeconds: number,
  image?: Image,
): number {
  let emitted = heardSeconds
  for (let round = 0; round < 6; round++) {
    const metres = metresFrom(source, emitted, listener, heardSeconds, image)
    const next = heardSeconds - metres / soundMetresPerSecond
    if (!moves(source) || Math.abs(next - emitted) < 1e-7) return next
    emitted = next
  }
  return emitted
}

/** When the listener hears what leaves the source at this scene time. */
export function arrivalSeconds(source: Mover, listener: Mover, emittedSeconds: number): number {
  let heard = emittedSeconds
  for (let round = 0; round < 6; round++) {
    const metres = metresFrom(source, emittedSeconds, listener, heard)
    const next = emittedSeconds + metres / soundMetresPerSecond
    if (!moves(listener) || Math.abs(next - heard) < 1e-7) return next
    heard = next
  }
  return heard
}

/**
 * Travel to b less travel to a of the sound that reaches the two, on average, at
 * this scene time and left the source within these bounds.
 */
export function travelDifference(
  source: Mover,
  a: Mover,
  b: Mover,
  atSeconds: number,
  [firstSeconds, lastSeconds]: readonly [number, number],
): number {
  let emitted = atSeconds
  for (let round = 0; round < 8; round++) {
    const mean =
      (arrivalSeconds(source, a, emitted) + arrivalSeconds(source, b, emitted)) / 2 - emitted
    emitted = atSeconds - mean
  }
  const within = Math.max(firstSeconds, Math.min(lastSeconds, emitted))
  const from = { ...source, path: [{ atSeconds: 0, ...positionAt(source.path, within) }] }
  const to = (phone: Mover): number => metresFrom(from, 0, phone, atSeconds)
  if (within !== emitted) return (to(b) - to(a)) / soundMetresPerSecond
  return arrivalSeconds(source, b, emitted) - arrivalSeconds(source, a, emitted)
}
