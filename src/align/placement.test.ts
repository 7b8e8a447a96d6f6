import assert from 'node:assert/strict'
import test from 'node:test'
import type { Observation } from './observation.ts'
import { disagreement, isLikelyRate, placeRecordings, sharedTime, unplaced } from './placement.ts'

const bound = () => 0.1

function seen(a: number, b: number, lagSeconds: number, perSecond?: number): Observation {
  return {
    kind: 'sound',
    a,
    b,
    aSeconds: 20,
    bSeconds: 20 - lagSeconds,
    sigmaSeconds: 0.001,
    confidence: 8,
    ...(perSecond === undefined ? {} : { drift: { perSecond, sigma: 1e-6 } }),
  }
}

test('chains of evidence make one group, the rest stays alone', () => {
  const { groups, places } = placeRecordings(
    unplaced(4),
    [[seen(0, 1, 5)], [seen(1, 2, -2)]],
    bound,
  )
  assert.equal(groups[0], groups[2])
  assert.notEqual(groups[0], groups[3])
  assert.ok(Math.abs(places[2]!.offsetSeconds - places[0]!.offsetSeconds - 3) < 1e-9)
})

test('two groups that meet keep their inner order and their drift', () => {
  const observations = [seen(0, 1, 5, 100e-6), seen(2, 3, 7), seen(1, 2, 30, -40e-6)]
  const { groups, places } = placeRecordings(
    unplaced(4),
    observations.map((observation) => [observation]),
    bound,
  )
  assert.equal(new Set(groups).size, 1)
  for (const observation of observations) {
    assert.ok(Math.abs(disagreement(places, observation)) < 1e-9)
  }
  assert.ok(Math.abs(places[1]!.rate / places[0]!.rate - 1 - 100e-6) < 1e-7)
})

test('weaker evidence within the reach of travel is kept, beyond it rejected with the amount', () => {
  const { accepted, rejected } = placeRecordings(
    unplaced(3),
    [[seen(0, 1, 5)], [seen(1, 2, 5)], [seen(0, 2, 10.1)], [seen(0, 2, 12)]],
    bound,
  )
  assert.equal(accepted.length, 3)
  assert.deepEqual(
    rejected.map(({ reason }) => reason),
    ['Contradicts stronger evidence of its group by 2.000 s.'],
  )
})

test('the time that two placed recordings share is told in the first one’s own time', () => {
  const { places } = placeRecordings(unplaced(2), [[seen(0, 1, 5)]], bound)
  assert.deepEqual(sharedTime(places, [30, 60], 0, 1), {
    fromSeconds: 5,
    toSeconds: 30,
    lagSeconds: 5,
  })
  const apart = sharedTime(places, [4, 60], 0, 1)
  assert.ok(apart.toSeconds <= apart.fromSeconds)
})

test('a line joins two groups only at rates that their clocks may have', () => {
  const links = [1, 2, 3].flatMap((one) => [[seen(0, one, one)], [seen(4, 4 + one, one)]])
  const placement = placeRecordings(unplaced(8), links, bound)
  // Means of four clocks each differ less than two single clocks do.
  const steep = seen(3, 7, 12, 500e-6)
  assert.equal(isLikelyRate(unplaced(8), steep), true)
  assert.equal(isLikelyRate(placement, steep), false)
  assert.equal(isLikelyRate(placement, seen(3, 7, 12, 300e-6)), true)
  assert.equal(isLikelyRate(placement, seen(3, 7, 12)), true)
})
