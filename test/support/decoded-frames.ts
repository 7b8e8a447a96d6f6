import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface GrayFrame {
  /** One byte a pixel, row by row. */
  readonly pixels: Uint8Array
  readonly widthPixels: number
  readonly heightPixels: number
}

/** Every frame of a video we made, decoded to gray, in order. */
export async function* decodedFrames(
  path: string,
  widthPixels: number,
  heightPixels: number,
): AsyncGenerator<GrayFrame> {
  const args = ['-v', 'error', '-i', `file:${path}`, '-an', '-fps_mode', 'passthrough']
  const child = spawn('ffmpeg', [...args, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const size = widthPixels * heightPixels
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= size) {
      yield { pixels: Uint8Array.from(rest.subarray(0, size)), widthPixels, heightPixels }
      rest = rest.subarray(size)
    }
  }
  const [code] = (await ended) as [number]
  if (code !== 0 || rest.length > 0) throw new Error(`ffmpeg ended with ${code} on ${path}`)
}

/** A rectangle of a frame. */
export function cropped(
  frame: GrayFrame,
  x: number,
  y: number,
  widthPixels: number,
  heightPixels: number,
): GrayFrame {
  const pixels = new Uint8Array(widthPixels * heightPixels)
  for (let row = 0; row < heightPixels; row += 1) {
    const start = (y + row) * frame.widthPixels + x
    pixels.set(frame.pixels.subarray(start, start + widthPixels), row * widthPixels)
  }
  return { pixels, widthPixels, heightPixels }
}
