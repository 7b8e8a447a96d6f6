/**
 * The whole way on the example: a case folder goes in, a bundle comes out, and
 * what it shows is held against the simulator's truth, its proof against every
 * mutation.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundleFolder } from '../../src/jobs/bundle-folder.ts'
import { timecode } from '../../src/time/text.ts'
import { verifyBundle } from '../../src/verify/verify-bundle.ts'
import { repository, scratchFolder, sightline } from '../support/command-line.ts'
import { cropped, decodedFrames, type GrayFrame } from '../support/decoded-frames.ts'
import { assertReproduced } from '../support/reproduced.ts'
import { readFrameCode } from '../support/scene/frame-index.ts'
import { randomFrom } from '../support/scene/random.ts'
import type { Truth } from '../support/scene/truth.ts'

const example = join(repository, 'examples', 'harbour-street')
const truth = JSON.parse(readFileSync(join(example, 'truth.json'), 'utf8')) as Truth
const work = scratchFolder('harbour-street')
const caseFolder = join(work, 'case')
const bundle = join(work, 'bundle')
const library = join(work, 'library')

/** Two exhibits more than the example has, whose pictures keep the frame code in view. */
const codedExhibits = `
::slow-motion[For the test: variable frame rate.]{id="coded" footage="tram-stop" from="27.5" to="29.5" speed="0.25"}

::slow-motion[For the test: from the first frame.]{id="coded-start" footage="balcony" from="0" to="0.9" speed="0.5" crop="0,0,960,60" enlarge="1"}
`

before(async () => {
  cpSync(example, caseFolder, { recursive: true })
  const story = join(caseFolder, 'story.md')
  writeFileSync(story, readFileSync(story, 'utf8') + codedExhibits)
  const published = await sightline(['publish', caseFolder, '--out', bundle, '--library', library])
  assert.equal(published.code, 0, published.stderr)
})

function recordingTruth(id: string): Truth['recordings'][number] {
  const found = truth.recordings.find((recording) => recording.id === id)
  assert.ok(found)
  return found
}

interface PublishedRecipe {
  readonly kind: string
  readonly parameters: Record<string, unknown>
}

function recipeOf(path: string): PublishedRecipe {
  const exhibits = readFileSync(join(bundle, 'data', 'exhibits.json'), 'utf8')
  const sha256 = sha256Of(join(bundle, path))
  for (const name of readdirSync(join(bundle, 'proof', 'log', 'entries'))) {
    const entry = JSON.parse(
      readFileSync(join(bundle, 'proof', 'log', 'entries', name), 'utf8'),
    ) as { record: string }
    const record = JSON.parse(entry.record) as { outputSha256?: string; recipeSha256?: string }
    if (record.outputSha256 !== sha256) continue
    const recipe = join(bundle, 'proof', 'recipes', `${record.recipeSha256}.json`)
    return JSON.parse(readFileSync(recipe, 'utf8')) as PublishedRecipe
  }
  throw new Error(`no recipe for ${path} in ${exhibits.length} bytes of exhibits`)
}

function sha256Of(path: string): string {
  return spawnSync('sha256sum', ['--', path], { encoding: 'utf8' }).stdout.slice(0, 64)
}

test('in the composite every angle is within half a frame of truth at 200 random instants', async () => {
  const { parameters } = recipeOf('media/angles.mp4')
  const {
    fromMicroseconds,
    toMicroseconds,
    framesPerSecond,
    columns,
    cellWidthPixels,
    cellHeightPixels,
  } = parameters as Record<string, number>
  assert.ok(
    fromMicroseconds !== undefined && toMicroseconds !== undefined && framesPerSecond !== undefined,
  )
  assert.ok(
    columns !== undefined && cellWidthPixels !== undefined && cellHeightPixels !== undefined,
  )
  const ids = ['bakery', 'balcony', 'tram-stop', 'car-park']
  const random = randomFrom(20_260_607)
  const instants = Array.from(
    { length: 200 },
    () => (fromMicroseconds + random.next() * (toMicroseconds - fromMicroseconds)) / 1e6,
  )
  const bakery = recordingTruth('bakery')
  const zeroSceneSeconds = bakery.startSeconds + bakery.rate * 35.12
  const size = await pictureSize('media/angles.mp4')
  let slot = 0
  let checked = 0
  let worstFrames = 0
  for await (const frame of decodedFrames(
    join(bundle, 'media', 'angles.mp4'),
    size.width,
    size.height,
  )) {
    const shown = instants.filter(
      (instant) => Math.floor((instant - fromMicroseconds / 1e6) * framesPerSecond) === slot,
    )
    for (const instant of shown) {
      for (const [cell, id] of ids.entries()) {
        const recording = recordingTruth(id)
        const picture = cellPicture(frame, cell, recording, {
          columns,
          cellWidthPixels,
          cellHeightPixels,
        })
        const code = readFrameCode(picture.pixels, picture.widthPixels, picture.heightPixels)
        assert.ok(code, `${id}: no frame code at ${timecode(instant)}`)
        const times = recording.frameTimesSeconds
        const period = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1)
        const start = recording.startSeconds + recording.rate * (times[code.frame] ?? NaN)
        const end = recording.startSeconds + recording.rate * (times[code.frame + 1] ?? NaN)
        const at = zeroSceneSeconds + instant
        // A slot of the composite lasts as long as its own frame; that much is not the alignment's.
        const slack = 0.5 / framesPerSecond
        const off = Math.max(0, start - at - slack, at - end - slack) / period
        worstFrames = Math.max(worstFrames, off)
        assert.ok(off <= 0.5, `${id} is ${off.toFixed(2)} frames off at ${timecode(instant)}`)
        checked += 1
      }
    }
    slot += 1
  }
  assert.equal(checked, 200 * ids.length)
  console.log(
    `composite: worst of ${checked} is ${worstFrames.toFixed(3)} frames outside its own time`,
  )
})

/** The letterboxed picture in a cell; the label stands in a band of 28 pixels beneath. */
function cellPicture(
  frame: GrayFrame,
  cell: number,
  recording: { readonly widthPixels: number; readonly heightPixels: number },
  grid: {
    readonly columns: number
    readonly cellWidthPixels: number
    readonly cellHeightPixels: number
  },
): GrayFrame {
  const room = { width: grid.cellWidthPixels, height: grid.cellHeightPixels - 28 }
  const scale = Math.min(room.width / recording.widthPixels, room.height / recording.heightPixels)
  const width = Math.floor((recording.widthPixels * scale) / 2) * 2
  const height = Math.floor((recording.heightPixels * scale) / 2) * 2
  const x = (cell % grid.columns) * grid.cellWidthPixels + Math.floor((room.width - width) / 4) * 2
  const y =
    Math.floor(cell / grid.columns) * grid.cellHeightPixels +
    Math.floor((room.height - height) / 4) * 2
  return cropped(frame, x, y, width, height)
}

for (const [part, slowdown] of [
  ['coded-slow', 4],
  ['coded-real-speed', 1],
  ['coded-start-slow', 2],
] as const) {
  test(`${part} holds every source frame of its interval, in order, none invented`, async () => {
    const { parameters } = recipeOf(`media/${part}.mp4`)
    const { span } = parameters as { span: { firstFrame: number; lastFrame: number } }
    assert.equal(parameters['slowdown'], slowdown)
    const size = await pictureSize(`media/${part}.mp4`)
    const seen: number[] = []
    for await (const frame of decodedFrames(
      join(bundle, 'media', `${part}.mp4`),
      size.width,
      size.height,
    )) {
      const code = readFrameCode(frame.pixels, frame.widthPixels, frame.heightPixels)
      assert.ok(code, `frame ${seen.length} of ${part} carries no code`)
      seen.push(code.frame)
    }
    const expected = Array.from(
      { length: span.lastFrame - span.firstFrame + 1 },
      (_, index) => span.firstFrame + index,
    )
    assert.deepEqual(seen, expected)
    const shownAt = ptsOf(`media/${part}.mp4`)
    const id = part.startsWith('coded-start') ? 'balcony' : 'tram-stop'
    const times = recordingTruth(id).frameTimesSeconds
    for (const [index, seconds] of shownAt.entries()) {
      const own =
        ((times[span.firstFrame + index] ?? NaN) - (times[span.firstFrame] ?? NaN)) * slowdown
      assert.ok(
        Math.abs(seconds - own) < 0.001,
        `frame ${index} stands at ${seconds}, ${own} is right`,
      )
    }
  })
}

async function pictureSize(
  path: string,
): Promise<{ readonly width: number; readonly height: number }> {
  const [width = 0, height = 0] = ffprobe([
    '-show_entries',
    'stream=width,height',
    join(bundle, path),
  ])
  return { width, height }
}

function ptsOf(path: string): readonly number[] {
  return ffprobe(['-show_entries', 'packet=pts_time', join(bundle, path)]).toSorted((a, b) => a - b)
}

function ffprobe(args: readonly string[]): readonly number[] {
  const options = ['-v', 'error', '-select_streams', 'v:0', '-of', 'csv=p=0']
  const { stdout } = spawnSync('ffprobe', [...options, ...args], { encoding: 'utf8' })
  return stdout
    .split(/[\n,]/)
    .filter((text) => text.trim() !== '')
    .map(Number)
}

test('the recording at nightfall stays apart, with a reason', () => {
  const { apart, recordings } = JSON.parse(
    readFileSync(join(bundle, 'data', 'alignment.json'), 'utf8'),
  ) as {
    apart: { footage: string; code: string; reason: string }[]
    recordings: { footage: string }[]
  }
  assert.deepEqual(
    apart.map(({ footage, code }) => [footage, code]),
    [['nightfall', 'no-shared-sound']],
  )
  assert.ok((apart[0]?.reason.length ?? 0) > 20)
  assert.deepEqual(recordings.map(({ footage }) => footage).toSorted(), [
    'bakery',
    'balcony',
    'car-park',
    'tram-stop',
  ])
})

test('every exhibit renders again from the originals to identical frames', async () => {
  const exhibits = await assertReproduced(bundle, caseFolder)
  assert.ok(exhibits >= 15)
})

test('without an original its exhibits cannot be reproduced, and that is a finding', async () => {
  const { code, stdout } = await sightline([
    'verify',
    bundle,
    '--reproduce',
    '--originals',
    join(caseFolder, 'documents'),
    '--json',
  ])
  const report = JSON.parse(stdout) as { reproduced: { findings: { code: string }[] } }
  assert.equal(code, 3)
  assert.ok(report.reproduced.findings.every((finding) => finding.code === 'original-missing'))
})

test('publishing again with nothing new is the same revision, byte for byte', async () => {
  const again = join(work, 'again')
  const { code, stdout } = await sightline([
    'publish',
    caseFolder,
    '--out',
    again,
    '--library',
    library,
    '--json',
  ])
  assert.equal(code, 0)
  assert.deepEqual(
    [
      (JSON.parse(stdout) as { revision: number }).revision,
      (JSON.parse(stdout) as { unchanged: boolean }).unchanged,
    ],
    [1, true],
  )
  const { status, stdout: difference } = spawnSync('diff', ['-r', bundle, again], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, difference)
})

test('both checkers find the bundle whole, and one flipped byte in any file, any file gone, any file more', async () => {
  assert.deepEqual(await codesOf(), { ours: [], theirs: [] })
  const files = (await bundleFolder(bundle).list()).map(({ path }) => path)
  assert.ok(files.length > 90)
  const random = randomFrom(7)
  for (const path of files) {
    const full = join(bundle, path)
    const original = readFileSync(full)
    const flipped = Uint8Array.from(original)
    const at = Math.floor(random.next() * flipped.length)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random.next() * 8))
    writeFileSync(full, flipped)
    await expectSame(`byte ${at} of ${path} flipped`, expectedCode(path, 'changed'))
    rmSync(full)
    await expectSame(`${path} gone`, expectedCode(path, 'missing'))
    writeFileSync(full, original)
  }
  for (const path of ['media/extra.mp4', 'extra.html', 'proof/log/entries/9999.json']) {
    writeFileSync(join(bundle, path), 'more')
    await expectSame(`${path} added`, ['file-extra'])
    rmSync(join(bundle, path))
  }
  assert.deepEqual(await codesOf(), { ours: [], theirs: [] })

  async function expectSame(what: string, expected: readonly string[] | undefined): Promise<void> {
    const { ours, theirs } = await codesOf()
    assert.ok(ours.length > 0, `${what}: nothing found`)
    assert.deepEqual(theirs, ours, `${what}: the checkers disagree`)
    if (expected !== undefined) {
      assert.ok(
        expected.some((code) => ours.includes(code)),
        `${what}: found ${ours.join(', ')}`,
      )
    }
  }
})

/** What a change of this file must at least be called. */
function expectedCode(path: string, how: 'changed' | 'missing'): readonly string[] {
  if (how === 'missing') return ['file-missing']
  if (path === 'proof/manifest.sha256') return ['manifest-changed', 'manifest-malformed']
  if (path === 'proof/log/key.vkey') return ['key-malformed', 'checkpoint-signature-invalid']
  if (path === 'proof/log/checkpoint')
    return ['checkpoint-malformed', 'checkpoint-signature-invalid', 'receipt-checkpoint-differs']
  if (path === 'proof/log/opened') return ['opened-malformed', 'file-extra', 'file-missing']
  if (path.startsWith('proof/log/entries/'))
    return ['entry-malformed', 'record-malformed', 'record-does-not-open']
  if (path.startsWith('proof/log/receipts/')) {
    return [
      'receipt-malformed',
      'receipt-checkpoint-differs',
      'receipt-not-in-checkpoint',
      'record-does-not-open',
    ]
  }
  return ['file-changed']
}

async function codesOf(): Promise<{
  readonly ours: readonly string[]
  readonly theirs: readonly string[]
}> {
  const report = await verifyBundle(bundleFolder(bundle))
  const { stdout } = spawnSync(
    'python3',
    [join(repository, 'scripts', 'check_bundle.py'), bundle, '--json'],
    {
      encoding: 'utf8',
    },
  )
  const second = JSON.parse(stdout) as { findings: { code: string }[] }
  const codes = (findings: readonly { readonly code: string }[]) =>
    [...new Set(findings.map((finding) => finding.code))].toSorted()
  return { ours: codes(report.findings), theirs: codes(second.findings) }
}
