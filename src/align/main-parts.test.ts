import assert from 'node:assert/strict'
import test from 'node:test'
import { solvedGroup } from './fixture-groups.ts'
import type { SolvedGroup } from './group-result.ts'
import { mainParts } from './main-parts.ts'
import { cutRecordings } from './recording-parts.ts'
import type { RecordingPart } from './recording-parts.ts'

/** One recording of a minute, in parts of 12, 20 and 28 s. */
const recordings = [{ id: 'a', samples: new Float32Array(60 * 8000) }]
const parts = cutRecordings(recordings, new Map([['a', [12, 32]]]))
const [first, second, third] = parts as [RecordingPart, RecordingPart, RecordingPart]

/** Of each piece that these cuts leave, the part that speaks for it. */
function kept(cuts: readonly number[], ...groups: readonly SolvedGroup[]): RecordingPart[] {
  return mainParts(parts, new Map([['a', cuts]]), groups)
}

test('what no cut divides lies on the clock on which most of the recording does', () => {
  const groups = [solvedGroup([first, 0], [second, 25]), solvedGroup([third, 0])]
  assert.deepEqual(kept([12], ...groups), [first, second])
})

test('a part speaks for the rest where half of it or more lies on its clock', () => {
  assert.deepEqual(kept([], solvedGroup([first, 0], [second, 12])), [second])
  assert.deepEqual(kept([32], solvedGroup([second, 0])), [second, third])
})

test('where less of it does, the longest part is kept, with a place or without', () => {
  assert.deepEqual(kept([], solvedGroup([second, 0])), [third])
  assert.deepEqual(kept([32], solvedGroup([first, 0])), [second, third])
})

test('what lies on another clock does not count', () => {
  assert.deepEqual(kept([], solvedGroup([first, 0]), solvedGroup([second, 0])), [third])
})
