import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { centreAndSpread, median } from './median.ts'

test('a median is what sorting finds', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true })), (given) => {
      const values = Float32Array.from(given)
      const sorted = values.toSorted()
      const middle = sorted.length >> 1
      const expected =
        sorted.length === 0
          ? 0
          : sorted.length % 2 === 1
            ? sorted[middle]!
            : (sorted[middle - 1]! + sorted[middle]!) / 2
      assert.equal(median(values), expected)
    }),
  )
})

test('one stray value does not move centre and spread', () => {
  const { centre, spread } = centreAndSpread(Float32Array.of(1, 2, 3, 4, 1e9))
  assert.equal(centre, 3)
  assert.ok(Math.abs(spread - 1.4826) < 1e-6)
})
