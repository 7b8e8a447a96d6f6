import { ellipse, fill } from './raster.ts'
import type { Picture } from './raster.ts'
import type { Block, Colour, Place } from './scene.ts'
import type { Spot, View } from './view.ts'

type Light = Place['light']

const strength: Readonly<Record<Light, Colour>> = {
  day: [1, 1, 1],
  dusk: [0.62, 0.58, 0.62],
  night: [0.23, 0.25, 0.34],
}

const skies: Readonly<Record<Light, readonly [top: Colour, horizon: Colour]>> = {
  day: [
    [176, 196, 212],
    [222, 226, 224],
  ],
  dusk: [
    [92, 98, 124],
    [186, 158, 142],
  ],
  night: [
    [14, 17, 28],
    [34, 36, 50],
  ],
}

/** A surface's colour under the place's light; `shade` 1 is open to the sky. */
export function lit(colour: Colour, light: Light, shade = 1): Colour {
  const [red, green, blue] = strength[light]
  return [colour[0] * red * shade, colour[1] * green * shade, colour[2] * blue * shade]
}

export function drawPlace(picture: Picture, view: View, place: Place): void {
  drawSky(picture, view, place.light)
  const horizon = Math.max(0, Math.min(picture.heightPixels, view.horizonY))
  const { widthPixels, heightPixels } = picture
  fill(
    picture,
    [0, horizon, widthPixels, horizon, widthPixels, heightPixels, 0, heightPixels],
    lit(place.ground, place.light),
  )
  for (const patch of place.patches) {
    const spots = patch.corners.map((corner): Spot => [corner.xMetres, corner.yMetres, 0])
    fill(picture, view.outline(spots), lit(patch.colour, place.light))
  }
  const middle = (block: Block): Spot => [
    Math.max(block.from.xMetres, Math.min(block.to.xMetres, view.eye[0])),
    Math.max(block.from.yMetres, Math.min(block.to.yMetres, view.eye[1])),
    0,
  ]
  const blocks = place.blocks
    .map((block) => ({ block, metres: view.distanceMetres(middle(block)) }))
    .sort((a, b) => b.metres - a.metres)
  for (const { block } of blocks) drawBlock(picture, view, block, place.light)
}

function drawSky(picture: Picture, view: View, light: Light): void {
  const [top, horizon] = skies[light]
  const bottom = Math.max(1, Math.min(picture.heightPixels, view.horizonY + 1))
  const bands = 24
  for (let band = 0; band < bands; band++) {
    const share = band / (bands - 1)
    const colour: Colour = [
      top[0] + share * (horizon[0] - top[0]),
      top[1] + share * (horizon[1] - top[1]),
      top[2] + share * (horizon[2] - top[2]),
    ]
    const from = (bottom * band) / bands
    // Down to the bottom each time: bands that only met would leave seams.
    const to = picture.heightPixels
    fill(picture, [0, from, picture.widthPixels, from, picture.widthPixels, to, 0, to], colour)
  }
}

interface Face {
  readonly a: readonly [number, number]
  readonly b: readonly [number, number]
  readonly shade: number
}

function drawBlock(picture: Picture, view: View, block: Block, light: Light): void {
  const [left, near] = [block.from.xMetres, block.from.yMetres]
  const [right, far] = [block.to.xMetres, block.to.yMetres]
  const [eyeX, eyeY] = view.eye
  const faces: Face[] = []
  if (eyeX < left) faces.push({ a: [left, near], b: [left, far], shade: 0.8 })
  if (eyeX > right) faces.push({ a: [right, near], b: [right, far], shade: 0.86 })
  if (eyeY < near) faces.push({ a: [left, near], b: [right, near], shade: 1 })
  if (eyeY > far) faces.push({ a: [left, far], b: [right, far], shade: 0.93 })
  for (const face of faces) {
    const wall = lit(block.colour, light, face.shade)
    fill(picture, view.outline(upright(face, 0, 1, 0, block.heightMetres)), wall)
    const plinth = lit(block.colour, light, face.shade * 0.82)
    fill(picture, view.outline(upright(face, 0, 1, 0, Math.min(0.6, block.heightMetres))), plinth)
    if (block.windows) drawWindows(picture, view, block, face, light)
  }
}

/** A part of a wall: shares along it, metres up. */
function upright({ a, b }: Face, from: number, to: number, low: number, high: number): Spot[] {
  const at = (share: number): [number, number] => [
    a[0] + share * (b[0] - a[0]),
    a[1] + share * (b[1] - a[1]),
  ]
  const [start, end] = [at(from), at(to)]
  return [
    [...start, low],
    [...end, low],
    [...end, high],
    [...start, high],
  ]
}

function drawWindows(picture: Picture, view: View, block: Block, face: Face, light: Light): void {
  const length = Math.hypot(face.b[0] - face.a[0], face.b[1] - face.a[1])
  const columns = Math.max(1, Math.floor(length / 2.8))
  const floors = Math.max(1, Math.floor(block.heightMetres / 2.9))
  for (let floor = 0; floor < floors; floor++) {
    for (let column = 0; column < columns; column++) {
      const middle = (column + 0.5) / columns
      const half = 0.55 / length
      const low = floor === 0 ? 0.15 : floor * 2.9 + 0.8
      const high = floor === 0 ? 2.2 : floor * 2.9 + 2.2
      const glows =
        light !== 'day' && (column * 7 + floor * 5 + Math.round(block.from.xMetres)) % 4 === 0
      const glass: Colour = glows ? [206, 172, 108] : lit([112, 122, 130], light, face.shade)
      fill(picture, view.outline(upright(face, middle - half, middle + half, low, high)), glass)
    }
  }
}

/** A soft shadow on the ground. */
export function drawShadow(
  picture: Picture,
  view: View,
  spots: readonly Spot[],
  light: Light,
): void {
  if (light !== 'night') fill(picture, view.outline(spots), [40, 44, 52], 0.22)
}

export function groundCircle(x: number, y: number, radius: number): Spot[] {
  const flat = ellipse(x, y, radius)
  return Array.from({ length: flat.length / 2 }, (_, index): Spot => [
    flat[2 * index]!,
    flat[2 * index + 1]!,
    0.01,
  ])
}
