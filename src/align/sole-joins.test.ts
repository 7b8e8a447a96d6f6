import assert from 'node:assert/strict'
import test from 'node:test'
import type { Observation } from './observation.ts'
import type { PairFinding } from './pair-search.ts'
import { placeRecordings, unplaced } from './placement.ts'
import type { Placement } from './placement.ts'
import { joinBySoleLines } from './sole-joins.ts'
import type { Standing } from './sole-moment.ts'

const bound = () => 0.1
const seconds = 60

function line(a: number, b: number, lagSeconds: number, height = 20): Observation {
  const [aSeconds, sigmaSeconds] = [30, 0.001]
  const bSeconds = aSeconds - lagSeconds
  return { kind: 'sound', a, b, aSeconds, bSeconds, sigmaSeconds, height, confidence: 2 }
}

function finding(a: number, b: number, lagSeconds: number, share: number): PairFinding {
  const likely = [{ lagSeconds, lagFrames: Math.round(100 * lagSeconds) }]
  const told = { score: 6, gap: 2, isSure: false, isTorn: false, isAmbiguous: false }
  return { a, b, share, likely, ...told }
}

function joined(
  start: Placement,
  findings: readonly PairFinding[],
  lines: readonly Observation[],
  standing: Standing = 'alone',
): { groups: readonly number[]; asked: string[] } {
  const asked: string[] = []
  const durations = start.places.map(() => seconds)
  const lineOf = ({ a, b }: PairFinding) => {
    asked.push(`${a} ${b}`)
    const observation = lines.find((one) => one.a === a && one.b === b)
    return observation && { observation, standing }
  }
  const steps = joinBySoleLines(start, findings, durations, lineOf, bound)
  for (;;) {
    const step = steps.next()
    if (step.done) return { groups: step.value.groups, asked }
  }
}

test('pairs are joined whose line stands alone, the likeliest asked first and none twice', () => {
  const findings = [finding(0, 1, 5, 0.3), finding(1, 2, 5, 0.6), finding(0, 2, 10, 0.4)]
  const { groups, asked } = joined(unplaced(3), findings, [line(0, 1, 5), line(1, 2, 5)])
  assert.equal(new Set(groups).size, 1)
  assert.deepEqual(asked, ['1 2', '0 2', '0 1'])
})

test('a line falls that another pair of the two groups contradicts, unless two sources make it', () => {
  const together = placeRecordings(unplaced(3), [[line(0, 1, 5)]], bound)
  const lines = [line(0, 2, 10)]
  const contradicted = [finding(0, 2, 10, 0.9), finding(1, 2, -2.7, 0.9)]
  assert.equal(new Set(joined(together, contradicted, lines).groups).size, 2)
  assert.equal(new Set(joined(together, contradicted, lines, 'of-two-sources').groups).size, 1)
  const agreed = [finding(0, 2, 10, 0.9), finding(1, 2, 5.1, 0.9)]
  assert.equal(new Set(joined(together, agreed, lines).groups).size, 1)
})

test('of many pairs between a group and a lone recording only the likeliest are asked', () => {
  const askedOf = (size: number): string[] => {
    const many = Array.from({ length: size - 1 }, (_, index) => [line(0, index + 1, 1)])
    const together = placeRecordings(unplaced(size + 1), many, bound)
    const shares = Array.from({ length: size }, (_, a) => finding(a, size, 1, 0.1 + 0.01 * a))
    return joined(together, shares, []).asked
  }
  assert.deepEqual(askedOf(12), ['11 12', '10 12', '9 12', '8 12', '7 12'])
  assert.deepEqual(askedOf(20), ['19 20', '18 20'])
})

test('two lone recordings of which nothing speaks are not asked', () => {
  assert.deepEqual(joined(unplaced(2), [finding(0, 1, 5, 0)], [line(0, 1, 5)]).asked, [])
})
