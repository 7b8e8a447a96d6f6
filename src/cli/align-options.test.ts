import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAnchor, readTime } from './align-options.ts'

const paths = ['in/a.mp4', 'in/b=c@2.mp4', 'out/a.mp4', 'd.mp4']

test('a stated time names its file by the end of its path, and keeps the words it was stated in', () => {
  assert.deepEqual(readTime('b=c@2.mp4@12.3=2026-06-07T17:02:10+02:00±1', paths), {
    recording: 'in/b=c@2.mp4',
    ownSeconds: 12.3,
    at: '2026-06-07T17:02:10+02:00',
    uncertaintySeconds: 1,
    kind: 'stated',
  })
  const typed = readTime('d.mp4@-0.5=2026-06-07T15:02:10.25Z+-0.1', paths)
  assert.deepEqual([typed.at, typed.uncertaintySeconds], ['2026-06-07T15:02:10.25Z', 0.1])
})

test('a zone west of UTC does not swallow the error after it', () => {
  const { at, uncertaintySeconds } = readTime('d.mp4@0=2026-06-07T17:02:10-05:00+-2', paths)
  assert.deepEqual([at, uncertaintySeconds], ['2026-06-07T17:02:10-05:00', 2])
})

for (const [text, reason] of [
  ['d.mp4@1=2026-06-07T17:02:10+02:00', /needs its ±/],
  ['d.mp4@1=2026-06-07T17:02:10±1', /no zone/],
  ['d.mp4@1=2026-06-31T17:02:10Z±1', /no date/],
  ['d.mp4@1=17:02:10±1', /no date/],
  ['d.mp4@1.2.3=2026-06-07T17:02:10Z±1', /no number/],
  ['a.mp4@1=2026-06-07T17:02:10Z±1', /more than one of the files/],
  ['x.mp4@1=2026-06-07T17:02:10Z±1', /none of the files/],
] as const) {
  test(`--time ${text} is a usage error that says why and how`, () => {
    assert.throws(() => readTime(text, paths), { code: 'usage', exitCode: 2, message: reason })
    assert.throws(() => readTime(text, paths), /write a\.mp4@12\.3=/)
  })
}

test('a whole path is taken before the ends of others', () => {
  const anchor = readAnchor('a.mp4@1=in/a.mp4@2±0.02', ['a.mp4', 'in/a.mp4'])
  assert.deepEqual([anchor.a.id, anchor.b.id], ['a.mp4', 'in/a.mp4'])
})

test('an anchor that joins a recording with itself is a usage error', () => {
  assert.throws(() => readAnchor('d.mp4@1=d.mp4@2±0.02', paths), { code: 'usage', exitCode: 2 })
})
