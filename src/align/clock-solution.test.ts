import assert from 'node:assert/strict'
import test from 'node:test'
import { solveClock } from './clock-solution.ts'
import type { Observation } from './observation.ts'

/** What a and b would observe of each other if their clocks were these, sound arriving with this travel. */
function observed(
  kind: Observation['kind'],
  a: number,
  b: number,
  clocks: readonly { offset: number; rate: number; travel: number }[],
  sigmaSeconds: number,
  aSeconds = 20,
): Observation {
  const [one, two] = [clocks[a]!, clocks[b]!]
  const travel = kind === 'sound' ? two.travel - one.travel : 0
  return {
    kind,
    a,
    b,
    aSeconds,
    bSeconds: (one.offset + one.rate * aSeconds + travel - two.offset) / two.rate,
    sigmaSeconds,
    confidence: 1,
    ...(kind === 'sound' ? { drift: { perSecond: 1 - one.rate / two.rate, sigma: 2e-6 } } : {}),
  }
}

const clocks = [
  { offset: 0, rate: 1 + 50e-6, travel: 0 },
  { offset: 6, rate: 1 - 80e-6, travel: 0.09 },
  { offset: -3, rate: 1 + 30e-6, travel: 0.04 },
]
const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const
/** Nothing known but how far travel may spread. */
const unknownTravel = (count: number) => ({
  means: Array.from({ length: count }, () => 0),
  covariance: Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_own, j) => (i === j ? 0.06 ** 2 : 0)),
  ),
})

function near(actual: number, expected: number, within: number): void {
  assert.ok(
    Math.abs(actual - expected) <= within,
    `${actual} is not within ${within} of ${expected}`,
  )
}

test('sound fixes rates, and offsets as far as travel lets it', () => {
  const sound = pairs.map(([a, b]) => observed('sound', a, b, clocks, 0.0005))
  const { offsets, rates, travels } = solveClock(3, sound, unknownTravel(3))
  near(offsets[1]!, 6 - 0.09, 0.001)
  near(offsets[2]!, -3 - 0.04, 0.001)
  rates.forEach((rate, member) => near(rate, clocks[member]!.rate, 2e-6))
  near(
    rates.reduce((sum, rate) => sum + rate, 0),
    3,
    1e-12,
  )
  assert.deepEqual(travels, [0, 0, 0])
})

test('anchors pull the offsets to the truth and lay the difference on travel', () => {
  const evidence = pairs.flatMap(([a, b]) => [
    observed('sound', a, b, clocks, 0.0005),
    observed('anchor', a, b, clocks, 0.005, 12),
    observed('anchor', a, b, clocks, 0.005, 25),
  ])
  const { offsets, travels, sigma } = solveClock(3, evidence, unknownTravel(3))
  near(offsets[1]!, 6, 0.002)
  near(offsets[2]!, -3, 0.002)
  near(travels[1]! - travels[0]!, 0.09, 0.002)
  assert.ok(sigma('all', 1, 0, 0) < 0.006)
  assert.ok(sigma('measured', 1, 0, 0) < sigma('all', 1, 0, 0))
})

test('one observation at odds with many is hardly heeded', () => {
  const sound = [...pairs, ...pairs, ...pairs].map(([a, b]) =>
    observed('sound', a, b, clocks, 0.0005),
  )
  const odd = { ...sound[0]!, bSeconds: sound[0]!.bSeconds + 0.05 }
  near(solveClock(3, [...sound, odd], unknownTravel(3)).offsets[1]!, 6 - 0.09, 0.001)
})

test('a wider error of the evidence is a wider error of the clock', () => {
  const sigmaFrom = (sigmaSeconds: number) =>
    solveClock(2, [observed('sound', 0, 1, clocks, sigmaSeconds)], unknownTravel(2)).sigma(
      'measured',
      1,
      10,
      0,
    )
  assert.ok(sigmaFrom(0.02) > 5 * sigmaFrom(0.001))
})

test('without anchors travel is what was known before, in place and in error', () => {
  const sound = pairs.map(([a, b]) => observed('sound', a, b, clocks, 0.0005))
  const known = { ...unknownTravel(3), means: clocks.map(({ travel }) => travel) }
  const { offsets, travels, sigma } = solveClock(3, sound, known)
  near(offsets[1]! - offsets[0]!, 6, 0.001)
  near(offsets[2]! - offsets[0]!, -3, 0.001)
  assert.deepEqual(travels, known.means)
  near(sigma('all', 1, 0, 0), Math.hypot(0.06 * Math.SQRT2, sigma('measured', 1, 0, 0)), 1e-6)
})

test('anchors prevail over what was known of travel', () => {
  const evidence = pairs.flatMap(([a, b]) => [
    observed('sound', a, b, clocks, 0.0005),
    observed('anchor', a, b, clocks, 0.005, 12),
    observed('anchor', a, b, clocks, 0.005, 25),
  ])
  const mistaken = { ...unknownTravel(3), means: [0.05, 0, -0.05] }
  const { offsets } = solveClock(3, evidence, mistaken)
  near(offsets[1]! - offsets[0]!, 6, 0.003)
  near(offsets[2]! - offsets[0]!, -3, 0.003)
})
