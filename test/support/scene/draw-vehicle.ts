import { drawShadow, lit } from './draw-place.ts'
import { ellipse, fill } from './raster.ts'
import type { Picture } from './raster.ts'
import { positionAt } from './scene.ts'
import type { Colour, Place, Vehicle } from './scene.ts'
import type { Spot, View } from './view.ts'

/** From the middle of the vehicle: metres to the front, to the left, up. */
type Local = readonly [ahead: number, left: number, up: number]

interface Body {
  readonly picture: Picture
  readonly view: View
  readonly light: Place['light']
  readonly place: (local: Local) => Spot
}

export function drawVehicle(
  picture: Picture,
  view: View,
  vehicle: Vehicle,
  sceneSeconds: number,
  light: Place['light'],
): void {
  const { xMetres, yMetres } = positionAt(vehicle.path, sceneSeconds)
  const turn = (vehicle.headingDegrees * Math.PI) / 180
  const place = ([ahead, left, up]: Local): Spot => [
    xMetres + ahead * Math.cos(turn) - left * Math.sin(turn),
    yMetres + ahead * Math.sin(turn) + left * Math.cos(turn),
    up,
  ]
  const body: Body = { picture, view, light, place }
  const { lengthMetres, widthMetres, heightMetres } = vehicle.size
  const [half, side] = [lengthMetres / 2, widthMetres / 2]
  const waist = 0.6 * heightMetres
  const shadow = [
    place([half + 0.1, side + 0.1, 0.01]),
    place([half + 0.1, -side - 0.1, 0.01]),
    place([-half - 0.1, -side - 0.1, 0.01]),
    place([-half - 0.1, side + 0.1, 0.01]),
  ]
  drawShadow(picture, view, shadow, light)
  drawWheels(body, half, side)
  const hull = box([half, side, 0.28], [-half, -side, waist], 0)
  for (const face of hull) drawFace(body, face, vehicle.paint)
  const tall = heightMetres > 1.8
  const front = tall ? half - 0.5 : 0.22 * lengthMetres
  const rear = tall ? -half : -0.4 * lengthMetres
  const cabin = box(
    [front, side - 0.08, waist],
    [rear, -side + 0.08, heightMetres],
    tall ? 0.05 : 0.28,
  )
  for (const face of cabin) drawFace(body, face, vehicle.paint)
  for (const face of cabin) {
    const isGlazed = tall ? face.outward[0] > 0 : face.kind !== 'top'
    if (isGlazed) drawGlass(body, face)
  }
  drawFigures(body, vehicle, [front, rear], waist)
  drawLights(body, vehicle, sceneSeconds, half, side)
}

interface Face {
  readonly kind: 'side' | 'end' | 'top'
  readonly corners: readonly [Local, Local, Local, Local]
  readonly outward: Local
}

/** Four sides and a top; `lean` metres is how far the upper corners stand in, front and rear. */
function box(frontLeftLow: Local, rearRightHigh: Local, lean: number): Face[] {
  const [front, left, low] = frontLeftLow
  const [rear, right, high] = rearRightHigh
  const [topFront, topRear] = [front - lean * 1.6, rear + lean]
  const inset = lean * 0.35
  const a: Local = [topFront, left - inset, high]
  const b: Local = [topFront, right + inset, high]
  const c: Local = [topRear, right + inset, high]
  const d: Local = [topRear, left - inset, high]
  return [
    { kind: 'side', corners: [[front, left, low], [rear, left, low], d, a], outward: [0, 1, 0] },
    { kind: 'side', corners: [[front, right, low], [rear, right, low], c, b], outward: [0, -1, 0] },
    { kind: 'end', corners: [[front, left, low], [front, right, low], b, a], outward: [1, 0, 0] },
    { kind: 'end', corners: [[rear, left, low], [rear, right, low], c, d], outward: [-1, 0, 0] },
    { kind: 'top', corners: [a, b, c, d], outward: [0, 0, 1] },
  ]
}

const shades = { side: 0.86, end: 0.95, top: 1.1 } as const

function isSeen(body: Body, face: Face): boolean {
  const corner = body.place(face.corners[0])
  const origin = body.place([0, 0, 0])
  const tip = body.place(face.outward)
  const { eye } = body.view
  return (
    (eye[0] - corner[0]) * (tip[0] - origin[0]) +
      (eye[1] - corner[1]) * (tip[1] - origin[1]) +
      (eye[2] - corner[2]) * (tip[2] - origin[2]) >
    0
  )
}

function drawFace(body: Body, face: Face, colour: Colour): void {
  if (!isSeen(body, face)) return
  const outline = body.view.outline(face.corners.map((corner) => body.place(corner)))
  fill(body.picture, outline, lit(colour, body.light, shades[face.kind]))
}

const glass: Colour = [92, 106, 116]

/** A window is the face drawn in towards its middle; a side has a pillar between two. */
function drawGlass(body: Body, face: Face): void {
  if (!isSeen(body, face)) return
  const [lowA, lowB, highB, highA] = face.corners
  const between = (a: Local, b: Local, share: number): Local => [
    a[0] + share * (b[0] - a[0]),
    a[1] + share * (b[1] - a[1]),
    a[2] + share * (b[2] - a[2]),
  ]
  const panes =
    face.kind === 'side'
      ? [
          [0.06, 0.47],
          [0.52, 0.94],
        ]
      : [[0.06, 0.94]]
  for (const [from, to] of panes) {
    const corner = (along: number, up: number): Spot =>
      body.place(between(between(lowA, lowB, along), between(highA, highB, along), up))
    const spots = [corner(from!, 0.08), corner(to!, 0.08), corner(to!, 0.88), corner(from!, 0.88)]
    fill(body.picture, body.view.outline(spots), lit(glass, body.light))
  }
}

/** Heads and shoulders behind the glass, dimmed; the rest of a figure is under the waistline. */
function drawFigures(
  body: Body,
  vehicle: Vehicle,
  cabin: readonly [number, number],
  waist: number,
): void {
  const [front, rear] = cabin
  for (const figure of vehicle.figures) {
    const ahead = front + figure.along * (rear - front)
    const left = figure.side * 0.24 * vehicle.size.widthMetres
    const head = body.view.spot(body.place([ahead, left, waist + (figure.small ? 0.16 : 0.3)]))
    if (head === undefined) continue
    const radius = (figure.small ? 0.1 : 0.12) * head.pixelsPerMetre
    const shape = lit([58, 56, 58], body.light)
    fill(body.picture, ellipse(head.x, head.y, radius, radius * 1.2), shape, 0.85)
    const [low, wide] = [0.14 * head.pixelsPerMetre + radius, 1.7 * radius]
    const neck = head.y + radius * 1.1
    const shoulders = [head.x - radius * 0.7, neck, head.x + radius * 0.7, neck]
    shoulders.push(head.x + wide, head.y + low, head.x - wide, head.y + low)
    fill(body.picture, shoulders, shape, 0.85)
  }
}

function drawWheels(body: Body, half: number, side: number): void {
  for (const left of [side, -side]) {
    for (const ahead of [half * 0.62, -half * 0.62]) {
      const rim = Array.from({ length: 16 }, (_, index): Spot => {
        const angle = (2 * Math.PI * index) / 16
        return body.place([ahead + 0.32 * Math.cos(angle), left, 0.32 + 0.32 * Math.sin(angle)])
      })
      fill(body.picture, body.view.outline(rim), lit([38, 38, 42], body.light))
    }
  }
}

function drawLights(
  body: Body,
  vehicle: Vehicle,
  sceneSeconds: number,
  half: number,
  side: number,
): void {
  const on = vehicle.lightsFromSeconds !== undefined && sceneSeconds >= vehicle.lightsFromSeconds
  const { eye } = body.view
  const origin = body.place([0, 0, 0])
  const tip = body.place([1, 0, 0])
  const ahead =
    (eye[0] - origin[0]) * (tip[0] - origin[0]) + (eye[1] - origin[1]) * (tip[1] - origin[1])
  const end = ahead > 0 ? half : -half
  const bright: Colour = ahead > 0 ? [255, 246, 214] : [236, 52, 40]
  const dull: Colour = ahead > 0 ? [196, 198, 194] : [112, 44, 42]
  for (const left of [side - 0.25, -side + 0.25]) {
    const seen = body.view.spot(body.place([end, left, 0.68]))
    if (seen === undefined) continue
    const radius = Math.max(1.2, 0.12 * seen.pixelsPerMetre)
    if (on) fill(body.picture, ellipse(seen.x, seen.y, radius * 3.2), bright, 0.25)
    const colour = on ? bright : lit(dull, body.light)
    fill(body.picture, ellipse(seen.x, seen.y, radius * (on ? 1.25 : 1)), colour)
  }
}
