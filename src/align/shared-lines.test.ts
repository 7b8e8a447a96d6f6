import assert from 'node:assert/strict'
import test from 'node:test'
import type { Observation } from './observation.ts'
import { withSharedLines } from './shared-lines.ts'

function line(a: number, b: number, lagSeconds: number, height: number): Observation {
  return {
    kind: 'sound',
    a,
    b,
    aSeconds: 20,
    bSeconds: 20 - lagSeconds,
    sigmaSeconds: 0.0005,
    drift: { perSecond: 10e-6, sigma: 5e-6 },
    height,
    confidence: 10,
  }
}

function pair(a: number, b: number, ...lags: readonly (readonly [number, number])[]): Observation {
  const family = lags.map(([lag, height]) => line(a, b, lag, height))
  return { ...family[0]!, family }
}

function lagOf({ aSeconds, bSeconds }: Observation): number {
  return Math.round((aSeconds - bSeconds) * 1e6) / 1e6
}

test('each pair follows the source that all pairs hear, though another is louder in one of them', () => {
  // One source gives 5.00, 3.00, 8.00; the other 5.08, 2.95, 8.03.
  const chosen = withSharedLines(3, [
    pair(0, 1, [5.08, 90], [5, 80]),
    pair(1, 2, [3, 85], [2.95, 40]),
    pair(0, 2, [8, 60], [8.03, 55]),
  ])
  assert.deepEqual(chosen.map(lagOf), [5, 3, 8])
})

test('a moving source, which looks like impossible drift, gives way to a resting one', () => {
  const moving = { ...line(0, 1, 4, 60), drift: { perSecond: 450e-6, sigma: 5e-6 } }
  const resting = line(0, 1, 4.06, 50)
  const [chosen] = withSharedLines(2, [{ ...moving, family: [moving, resting] }])
  assert.equal(lagOf(chosen!), 4.06)
})

test('two clocks that differ by 300 ppm keep their high line against low ones of less or unknown drift', () => {
  const drifting = { ...line(0, 1, 5, 450), drift: { perSecond: 300e-6, sigma: 9e-6 } }
  const slower = { ...line(0, 1, 5.002, 240), drift: { perSecond: 190e-6, sigma: 20e-6 } }
  const { drift: _, ...driftless } = line(0, 1, 4.999, 180)
  const [chosen] = withSharedLines(2, [{ ...drifting, family: [drifting, slower, driftless] }])
  assert.equal(lagOf(chosen!), 5)
})

test('evidence with one line only stays as it is', () => {
  const observations = [line(0, 1, 5, 50), line(1, 2, 1, 50)]
  assert.equal(withSharedLines(3, observations), observations)
})
