import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { readFrameCode } from './frame-index.ts'
import { renderScene } from './render.ts'
import { randomScene } from './scene.ts'
import type { Camera, FileFormat, Phone, Scene } from './scene.ts'
import { renderSound } from './sound.ts'
import type { TrueRecording, Truth } from './truth.ts'

/** Three seconds by six phones: each format, both kinds of frame rate, each turn, late starts. */
function smallScene(): Scene {
  const base = randomScene(21, { phones: 6, unrelated: 0, durationSeconds: 3 })
  const variable = { jitter: 0.25, droppedShare: 0.08 }
  const ntsc = { frames: 30000, seconds: 1001 }
  const cases: readonly [FileFormat, Partial<Camera>, number][] = [
    ['mp4-h264-aac', { variable, rotationDegrees: 90 }, 0],
    ['mov-hevc-aac', { variable, rotationDegrees: 180, startSeconds: 0.123 }, 0],
    ['webm-vp9-opus', { frameRate: ntsc }, 0],
    ['3gp-mpeg4-aac', { frameRate: ntsc }, 0.237],
    ['mp4-h264-aac', { frameRate: { frames: 60, seconds: 1 }, rotationDegrees: 270 }, 0.237],
    ['webm-vp9-opus', { startSeconds: 0.123 }, 0],
  ]
  const phones = cases.map(([format, camera, lateSeconds], index): Phone => {
    const phone = base.phones[index]!
    const turned = camera.rotationDegrees === 90 || camera.rotationDegrees === 270
    const [wide, high] = format === '3gp-mpeg4-aac' ? [352, 288] : [640, 360]
    const { variable: _, ...plain } = phone.camera
    return {
      ...phone,
      format,
      startSeconds: 0.2,
      endSeconds: 3,
      camera: {
        ...plain,
        rotationDegrees: 0,
        startSeconds: 0,
        widthPixels: turned ? high : wide,
        heightPixels: turned ? wide : high,
        ...camera,
      },
      microphone: { ...phone.microphone, sampleRateHz: 48000, startSeconds: lateSeconds },
    }
  })
  return { ...base, phones }
}

const scene = smallScene()
let folder = ''
let truth: Truth

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scene-'))
  truth = await renderScene(scene, folder)
})
after(() => rm(folder, { recursive: true, force: true }))

const gigabyte = { maxBuffer: 2 ** 30 }

function fileOf(recording: TrueRecording): string {
  return path.join(folder, recording.file)
}

/** Frames as a player shows them, scaled to the width, gray. */
function grayFrames(
  recording: TrueRecording,
  width: number,
): { frames: Uint8Array[]; height: number } {
  const height = Math.round((width * recording.heightPixels) / recording.widthPixels)
  const bytes = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', fileOf(recording), '-vf', `scale=${width}:${height}`].concat([
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '1/90000',
      '-pix_fmt',
      'gray',
      '-f',
      'rawvideo',
      '-',
    ]),
    gigabyte,
  )
  const size = width * height
  const frames = Array.from({ length: bytes.length / size }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  return { frames, height }
}

test('the presentation times in each file equal the truth, to the tick', () => {
  for (const recording of truth.recordings) {
    const listing = execFileSync(
      'ffprobe',
      ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=pts_time'].concat([
        '-of',
        'default=nokey=1:noprint_wrappers=1',
        fileOf(recording),
      ]),
      { encoding: 'utf8' },
    )
    const found = listing.trim().split('\n').map(Number)
    assert.equal(found.length, recording.frameTimesSeconds.length, recording.file)
    // ffprobe prints microseconds.
    assert.deepEqual(
      found.map((seconds) => seconds.toFixed(6)),
      recording.frameTimesSeconds.map((seconds) => seconds.toFixed(6)),
      recording.file,
    )
  }
})

test('a variable recording has uneven gaps and a dropped frame, a constant one has neither', () => {
  const spread = truth.recordings.map(({ frameTimesSeconds: times }) => {
    const gaps = times.slice(1).map((time, index) => time - times[index]!)
    return Math.max(...gaps) / Math.min(...gaps)
  })
  assert.ok(spread[0]! > 2 && spread[1]! > 1.5, spread.join(' '))
  assert.ok(
    spread.slice(2).every((ratio) => ratio < 1.07),
    spread.join(' '),
  )
})

test('each frame’s code is read from the encoded file at full size and scaled down', () => {
  for (const recording of truth.recordings) {
    for (const width of [recording.widthPixels, 240]) {
      const { frames, height } = grayFrames(recording, width)
      const codes = frames.map((gray) => readFrameCode(gray, width, height))
      const expected = recording.frameTimesSeconds.map((_, frame) => ({
        phone: recording.phone,
        frame,
      }))
      assert.deepEqual(codes, expected, `${recording.file} at ${width}`)
    }
  }
})

test('the sound in each file lies where the truth says, to the sample', () => {
  for (const [index, recording] of truth.recordings.entries()) {
    const bytes = execFileSync(
      'ffmpeg',
      ['-v', 'error', '-copyts', '-i', fileOf(recording), '-vn'].concat([
        '-af',
        'aresample=async=1:first_pts=0',
        '-ac',
        '1',
        '-ar',
        '48000',
        '-f',
        'f32le',
        '-',
      ]),
      gigabyte,
    )
    const decoded = new Float32Array(new Uint8Array(bytes).buffer)
    const recorded = renderSound(scene, scene.phones[index]!)
    const sums = Array.from({ length: 1001 }, (_, step) => {
      let sum = 0
      for (let at = 40000; at < 90000; at++) sum += recorded[at]! * (decoded[at + step - 500] ?? 0)
      return sum
    })
    const lagSamples = sums.indexOf(Math.max(...sums)) - 500
    assert.ok(Math.abs(lagSamples) <= 2, `${recording.file}: ${lagSamples}`)
  }
})

test('the same scene gives the same bytes', async () => {
  const again = await mkdtemp(path.join(tmpdir(), 'scene-'))
  try {
    await renderScene(smallScene(), again)
    for (const file of [...truth.recordings.map((recording) => recording.file), 'truth.json']) {
      const hashes = await Promise.all(
        [folder, again].map(async (where) =>
          createHash('sha256')
            .update(await readFile(path.join(where, file)))
            .digest('hex'),
        ),
      )
      assert.equal(hashes[0], hashes[1], file)
    }
  } finally {
    await rm(again, { recursive: true, force: true })
  }
})
