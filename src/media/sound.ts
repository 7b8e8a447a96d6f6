import type { RecordingFacts } from '../case/item-facts.ts'
import { ffmpegStart, recordingInput } from './ffmpeg-arguments.ts'
import { readFileHeader } from './file-header.ts'
import { longestRecordingSeconds, mostStreams, transcodeLimits } from './limits.ts'
import { lastWords, MediaError } from './media-error.ts'
import { PackedSound } from './packed-sound.ts'
import { runSandboxed } from './sandbox.ts'
import type { Container } from './sniff.ts'
import { filled } from './sound-filters.ts'

const sampleRateHz = 8000
const mostBytes = 2 * longestRecordingSeconds * sampleRateHz

/**
 * A recording's sound for alignment: mono, 8000 Hz, full scale ±1. Index 0 is
 * own time 0; what lies before is dropped (`facts.sound.startSeconds` says how
 * much), gaps are silence; more than twice full scale is cut off. Empty where
 * there is no sound. Throws MediaError.
 */
export async function decodeSound8k(path: string, facts: RecordingFacts): Promise<PackedSound> {
  if (facts.sound === undefined) return noSound
  const { sound, stderr, exitCode } = await decode(path, [
    ...ffmpegStart,
    ...recordingInput({ item: '', container: facts.container }, 0, undefined),
    '-map',
    `0:${facts.sound.streamIndex}`,
  ])
  if (exitCode !== 0) throw new MediaError('failed', `ffmpeg failed: ${lastWords(stderr)}`)
  return sound
}

export interface HeardRecording {
  /** As of decodeSound8k. */
  readonly sound: PackedSound
  /** Own time at which picture or sound begins. */
  readonly startSeconds: number
  readonly endSeconds: number
  readonly containerTime?: string
}

/** A header's word on where the picture ends is taken so far from where the sound ended. */
const believedSeconds = 1
/** Hold no times at all; elsewhere it is odd to have none. */
const timeless: ReadonlySet<Container> = new Set<Container>(['wav', 'aac', 'amr'])
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
): Promise<HeardRecording | undefined> {
  const { sound, stderr, exitCode } = await decode(path, [
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
    if (error instanceof MediaError && /^(?:time|memory|output)-limit$/.test(error.code)) return odd
    throw error
  })
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
  return {
    sound,
    startSeconds,
    endSeconds,
    ...(containerTime === undefined ? {} : { containerTime }),
  }
}

interface Decoded {
  readonly sound: PackedSound
  readonly stderr: string
  readonly exitCode: number
}

const noSound = new PackedSound(new Int16Array(0), 1)
const odd: Decoded = { sound: noSound, stderr: '', exitCode: 1 }

/** Codecs overshoot: this leaves room for twice full scale. */
const usualGain = 0.5
/** FFmpeg's limit. */
const mostGain = 1000
/** Below this, of 32768, sixteen bits are too coarse: it is decoded again, louder. */
const leastWhole = 256

async function decode(path: string, input: readonly string[]): Promise<Decoded> {
  const usual = await decodeAt(usualGain, path, input)
  if (usual.exitCode !== 0 || usual.wholes.some((whole) => Math.abs(whole) >= leastWhole)) {
    return decoded(usual, usualGain)
  }
  let loudest = 0
  for (const whole of usual.wholes) loudest = Math.max(loudest, Math.abs(whole))
  const gain = Math.min(mostGain, (usualGain * largestWhole) / (loudest + 1))
  return decoded(await decodeAt(gain, path, input), gain)
}

const largestWhole = 32_767

function decoded({ wholes, stderr, exitCode }: Wholes, gain: number): Decoded {
  return { sound: new PackedSound(wholes, 1 / (gain * (largestWhole + 1))), stderr, exitCode }
}

interface Wholes extends Omit<Decoded, 'sound'> {
  readonly wholes: Int16Array
}

async function decodeAt(gain: number, path: string, input: readonly string[]): Promise<Wholes> {
  const { stdout, stderr, exitCode } = await runSandboxed({
    program: 'ffmpeg',
    args: [
      ...input,
      '-vn',
      '-sn',
      '-dn',
      '-af',
      // Computed in floating point whatever the codec gives, rounded once.
      `${filled(sampleRateHz)}:tsf=fltp:rmvol=${gain},aformat=sample_fmts=s16:channel_layouts=mono`,
      // Or each frame of sound is written, and read, by itself.
      '-flush_packets',
      '0',
      '-f',
      's16le',
      'pipe:1',
    ],
    inputs: [path],
    limits: { ...transcodeLimits, stdoutBytes: mostBytes },
    acceptFailure: true,
  })
  const wholes = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length >> 1)
  return { wholes, stderr, exitCode }
}
