import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { RecipeDraft } from '../case/exhibit.ts'
import type { ClipParameters, Enlargement } from '../case/recipe.ts'
import {
  clickTimes,
  decodeGray,
  decodeSound,
  type Fixture,
  frameNumber,
  makeRecording,
  readRecording,
  temporaryFolder,
} from './fixture.ts'
import { renderRecipe } from './render.ts'
import { completeRecipe } from './tools.ts'

const folder = temporaryFolder()
const recordings = new Map<string, Fixture>()
const uneven = 'PTS+if(eq(mod(N,3),1),700,0)+if(gte(N,40),9000,0)'

before(async () => {
  const common = { frames: 90, framesPerSecond: 30 }
  const made = [
    await makeRecording(folder, { ...common, name: 'even.mp4' }),
    await makeRecording(folder, { ...common, name: 'uneven.mp4', times: uneven }),
    await makeRecording(folder, { ...common, name: 'turned-90.mp4', rotation: 90 }),
    await makeRecording(folder, { ...common, name: 'turned-180.mp4', rotation: 180 }),
    await makeRecording(folder, { ...common, name: 'turned-270.mp4', rotation: 270 }),
    await makeRecording(folder, { ...common, name: 'late.mp4', times: 'PTS+0.5/TB' }),
    await makeRecording(folder, { ...common, name: 'stream.ts', outputArguments: [] }),
    await makeRecording(folder, {
      ...common,
      name: 'vp9.webm',
      times: uneven,
      videoArguments: '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20'.split(' '),
      soundArguments: ['-c:a', 'libopus'],
      outputArguments: [],
    }),
    await makeRecording(folder, {
      ...common,
      name: 'old.avi',
      videoArguments: '-c:v mpeg4 -bf 2 -q:v 3'.split(' '),
      soundArguments: ['-c:a', 'pcm_s16le'],
      outputArguments: ['-enc_time_base:v', '1/30'],
    }),
  ]
  for (const recording of made) recordings.set(path.basename(recording.path), recording)
})

after(() => rmSync(folder, { recursive: true, force: true }))

function recordingNamed(name: string): Fixture {
  const found = recordings.get(name)
  assert.ok(found)
  return found
}

function clipDraft(
  { facts, video }: Fixture,
  first: number,
  last: number,
  more: Partial<ClipParameters>,
): Extract<RecipeDraft, { kind: 'clip' }> {
  const { ticks, endTicks } = video.frames
  const at = (index: number): number => ticks[index] ?? endTicks
  return {
    format: 'sightline-recipe/1',
    kind: 'clip',
    inputs: [{ item: 'a'.repeat(64), container: facts.container }],
    parameters: {
      picture: video.picture,
      span: {
        firstFrame: first,
        lastFrame: last,
        firstTicks: at(first),
        lastTicks: at(last),
        endTicks: at(last + 1),
      },
      slowdown: 1,
      maxSidePixels: 1280,
      burnedClock: true,
      ...more,
    },
  }
}

async function render(draft: RecipeDraft, source: string, name: string): Promise<string> {
  const output = path.join(folder, `out-${name}`)
  mkdirSync(output, { recursive: true })
  const recipe = await completeRecipe(draft)
  return (await renderRecipe(recipe, draft.inputs.length === 0 ? [] : [source], output)).path
}

const names = [
  'even.mp4',
  'uneven.mp4',
  'turned-90.mp4',
  'turned-180.mp4',
  'turned-270.mp4',
  'late.mp4',
  'stream.ts',
  'vp9.webm',
  'old.avi',
]
for (const name of names) {
  test(`slow motion of ${name} shows every frame of its span upright, in order, none invented, each four times as long`, async () => {
    const recording = recordingNamed(name)
    const [first, last] = [33, 61]
    const draft = clipDraft(recording, first, last, { slowdown: 4 })
    const file = await render(draft, recording.path, `slow-${name}`)
    const { frames, times, width } = decodeGray(file)
    const area = { x: (width - 240) / 2, y: 0, width: 240, height: 160 }
    assert.deepEqual(
      frames.map((frame) => frameNumber(frame, width, area)),
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    )
    const { ticks, timescale } = recording.video.frames
    const start = ticks[first] ?? Number.NaN
    for (const [index, time] of times.entries()) {
      const expected = (4 * ((ticks[first + index] ?? Number.NaN) - start)) / timescale
      assert.ok(Math.abs(time - expected) < 2e-6, `frame ${index} at ${time}, not ${expected}`)
    }
  })
}

test('the last frame of a slowed clip stays for its own time, four times', async () => {
  const recording = recordingNamed('uneven.mp4')
  const draft = clipDraft(recording, 30, 39, { slowdown: 4 })
  const file = await render(draft, recording.path, 'last')
  const { ticks, timescale } = recording.video.frames
  const length = 4 * (((ticks[40] ?? 0) - (ticks[30] ?? 0)) / timescale)
  const { facts } = await readRecording(file)
  assert.ok(Math.abs(facts.scannedDurationSeconds - length) < 1e-4)
})

test('an enlargement multiplies the pixels of its crop and nothing else', async () => {
  const recording = recordingNamed('even.mp4')
  const enlargement: Enlargement = {
    crop: { x: 21, y: 3, width: 79, height: 101 },
    factor: 3,
    kernel: 'neighbor',
  }
  const still = await render(
    {
      format: 'sightline-recipe/1',
      kind: 'still',
      inputs: [{ item: 'a'.repeat(64), container: 'mov' }],
      parameters: {
        picture: recording.video.picture,
        frame: 21,
        ticks: recording.video.frames.ticks[21] ?? 0,
        endTicks: recording.video.frames.ticks[22] ?? 0,
        enlargement,
        maxSidePixels: 1280,
      },
    },
    recording.path,
    'enlarged',
  )
  const shown = decodeGray(still)
  const source = decodeGray(recording.path).frames[21] ?? new Uint8Array()
  const left = Math.floor((shown.width - 79 * 3) / 4) * 2
  for (let y = 0; y < 101 * 3; y += 1) {
    for (let x = 0; x < 79 * 3; x += 1) {
      const here = shown.frames[0]?.[y * shown.width + left + x] ?? -1
      const there = source[(3 + Math.floor(y / 3)) * 240 + 21 + Math.floor(x / 3)] ?? -1
      // PNG is full range and RGB, the recording limited range: compare light and dark.
      assert.equal(here > 128, there > 125, `pixel ${x}, ${y}`)
    }
  }
})

test('sound stays with the picture at real speed, to the sample', async () => {
  for (const name of ['even.mp4', 'late.mp4', 'stream.ts', 'vp9.webm']) {
    const recording = recordingNamed(name)
    const sound = recording.facts.sound
    assert.ok(sound)
    const draft = clipDraft(recording, 20, 70, { soundStreamIndex: sound.streamIndex })
    const file = await render(draft, recording.path, `sound-${name}`)
    const start = draft.parameters.span.firstTicks / recording.video.frames.timescale
    const inSource = clickTimes(decodeSound(recording.path), 48_000).map((time) => time - start)
    const inClip = clickTimes(decodeSound(file), 48_000)
    assert.ok(inClip.length > 0, name)
    for (const [index, time] of inClip.entries()) {
      const expected = inSource.filter((click) => click >= 0)[index] ?? Number.NaN
      // WebM keeps packet times in whole milliseconds.
      const tolerance = name === 'vp9.webm' ? 0.001 : 3 / 48_000
      assert.ok(Math.abs(time - expected) < tolerance, `${name}: ${time}, not ${expected}`)
    }
  }
})

test('replaying a recipe gives the same bytes', async () => {
  const recording = recordingNamed('uneven.mp4')
  const draft = clipDraft(recording, 10, 50, { soundStreamIndex: 1 })
  const hashes = await Promise.all(
    ['first', 'second'].map(async (name) =>
      createHash('sha256')
        .update(readFileSync(await render(draft, recording.path, name)))
        .digest('hex'),
    ),
  )
  assert.equal(hashes[0], hashes[1])
})

test('a recipe with changed arguments is not run', async () => {
  const recording = recordingNamed('even.mp4')
  const recipe = await completeRecipe(clipDraft(recording, 10, 20, {}))
  const { tool } = recipe
  const changed = {
    ...recipe,
    tool: { ...tool, arguments: [...tool.arguments, 'file:out/another.mp4'] },
  }
  await assert.rejects(renderRecipe(changed, [recording.path], folder), { code: 'rejected' })
})
