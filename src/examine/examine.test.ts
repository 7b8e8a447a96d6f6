import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseItem } from '../case/bundle.ts'
import type { Place } from '../case/story.ts'
import type { ExamineContext } from './context.ts'
import { planExhibits } from './plan-exhibits.ts'

function recording(item: string, framesPerSecond: number, seconds: number): CaseItem {
  const ticks = Array.from(
    { length: framesPerSecond * seconds },
    (_, index) => (index * 90_000) / framesPerSecond,
  )
  return {
    item: item.repeat(64),
    sizeBytes: 1000,
    receivedAt: '2026-05-17T18:00:00Z',
    findings: [],
    facts: {
      kind: 'recording',
      mediaType: 'video/mp4',
      container: 'mov',
      scannedDurationSeconds: seconds,
      video: {
        codec: 'h264',
        storedWidthPixels: 1280,
        storedHeightPixels: 720,
        picture: {
          streamIndex: 0,
          timescale: 90_000,
          rotationDegrees: 0,
          widthPixels: 1280,
          heightPixels: 720,
        },
        frames: { timescale: 90_000, ticks, endTicks: seconds * 90_000 },
      },
      sound: { codec: 'aac', streamIndex: 1, sampleRateHz: 48_000, channels: 1, startSeconds: 0 },
    },
  }
}

const whole = { fromSeconds: -Infinity, toSeconds: Infinity }

const context: ExamineContext = {
  items: new Map([
    ['a', recording('a', 30, 10)],
    ['b', recording('b', 25, 10)],
    ['night', recording('c', 30, 10)],
  ]),
  clock: {
    zeroLabel: 'the start of A',
    recordings: [
      {
        footage: 'a',
        rate: 1,
        pieces: [
          {
            ...whole,
            offsetSeconds: 0,
            errorSeconds: 0.01,
            travelBoundSeconds: 0,
          },
        ],
        method: 'sound',
      },
      {
        footage: 'b',
        rate: 1.00004,
        pieces: [
          {
            ...whole,
            offsetSeconds: 1.25,
            errorSeconds: 0.01,
            travelBoundSeconds: 0,
          },
        ],
        method: 'sound',
      },
    ],
    apart: [{ footage: 'night', code: 'no-shared-sound', reason: 'it shares no sound' }],
  },
  passages: new Map(),
  labelOf: (footage) => footage.toUpperCase(),
}

const base = { id: 'x', caption: '', line: 9, column: 3 }
const plain = { factor: 1, kernel: 'neighbor' } as const
const plan = (place: Place) => planExhibits([place], context)

test('slow motion names its frames one by one and brings the same frames at real speed', () => {
  const { exhibits, problems } = plan({
    kind: 'slow-motion',
    ...base,
    ...plain,
    footage: 'a',
    fromSeconds: 2.01,
    toSeconds: 3,
    slowdown: 4,
  })
  assert.deepEqual(problems, [])
  const [slow, real] = exhibits[0]?.parts ?? []
  assert.deepEqual([slow?.role, real?.role], ['slow', 'real-speed'])
  assert.ok(slow?.draft.kind === 'clip' && real?.draft.kind === 'clip')
  assert.deepEqual(slow.draft.parameters.span, {
    firstFrame: 60,
    lastFrame: 89,
    firstTicks: 180_000,
    lastTicks: 267_000,
    beforeTicks: 177_000,
    endTicks: 270_000,
  })
  assert.deepEqual(slow.draft.parameters.span, real.draft.parameters.span)
  assert.equal(slow.draft.parameters.soundStreamIndex, undefined)
  assert.equal(real.draft.parameters.soundStreamIndex, 1)
  assert.match(slow.treatment, /^0\.25× speed, otherwise unaltered$/)
})

test('an enlargement says factor, kernel and crop', () => {
  const { exhibits } = plan({
    kind: 'enlargement',
    ...base,
    footage: 'a',
    atSeconds: 1,
    factor: 4,
    kernel: 'neighbor',
    crop: { x: 10, y: 20, width: 160, height: 90 },
  })
  const enlarged = exhibits[0]?.parts.find((part) => part.role === 'enlarged')
  assert.match(
    enlarged?.treatment ?? '',
    /frame 30 .*enlarged 4×, nearest neighbour, cropped to 160 × 90 pixels at 10, 20/,
  )
  assert.ok(exhibits[0]?.parts.some((part) => part.role === 'whole'))
})

test('the grid runs as fast as its fastest angle and carries the clock in integers', () => {
  const { exhibits } = plan({
    kind: 'composite',
    ...base,
    fromSeconds: -1,
    toSeconds: 4,
    angles: ['b', 'a'],
  })
  const [main, poster] = exhibits[0]?.parts ?? []
  assert.ok(main?.draft.kind === 'composite' && poster?.draft.kind === 'composite')
  assert.equal(main.draft.parameters.framesPerSecond, 30)
  assert.equal(main.draft.parameters.angles[0]?.offsetMicroseconds, 1_250_000)
  assert.equal(main.draft.parameters.angles[0]?.ratePartsPerBillion, 1_000_040_000)
  assert.equal(main.draft.parameters.soundInput, 0)
  assert.equal(poster.draft.parameters.asPicture, true)
})

test('footage with a warning has a plain cover in place of a frame', () => {
  const { exhibits } = plan({
    kind: 'segment',
    ...base,
    ...plain,
    footage: 'a',
    fromSeconds: 1,
    toSeconds: 2,
    warning: 'A shot is heard.',
  })
  const poster = exhibits[0]?.parts.find((part) => part.role === 'poster')
  assert.ok(poster?.draft.kind === 'cover')
  assert.deepEqual(poster.draft.parameters.lines, ['A shot is heard.'])
})

for (const [name, place, code, says] of [
  [
    'a moment after the end of the recording',
    { kind: 'still', ...base, ...plain, footage: 'a', atSeconds: 10 },
    'moment-outside-recording',
    /its picture runs from 0:00\.000 to 0:10\.000/,
  ],
  [
    'a crop that reaches outside the picture',
    {
      kind: 'still',
      ...base,
      ...plain,
      footage: 'a',
      atSeconds: 1,
      crop: { x: 1200, y: 0, width: 160, height: 90 },
    },
    'directive-attribute',
    /outside the upright picture of 1280 × 720/,
  ],
  [
    'a recording that is not on the clock in a grid',
    { kind: 'composite', ...base, fromSeconds: 0, toSeconds: 1, angles: ['a', 'night'] },
    'not-on-the-clock',
    /it shares no sound.*anchor/,
  ],
] as const) {
  test(`${name} is a problem at its directive`, () => {
    const { exhibits, problems } = plan(place)
    assert.deepEqual(exhibits, [])
    assert.equal(problems[0]?.code, code)
    assert.match(problems[0]?.message ?? '', says)
    assert.deepEqual([problems[0]?.line, problems[0]?.column], [9, 3])
  })
}

test('a grid lies within one piece of each recording; across a cut it is refused', () => {
  const piece = { offsetSeconds: 0, errorSeconds: 0.01, travelBoundSeconds: 0 }
  const cut: ExamineContext = {
    ...context,
    clock: {
      ...context.clock,
      recordings: [
        ...context.clock.recordings.slice(0, 1),
        {
          footage: 'b',
          rate: 1,
          method: 'sound',
          pieces: [
            { ...piece, fromSeconds: -Infinity, toSeconds: 4 },
            { ...piece, fromSeconds: 4, toSeconds: Infinity, offsetSeconds: 3 },
          ],
        },
      ],
    },
  }
  const grid = (fromSeconds: number, toSeconds: number) =>
    planExhibits([{ kind: 'composite', ...base, fromSeconds, toSeconds, angles: ['a', 'b'] }], cut)
  const angleOf = ({ exhibits }: ReturnType<typeof grid>) => {
    const draft = exhibits[0]?.parts[0]?.draft
    return draft?.kind === 'composite' ? draft.parameters.angles[1] : undefined
  }
  const [before, after] = [angleOf(grid(1, 4)), angleOf(grid(7, 9))]
  assert.deepEqual([before?.offsetMicroseconds, after?.offsetMicroseconds], [0, 3_000_000])
  assert.equal(before?.endTicks, after?.firstTicks)
  for (const [from, to] of [
    [3, 5],
    [5, 6],
    [6, 8],
    [0, 10],
  ] as const) {
    const [problem] = grid(from, to).problems
    assert.equal(problem?.code, 'cut-within-exhibit')
    assert.match(
      problem.message,
      /"b" was cut at about 0:04\.0 of its own time: \+4\.00 s to \+7\.00 s/,
    )
  }
})
