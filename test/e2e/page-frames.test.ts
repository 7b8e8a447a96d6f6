import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frameStarts, stepTarget } from '../../src/page/frames.ts'

// Ten ticks a second: frames of 1, 1, 3 and 1 tick.
const starts = frameStarts('1x2 3x1 1x1', 10)

test('runs of unequal frames give where each begins and the last ends', () => {
  assert.deepEqual(starts, [0, 0.1, 0.2, 0.5, 0.6])
})

test('a step lands in the middle of the next frame, however long that is', () => {
  assert.ok(Math.abs(stepTarget(starts, 0.15, 1) - 0.35) < 1e-9)
  assert.ok(Math.abs(stepTarget(starts, 0.35, 1) - 0.55) < 1e-9)
  assert.ok(Math.abs(stepTarget(starts, 0.35, -1) - 0.15) < 1e-9)
})

test('a time printed on a frame’s edge counts as that frame', () => {
  assert.ok(Math.abs(stepTarget(starts, 0.2 - 4e-7, 1) - 0.55) < 1e-9)
})

test('steps stop at the first and the last frame', () => {
  assert.ok(Math.abs(stepTarget(starts, 0.05, -1) - 0.05) < 1e-9)
  assert.ok(Math.abs(stepTarget(starts, 0.6, 1) - 0.55) < 1e-9)
})
