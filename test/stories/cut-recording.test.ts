/**
 * A recording that was cut together, from the case folder to the page: each of
 * its pieces stands at its own place, and what was left out is told.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { repository, scratchFolder, sightline } from '../support/command-line.ts'
import { acrossTheCut, kept, writeCutCase, writeCutStory } from '../support/cut-case.ts'
import { cropped, decodedFrames, type GrayFrame } from '../support/decoded-frames.ts'
import { assertReproduced } from '../support/reproduced.ts'
import { readFrameCode } from '../support/scene/frame-index.ts'
import type { Truth } from '../support/scene/truth.ts'

const example = join(repository, 'examples', 'harbour-street')
const truth = JSON.parse(readFileSync(join(example, 'truth.json'), 'utf8')) as Truth
const work = scratchFolder('cut-recording')
const caseFolder = join(work, 'case')
const bundle = join(work, 'bundle')
const library = join(work, 'library')
const publish = (out: string) =>
  sightline(['publish', caseFolder, '--out', out, '--library', library])

let said = ''

before(async () => {
  writeCutCase(caseFolder)
  const published = await publish(bundle)
  assert.equal(published.code, 0, published.stderr)
  said = published.stdout
})

function recordingTruth(id: string): Truth['recordings'][number] {
  const found = truth.recordings.find((recording) => recording.id === id)
  assert.ok(found)
  return found
}

const balcony = recordingTruth('balcony')
const bakery = recordingTruth('bakery')
const zeroSceneSeconds = bakery.startSeconds + bakery.rate * 35.12

/** Seconds from zero at which the original's own time was. */
function trueClock(ownSeconds: number): number {
  return balcony.startSeconds + balcony.rate * ownSeconds - zeroSceneSeconds
}

function data(name: string): unknown {
  return JSON.parse(readFileSync(join(bundle, 'data', `${name}.json`), 'utf8'))
}

interface Exhibits {
  readonly exhibits: readonly {
    readonly id: string
    readonly parts: readonly {
      readonly role: string
      readonly path: string
      readonly widthPixels: number
      readonly heightPixels: number
    }[]
  }[]
}

/** Frame numbers of the original, drawn in its picture. */
async function framesShown(
  id: string,
  crop = (frame: GrayFrame): GrayFrame => frame,
): Promise<readonly number[]> {
  const { exhibits } = data('exhibits') as Exhibits
  const part = exhibits.find((each) => each.id === id)?.parts.find(({ role }) => role === 'main')
  assert.ok(part)
  const { widthPixels, heightPixels } = part
  const seen: number[] = []
  for await (const whole of decodedFrames(join(bundle, part.path), widthPixels, heightPixels)) {
    const frame = crop(whole)
    const code = readFrameCode(frame.pixels, frame.widthPixels, frame.heightPixels)
    assert.ok(code, `frame ${seen.length} of ${id} carries no code`)
    seen.push(code.frame)
  }
  return seen
}

const page = (): string => readFileSync(join(bundle, 'index.html'), 'utf8')

/** The words of a part of the page, from its id to the end of that element's list item or figure. */
function wordsOf(id: string, end: string): string {
  const from = page().indexOf(`id="${id}"`)
  assert.ok(from > 0, id)
  return page()
    .slice(from, page().indexOf(end, from))
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ')
}

test('each piece is stored and published with its own place, as true as its error says', () => {
  const { format, recordings } = data('alignment') as {
    readonly format: string
    readonly recordings: readonly {
      readonly footage: string
      readonly rate: number
      readonly pieces: readonly {
        readonly ownFromSeconds?: number
        readonly ownToSeconds?: number
        readonly offsetSeconds: number
        readonly errorSeconds: number
      }[]
    }[]
  }
  assert.equal(format, 'sightline-alignment/2')
  const found = recordings.find(({ footage }) => footage === 'balcony')
  assert.ok(found)
  const [first, second, ...others] = found.pieces
  assert.ok(first && second)
  assert.deepEqual(others, [])
  assert.ok(Math.abs((first.ownToSeconds ?? NaN) - kept[0].toSeconds) < 0.2)
  assert.equal(first.ownToSeconds, second.ownFromSeconds)
  assert.deepEqual([first.ownFromSeconds, second.ownToSeconds], [undefined, undefined])
  const apart = second.offsetSeconds - first.offsetSeconds
  assert.ok(Math.abs(apart - 12) < 0.1, `${apart} s lie between the pieces`)
  const own = (kept[1].fromSeconds + kept[1].toSeconds) / 2
  const clock = second.offsetSeconds + found.rate * (own - 12)
  assert.ok(Math.abs(clock - trueClock(own)) < 0.1, `${clock}, ${trueClock(own)} is right`)
  for (const { footage, pieces } of recordings)
    if (footage !== 'balcony') assert.equal(pieces.length, 1, footage)
})

test('after the cut a grid shows each frame at its time on the clock', async () => {
  const label = 28
  const [width, height] = [640, 360 - label]
  const shownHeight = Math.floor((height * 1) / 2) * 2
  const shownWidth = Math.floor((960 * (shownHeight / 540)) / 2) * 2
  const frames = await framesShown('angles', (frame) =>
    cropped(frame, 640 + Math.floor((width - shownWidth) / 4) * 2, 0, shownWidth, shownHeight),
  )
  assert.equal(frames.length, 90)
  for (const [slot, frame] of frames.entries()) {
    const at = 6 + (slot + 0.5) / 30
    const off = trueClock(balcony.frameTimesSeconds[frame] ?? NaN) - at
    assert.ok(off > -0.1 && off < 0.06, `slot ${slot}: frame ${frame} is ${off} s off`)
  }
})

test('after the cut a still and a segment show the frames asked for, at their time on the clock', async () => {
  const frame = Math.round((35 + 12) * 25)
  assert.deepEqual(await framesShown('later'), [frame])
  assert.deepEqual(
    await framesShown('walk'),
    Array.from({ length: 25 }, (_, index) => frame + index),
  )
  const t0 = Number(/id="walk-main"[^>]*data-t0="([^"]+)"/.exec(page())?.[1])
  assert.ok(Math.abs(t0 - trueClock(47)) < 0.1, `${t0}, ${trueClock(47)} is right`)
  assert.match(wordsOf('later', '</figure>'), /on the clock \+(?:9\.9|10\.0)\d s/)
  assert.match(wordsOf('observation-car-seen', '</li>'), /Balcony \+(?:9\.9|10\.0)\d s/)
})

test('an exhibit in own time runs across the cut as the file does, and says so', async () => {
  const frames = await framesShown('across')
  assert.deepEqual([frames[0], frames.at(-1)], [737, 1062])
  const words = wordsOf('across', '</figure>')
  assert.match(words, /it runs on across a cut, as the file itself does/)
  assert.match(words, /Notice: Balcony: It was cut or paused at about 0:\d\d\.\d of its own time/)
  assert.ok(!words.includes('on the clock'), words)
})

test('what a cut left out is told as not filmed by that recording', () => {
  const words = wordsOf('event-first-bang', '</li>')
  assert.match(words, /Not filmed by Balcony: this moment is left out by its cut/)
  assert.match(words, /Heard in 3 of 3 recordings/)
  assert.ok(!wordsOf('event-walking-off', '</li>').includes('Not filmed'))
  const { onClock } = data('timeline') as {
    readonly onClock: readonly { readonly id: string; readonly leftOutOf: readonly string[] }[]
  }
  assert.deepEqual(
    onClock.map(({ id, leftOutOf }) => [id, leftOutOf]),
    [
      ['first-bang', ['balcony']],
      ['walking-off', []],
    ],
  )
})

test('the timeline draws the pieces with the gap between them and says that it was cut', () => {
  const [, drawn = ''] = page().split('class="when-recorded"')
  const row = drawn.split('<li>').find((each) => each.includes('Balcony'))
  assert.equal(row?.match(/<rect /g)?.length, 2)
  assert.match(row, /It was cut or paused at about 0:\d\d\.\d/)
  assert.match(said, /notice: "balcony" was cut or paused at about 0:\d\d\.\d of its own time/)
})

test('a grid across the cut is refused, with the cut and what to do', async () => {
  writeCutStory(caseFolder, acrossTheCut)
  const { code, stderr } = await publish(join(work, 'refused'))
  writeCutStory(caseFolder)
  assert.equal(code, 1)
  assert.match(stderr, /story\.md:\d+:1: composite: .*\[cut-within-exhibit\]/)
  assert.match(
    stderr,
    /"balcony" was cut at about 0:\d\d\.\d of its own time: −\d\.\d\d s to \+\d\.\d\d s on the clock is left out/,
  )
  assert.match(stderr, /leave "balcony" out of angles/)
})

test('every exhibit renders again from the originals to identical frames', async () => {
  await assertReproduced(bundle, caseFolder)
})
