import { open, readFile } from 'node:fs/promises'
import type { Camera } from './scene.ts'

/**
 * Writes a player's turn into the first track's header of an MP4 or MOV file,
 * as phones do (ISO/IEC 14496-12, 8.3.2: the matrix a b u c d v x y w, 16.16
 * and 2.30 fixed point). ffmpeg 5.1 writes it only when it copies streams.
 */
export async function writeRotationFlag(filePath: string, camera: Camera): Promise<void> {
  if (camera.rotationDegrees === 0) return
  const bytes = await readFile(filePath)
  const movie = boxIn(bytes, 'moov', 0, bytes.length)
  const track = boxIn(bytes, 'trak', movie.from, movie.to)
  const header = boxIn(bytes, 'tkhd', track.from, track.to)
  const matrixAt = header.from + (bytes[header.from] === 1 ? 52 : 40)
  const file = await open(filePath, 'r+')
  try {
    await file.write(matrixOf(camera), 0, 36, matrixAt)
  } finally {
    await file.close()
  }
}

/** The contents of the first box of this kind between two places. */
function boxIn(bytes: Buffer, kind: string, from: number, to: number) {
  for (let at = from; at + 8 <= to;) {
    const short = bytes.readUInt32BE(at)
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short
    if (bytes.toString('latin1', at + 4, at + 8) === kind) {
      return { from: at + (short === 1 ? 16 : 8), to: at + size }
    }
    if (size < 8) break
    at += size
  }
  throw new RangeError(`no ${kind} box`)
}

function matrixOf(camera: Camera): Buffer {
  const upright = camera.rotationDegrees % 180 === 0
  const width = upright ? camera.widthPixels : camera.heightPixels
  const height = upright ? camera.heightPixels : camera.widthPixels
  const turns: Readonly<Record<number, readonly number[]>> = {
    90: [0, 1, -1, 0, height, 0],
    180: [-1, 0, 0, -1, width, height],
    270: [0, -1, 1, 0, 0, width],
  }
  const [a, b, c, d, x, y] = turns[camera.rotationDegrees] ?? []
  const matrix = Buffer.alloc(36)
  for (const [slot, value] of [a, b, 0, c, d, 0, x, y].entries()) {
    matrix.writeInt32BE((value ?? 0) * 65536, 4 * slot)
  }
  matrix.writeInt32BE(0x40000000, 32)
  return matrix
}
