import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantText, readInstant } from './instant.ts'

test('the same moment in two zones is the same moment', () => {
  const summer = readInstant('2026-06-07T17:02:10+02:00')
  const utc = readInstant('2026-06-07T15:02:10Z')
  assert.equal(summer?.epochSeconds, utc?.epochSeconds)
  assert.deepEqual([summer?.zoneMinutes, utc?.zoneMinutes], [120, 0])
})

test('a moment is written again as it was read, to the millisecond', () => {
  for (const text of [
    '2026-06-07T17:02:10.300+02:00',
    '2026-01-01T00:00:00.000-09:30',
    '1969-12-31T23:59:59.999Z',
  ]) {
    const { epochSeconds, zoneMinutes } = readInstant(text) ?? {}
    assert.equal(instantText(epochSeconds ?? NaN, zoneMinutes ?? NaN), text)
  }
})

test('a time without a zone is read as UTC and says that it has none', () => {
  assert.deepEqual(readInstant('2026-06-07T15:02:10'), {
    epochSeconds: Date.UTC(2026, 5, 7, 15, 2, 10) / 1000,
    zoneMinutes: undefined,
  })
})

test('Apple’s zone without a colon, microseconds and a leap second are read', () => {
  assert.equal(readInstant('2025-07-11T09:44:38-0600')?.zoneMinutes, -360)
  assert.equal((readInstant('2026-06-07T15:02:10.250000Z')?.epochSeconds ?? NaN) % 1, 0.25)
  assert.equal(
    readInstant('2016-12-31T23:59:60Z')?.epochSeconds,
    readInstant('2017-01-01T00:00:00Z')?.epochSeconds,
  )
})

test('what is no moment is not read', () => {
  for (const text of [
    '2026-06-31T12:00:00Z',
    '2026-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-06-07T24:00:00Z',
    '2026-06-07T12:60:00Z',
    '2026-06-07T12:00:00+24:00',
    '2026-06-07',
    '0000-06-07T12:00:00Z',
    '2026-06-07T12:00:00Z ',
    'yesterday',
  ]) {
    assert.equal(readInstant(text), undefined, text)
  }
})
