import type { Colour } from './scene.ts'

/** Planar 4:2:0, BT.709, limited range; width and height are even. */
export interface Picture {
  readonly widthPixels: number
  readonly heightPixels: number
  /** Luma, then the two chroma planes at half size: what ffmpeg calls yuv420p. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Corner coordinates in pixels, x and y in turn; the pixel grid's top left corner is 0, 0. */
export type Outline = readonly number[]

export function createPicture(widthPixels: number, heightPixels: number): Picture {
  if (widthPixels % 2 !== 0 || heightPixels % 2 !== 0) throw new RangeError('sizes must be even')
  const bytes = new Uint8Array((widthPixels * heightPixels * 3) / 2)
  return { widthPixels, heightPixels, bytes }
}

export function copyPicture(from: Picture, to: Picture): void {
  to.bytes.set(from.bytes)
}

/** Fills by the even-odd rule, with smooth edges. `opacity` from 0 to 1. */
export function fill(picture: Picture, outline: Outline, colour: Colour, opacity = 1): void {
  const { widthPixels, heightPixels, bytes } = picture
  const [luma, blue, red] = toYcbcr(colour)
  const half = outline.map((value) => value / 2)
  const area = widthPixels * heightPixels
  fillPlane(bytes, 0, widthPixels, heightPixels, outline, luma, opacity)
  fillPlane(bytes, area, widthPixels / 2, heightPixels / 2, half, blue, opacity)
  fillPlane(bytes, area + area / 4, widthPixels / 2, heightPixels / 2, half, red, opacity)
}

/** A regular polygon with enough corners to look round. */
export function ellipse(x: number, y: number, radiusX: number, radiusY = radiusX): number[] {
  const corners = Math.max(8, Math.min(48, Math.round(4 + Math.max(radiusX, radiusY))))
  return Array.from({ length: corners }, (_, index) => {
    const angle = (2 * Math.PI * index) / corners
    return [x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle)]
  }).flat()
}

function toYcbcr([red, green, blue]: Colour): [number, number, number] {
  const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return [
    16 + (219 * luma) / 255,
    128 + (224 * (blue - luma)) / (1.8556 * 255),
    128 + (224 * (red - luma)) / (1.5748 * 255),
  ]
}

const linesPerRow = 4

/** Coverage by four lines a row; along each line the ends are exact. */
function fillPlane(
  plane: Uint8Array,
  offset: number,
  width: number,
  height: number,
  outline: Outline,
  value: number,
  opacity: number,
): void {
  let top = Infinity
  let bottom = -Infinity
  for (let index = 1; index < outline.length; index += 2) {
    top = Math.min(top, outline[index]!)
    bottom = Math.max(bottom, outline[index]!)
  }
  const firstRow = Math.max(0, Math.floor(top))
  const lastRow = Math.min(height - 1, Math.ceil(bottom) - 1)
  const change = new Float32Array(width + 2)
  for (let row = firstRow; row <= lastRow; row++) {
    change.fill(0)
    let left = width
    let right = -1
    for (let line = 0; line < linesPerRow; line++) {
      const crossings = crossingsAt(outline, row + (line + 0.5) / linesPerRow)
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const from = Math.max(0, Math.min(width, crossings[pair]!))
        const to = Math.max(0, Math.min(width, crossings[pair + 1]!))
        if (to <= from) continue
        step(change, from, 1 / linesPerRow)
        step(change, to, -1 / linesPerRow)
        left = Math.min(left, Math.floor(from))
        right = Math.max(right, Math.ceil(to) - 1)
      }
    }
    let coverage = 0
    const start = offset + row * width
    for (let column = left; column <= right; column++) {
      coverage += change[column]!
      const share = coverage * opacity
      const below = plane[start + column]!
      plane[start + column] = below + share * (value - below) + 0.5
    }
  }
}

function step(change: Float32Array, at: number, amount: number): void {
  const column = Math.floor(at)
  const share = at - column
  change[column]! += amount * (1 - share)
  change[column + 1]! += amount * share
}

function crossingsAt(outline: Outline, y: number): number[] {
  const crossings: number[] = []
  let previousX = outline.at(-2) ?? 0
  let previousY = outline.at(-1) ?? 0
  for (let index = 0; index + 1 < outline.length; index += 2) {
    const x = outline[index]!
    const cornerY = outline[index + 1]!
    if (previousY <= y !== cornerY <= y) {
      crossings.push(previousX + ((y - previousY) / (cornerY - previousY)) * (x - previousX))
    }
    previousX = x
    previousY = cornerY
  }
  return crossings.sort((a, b) => a - b)
}
