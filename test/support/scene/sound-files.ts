/** A sound scene as files with truth.json beside them, through ffmpeg. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { filled } from '../../../src/media/sound-filters.ts'
import { codec } from './phone-channel.ts'
import type { CodecName } from './phone-channel.ts'
import type { SoundScene } from './sound-scene.ts'
import { soundSceneRateHz } from './sound-scene-sources.ts'
import { renderSoundPhone } from './sound-scene-render.ts'
import { trueImpulses, truePairs } from './sound-scene-truth.ts'
import type { SoundTruth, TrueSoundRecording } from './sound-scene-truth.ts'

/** Renders, encodes and writes every recording, and truth.json; the folder is there. */
export async function writeSoundScene(scene: SoundScene, folder: string): Promise<SoundTruth> {
  const recordings: TrueSoundRecording[] = []
  for (const phone of scene.phones) {
    recordings.push(await writeRecording(phone, renderSoundPhone(scene, phone), folder))
  }
  const { seed, difficulty } = scene
  const truth = {
    seed,
    difficulty,
    recordings,
    pairs: truePairs(scene, recordings),
    impulses: trueImpulses(scene, recordings),
  }
  await writeTruth(truth, folder)
  return truth
}

/** What is known of a recording before it is encoded. */
type PlannedRecording = Pick<
  TrueSoundRecording,
  'id' | 'place' | 'startSeconds' | 'rate' | 'position' | 'snrDecibels' | 'codec'
>

/** Encodes samples at `soundSceneRateHz`; a codec's delay goes into the time at which they start. */
export async function writeRecording(
  { id, place, startSeconds, rate, position, snrDecibels, codec: name }: PlannedRecording,
  samples: Float32Array,
  folder: string,
): Promise<TrueSoundRecording> {
  const { ending, sampleRateHz, delaySeconds } = codec(name)
  const file = `${id}.${ending}`
  await encodeSound(samples, name, join(folder, file))
  return {
    id,
    file,
    place,
    startSeconds: startSeconds - rate * delaySeconds,
    rate,
    durationSeconds: samples.length / soundSceneRateHz + delaySeconds,
    position,
    snrDecibels,
    codec: name,
    sampleRateHz,
  }
}

export async function writeTruth(truth: SoundTruth, folder: string): Promise<void> {
  await writeFile(join(folder, 'truth.json'), `${JSON.stringify(truth, undefined, 2)}\n`)
}

/** Mono samples at `soundSceneRateHz` into a file as that codec keeps it. */
export async function encodeSound(
  samples: Float32Array,
  name: CodecName,
  path: string,
): Promise<void> {
  const { arguments: output, before, sampleRateHz } = codec(name)
  const raw = `-f f32le -ar ${soundSceneRateHz} -ac 1 -i pipe:0`.split(' ')
  const plain = '-map_metadata -1 -fflags +bitexact -flags +bitexact -threads 1'.split(' ')
  let from = raw
  let bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)
  if (before !== undefined) {
    const coded = ['-ar', String(sampleRateHz), ...plain, ...before.split(' '), 'pipe:1']
    bytes = await ffmpeg([...raw, ...coded], bytes)
    from = ['-i', 'pipe:0']
  }
  const rate = ['-ar', String(sampleRateHz)]
  await ffmpeg([...from, ...rate, ...plain, ...output.split(' '), `file:${path}`], bytes)
}

/** As the product decodes it, from `own time 0` on, at any rate. */
export async function decodeSound(path: string, rateHz: number): Promise<Float32Array> {
  const filter = `${filled(rateHz)},aformat=sample_fmts=flt:channel_layouts=mono`
  const input = ['-copyts', '-i', `file:${path}`, '-map', '0:a:0', '-vn']
  const bytes = await ffmpeg([...input, '-af', filter, '-f', 'f32le', 'pipe:1'])
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
}

async function ffmpeg(args: readonly string[], input?: Buffer): Promise<Buffer<ArrayBuffer>> {
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', '-v', 'error', '-y', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)))
  // ffmpeg may stop reading early; its exit status says whether that was wrong.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')} ended with ${status}: ${said}`)
  const whole = Buffer.from(new ArrayBuffer(chunks.reduce((sum, { length }) => sum + length, 0)))
  let at = 0
  for (const chunk of chunks) at += chunk.copy(whole, at)
  return whole
}
