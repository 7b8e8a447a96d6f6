import type { Outline } from './raster.ts'
import type { Phone } from './scene.ts'

/** x and y on the ground, z upwards, metres. */
export type Spot = readonly [x: number, y: number, z: number]

export interface View {
  /** The outline on the picture of a flat shape, cut off in front of the lens; empty if behind it. */
  readonly outline: (spots: readonly Spot[]) => Outline
  /** Where a spot is seen and how many pixels a metre takes there; undefined behind the lens. */
  readonly spot: (
    spot: Spot,
  ) => { readonly x: number; readonly y: number; readonly pixelsPerMetre: number } | undefined
  readonly distanceMetres: (spot: Spot) => number
  readonly eye: Spot
  readonly horizonY: number
}

const nearestMetres = 0.3

/** A pinhole camera where the phone is held, upright as displayed. */
export function viewFrom(phone: Phone): View {
  const { camera, position } = phone
  const eye: Spot = [position.xMetres, position.yMetres, camera.heightMetres]
  const target: Spot = [camera.lookAt.xMetres, camera.lookAt.yMetres, camera.lookAtHeightMetres]
  const forward = unit(minus(target, eye))
  const right = unit([forward[1], -forward[0], 0])
  const up = cross(right, forward)
  const focal = camera.widthPixels / 2 / Math.tan((camera.fieldOfViewDegrees * Math.PI) / 360)
  const middleX = camera.widthPixels / 2
  const middleY = camera.heightPixels / 2

  const inCamera = (spot: Spot): Spot => {
    const offset = minus(spot, eye)
    return [dot(offset, right), dot(offset, up), dot(offset, forward)]
  }
  const onPicture = ([x, y, depth]: Spot): [number, number] => [
    middleX + (focal * x) / depth,
    middleY - (focal * y) / depth,
  ]
  return {
    eye,
    horizonY: middleY + (focal * forward[2]) / Math.hypot(forward[0], forward[1]),
    outline: (spots) => cutNear(spots.map(inCamera)).flatMap(onPicture),
    spot: (spot) => {
      const seen = inCamera(spot)
      if (seen[2] < nearestMetres) return undefined
      const [x, y] = onPicture(seen)
      return { x, y, pixelsPerMetre: focal / seen[2] }
    },
    distanceMetres: (spot) => Math.hypot(...minus(spot, eye)),
  }
}

/** Sutherland–Hodgman against the plane just in front of the lens. */
function cutNear(spots: readonly Spot[]): Spot[] {
  const kept: Spot[] = []
  let previous = spots.at(-1)
  for (const spot of spots) {
    if (previous !== undefined && previous[2] < nearestMetres !== spot[2] < nearestMetres) {
      const share = (nearestMetres - previous[2]) / (spot[2] - previous[2])
      kept.push([
        previous[0] + share * (spot[0] - previous[0]),
        previous[1] + share * (spot[1] - previous[1]),
        nearestMetres,
      ])
    }
    if (spot[2] >= nearestMetres) kept.push(spot)
    previous = spot
  }
  return kept
}

function minus(a: Spot, b: Spot): Spot {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

function dot(a: Spot, b: Spot): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function cross(a: Spot, b: Spot): Spot {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

function unit(a: Spot): Spot {
  const length = Math.hypot(...a)
  return [a[0] / length, a[1] / length, a[2] / length]
}
