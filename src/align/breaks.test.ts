import assert from 'node:assert/strict'
import test from 'node:test'
import { breaksOf, sureStretches } from './breaks.ts'
import type { Stretch } from './stretches.ts'

function stretch(
  fromSeconds: number,
  toSeconds: number,
  offsetSeconds: number,
  gain = 10 * (toSeconds - fromSeconds),
): Stretch {
  const bins = Array.from({ length: 1200 }, (_, bin) =>
    bin >= 10 * fromSeconds && bin < 10 * toSeconds ? 1 : -1,
  )
  const line = { offsetSeconds, rate: 1, agreement: [], lagSeconds: [-offsetSeconds] }
  return { fromSeconds, toSeconds, gain, line, gains: Float32Array.from(bins) }
}

test('a leap forward of the clock is a break', () => {
  const found = breaksOf([stretch(0, 40, 5), stretch(40, 90, 12)])
  assert.deepEqual(
    found.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]),
    [[40, 40]],
  )
})

test('what lies between two stretches of one line is a sound that repeats', () => {
  const one = stretch(0, 40, 5)
  const again = { ...stretch(52, 90, 5), line: one.line, gains: one.gains }
  const sure = sureStretches([one, stretch(40, 52, 31), again])
  assert.deepEqual(
    sure.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]),
    [[0, 90]],
  )
})

test('of stretches in no order those that together are surest are kept', () => {
  const sure = sureStretches([
    stretch(0, 10, 50),
    stretch(10, 40, 5),
    stretch(40, 52, 3),
    stretch(52, 90, 12),
  ])
  assert.deepEqual(
    sure.map(({ line }) => line.offsetSeconds),
    [5, 12],
  )
})
