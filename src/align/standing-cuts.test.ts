import assert from 'node:assert/strict'
import test from 'node:test'
import { solvedGroup } from './fixture-groups.ts'
import type { SolvedGroup } from './group-result.ts'
import { cutRecordings } from './recording-parts.ts'
import { cutsThatStand } from './standing-cuts.ts'

/** Recordings of 60 s, cut after 20 and 40 s where named. */
const recordings = ['a', 'b'].map((id) => ({ id, samples: new Float32Array(60 * 8000) }))
const cuts = new Map([
  ['a', [20, 40]],
  ['b', [20, 40]],
])
const parts = cutRecordings(recordings, cuts)
const [a0, a1, a2, b0, b1, b2] = parts as [never, never, never, never, never, never]

function standing(openOnes: 'stand' | 'fall', ...groups: readonly SolvedGroup[]) {
  return Object.fromEntries(cutsThatStand(cuts, parts, groups, openOnes, () => undefined))
}

test('a cut stands where the later piece lies later than it would have', () => {
  const all = solvedGroup([a0, 0], [a1, 25], [a2, 45], [b0, 0], [b1, 20], [b2, 45])
  assert.deepEqual(standing('fall', all), { a: [20], b: [40] })
})

test('a cut beside what has no place is open', () => {
  const some = solvedGroup([a0, 0], [b0, 0])
  assert.deepEqual(standing('fall', some), {})
  assert.deepEqual(standing('stand', some), { a: [20, 40], b: [20, 40] })
})

test('between two placed pieces with one without a place in the middle one cut is certain', () => {
  assert.deepEqual(standing('fall', solvedGroup([a0, 0], [a2, 50], [b0, 0])), { a: [40] })
})

test('of two recordings on two clocks the one that comes sooner was cut', () => {
  // If b goes on, the second clock begins at 20; if a did, at 15: so a was cut.
  const groups = [solvedGroup([a0, -5], [b0, 0]), solvedGroup([a1, 0], [b1, 0])]
  assert.deepEqual(standing('fall', ...groups), { a: [20] })
})
