import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRange } from './byte-range.ts'

test('ranges are read as RFC 9110 says, with an exclusive end', () => {
  assert.deepEqual(readRange('bytes=0-99', 1000), { kind: 'part', start: 0, end: 100 })
  assert.deepEqual(readRange('bytes=900-', 1000), { kind: 'part', start: 900, end: 1000 })
  assert.deepEqual(readRange('bytes=-100', 1000), { kind: 'part', start: 900, end: 1000 })
  assert.deepEqual(readRange('bytes=0-5000', 1000), { kind: 'part', start: 0, end: 1000 })
  assert.deepEqual(readRange('bytes=1000-', 1000), { kind: 'unsatisfiable' })
  assert.deepEqual(readRange('bytes=-0', 1000), { kind: 'unsatisfiable' })
})

test('what is no single byte range gets the whole body', () => {
  for (const header of [
    undefined,
    '',
    'bytes=-',
    'bytes=5-2',
    'bytes=0-1,5-6',
    'items=0-1',
    'bytes=a-b',
  ]) {
    assert.deepEqual(readRange(header, 1000), { kind: 'all' }, header)
  }
})
