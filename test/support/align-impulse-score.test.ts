import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scoreImpulses, type ScoredImpulse } from '../../bench/align-impulse-score.ts'
import type { TrueImpulse } from './scene/sound-scene-truth.ts'

const rateHz = 8000

/** A minute of noise with clicks 30 dB above it at these own times. */
function sound(...clicks: readonly number[]): Float32Array {
  let state = 9
  const samples = Float32Array.from({ length: 60 * rateHz }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return 0.01 * (state / 2 ** 31 - 1)
  })
  for (const seconds of clicks) samples.fill(0.4, seconds * rateHz, seconds * rateHz + 8)
  return samples
}

function impulse(kind: TrueImpulse['kind'], a: number, b: number): TrueImpulse {
  const heard = [
    { recording: 'a', ownSeconds: a },
    { recording: 'b', ownSeconds: b },
  ]
  return { kind, lastsSeconds: 0, heard }
}

function candidate(a: number, b: number, corroborated = true): ScoredImpulse {
  return { corroborated, heardIn: impulse('bang', a, b).heard }
}

const sounds = new Map([
  ['a', sound(10, 20, 30, 40)],
  ['b', sound(5, 15, 25)],
])
const together = [
  [
    { id: 'a', offsetSeconds: 0 },
    { id: 'b', offsetSeconds: 5 },
  ],
]
const impulses = [
  impulse('bang', 10, 5),
  impulse('bang', 20, 15),
  impulse('other', 30, 25),
  // In b nothing stands out then.
  impulse('bang', 40, 35),
]

test('bangs that stand out in two recordings of one clock are asked for, found by two hearings', () => {
  const score = scoreImpulses({ impulses }, sounds, together, [candidate(10.004, 5.001)])
  assert.deepEqual(score, { bangs: 2, found: 1, false: 0, echoes: 0, seconds: 65 })
  assert.equal(scoreImpulses({ impulses }, sounds, [], []).bangs, 0)
  assert.equal(scoreImpulses({ impulses }, sounds, together, [candidate(10, 5, false)]).found, 0)
  assert.equal(scoreImpulses({ impulses }, sounds, together, [candidate(10, 6)]).found, 0)
})

test('what no sound explains is false; what follows one is an echo', () => {
  const all = [candidate(30, 25), candidate(20.3, 15.3), candidate(50, 45), candidate(20, 9)]
  const score = scoreImpulses({ impulses }, sounds, together, all)
  assert.deepEqual([score.found, score.false, score.echoes], [0, 2, 1])
})
