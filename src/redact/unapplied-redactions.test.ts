import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CaseItem } from '../case/bundle.ts'
import { recordSchemas } from '../case/case-schema.ts'
import type { ItemFacts } from '../case/item-facts.ts'
import type { Place } from '../case/story.ts'
import { planExhibits } from '../examine/plan-exhibits.ts'
import { unappliedRedactions } from './unapplied-redactions.ts'

const rate = 25
const seconds = 10
const [widthPixels, heightPixels] = [320, 180]

function itemOf(sign: string, facts: ItemFacts): CaseItem {
  const received = { sizeBytes: 1, findings: [], receivedAt: '2026-06-07T18:00:00Z' }
  return { item: sign.repeat(64), facts, ...received }
}

const recording: ItemFacts = {
  kind: 'recording',
  mediaType: 'video/mp4',
  container: 'mov',
  scannedDurationSeconds: seconds,
  video: {
    codec: 'h264',
    storedWidthPixels: widthPixels,
    storedHeightPixels: heightPixels,
    picture: { streamIndex: 0, timescale: 1000, rotationDegrees: 0, widthPixels, heightPixels },
    frames: {
      timescale: 1000,
      ticks: Array.from({ length: rate * seconds }, (_, index) => index * 40),
      endTicks: seconds * 1000,
    },
  },
  sound: { codec: 'aac', streamIndex: 1, sampleRateHz: 48_000, channels: 1, startSeconds: 0 },
}
const page = { text: 'x', widthPoints: 595, heightPoints: 842, words: [] }
const items = new Map([
  ['quay', itemOf('a', recording)],
  // The same file, under another name.
  ['again', itemOf('a', recording)],
  ['bridge', itemOf('b', recording)],
  [
    'gate',
    itemOf('c', {
      kind: 'photo',
      mediaType: 'image/png',
      format: 'png',
      widthPixels,
      heightPixels,
    }),
  ],
  ['letter', itemOf('d', { kind: 'document', mediaType: 'application/pdf', pages: [page, page] })],
  [
    'letter-text',
    itemOf('e', { kind: 'document', mediaType: 'text/plain', pages: [{ text: 'x' }] }),
  ],
])
const documents = [
  { id: 'letter', file: 'l.pdf', title: 'Letter' },
  { id: 'letter-text', file: 'l.txt', title: 'Letter', 'text-of': 'letter' },
]
type Documents = Parameters<typeof unappliedRedactions>[0]['case']['documents']
interface Given {
  readonly documents: Documents
  readonly items: ReadonlyMap<string, CaseItem>
}
const given: Given = { documents, items }
const piece = { fromSeconds: -Infinity, toSeconds: Infinity, errorSeconds: 0.01 }
const clock = {
  zeroLabel: 'zero',
  recordings: [
    ['quay', 0],
    ['bridge', 2.5],
  ].map(([footage, offset]) => ({
    footage: String(footage),
    rate: 1,
    method: 'sound' as const,
    pieces: [{ ...piece, offsetSeconds: Number(offset), travelBoundSeconds: 0 }],
  })),
  apart: [],
}
const passages = new Map([['s', { document: 'letter', page: 1, start: 0, end: 1, boxes: [] }]])

const at = { id: 'x', caption: '', line: 9, column: 3 }
const plain = { factor: 1, kernel: 'neighbor' } as const
const segment = (fromSeconds: number, toSeconds: number, footage = 'quay'): Place => {
  return { kind: 'segment', ...at, footage, fromSeconds, toSeconds, ...plain }
}
const still = (atSeconds: number): Place => {
  return { kind: 'still', ...at, footage: 'quay', atSeconds, ...plain }
}
const grid = (fromSeconds: number, toSeconds: number, sound: string): Place => {
  return { kind: 'composite', ...at, fromSeconds, toSeconds, angles: ['quay', 'bridge'], sound }
}
const half = { x: 0, y: 0, width: 0.5, height: 1 }

function problems(place: Place, redaction: object, more: Partial<Given> = {}) {
  const { documents, items } = { ...given, ...more }
  const words = { id: 'r', reason: 'face of a minor', 'asked-by': 'the desk’s rule 15' }
  const redactions = [recordSchemas.redactions.parse({ ...words, ...redaction })]
  const context = { items, clock, passages, labelOf: (id: string) => id }
  const { exhibits, problems: unplanned } = planExhibits([place], context)
  assert.deepEqual(unplanned, [])
  const places = new Map([[place.id, place]])
  return unappliedRedactions({ case: { redactions, documents }, places, exhibits, items })
}
const isRefused = (place: Place, redaction: object, more?: Partial<Given>): boolean =>
  problems(place, redaction, more).length === 1

const cover = { footage: 'quay', action: 'cover', region: half }
const silence = { footage: 'quay', action: 'silence' }

test('a refusal names the redaction, the exhibit, both intervals and what can be done', () => {
  const [problem, ...others] = problems(segment(3, 5), { ...cover, from: 4.5, to: 6 })
  assert.deepEqual(others, [])
  assert.deepEqual(
    [problem?.code, problem?.file, problem?.line, problem?.column],
    ['redaction-not-applied', 'story.md', 9, 3],
  )
  for (const part of [
    'segment: "x" would show the picture of 0:03.000 to 0:05.000',
    '"r" (face of a minor) covers "quay", 0:04.500 to 0:06.000',
    'show another part, or a crop clear of the region, take the exhibit out, or remove the redaction',
  ]) {
    assert.ok(problem?.message.includes(part), `${part}: ${problem?.message}`)
  }
  assert.doesNotMatch(problem?.message ?? '', /rule 15/)
})

test('a moving or still picture is refused where it shows what is covered, and only there', () => {
  const when = { from: 4, to: 5 }
  const slow: Place = { ...segment(4.5, 6), kind: 'slow-motion', slowdown: 4 } as Place
  const crop = { x: 200, y: 20, width: 100, height: 100 }
  for (const [place, refused] of [
    [segment(2, 4), false],
    [segment(5, 7), false],
    [segment(4.9, 7), true],
    [segment(2, 7, 'again'), true],
    [segment(2, 7, 'bridge'), false],
    [slow, true],
    [{ ...slow, fromSeconds: 5 }, false],
    [still(3.96), false],
    [still(4), true],
    [still(4.999), true],
    [still(5), false],
    // The frame that stays until 4.04 is on screen in it.
    [segment(4.03, 4.05), true],
    [{ ...segment(4, 5), crop }, false],
    [{ ...segment(4, 5), crop: { ...crop, x: 163 } }, true],
    [{ ...still(4), crop }, false],
    // The whole frame stands beside what is enlarged.
    [{ ...still(4), kind: 'enlargement', crop }, true],
    [grid(1, 3, 'bridge'), false],
    [grid(3, 4.5, 'bridge'), true],
    [grid(5.1, 7, 'bridge'), false],
  ] as [Place, boolean][]) {
    assert.equal(isRefused(place, { ...cover, ...when }), refused, JSON.stringify(place))
  }
  const onBridge = { footage: 'bridge', action: 'cover', region: half, from: 4, to: 5 }
  assert.equal(isRefused(grid(3, 5, 'bridge'), onBridge), false)
  assert.equal(isRefused(grid(6, 7, 'quay'), onBridge), true, 'it is 2.5 s later on the clock')
  assert.equal(isRefused(segment(0, 1), cover), true, 'without times it is all of it')
})

test('sound is refused where it is heard, and pictures without sound are not', () => {
  const when = { ...silence, from: 4, to: 5 }
  const slow: Place = { ...segment(4, 5), kind: 'slow-motion', slowdown: 4 } as Place
  for (const [place, refused] of [
    [segment(2, 3.5), false],
    [segment(2, 4.5), true],
    // Real speed stands beside it, and is heard.
    [slow, true],
    [still(4.5), false],
    [grid(3, 6, 'quay'), true],
    [grid(3, 6, 'bridge'), false],
    [grid(1, 3.5, 'quay'), false],
  ] as [Place, boolean][]) {
    assert.equal(isRefused(place, when), refused, JSON.stringify(place))
  }
})

test('photos and pages are shown whole; the same words in another document are too', () => {
  const photo: Place = { kind: 'photo', ...at, photo: 'gate' }
  assert.equal(isRefused(photo, { photo: 'gate', action: 'cover', region: half }), true)
  const letter: Place = { kind: 'facsimile', ...at, document: 'letter', statements: ['s'] }
  const text: Place = { kind: 'facsimile', ...at, document: 'letter-text', statements: [] }
  const redaction = { document: 'letter', action: 'cover', region: half }
  assert.equal(isRefused(letter, redaction), true)
  assert.equal(isRefused(letter, { ...redaction, page: 1 }), false)
  assert.equal(isRefused(letter, { ...redaction, page: 2 }), true)
  assert.equal(isRefused(text, { ...redaction, page: 1 }), true)
  assert.equal(isRefused(letter, { ...redaction, document: 'letter-text' }), true)
  assert.equal(isRefused(text, { ...redaction, document: 'letter-text' }), true)
  assert.equal(isRefused(photo, redaction), false)
})

test('the same words are found by whatever id of the file "text-of" names', () => {
  const [letter, scan, words] = ['d', 'f', 'e'].map((sign) => {
    const isText = sign === 'e'
    const pages = isText ? [{ text: 'x' }] : [page]
    const mediaType = isText ? 'text/plain' : 'application/pdf'
    return itemOf(sign, { kind: 'document', mediaType, pages })
  })
  assert.ok(letter && scan && words)
  const photo = items.get('gate')
  assert.ok(photo)
  const document = (id: string, of?: string) => ({
    id,
    file: `${id}.pdf`,
    title: id,
    ...(of === undefined ? {} : { 'text-of': of }),
  })
  const text: Place = { kind: 'facsimile', ...at, document: 'text', statements: [] }
  for (const [what, redaction, list, byId] of [
    [
      'of another id',
      { document: 'letter', action: 'cover', region: half },
      [document('letter'), document('copy'), document('text', 'copy')],
      { letter, copy: letter, text: words },
    ],
    [
      'by way of another document',
      { document: 'letter', action: 'cover', region: half },
      [document('letter'), document('copy', 'scan'), document('scan'), document('text', 'scan')],
      { letter, copy: letter, scan, text: words },
    ],
    [
      'of the text under another id',
      { document: 'letter', action: 'cover', region: half },
      [document('letter'), document('words', 'letter'), document('text')],
      { letter, words, text: words },
    ],
    [
      'of a photo',
      { photo: 'gate', action: 'cover', region: half },
      [document('copy'), document('text', 'copy')],
      { gate: photo, copy: photo, text: words },
    ],
  ] as [string, object, Given['documents'], Record<string, CaseItem>][]) {
    const more = { documents: list, items: new Map([...items, ...Object.entries(byId)]) }
    assert.equal(isRefused(text, redaction, more), true, what)
    const apart = { ...more, documents: list.filter(({ id }) => id === 'text') }
    const others = { ...apart, documents: apart.documents.map(({ id }) => document(id)) }
    assert.equal(isRefused(text, redaction, others), false, what)
  }
})

test('a plain cover before footage shows nothing of it; what it stands before is looked at', () => {
  const warned = { ...segment(2, 3), warning: 'Shots are heard.' } as Place
  assert.equal(isRefused(warned, { ...cover, from: 6, to: 7 }), false)
  assert.equal(isRefused(warned, { ...cover, from: 2, to: 3 }), true)
})

test('between keyframes the larger area stays covered', () => {
  const corner = (x: number) => ({ x, y: 0, width: 0.1, height: 0.1 })
  const moving = {
    footage: 'quay',
    action: 'cover',
    keyframes: [2, 4, 6].map((time, index) => ({ at: time, region: corner(index * 0.4) })),
  }
  const cropped = (from: number, to: number, x: number): Place =>
    ({ ...segment(from, to), crop: { x, y: 0, width: 20, height: 20 } }) as Place
  assert.equal(isRefused(cropped(2.5, 3, 70), moving), true, 'on the way from 0 to 0.4')
  assert.equal(isRefused(cropped(2.5, 3, 200), moving), false)
  assert.equal(isRefused(cropped(4.5, 5, 200), moving), true)
  assert.equal(isRefused(cropped(4.5, 5, 20), moving), false)
  assert.equal(isRefused(cropped(0, 1, 20), moving), true, 'the first holds before')
  assert.equal(isRefused(cropped(0, 1, 70), moving), false)
  assert.equal(isRefused(cropped(8, 9, 250), moving), true, 'the last holds after')
})

test('whatever the times and regions, no frame and no pixel that is covered is let through', () => {
  const time = fc.integer({ min: 0, max: 999 }).map((each) => each / 100)
  const span = fc
    .tuple(time, time)
    .filter(([a, b]) => a < b)
    .map(([from, to]) => ({ from, to }))
  const side = (most: number) =>
    fc
      .tuple(fc.integer({ min: 0, max: most - 2 }), fc.integer({ min: 2, max: most }))
      .map(([start, length]) => [start, Math.min(length, most - start)] as const)
  const crops = fc
    .tuple(side(widthPixels), side(heightPixels))
    .map(([[x, width], [y, height]]) => ({ x, y, width, height }))
  const share = fc.double({ min: 0, max: 0.49, noNaN: true })
  const size = fc.double({ min: 0.01, max: 0.5, noNaN: true })
  const regions = fc.record({ x: share, y: share, width: size, height: size })
  fc.assert(
    fc.property(span, span, crops, regions, (shown, hidden, crop, region) => {
      const place = { ...segment(shown.from, shown.to), crop } as Place
      const frames = Array.from({ length: rate * seconds }, (_, index) => index / rate)
      const onScreen = ({ from, to }: { from: number; to: number }) =>
        frames.filter((start) => start < to - 1e-6 && start + 1 / rate > from + 1e-6)
      const both = onScreen(shown).filter((start) => onScreen(hidden).includes(start))
      const overlaps =
        crop.x < (region.x + region.width) * widthPixels &&
        crop.x + crop.width > region.x * widthPixels &&
        crop.y < (region.y + region.height) * heightPixels &&
        crop.y + crop.height > region.y * heightPixels
      const refused = isRefused(place, { ...cover, ...hidden, region })
      if (both.length > 0 && overlaps) assert.equal(refused, true)
      if (both.length === 0) assert.equal(refused, false)
    }),
    { numRuns: 2000 },
  )
})
