import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCalendarDate } from './calendar.ts'

test('a date has the days that it may span; digits in a row are none', () => {
  const spanned = (text: string) => {
    const date = readCalendarDate(text)
    return date && [date.earliest, date.latest].map((each) => new Date(each).toISOString())
  }
  assert.deepEqual(spanned('2026-06'), ['2026-06-01T00:00:00.000Z', '2026-06-30T23:59:59.999Z'])
  assert.equal(spanned('2026')?.[0], '2026-01-01T00:00:00.000Z')
  for (const text of ['20260607', '202606', '1781000000000', '00001', '2026-13-01', 'June', '']) {
    assert.equal(spanned(text), undefined, text)
  }
})
