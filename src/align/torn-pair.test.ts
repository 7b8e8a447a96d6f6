import assert from 'node:assert/strict'
import test from 'node:test'
import { gainOfSecondLag } from './torn-pair.ts'
import type { PeakWithCourse } from './window-evidence.ts'

/** A peak whose agreement is 2 within these seconds of a's own time and 0 elsewhere. */
function peak(lagSeconds: number, ...agreeing: readonly [number, number][]): PeakWithCourse {
  const first = Math.max(0, lagSeconds)
  const agreement = Float64Array.from({ length: 100 - first }, (_, second) =>
    agreeing.some(([from, to]) => first + second >= from && first + second < to) ? 2 : 0,
  )
  const course = { fromFrame: 100 * first, agreement }
  const lagFrames = 100 * lagSeconds
  return {
    lagSeconds,
    lagFrames,
    score: 9,
    evidence: 9,
    windows: 100,
    likeness: 0.1,
    evenness: 1,
    course,
  }
}

test('a second lag gains what it adds after the first: the recording was cut', () => {
  // Own time of b: 1 to 41 s, then 47 to 77 s.
  assert.equal(gainOfSecondLag([peak(9, [10, 50]), peak(3, [50, 80])]), 1.5 * 30)
})

test('one lag throughout leaves nothing to gain', () => {
  assert.equal(gainOfSecondLag([peak(3, [10, 80]), peak(9)]), 0)
  assert.equal(gainOfSecondLag([]), 0)
})

test('a sound that comes again agrees at two lags at one time, and gains nothing', () => {
  assert.equal(gainOfSecondLag([peak(3, [10, 50]), peak(9, [10, 50])]), 0)
})

test('a second lag must come later in the own time of either recording', () => {
  // Own time of b: 7 to 47 s, then 10 to 30 s, which is no cut.
  assert.equal(gainOfSecondLag([peak(3, [10, 50]), peak(40, [50, 70])]), 0)
  // The other way about b leaps from 30 to 47 s.
  assert.equal(gainOfSecondLag([peak(40, [50, 70]), peak(23, [70, 90])]), 1.5 * 20)
})

test('lags as near as sources are apart are one', () => {
  assert.equal(gainOfSecondLag([peak(3, [10, 50]), peak(3.3, [50, 80])]), 0)
})
