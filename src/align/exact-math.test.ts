import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { cos, exp, log } from './exact-math.ts'

const from = (min: number, max: number) => fc.double({ min, max, noNaN: true })

/** Within `units` in the last place of the engine's own, which is itself up to one off. */
function isNear(value: number, own: number, units: number): boolean {
  return Math.abs(value - own) <= units * Number.EPSILON * Math.abs(own)
}

test('logarithms are the engine’s to two units in the last place', () => {
  fc.assert(
    fc.property(from(Number.MIN_VALUE, Number.MAX_VALUE), (x) => isNear(log(x), Math.log(x), 2)),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(from(0.5, 2), (x) => isNear(log(x), Math.log(x), 2)),
    { numRuns: 2000 },
  )
})

test('exponentials are the engine’s to two units in the last place', () => {
  fc.assert(
    fc.property(from(-700, 700), (x) => isNear(exp(x), Math.exp(x), 2)),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(from(-1, 1), (x) => isNear(exp(x), Math.exp(x), 2)),
    { numRuns: 2000 },
  )
})

test('cosines are the engine’s to two units in the last place', () => {
  fc.assert(
    fc.property(from(-7, 7), (x) => isNear(cos(x), Math.cos(x), 2)),
    { numRuns: 4000 },
  )
  fc.assert(
    fc.property(from(-1e6, 1e6), (x) => Math.abs(cos(x) - Math.cos(x)) < 1e-15),
    { numRuns: 2000 },
  )
})

test('at the edges of the range the values are the limits', () => {
  assert.deepEqual([0, 1, Infinity, -1, NaN].map(log), [-Infinity, 0, Infinity, NaN, NaN])
  assert.deepEqual([-Infinity, -750, 0, 710, Infinity, NaN].map(exp), [
    0,
    0,
    1,
    Infinity,
    Infinity,
    NaN,
  ])
  assert.deepEqual([0, Infinity, NaN].map(cos), [1, NaN, NaN])
  assert.ok(isNear(log(5e-324), -744.4400719213812, 1))
  assert.equal(exp(-745), 5e-324)
})
