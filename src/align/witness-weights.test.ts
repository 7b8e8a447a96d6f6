import assert from 'node:assert/strict'
import test from 'node:test'
import { solveClock } from './clock-solution.ts'
import type { Observation } from './observation.ts'
import { weighedByWitness } from './witness-weights.ts'

function sound(a: number, b: number): Observation {
  return {
    kind: 'sound',
    a,
    b,
    aSeconds: 20,
    bSeconds: 20,
    sigmaSeconds: 0.001,
    drift: { perSecond: 0, sigma: 5e-6 },
    confidence: 10,
  }
}

test('a copy does not narrow the error of the others', () => {
  const errorOfOther = (
    observations: readonly Observation[],
    recordings: readonly string[],
    witnesses: readonly string[],
  ) =>
    solveClock(recordings.length, weighedByWitness(observations, recordings, witnesses), {
      means: recordings.map(() => 0),
      covariance: recordings.map((_, i) => recordings.map((_own, j) => (i === j ? 1 : 0))),
    }).sigma('measured', 1, 20, 0)
  const names = ['first', 'other', 'copy']
  const withCopy = [sound(0, 1), sound(1, 2), { ...sound(0, 2), sigmaSeconds: 1e-5 }]
  const alone = errorOfOther([sound(0, 1)], ['first', 'other'], ['first', 'other'])
  const taken = errorOfOther(withCopy, names, ['first', 'other', 'first'])
  const mistaken = errorOfOther(withCopy, names, names)
  assert.ok(mistaken < 0.9 * alone)
  assert.ok(taken > 0.97 * alone, `${taken} of ${alone}`)
})

test('pieces of one recording each bring evidence of their own', () => {
  const observations = [sound(0, 2), sound(1, 2)]
  const recordings = ['cut', 'cut', 'other']
  assert.deepEqual(weighedByWitness(observations, recordings, recordings), observations)
})
