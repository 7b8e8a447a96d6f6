import { closeSync } from 'node:fs'
import type { RecordingFacts } from '../case/item-facts.ts'
import { ffmpegStart, recordingInput } from './ffmpeg-arguments.ts'
import { readFileHeader } from './file-header.ts'
import { longestRecordingSeconds, mostStreams, transcodeLimits } from './limits.ts'
import { lastWords, MediaError } from './media-error.ts'
import { runSandboxed } from './sandbox.ts'
import type { Container } from './sniff.ts'
import { openNameless, SoundFile } from './sound-file.ts'
import { filled } from './sound-filters.ts'

const sampleRateHz = 8000
const mostBytes = 2 * longestRecordingSeconds * sampleRateHz

/**
 * A recording's sound for alignment: mono, 8000 Hz, full scale ±1. Index 0 is
 * own time 0; what lies before is dropped (`facts.sound.startSeconds` says how
 * much), gaps and samples that are no numbers are silence; more than twice full
 * scale is cut off. Empty where there is no sound. It takes room in `folder`,
 * 16 kB a second, until it is closed. Throws MediaError.
 */
export async function decodeSound8k(
  path: string,
  facts: RecordingFacts,
  folder: string,
): Promise<SoundFile> {
  if (facts.sound === undefined) return new SoundFile(openNameless(folder), 0)
  const { sound, stderr, exitCode } = await decode(path, folder, [
    ...ffmpegStart,
    ...recordingInput({ item: '', container: facts.container }, 0, undefined),
    '-map',
    `0:${facts.sound.streamIndex}`,
  ])
  if (exitCode === 0) return sound
  sound.close()
  throw new MediaError('failed', `ffmpeg failed: ${lastWords(stderr)}`)
}

export interface HeardRecording {
  /** As of decodeSound8k. */
  readonly sound: SoundFile
  /** Own time at which picture or sound begins. */
  readonly startSeconds: number
  readonly endSeconds: number
  readonly containerTime?: string
}

/** A header's word on where the picture ends is taken so far from where the sound ended. */
const believedSeconds = 1
/** Hold no times at all; elsewhere it is odd to have none. */
const timeless: ReadonlySet<Container> = new Set<Container>(['wav', 'aac', 'amr', 'gsm'])
/** Encoders' delays, which are no sound, are shorter. */
const leastEarlySeconds = 0.1

/**
 * The sound of a recording nobody has probed, at the cost of decoding it. Only
 * for files with nothing odd about them: of all others the answer is
 * `undefined`, and `probeRecording` says what they hold. Throws MediaError only
 * for trouble of this machine.
 */
export async function hearRecording(
  path: string,
  container: Container,
  folder: string,
): Promise<HeardRecording | undefined> {
  const decoded = await decode(path, folder, [
    ...ffmpegStart,
    '-v',
    'level+info',
    '-nostats',
    '-max_streams',
    String(mostStreams),
    ...recordingInput({ item: '', container }, 0, undefined),
    '-map',
    '0:a:0',
  ]).catch((error: unknown) => {
    if (error instanceof MediaError && /^(?:time|memory|output)-limit$/.test(error.code)) return
    throw error
  })
  if (decoded === undefined) return undefined
  const span = believedSpan(decoded, container)
  if (span !== undefined) return { sound: decoded.sound, ...span }
  decoded.sound.close()
  return undefined
}

/** Nothing where there is anything odd. */
function believedSpan(
  { sound, stderr, exitCode }: Decoded,
  container: Container,
): Omit<HeardRecording, 'sound'> | undefined {
  const header = exitCode === 0 ? readFileHeader(stderr) : undefined
  if (header === undefined || sound.length === 0) return undefined
  const { pictureEndSeconds, containerTime } = header
  const startSeconds = header.startSeconds ?? (timeless.has(container) ? 0 : -Infinity)
  const soundEndSeconds = sound.length / sampleRateHz
  const endSeconds = Math.max(soundEndSeconds, pictureEndSeconds ?? 0)
  if (endSeconds > longestRecordingSeconds || startSeconds >= endSeconds) return undefined
  if (startSeconds < -leastEarlySeconds) return undefined
  if (Math.abs((pictureEndSeconds ?? soundEndSeconds) - soundEndSeconds) > believedSeconds) {
    return undefined
  }
  return { startSeconds, endSeconds, ...(containerTime === undefined ? {} : { containerTime }) }
}

interface Decoded {
  readonly sound: SoundFile
  readonly stderr: string
  readonly exitCode: number
}

/** Codecs overshoot: this leaves room for twice full scale. */
const usualGain = 0.5
/** FFmpeg's limit. */
const mostGain = 1000
/** Below this, of 32768, sixteen bits are too coarse: it is decoded again, louder. */
const leastWhole = 256
const largestWhole = 32_767

async function decode(path: string, folder: string, input: readonly string[]): Promise<Decoded> {
  const usual = await decodeAt(usualGain, path, folder, input)
  if (usual.exitCode !== 0) return usual
  const loudest = usual.sound.largestWhole(leastWhole)
  if (loudest >= leastWhole) return usual
  usual.sound.close()
  const gain = Math.min(mostGain, (usualGain * largestWhole) / (loudest + 1))
  return decodeAt(gain, path, folder, input)
}

async function decodeAt(
  gain: number,
  path: string,
  folder: string,
  input: readonly string[],
): Promise<Decoded> {
  const file = openNameless(folder)
  try {
    const { stderr, exitCode } = await runSandboxed({
      program: 'ffmpeg',
      args: [
        ...input,
        '-vn',
        '-sn',
        '-dn',
        '-af',
        // Computed in floating point whatever the codec gives, rounded once, in large
        // pieces. From doubles, because of NaN single precision makes full scale.
        `${filled(sampleRateHz)}:tsf=fltp:rmvol=${gain},aformat=sample_fmts=dbl:channel_layouts=mono,` +
          'asetnsamples=n=16384:p=0,aformat=sample_fmts=s16',
        '-f',
        's16le',
        'pipe:1',
      ],
      inputs: [path],
      limits: { ...transcodeLimits, outputBytes: mostBytes },
      stdoutFile: file,
      acceptFailure: true,
    })
    return { sound: new SoundFile(file, 1 / (gain * (largestWhole + 1))), stderr, exitCode }
  } catch (error) {
    closeSync(file)
    throw error
  }
}
