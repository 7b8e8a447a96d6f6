import { ffmpegStart } from './ffmpeg-arguments.ts'
import { renderLimits } from './limits.ts'
import { guardOf } from './measure.ts'
import { runSandboxed } from './sandbox.ts'

export interface FrameHashes {
  /** One for each decoded frame: PTS and SHA-256 of its pixels. */
  readonly video: readonly string[]
  /** One for each decoded block of sound. */
  readonly sound: readonly string[]
}

/**
 * What a rendered file shows and sounds like, decoded. Two files with equal
 * hashes hold the same frames at the same times, however they are packed.
 * Throws MediaError.
 */
export async function frameHashes(path: string, mediaType: string): Promise<FrameHashes> {
  const { stdout } = await runSandboxed({
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      ...guardOf(mediaType),
      '-noautorotate',
      '-threads',
      '2',
      '-i',
      'file:in/0',
      '-map',
      '0:v?',
      '-map',
      '0:a?',
      '-fps_mode',
      'passthrough',
      '-enc_time_base:v',
      '-1',
      '-f',
      'framehash',
      '-hash',
      'sha256',
      'pipe:1',
    ],
    inputs: [path],
    limits: renderLimits,
  })
  const video: string[] = []
  const sound: string[] = []
  let soundStream = ''
  for (const line of stdout.toString('latin1').split('\n')) {
    const audio = /^#media_type (\d+): audio/.exec(line)?.[1]
    if (audio !== undefined) soundStream = audio
    if (line === '' || line.startsWith('#')) continue
    // stream, dts, pts, duration, size, hash
    const [stream = '', , pts = '', , , hash = ''] = line.split(',').map((part) => part.trim())
    const list = stream === soundStream ? sound : video
    list.push(`${pts}:${hash}`)
  }
  return { video, sound }
}
