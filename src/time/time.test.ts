import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCalendarDate, wholeDaysSince } from './calendar.ts'
import { fromClock, orderOf, toClock } from './clock.ts'
import { frameOnScreen, framesBetween, type FrameTable } from './frame-table.ts'
import { microsecondsOf } from './microseconds.ts'
import { fromZero, plusMinus, timecode } from './text.ts'

const table: FrameTable = { timescale: 1000, ticks: [0, 40, 95, 120, 300], endTicks: 340 }

test('the frame on screen is the last that has begun, and none outside', () => {
  const at = (seconds: number) => frameOnScreen(table, seconds)
  assert.deepEqual([-0.001, 0, 0.039, 0.04, 0.12, 0.299, 0.3, 0.339, 0.34].map(at), [
    undefined,
    0,
    0,
    1,
    3,
    3,
    4,
    4,
    undefined,
  ])
})

test('an interval takes in every frame that is on screen in it', () => {
  assert.deepEqual(framesBetween(table, 0.05, 0.12), { first: 1, last: 2 })
  assert.deepEqual(framesBetween(table, 0.05, 0.121), { first: 1, last: 3 })
  assert.deepEqual(framesBetween(table, -5, 5), { first: 0, last: 4 })
  assert.equal(framesBetween(table, 0.34, 2), undefined)
})

test('own time and clock lead back to each other', () => {
  const map = { offsetSeconds: -12.5, rate: 1.000_08 }
  assert.ok(Math.abs(fromClock(map, toClock(map, 123.4)) - 123.4) < 1e-9)
})

test('"before" is said only where the intervals do not overlap', () => {
  const at = (seconds: number, plusMinusSeconds: number) => ({ seconds, plusMinusSeconds })
  assert.equal(orderOf(at(1, 0.1), at(2, 0.1)), 'before')
  assert.equal(orderOf(at(2, 0.1), at(1, 0.1)), 'after')
  assert.equal(orderOf(at(1, 0.6), at(2, 0.5)), 'cannot be said')
})

test('times are written with a true minus sign and never rounded to no uncertainty', () => {
  assert.equal(timecode(62.48), '1:02.480')
  assert.equal(timecode(59.9996), '1:00.000')
  assert.equal(fromZero(-3.104), '−3.10 s')
  assert.equal(fromZero(-0.001), '+0.00 s')
  assert.equal(plusMinus(0.0001), '± 0.01 s')
  assert.equal(plusMinus(0.041), '± 0.05 s')
})

test('a vague date never overstates a silence', () => {
  const now = new Date('2026-06-10T00:00:00Z')
  const days = (text: string) => {
    const date = readCalendarDate(text)
    assert.ok(date)
    return wholeDaysSince(date, now)
  }
  assert.deepEqual(
    [days('2026-06-01'), days('2026-05'), days('2026-06-01~'), days('2026-07-01')],
    [9, 10, 9, 0],
  )
  assert.equal(readCalendarDate('soon'), undefined)
})

test('a hair before zero is zero microseconds, which canonical JSON can write', () => {
  // Object.is tells 0 from -0.
  assert.ok(Object.is(microsecondsOf(-8.9e-16), 0))
  assert.equal(microsecondsOf(-1.5e-6), -1)
})
