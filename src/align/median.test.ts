import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { centreAndSpread } from './median.ts'

test('a median is what sorting finds', () => {
  const any = fc.float({ noNaN: true, noDefaultInfinity: true })
  const number = fc.oneof(any, fc.constantFrom(-1, 0, 1, 1 + 2 ** -20))
  fc.assert(
    fc.property(fc.array(number, { maxLength: 200, size: 'max' }), (given) => {
      const values = Float32Array.from(given)
      const sorted = values.toSorted()
      const middle = sorted.length >> 1
      const expected =
        sorted.length === 0
          ? 0
          : sorted.length % 2 === 1
            ? sorted[middle]!
            : (sorted[middle - 1]! + sorted[middle]!) / 2
      assert.equal(centreAndSpread(values).centre + 0, expected + 0)
      assert.deepEqual(values, Float32Array.from(given))
    }),
  )
})

test('one stray value does not move centre and spread', () => {
  const { centre, spread } = centreAndSpread(Float32Array.of(1, 2, 3, 4, 1e9))
  assert.equal(centre, 3)
  assert.ok(Math.abs(spread - 1.4826) < 1e-6)
})

test('infinities and what is no number end the search, too', () => {
  const among = (odd: number) =>
    centreAndSpread(Float32Array.from({ length: 61 }, (_, at) => (at === 7 ? odd : at))).centre
  assert.equal(among(Infinity), 31)
  assert.equal(among(-Infinity), 30)
  among(Number.NaN)
})
