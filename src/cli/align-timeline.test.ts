import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AlignReport, OwnSpan } from './align-report.ts'
import { timelineLines } from './align-timeline.ts'
import {
  fixtureImpulse,
  fixtureMember,
  fixtureReport,
  hostileName,
} from './fixture-align-report.ts'
import { cellsOf } from './text-cells.ts'

/** One group, written as `name: offset, own start, own end`. */
function groupOf(recordings: Readonly<Record<string, readonly [number, number, number]>>) {
  const entries = Object.entries(recordings)
  return {
    groups: [{ members: entries.map(([id, [offset]]) => fixtureMember(id, offset)), links: [] }],
    apart: [],
    reuploads: [],
    unheard: [],
    impulses: [],
    spans: new Map<string, OwnSpan>(
      entries.map(([id, [, startSeconds, endSeconds]]) => [id, { startSeconds, endSeconds }]),
    ),
  } satisfies AlignReport
}

const plain = { columns: 50, utf8: false }
const rowOf = (lines: readonly string[], name: string): string =>
  lines.find((line) => line.startsWith(`  ${name}`)) ?? ''

test('bars stand on one ruler, to the half column where the locale allows it', () => {
  const report = groupOf({ 'a.mp4': [0, 0, 20], 'b.mp4': [9.9, 0, 30.1] })
  assert.deepEqual(
    timelineLines(report, { columns: 50, utf8: true }),
    [
      'Group 1 on its clock',
      '  seconds 0        10        20        30       40',
      '          ┬─────────┬─────────┬─────────┬────────┬',
      '  a.mp4   ━━━━━━━━━━━━━━━━━━━━',
      '  b.mp4             ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━',
    ].map((line) => line),
  )
  assert.deepEqual(timelineLines(report, plain).slice(2), [
    '          +---------+---------+---------+--------+',
    '  a.mp4   ====================',
    '  b.mp4             ==============================',
  ])
})

test('a clip of a second beside hours is still to be seen, in its place', () => {
  const lines = timelineLines(groupOf({ long: [0, 0, 36_000], clip: [18_000, 0, 1] }), plain)
  const bar = rowOf(lines, 'clip')
  assert.equal(bar.match(/=+/)?.[0].length, 1)
  const long = rowOf(lines, 'long')
  const middle = (long.indexOf('=') + long.length) / 2
  assert.ok(Math.abs(bar.indexOf('=') - middle) <= 1)
})

test('a clip that begins at the very end of the ruler does not fall off it', () => {
  const lines = timelineLines(groupOf({ long: [0, 0, 3600], clip: [3600, 0, 0] }), plain)
  assert.match(rowOf(lines, 'clip'), /=$/)
  assert.ok(lines.every((line) => line.length <= 50))
})

test('times before zero are drawn, with a minus on the ruler', () => {
  const report = groupOf({ a: [0, -20, 10], b: [-35, 5, 30] })
  const lines = timelineLines(report, { columns: 60, utf8: true })
  assert.match(lines[1] ?? '', /−30 .*−20 .*−10 .*0 .*10/)
  assert.match(rowOf(lines, 'b'), /^ {2}b +━/)
  assert.doesNotMatch(lines[1] ?? '', /−0/)
})

test('each recording that hears an impulsive sound has its tick, one alone another', () => {
  const report = {
    ...groupOf({ a: [0, 0, 40], b: [10, 0, 30] }),
    impulses: [
      fixtureImpulse(
        0,
        [
          ['a', 20],
          ['b', 10],
        ],
        20,
      ),
      fixtureImpulse(0, [['b', 20]], 30),
      fixtureImpulse(1, [['a', 5]], 5),
    ],
  }
  const lines = timelineLines(report, plain)
  assert.equal(rowOf(lines, 'a').indexOf('|'), rowOf(lines, 'b').indexOf('|'))
  assert.equal(rowOf(lines, 'a').match(/['|]/g)?.join(''), '|')
  assert.equal(rowOf(lines, 'b').match(/['|]/g)?.join(''), "|'")
  assert.equal(lines.at(-1), "  | heard in several   ' heard in one")
})

test('no line is wider than the terminal, however narrow and whatever the names', () => {
  for (const utf8 of [true, false]) {
    for (let columns = 24; columns <= 200; columns += 1) {
      for (const line of timelineLines(fixtureReport(), { columns, utf8 })) {
        assert.ok(cellsOf(line) <= columns, `${columns}: ${line}`)
      }
    }
  }
})

test('hostile names can neither steer the terminal nor pass for ASCII', () => {
  const report = fixtureReport()
  assert.ok(report.groups[0]?.members.some(({ id }) => id === hostileName))
  for (const utf8 of [true, false]) {
    const text = timelineLines(report, { columns: 120, utf8 }).join('\n')
    assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}]/u)
    assert.match(text, /\\u\{202e\}/)
    // oxlint-disable-next-line no-control-regex
    if (!utf8) assert.match(text, /^[\x20-\x7e\n]*$/)
  }
})

test('recordings of one name in two folders are told apart', () => {
  const lines = timelineLines(fixtureReport(), { columns: 120, utf8: true })
  assert.notEqual(rowOf(lines, 'in/clip.webm'), '')
  assert.notEqual(rowOf(lines, 'out/clip.webm'), '')
})

test('a recording that was cut has a gap where the clock went on, and hears at its piece’s place', () => {
  const errors = { errorSeconds: 0.15, travelBoundSeconds: 0.146 }
  const cut = fixtureMember('cut', 0, {
    pieces: [
      { fromSeconds: 0, toSeconds: 10, offsetSeconds: 0, ...errors },
      { fromSeconds: 10, toSeconds: 20, offsetSeconds: 10, ...errors },
    ],
  })
  const report = {
    ...groupOf({ cut: [0, 0, 20], whole: [0, 0, 40] }),
    groups: [{ members: [cut, fixtureMember('whole', 0)], links: [] }],
    impulses: [
      fixtureImpulse(
        0,
        [
          ['cut', 15.5],
          ['whole', 25.5],
        ],
        25.5,
      ),
    ],
  }
  const lines = timelineLines(report, { columns: 50, utf8: false })
  assert.equal(rowOf(lines, 'cut'), '  cut     ==========          =====|====')
  assert.equal(rowOf(lines, 'whole').indexOf('|'), rowOf(lines, 'cut').indexOf('|'))
})

test('groups follow each other, those apart stand beneath with their reasons', () => {
  const lines = timelineLines(fixtureReport(), { columns: 80, utf8: true })
  const heads = lines.filter((line) => !line.startsWith(' '))
  assert.deepEqual(heads, ['Group 1 on its clock', 'Group 2 on its clock', 'Apart:'])
  assert.match(lines.slice(lines.indexOf('Apart:')).join(' '), /no sound\. \[no-audio\]/)
})

test('colour adds nothing but colour', () => {
  const style = { columns: 80, utf8: true }
  const colored = timelineLines(fixtureReport(), { ...style, color: true }).join('\n')
  assert.equal(
    // oxlint-disable-next-line no-control-regex
    colored.replaceAll(/\u001B\[\d+m/g, ''),
    timelineLines(fixtureReport(), style).join('\n'),
  )
  assert.notEqual(colored, timelineLines(fixtureReport(), style).join('\n'))
})

test('nothing aligned and nothing apart is no line at all', () => {
  const nothing = {
    groups: [],
    apart: [],
    reuploads: [],
    impulses: [],
    unheard: [],
    spans: new Map(),
  }
  assert.deepEqual(timelineLines(nothing, plain), [])
})
