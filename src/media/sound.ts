import type { RecordingFacts } from '../case/item-facts.ts'
import { ffmpegStart, recordingInput } from './ffmpeg-arguments.ts'
import { longestRecordingSeconds, transcodeLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import { runSandboxed } from './sandbox.ts'
import { filled } from './sound-filters.ts'

const sampleRateHz = 8000
const mostSamples = longestRecordingSeconds * sampleRateHz

/**
 * A recording's sound for alignment: mono, 8000 Hz, full scale ±1. Index 0 is
 * own time 0; what lies before is dropped, gaps are silence. Empty where there
 * is no sound. Throws MediaError.
 */
export async function decodeSound8k(
  path: string,
  facts: RecordingFacts,
  signal?: AbortSignal,
): Promise<Float32Array> {
  if (facts.sound === undefined) return new Float32Array(0)
  const expected = Math.ceil((facts.scannedDurationSeconds + 1) * sampleRateHz)
  let bytes = new Uint8Array(4 * Math.min(mostSamples, Math.max(sampleRateHz, expected)))
  let length = 0
  await runSandboxed({
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      ...recordingInput({ item: '', container: facts.container }, 0, undefined),
      '-map',
      `0:${facts.sound.streamIndex}`,
      '-vn',
      '-sn',
      '-dn',
      '-af',
      `${filled(sampleRateHz)},aformat=sample_fmts=flt:channel_layouts=mono`,
      '-f',
      'f32le',
      'pipe:1',
    ],
    inputs: [path],
    limits: { ...transcodeLimits, stdoutBytes: 4 * mostSamples },
    onStdout(chunk) {
      if (length + chunk.length > bytes.length) {
        if (length + chunk.length > 4 * mostSamples) {
          throw new MediaError('output-limit', 'the sound is longer than is read')
        }
        const larger = new Uint8Array(Math.min(4 * mostSamples, bytes.length * 2 + chunk.length))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(chunk, length)
      length += chunk.length
    },
    ...(signal === undefined ? {} : { signal }),
  })
  return new Float32Array(bytes.buffer, 0, Math.floor(length / 4))
}
