import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import type { RecipeDraft } from '../case/exhibit.ts'
import type { CompositeParameters } from '../case/recipe.ts'
import { fromClock } from '../time/clock.ts'
import { frameOnScreen } from '../time/frame-table.ts'
import {
  clicks,
  clickTimes,
  decodeGray,
  decodeSound,
  ffmpeg,
  type Fixture,
  frameNumber,
  type GrayFrames,
  makeRecording,
  temporaryFolder,
} from './fixture.ts'
import { renderRecipe } from './render.ts'
import { mappedSound } from './sound-filters.ts'

const folder = temporaryFolder()
const cell = { width: 320, height: 208 }
const fromSeconds = -1.3
const toSeconds = 6.2
const rate = 25

/** Own clocks that are off by up to 100 ppm, and 2 % once, so that a wrong rate shows. */
const clockMaps = [
  { offsetSeconds: -2.137, rate: 1.0001 },
  { offsetSeconds: 0.611, rate: 0.9999 },
  { offsetSeconds: -30.4, rate: 1.02 },
  { offsetSeconds: 90, rate: 1 },
]

let recordings: readonly Fixture[] = []
let draft: Extract<RecipeDraft, { kind: 'composite' }>
let decoded: GrayFrames
let composite = ''

before(async () => {
  recordings = [
    await makeRecording(folder, {
      name: 'even.mp4',
      frames: 300,
      framesPerSecond: 30,
      rotation: 180,
    }),
    // Uneven, with a gap of more than a second, and over before the composite is.
    await makeRecording(folder, {
      name: 'uneven.webm',
      frames: 80,
      framesPerSecond: 24,
      times: 'PTS+if(eq(mod(N,3),1),900,0)+if(gte(N,30),110000,0)',
      videoArguments: '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 12'.split(' '),
      soundArguments: ['-c:a', 'libopus'],
      outputArguments: [],
    }),
    // Needed from its 28th second on.
    await makeRecording(folder, {
      name: 'long.mp4',
      frames: 1140,
      framesPerSecond: 30,
      times: 'PTS+0.25/TB',
      sound: false,
    }),
    await makeRecording(folder, { name: 'elsewhere.mp4', frames: 30, framesPerSecond: 30 }),
  ]
  const parameters: CompositeParameters = {
    fromMicroseconds: fromSeconds * 1e6,
    toMicroseconds: toSeconds * 1e6,
    framesPerSecond: rate,
    columns: 2,
    cellWidthPixels: cell.width,
    cellHeightPixels: cell.height,
    angles: recordings.map(({ facts, video }, index) => ({
      picture: video.picture,
      label: ["North: 'quoted' %{pts} \\ ", 'East', 'South', 'West'][index] ?? '',
      offsetMicroseconds: Math.round((clockMaps[index]?.offsetSeconds ?? 0) * 1e6),
      ratePartsPerBillion: Math.round((clockMaps[index]?.rate ?? 1) * 1e9),
      firstTicks: video.frames.ticks[0] ?? 0,
      endTicks: video.frames.endTicks,
      ...(facts.sound === undefined ? {} : { soundStreamIndex: facts.sound.streamIndex }),
    })),
    soundInput: 0,
  }
  draft = {
    format: 'sightline-recipe/1',
    kind: 'composite',
    inputs: recordings.map(({ facts }, index) => ({
      item: String(index).repeat(64),
      container: facts.container,
    })),
    parameters,
  }
  composite = await render('composite')
  decoded = decodeGray(composite)
})

after(() => rmSync(folder, { recursive: true, force: true }))

async function render(name: string, changed: Partial<CompositeParameters> = {}): Promise<string> {
  const output = path.join(folder, name)
  mkdirSync(output)
  const wanted = { ...draft, parameters: { ...draft.parameters, ...changed } }
  const rendered = await renderRecipe(
    wanted,
    recordings.map((recording) => recording.path),
    output,
  )
  return rendered.path
}

/** The picture's area: 3:2 in a cell whose lowest 28 pixels are the label's. */
function areaOf(index: number) {
  const height = cell.height - 28
  const width = 270
  return {
    x: (index % 2) * cell.width + (cell.width - width) / 2,
    y: Math.floor(index / 2) * cell.height,
    width,
    height,
  }
}

test('every cell shows, at every instant, the frame that was on screen in the middle of the slot', () => {
  const slots = Math.round((toSeconds - fromSeconds) * rate)
  assert.equal(decoded.frames.length, slots)
  let compared = 0
  for (const [slot, frame] of decoded.frames.entries()) {
    const middle = fromSeconds + (slot + 0.5) / rate
    for (const [index, { video }] of recordings.entries()) {
      const map = clockMaps[index]
      assert.ok(map)
      const own = fromClock(map, middle)
      const expected = frameOnScreen(video.frames, own)
      // Within a microsecond of a frame's edge either is right.
      if (frameOnScreen(video.frames, own - 2e-6) !== frameOnScreen(video.frames, own + 2e-6)) {
        continue
      }
      const shown = frameNumber(frame, decoded.width, areaOf(index))
      assert.equal(shown, expected, `slot ${slot}, angle ${index}`)
      compared += 1
    }
  }
  assert.ok(compared > 3.9 * slots)
})

test('a cell whose recording is not running is a dark card with words on it', () => {
  const area = areaOf(3)
  const { width, frames } = decoded
  const values: number[] = []
  for (let y = area.y; y < area.y + area.height; y += 1) {
    for (let x = area.x; x < area.x + area.width; x += 1) {
      values.push(frames[20]?.[y * width + x] ?? 255)
    }
  }
  const bright = values.filter((value) => value > 128).length
  assert.ok(bright > 100 && bright < 0.1 * values.length, `${bright} bright pixels`)
})

test('the sound of the chosen angle lies on the clock within 5 ms', () => {
  const map = clockMaps[0]
  assert.ok(map)
  const source = recordings[0]
  assert.ok(source)
  const expected = clickTimes(decodeSound(source.path), 48_000)
    .map((own) => map.offsetSeconds + map.rate * own - fromSeconds)
    .filter((time) => time > 0 && time < toSeconds - fromSeconds)
  const heard = clickTimes(decodeSound(composite), 48_000)
  assert.equal(heard.length, expected.length)
  for (const [index, time] of heard.entries()) {
    assert.ok(Math.abs(time - (expected[index] ?? 0)) < 0.005, `${time}, not ${expected[index]}`)
  }
})

test('over ten minutes a clock that is 100 ppm off moves the sound less than 5 ms away', () => {
  for (const clockRate of [1.0001, 0.9999]) {
    const raw = ffmpeg(
      `-copyts -f lavfi -i ${clicks.replaceAll("'", '').replaceAll(',', '\\,')} -t 600 -af`
        .split(' ')
        .concat(mappedSound(-3.2, clockRate, 600), '-ac 1 -f f32le -'.split(' ')),
    )
    const samples = new Float32Array(new Uint8Array(raw).buffer, 0, raw.length >> 2)
    assert.equal(samples.length, 600 * 48_000)
    const heard = clickTimes(samples, 48_000)
    assert.ok(heard.length > 590)
    for (const time of heard) {
      const own = (time + 3.2) / clockRate
      assert.ok(Math.abs(own - Math.round(own)) < 0.005, `own ${own}`)
    }
  }
})

test('replaying a composite gives the same bytes', async () => {
  const hash = (file: string): string =>
    createHash('sha256').update(readFileSync(file)).digest('hex')
  assert.equal(hash(await render('again')), hash(composite))
})

test("the composite's picture is one slot as PNG, the same size", async () => {
  const picture = decodeGray(
    await render('picture', { fromMicroseconds: 2_000_000, asPicture: true }),
  )
  assert.equal(picture.frames.length, 1)
  assert.equal(picture.width, decoded.width)
  assert.equal(picture.height, decoded.height)
})
