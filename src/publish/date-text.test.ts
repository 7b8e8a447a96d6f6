import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateText, machineDate } from './date-text.ts'

test('exact, vague and open dates are said in words', () => {
  assert.equal(dateText('2026-05-17'), '17 May 2026')
  assert.equal(dateText('2026-05~'), 'about May 2026')
  assert.equal(dateText('2026-05-17?'), '17 May 2026 (uncertain)')
  assert.equal(dateText('2026%'), 'about 2026 (uncertain)')
  assert.equal(dateText('../2026-05'), 'until May 2026')
  assert.equal(dateText('2026-05-01/2026-05-03'), '1 May 2026 to 3 May 2026')
  assert.equal(dateText('2026-05-17T17:02:10Z'), '17 May 2026, 17:02:10 UTC')
})

test('EDTF that has no plain wording stays as written', () => {
  assert.equal(dateText('2026-21'), '2026-21')
  assert.equal(dateText('[2026-05-01, 2026-05-03]'), '[2026-05-01, 2026-05-03]')
})

test('a vague date is given to no machine as an exact one', () => {
  assert.equal(machineDate('2026-05-17'), '2026-05-17')
  assert.equal(machineDate('2026-05-17~'), undefined)
  assert.equal(machineDate('../2026-05'), undefined)
  assert.equal(machineDate('2026-05-17T17:02:10'), undefined)
})
