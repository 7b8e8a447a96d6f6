import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { encodingArguments } from './encoding.ts'
import { frameTicks, ticksPerSecond } from './frame-times.ts'
import { rawVideoFrame, rawVideoHead } from './matroska.ts'
import { cameraOf } from './picture.ts'
import { writeRotationFlag } from './rotation-flag.ts'
import type { Phone, Scene } from './scene.ts'
import { renderSound } from './sound.ts'
import { fileNameOf, truthOf } from './truth.ts'
import type { Truth } from './truth.ts'

export interface RenderOptions {
  /** Ids of the phones whose files are wanted; all unless given. The truth always names all. */
  readonly phones?: readonly string[]
  /** Where the truth goes; `truth.json` in the folder unless given. */
  readonly truthPath?: string
}

/**
 * Writes each phone's recording and `truth.json` into the folder. The same
 * scene gives the same bytes with the same ffmpeg on the same machine.
 */
export async function renderScene(
  scene: Scene,
  folder: string,
  options: RenderOptions = {},
): Promise<Truth> {
  await mkdir(folder, { recursive: true })
  for (const phone of scene.phones) {
    if (options.phones !== undefined && !options.phones.includes(phone.id)) continue
    await renderRecording(scene, phone, path.join(folder, fileNameOf(phone)))
  }
  const truth = truthOf(scene)
  await writeFile(
    options.truthPath ?? path.join(folder, 'truth.json'),
    JSON.stringify(truth) + '\n',
  )
  return truth
}

async function renderRecording(scene: Scene, phone: Phone, outputPath: string): Promise<void> {
  const encoder = spawn('ffmpeg', encodingArguments(phone, outputPath), {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  })
  const complaints: string[] = []
  encoder.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
  const [frames, samples] = [encoder.stdin, encoder.stdio[3]]
  if (frames === null || !(samples instanceof Writable)) throw new Error('no pipes to the encoder')
  // A pipe that breaks is explained by the exit code and by what the encoder said.
  const [ended] = await Promise.all([
    once(encoder, 'close') as Promise<[number | null]>,
    pipeline(Readable.from(framesOf(scene, phone)), frames).catch(() => undefined),
    pipeline(Readable.from(samplesOf(scene, phone)), samples).catch(() => undefined),
  ])
  if (ended[0] !== 0) throw new Error(`ffmpeg ended with ${ended[0]}: ${complaints.join('')}`)
  await writeRotationFlag(outputPath, phone.camera)
}

function* framesOf(scene: Scene, phone: Phone): Generator<Uint8Array> {
  const { widthPixels, heightPixels, frameRate } = phone.camera
  const perSecond = ticksPerSecond[phone.format]
  const draw = cameraOf(scene, phone)
  const frameNanoseconds = Math.round((1e9 * frameRate.seconds) / frameRate.frames)
  yield rawVideoHead({ widthPixels, heightPixels, frameNanoseconds })
  for (const [index, ticks] of frameTicks(phone).entries()) {
    const microseconds = Math.round((ticks * 1e6) / perSecond)
    yield rawVideoFrame(microseconds, draw(ticks / perSecond, index).bytes)
  }
}

function* samplesOf(scene: Scene, phone: Phone): Generator<Uint8Array> {
  const { sampleRateHz, startSeconds } = phone.microphone
  const recorded = renderSound(scene, phone).subarray(Math.round(startSeconds * sampleRateHz))
  const bytes = new Uint8Array(recorded.buffer, recorded.byteOffset, recorded.byteLength)
  const chunkBytes = 1 << 18
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    yield bytes.subarray(from, from + chunkBytes)
  }
}
