import { crc32, deflateSync } from 'node:zlib'

export interface IndexedPicture {
  readonly width: number
  readonly height: number
  /** Row by row from the top, one number into the colours each. */
  readonly indexes: Uint8Array
  /** Red, green and blue from 0 to 255; at most 16. */
  readonly colours: readonly (readonly [number, number, number])[]
}

/** A PNG of 4 bits a pixel (W3C PNG, third edition). The same bytes for the same picture. */
export function indexedPng({ width, height, indexes, colours }: IndexedPicture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 4 bits, palette, and the only compression, filters and order there are.
  header.set([4, 3, 0, 0, 0], 8)
  const rowBytes = 1 + Math.ceil(width / 2)
  const rows = Buffer.alloc(rowBytes * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const index = indexes[y * width + x]!
      rows[y * rowBytes + 1 + (x >> 1)]! |= x % 2 === 0 ? index << 4 : index
    }
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const whole = Buffer.alloc(8 + named.length)
  whole.writeUInt32BE(content.length, 0)
  named.copy(whole, 4)
  whole.writeUInt32BE(crc32(named), 4 + named.length)
  return whole
}
