import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isStillThat } from './entity-tag.ts'

test('a tag is compared weakly, among several, and with any', () => {
  for (const header of ['"b"', 'W/"b"', '"a", W/"b"', '"a","b"', ' * ']) {
    assert.equal(isStillThat(header, '"b"'), true, header)
  }
  for (const header of [undefined, '', 'b', '"a"', '"ab"', '"a, b"', '"b']) {
    assert.equal(isStillThat(header, '"b"'), false, header)
  }
})
