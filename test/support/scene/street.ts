import type { Block, Colour, Patch, Place } from './scene.ts'

const asphalt: Colour = [126, 128, 130]
const pavement: Colour = [186, 182, 174]
const kerb: Colour = [214, 211, 204]
const marking: Colour = [222, 221, 214]

export function rectangle(
  colour: Colour,
  left: number,
  right: number,
  near: number,
  far: number,
): Patch {
  return {
    colour,
    corners: [
      { xMetres: left, yMetres: near },
      { xMetres: right, yMetres: near },
      { xMetres: right, yMetres: far },
      { xMetres: left, yMetres: far },
    ],
  }
}

/** Carriageway along x, 10 m wide, pavements on both sides, a dashed middle line. */
export function streetPatches(reachMetres: number): Patch[] {
  const dashes = Array.from({ length: Math.floor(reachMetres / 3) }, (_, index) =>
    rectangle(marking, -reachMetres + 6 * index, -reachMetres + 6 * index + 3, -0.08, 0.08),
  )
  return [
    rectangle(pavement, -reachMetres, reachMetres, -16, 16),
    rectangle(kerb, -reachMetres, reachMetres, -5.25, 5.25),
    rectangle(asphalt, -reachMetres, reachMetres, -5, 5),
    ...dashes,
  ]
}

const facades: readonly Colour[] = [
  [201, 188, 165],
  [178, 170, 160],
  [190, 176, 158],
  [168, 163, 158],
  [206, 197, 181],
]

/** A row of houses along x between two lines of y. */
export function houses(reachMetres: number, near: number, far: number): Block[] {
  const row: Block[] = []
  let left = -reachMetres
  for (let index = 0; left < reachMetres; index++) {
    const right = left + 11 + ((index * 7) % 5)
    row.push({
      from: { xMetres: left, yMetres: Math.min(near, far) },
      to: { xMetres: right, yMetres: Math.max(near, far) },
      heightMetres: 8 + ((index * 5) % 4),
      colour: facades[index % facades.length]!,
      windows: true,
    })
    left = right
  }
  return row
}

export function streetPlace(id: string, light: Place['light']): Place {
  return {
    id,
    light,
    ground: [172, 176, 162],
    patches: streetPatches(220),
    blocks: [...houses(110, 16.5, 26), ...houses(110, -16.5, -26)],
    walls: [
      { axis: 'y', atMetres: 16.5, returned: 0.45 },
      { axis: 'y', atMetres: -16.5, returned: 0.45 },
    ],
    echoSeconds: 0.7,
  }
}
