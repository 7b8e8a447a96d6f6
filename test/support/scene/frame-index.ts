import { fill } from './raster.ts'
import type { Picture } from './raster.ts'

/**
 * The code in the band at the top edge: 36 square cells across the whole
 * width. Cells 0 and 35 are white, 1 and 34 black (guards); between them 32
 * bits, white is 1, most significant first: phone (4), frame index (16),
 * CRC-12 of those 20 bits.
 */
const cells = 36
const dataBits = 20
const checkBits = 12
const black = [12, 12, 12] as const
const white = [243, 243, 243] as const

export function drawFrameCode(picture: Picture, phone: number, frame: number): void {
  if (phone > 15 || frame > 0xffff) throw new RangeError('the code holds 16 phones, 65536 frames')
  const cell = picture.widthPixels / cells
  fill(picture, [0, 0, picture.widthPixels, 0, picture.widthPixels, cell, 0, cell], black)
  const data = phone * 0x10000 + frame
  const word = data * 2 ** checkBits + checksum(data)
  for (let index = 0; index < cells; index++) {
    const guard = index < 2 || index >= cells - 2
    const isWhite = guard ? index === 0 || index === cells - 1 : bitOf(word, index - 2)
    if (!isWhite) continue
    const [left, right] = [Math.round(index * cell), Math.round((index + 1) * cell)]
    fill(picture, [left, 0, right, 0, right, cell, left, cell], white)
  }
}

function bitOf(word: number, index: number): boolean {
  return Math.floor(word / 2 ** (dataBits + checkBits - 1 - index)) % 2 === 1
}

/** CRC-12 (polynomial 0x80F), started at all ones so that an empty band does not pass. */
function checksum(data: number): number {
  let register = 0xfff
  for (let bit = dataBits - 1; bit >= 0; bit--) {
    const top = ((register >> 11) & 1) ^ (Math.floor(data / 2 ** bit) & 1)
    register = (register << 1) & 0xfff
    if (top === 1) register ^= 0x80f
  }
  return register
}

/**
 * Reads the code from a grayscale picture cropped to one angle, from about
 * 240 pixels' width. Plain bars left, right and above are allowed. Undefined
 * where a cell is neither black nor white, a guard is wrong or the checksum fails.
 */
export function readFrameCode(
  gray: Uint8Array,
  width: number,
  height: number,
): { phone: number; frame: number } | undefined {
  const nominalCell = width / cells
  const edge = readBand(gray, width, { left: 0, right: width, middleY: nominalCell / 2 })
  if (edge !== undefined) return edge
  const lowest = Math.min(height, Math.round(height / 3))
  for (let row = 1; row < lowest; row++) {
    const span = brightSpan(gray, width, row)
    if (span === undefined) continue
    const cell = (span.right - span.left) / cells
    const found = readBand(gray, width, { ...span, middleY: Math.min(height - 1, row + cell / 3) })
    if (found !== undefined) return found
  }
  return undefined
}

/** From the first to the last bright pixel of a row: the two outer guards, if this is the band. */
function brightSpan(gray: Uint8Array, width: number, row: number) {
  const line = gray.subarray(row * width, (row + 1) * width)
  const left = line.findIndex((value) => value > 150)
  const right = line.findLastIndex((value) => value > 150) + 1
  return right - left >= 3 * cells ? { left, right } : undefined
}

interface Band {
  readonly left: number
  readonly right: number
  readonly middleY: number
}

function readBand(gray: Uint8Array, width: number, band: Band) {
  const cell = (band.right - band.left) / cells
  const levels = Array.from({ length: cells }, (_, index) =>
    levelOf(gray, width, band.left + (index + 0.5) * cell, band.middleY, cell),
  )
  const [first, second] = levels
  const [nextToLast, last] = levels.slice(-2)
  const bright = (first! + last!) / 2
  const dark = (second! + nextToLast!) / 2
  if (bright - dark < 60 || Math.abs(first! - last!) > 60 || Math.abs(second! - nextToLast!) > 60) {
    return undefined
  }
  const shares = levels.slice(2, -2).map((level) => (level - dark) / (bright - dark))
  if (shares.some((share) => Math.abs(share - 0.5) < 0.12)) return undefined
  const word = shares.reduce((sum, share) => sum * 2 + (share > 0.5 ? 1 : 0), 0)
  const data = Math.floor(word / 2 ** checkBits)
  if (checksum(data) !== word % 2 ** checkBits) return undefined
  return { phone: Math.floor(data / 0x10000), frame: data % 0x10000 }
}

/** The mean of the middle third of a cell. */
function levelOf(gray: Uint8Array, width: number, x: number, y: number, cell: number): number {
  const reach = Math.max(0, cell / 6)
  let sum = 0
  let count = 0
  for (let row = Math.floor(y - reach); row <= y + reach; row++) {
    for (let column = Math.floor(x - reach); column <= x + reach; column++) {
      sum += gray[row * width + column] ?? 0
      count++
    }
  }
  return sum / Math.max(1, count)
}
