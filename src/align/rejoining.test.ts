import assert from 'node:assert/strict'
import test from 'node:test'
import type { SolvedGroup } from './group-result.ts'
import { cutRecordings } from './recording-parts.ts'
import { isBesideOpen, tiesOfOpenCuts } from './rejoining.ts'

/** Recordings of 60 s; a is cut after 20 and 40 s. */
const recordings = ['a', 'b', 'c'].map((id) => ({ id, samples: new Float32Array(60 * 8000) }))
const cut = cutRecordings(recordings, new Map([['a', [20, 40]]]))
const rejoined = cutRecordings(recordings, new Map([['a', [40]]]))

function group(...linked: readonly (readonly [string, string])[]): SolvedGroup {
  const member = {
    offsetSeconds: 0,
    rate: 1,
    errorSeconds: 0,
    statisticalErrorSeconds: 0,
    travelBoundSeconds: 0,
    travelSeconds: 0,
    method: 'sound',
  } as const
  const ids = [...new Set(linked.flat())]
  const links = linked.map(([a, b]) => ({ a, b, accepted: true }))
  return { members: ids.map((id) => ({ ...member, id })), links } as unknown as SolvedGroup
}

const [a0, a1] = cut.map(({ id }) => id) as [string, string]
const a01 = rejoined[0]!.id
const before = [group([a0, 'b']), group([a1, 'c'])]
const ties = () => tiesOfOpenCuts(new Map([['a', [20, 40]]]), new Map([['a', [40]]]), cut, before)

test('a recording that goes on between two clocks ties those that it hangs together with on either', () => {
  const [tie, ...others] = ties()
  assert.equal(others.length, 0)
  assert.ok(tie!.holds(rejoined, [group([a01, 'b'], [a01, 'c'])]))
})

test('one that then hangs together with one clock alone is no tie', () => {
  const [tie] = ties()
  assert.equal(tie!.holds(rejoined, [group([a01, 'b'])]), false)
})

test('pieces on one clock need no tie', () => {
  const one = [group([a0, 'b'], [a1, 'b'])]
  const kept = new Map([['a', [40]]])
  assert.deepEqual(tiesOfOpenCuts(new Map([['a', [20, 40]]]), kept, cut, one), [])
})

test('a cut is open beside what has no place', () => {
  assert.equal(isBesideOpen(20, 'a', cut, before), false)
  assert.equal(isBesideOpen(40, 'a', cut, before), true)
})
