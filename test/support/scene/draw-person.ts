import { drawShadow, groundCircle, lit } from './draw-place.ts'
import { ellipse, fill } from './raster.ts'
import type { Picture } from './raster.ts'
import { metresBetween, positionAt } from './scene.ts'
import type { Colour, Person, Place } from './scene.ts'
import type { View } from './view.ts'

const trousers: Colour = [58, 62, 72]
const skin: Colour = [186, 148, 120]

/** A plain figure facing the camera, in shares of its height; legs swing while it walks. */
export function drawPerson(
  picture: Picture,
  view: View,
  person: Person,
  sceneSeconds: number,
  light: Place['light'],
): void {
  const { xMetres, yMetres } = positionAt(person.path, sceneSeconds)
  const feet = view.spot([xMetres, yMetres, 0])
  if (feet === undefined) return
  drawShadow(picture, view, groundCircle(xMetres, yMetres, 0.38), light)
  const height = person.heightMetres * feet.pixelsPerMetre
  const at = (across: number, up: number): [number, number] => [
    feet.x + across * height,
    feet.y - up * height,
  ]
  const shape = (colour: Colour, ...corners: readonly [number, number][]): void => {
    fill(
      picture,
      corners.flatMap(([across, up]) => at(across, up)),
      lit(colour, light),
    )
  }
  const swing = 0.07 * stride(person, sceneSeconds)
  shape(trousers, [-0.075, 0.5], [0.01, 0.5], [0.0 - swing, 0], [-0.07 - swing, 0])
  shape(trousers, [-0.01, 0.5], [0.075, 0.5], [0.07 + swing, 0], [0.0 + swing, 0])
  const sleeve: Colour = [
    person.clothes[0] * 0.85,
    person.clothes[1] * 0.85,
    person.clothes[2] * 0.85,
  ]
  shape(sleeve, [-0.1, 0.81], [-0.14 + swing, 0.46], [-0.1 + swing, 0.46], [-0.06, 0.8])
  shape(sleeve, [0.1, 0.81], [0.14 - swing, 0.46], [0.1 - swing, 0.46], [0.06, 0.8])
  shape(
    person.clothes,
    [-0.085, 0.83],
    [0.085, 0.83],
    [0.1, 0.78],
    [0.08, 0.47],
    [-0.08, 0.47],
    [-0.1, 0.78],
  )
  if (person.band !== undefined) {
    shape(person.band, [-0.09, 0.68], [0.09, 0.68], [0.087, 0.62], [-0.087, 0.62])
  }
  const [headX, headY] = at(0, 0.92)
  fill(picture, ellipse(headX, headY, 0.062 * height, 0.075 * height), lit(skin, light))
  const [hairX, hairY] = at(0, 0.955)
  fill(picture, ellipse(hairX, hairY, 0.064 * height, 0.045 * height), lit(person.hair, light))
}

/** From −1 to 1 with each step; 0 when standing. */
function stride(person: Person, sceneSeconds: number): number {
  const before = positionAt(person.path, sceneSeconds - 0.2)
  const now = positionAt(person.path, sceneSeconds)
  const metresPerSecond = metresBetween(before, now) / 0.2
  return Math.min(1, metresPerSecond) * Math.sin(sceneSeconds * (4 + 1.5 * metresPerSecond))
}
