import assert from 'node:assert/strict'
import test from 'node:test'
import type { SampleSource } from '../align/sample-source.ts'
import { runAlignment } from './run-alignment.ts'

test('others get their turn while recordings are aligned, and a turn that throws ends it', async () => {
  const noise = (seed: number): SampleSource => ({
    length: 600 * 8000,
    read(from, into) {
      for (let at = 0; at < into.length; at++) into[at] = 0.1 * Math.sin((from + at) ** 2 * seed)
    },
  })
  const inputs = ['a', 'b', 'c', 'd'].map((id, index) => ({ id, samples: noise(index + 1) }))
  let others = 0
  const timer = setInterval(() => others++, 1)
  let turns = 0
  const stopping = runAlignment(
    inputs,
    {},
    () => undefined,
    async () => {
      turns++
      if (turns === 3) throw new Error('the disk is full')
    },
  )
  await assert.rejects(stopping, /the disk is full/)
  clearInterval(timer)
  assert.equal(turns, 3)
  assert.ok(others > 0, 'the timer never ran')
})
