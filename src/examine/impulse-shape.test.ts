import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alikeness, shapeAt } from './impulse-shape.ts'

/** Noise that dies within milliseconds, the same for the same seed, from sample 100 on. */
function burst(seed: number, delaySamples = 0): Float32Array {
  let state = seed
  return Float32Array.from({ length: 400 }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const later = index - 100
    return later < 0 ? 0 : (state / 2 ** 31 - 1) * Math.exp(-later / 60)
  }).map((_, index, whole) => whole[index - delaySamples] ?? 0)
}

test('a sound is most like itself: quieter, the other way round, found half a millisecond later, echoed', () => {
  const one = shapeAt(burst(7), 100)
  const quieter = burst(7).map((sample) => -0.01 * sample)
  const echoed = burst(7).map((sample, index, whole) => sample + 0.5 * (whole[index - 37] ?? 0))
  assert.ok(alikeness(one, one) > 0.999)
  assert.ok(alikeness(one, shapeAt(quieter, 100)) > 0.99)
  assert.ok(alikeness(one, shapeAt(burst(7, 4), 100)) > 0.99)
  assert.ok(alikeness(one, shapeAt(echoed, 100)) > 0.7)
})

test('sounds that have nothing in common are hardly alike', () => {
  const shapes = Array.from({ length: 12 }, (_, seed) => shapeAt(burst(1000 * seed + 3), 100))
  for (const [index, one] of shapes.entries()) {
    for (const other of shapes.slice(index + 1)) assert.ok(alikeness(one, other) < 0.65)
  }
})

test('silence, and a sound that ends at once, are like nothing and no trouble', () => {
  const silence = shapeAt(new Float32Array(400), 100)
  assert.equal(alikeness(silence, silence), 0)
  assert.equal(alikeness(silence, shapeAt(burst(7), 100)), 0)
  assert.ok(alikeness(shapeAt(burst(7), 395), shapeAt(burst(7), 0)) <= 1)
})
