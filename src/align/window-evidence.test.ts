import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { evennessOf, isClear, isClearInPart, isSure, shareOfClear } from './window-evidence.ts'
import type { WeighedPeak } from './window-evidence.ts'

const stretches = (...means: readonly number[]) =>
  means.map((mean) => ({ sum: 10 * mean, windows: 10 }))

/** Two lags of a minute that both hold; the first with so much evidence. */
function peaks(evidence: number, evenness: number): WeighedPeak[] {
  const of = { lagFrames: 0, lagSeconds: 0, score: 9, windows: 60, likeness: 0.1, evenness }
  return [
    { ...of, evidence },
    { ...of, evidence: 3, lagFrames: 900, lagSeconds: 9 },
  ]
}

test('what agrees throughout is even, what agrees for half of the time is not', () => {
  assert.equal(evennessOf(stretches(1, 1, 1, 1)), 1)
  assert.equal(evennessOf(stretches(2, 0, 2, 0)), 0)
  assert.equal(evennessOf(stretches(1.5, 0.5, 1.5, 0.5)), 0.5)
  assert.equal(evennessOf(stretches(-1, 0, 0.5)), 0)
  assert.equal(evennessOf(stretches(2, 0)), 1)
})

test('evenness lies between 0 and 1, whatever the order', () => {
  const stretch = fc.record({
    sum: fc.double({ min: -40, max: 40, noNaN: true }),
    windows: fc.integer({ min: 1, max: 20 }),
  })
  fc.assert(
    fc.property(fc.array(stretch), (all) => {
      const evenness = evennessOf(all)
      assert.ok(evenness >= 0 && evenness <= 1)
      assert.ok(Math.abs(evennessOf(all.toReversed()) - evenness) < 1e-9)
    }),
  )
})

test('two recordings join by a gap that is wide and even; a wide one in part may be a cut', () => {
  const [wideAndEven, wideInPart, narrow] = [peaks(8, 0.8), peaks(8, 0.2), peaks(5, 0.8)]
  assert.deepEqual([isSure(wideAndEven), isClear(wideAndEven)], [true, true])
  assert.equal(isClearInPart(wideAndEven), false)
  assert.deepEqual([isSure(wideInPart), isClear(wideInPart)], [false, true])
  assert.equal(isClearInPart(wideInPart), true)
  assert.deepEqual([isSure(narrow), isClear(narrow), isClearInPart(narrow)], [false, false, false])
  assert.ok(shareOfClear(wideAndEven) > 3 * shareOfClear(wideInPart))
})

test('nothing is sure of nothing', () => {
  assert.deepEqual(
    [isSure([]), isClear([]), isClearInPart([]), shareOfClear([])],
    [false, false, false, 0],
  )
})
