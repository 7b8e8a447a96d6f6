import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockAt, cutsOf, pieceAt, pieceThrough, withOpenEnds } from './pieced-clock.ts'

/** 12 s were left out at own time 30. */
const pieces = withOpenEnds(
  [
    { fromSeconds: 0, toSeconds: 30, offsetSeconds: -5 },
    { fromSeconds: 30, toSeconds: 50, offsetSeconds: 7 },
  ],
  50,
)
const recording = { rate: 1, pieces }

test('an own moment stands where its piece does, the cut itself in the later one', () => {
  assert.deepEqual(
    [-0.02, 0, 29.9, 30, 49, 50.4].map((own) => clockAt(recording, own)),
    [-5.02, -5, 24.9, 37, 56, 57.4],
  )
})

test('a stretch of the clock lies in one piece, or in none where a cut left out any of it', () => {
  const through = (from: number, to: number) => pieceThrough(recording, from, to)
  assert.equal(through(0, 25), pieces[0])
  assert.equal(through(-100, 0), pieces[0])
  assert.equal(through(37, 200), pieces[1])
  for (const [from, to] of [
    [24, 25.1],
    [26, 30],
    [36.9, 38],
    [0, 60],
  ] as const)
    assert.equal(through(from, to), undefined, `${from} to ${to}`)
  assert.equal(through(25, 25), undefined)
  assert.equal(through(37, 37), pieces[1])
})

test('a cut tells where it lies and what stretch of the clock it left out', () => {
  const [cut, ...others] = cutsOf(recording)
  assert.deepEqual(
    [cut?.ownSeconds, cut?.fromClockSeconds, cut?.toClockSeconds, others],
    [30, 25, 37, []],
  )
  assert.deepEqual(cutsOf({ rate: 1, pieces: pieces.slice(0, 1) }), [])
})

test('own time before the first piece has no place unless the recording begins with it', () => {
  const later = { rate: 1, pieces: withOpenEnds([{ ...pieces[1]!, fromSeconds: 30 }], 50) }
  assert.equal(pieceAt(later, 29.9), undefined)
  assert.equal(clockAt(later, 29.9), undefined)
  assert.equal(clockAt(later, 51), 58)
})
