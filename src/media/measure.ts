import { guardedInput, guardedPicture } from './guard.ts'
import { documentLimits } from './limits.ts'
import { runSandboxed } from './sandbox.ts'

export interface PictureSize {
  readonly widthPixels: number
  readonly heightPixels: number
  readonly frames: number
}

/** Size and number of frames of a file we made; undefined where it holds no picture. */
export async function measurePicture(
  path: string,
  mediaType: string,
): Promise<PictureSize | undefined> {
  const { stdout } = await runSandboxed({
    program: 'ffprobe',
    args: [
      '-v',
      'error',
      ...guardOf(mediaType),
      '-select_streams',
      'v:0',
      '-count_packets',
      '-show_entries',
      'stream=width,height,nb_read_packets',
      '-of',
      'csv=p=0',
      'file:in/0',
    ],
    inputs: [path],
    limits: documentLimits,
    acceptFailure: true,
  })
  const found = /^(\d+),(\d+),(\d+)/m.exec(stdout.toString('latin1'))
  if (found === null) return undefined
  const [widthPixels = 0, heightPixels = 0, frames = 0] = found.slice(1).map(Number)
  return widthPixels > 0 && heightPixels > 0 ? { widthPixels, heightPixels, frames } : undefined
}

export function guardOf(mediaType: string): string[] {
  if (mediaType === 'image/png') return guardedPicture('png')
  if (mediaType === 'image/jpeg') return guardedPicture('jpeg')
  return guardedInput('mov')
}
