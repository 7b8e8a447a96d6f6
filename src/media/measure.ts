/**
 * Size and frames of files that our own renders left: PNG, JPEG and MP4 with its
 * index. Read here and not by ffprobe, as a publication asks this of every
 * exhibit. The program that wrote them had hostile input, so every offset and
 * length is checked; anything odd is "no picture".
 */
import { open, type FileHandle } from 'node:fs/promises'
import { guardedInput, guardedPicture } from './guard.ts'
import { MediaError } from './media-error.ts'

export interface PictureSize {
  readonly widthPixels: number
  readonly heightPixels: number
  readonly frames: number
}

/** As much as an index of `mostFrames` frames needs. */
const mostIndexBytes = 128 * 1024 * 1024
const headerBytes = 256 * 1024

/** Size and number of frames of a file we made; undefined where it holds no picture. */
export async function measurePicture(
  path: string,
  mediaType: string,
): Promise<PictureSize | undefined> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new MediaError('failed', 'a file that was rendered is gone', cause)
  })
  try {
    if (mediaType === 'image/png') return pngSize(await bytesAt(file, 0, 24))
    if (mediaType === 'image/jpeg') return jpegSize(await bytesAt(file, 0, headerBytes))
    const index = await movieIndex(file)
    return index === undefined ? undefined : movieSize(index)
  } finally {
    await file.close()
  }
}

export function guardOf(mediaType: string): string[] {
  if (mediaType === 'image/png') return guardedPicture('png')
  if (mediaType === 'image/jpeg') return guardedPicture('jpeg')
  return guardedInput('mov')
}

/** Fewer bytes at the end of the file. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

function sized(widthPixels: number, heightPixels: number, frames: number): PictureSize | undefined {
  return widthPixels > 0 && heightPixels > 0 ? { widthPixels, heightPixels, frames } : undefined
}

/** PNG, 11.2.2: the signature, then IHDR with width and height. */
function pngSize(bytes: Buffer): PictureSize | undefined {
  const isPng =
    bytes.length === 24 && bytes.toString('latin1', 1, 16) === 'PNG\r\n\x1A\n\0\0\0\rIHDR'
  return isPng ? sized(bytes.readUInt32BE(16), bytes.readUInt32BE(20), 1) : undefined
}

/** ITU-T T.81, B.1.1: segments up to the frame header (SOF), which holds height and width. */
function jpegSize(bytes: Buffer): PictureSize | undefined {
  let at = 2
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return sized(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5), 1)
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}

interface Box {
  readonly type: string
  readonly bodyAt: number
  readonly endAt: number
}

/** ISO/IEC 14496-12, 4.2: size, type and, for size 1, a 64-bit size. */
function boxAt(bytes: Buffer, at: number): Box | undefined {
  if (at + 8 > bytes.length) return undefined
  const size = bytes.readUInt32BE(at)
  const type = bytes.toString('latin1', at + 4, at + 8)
  if (size !== 1) return size < 8 ? undefined : { type, bodyAt: at + 8, endAt: at + size }
  if (at + 16 > bytes.length) return undefined
  const large = Number(bytes.readBigUInt64BE(at + 8))
  return large < 16 ? undefined : { type, bodyAt: at + 16, endAt: at + large }
}

/** What is in the box `moov`. */
async function movieIndex(file: FileHandle): Promise<Buffer | undefined> {
  const { size } = await file.stat()
  let position = 0
  while (position < size) {
    const box = boxAt(await bytesAt(file, position, 16), 0)
    if (box === undefined) return undefined
    if (box.type === 'moov') {
      return box.endAt > mostIndexBytes
        ? undefined
        : bytesAt(file, position + box.bodyAt, box.endAt - box.bodyAt)
    }
    position += box.endAt
  }
  return undefined
}

function movieSize(index: Buffer): PictureSize | undefined {
  for (const track of boxesIn(index, 'trak')) {
    const media = boxIn(track, 'mdia')
    const table = media && boxIn(boxIn(media, 'minf') ?? none, 'stbl')
    const handler = media && boxIn(media, 'hdlr')
    if (table === undefined || handler?.toString('latin1', 8, 12) !== 'vide') continue
    // Counted from the bodies: stsd has one entry, whose sizes stand 32 bytes into it.
    const format = boxIn(table, 'stsd')
    const sizes = boxIn(table, 'stsz')
    if (format === undefined || format.length < 44) return undefined
    if (sizes === undefined || sizes.length < 12) return undefined
    return sized(format.readUInt16BE(40), format.readUInt16BE(42), sizes.readUInt32BE(8))
  }
  return undefined
}

const none = Buffer.alloc(0)

function boxIn(bytes: Buffer, type: string): Buffer | undefined {
  return boxesIn(bytes, type).next().value
}

function* boxesIn(bytes: Buffer, type: string): Generator<Buffer, undefined> {
  let at = 0
  for (;;) {
    const box = boxAt(bytes, at)
    if (box === undefined || box.endAt > bytes.length) return undefined
    if (box.type === type) yield bytes.subarray(box.bodyAt, box.endAt)
    at = box.endAt
  }
}
