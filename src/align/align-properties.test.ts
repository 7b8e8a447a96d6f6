import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { alignRecordings } from './align-recordings.ts'
import type { AlignInput } from './alignment.ts'
import { happening, heard } from './fixture-sound.ts'

const street = happening(11, 40)
const stranger = {
  id: 'm-stranger',
  samples: heard(happening(12, 20), { startSeconds: 0, seconds: 20 }),
}

function recordingsAt(starts: readonly number[]): AlignInput[] {
  return starts.map((startSeconds, index) => ({
    id: `r${index}`,
    samples: heard(street, { startSeconds, seconds: 12, noiseSeed: index }),
  }))
}

const starts = fc.tuple(
  fc.constant(5),
  fc.double({ min: 6, max: 11, noNaN: true }),
  fc.double({ min: 6, max: 11, noNaN: true }),
)

test('starting a recording later shifts its own offset and nothing else', () => {
  fc.assert(
    fc.property(starts, fc.double({ min: 0.1, max: 2, noNaN: true }), (at, later) => {
      const offsets = (shift: number) => {
        const [first, second, third] = at
        const { groups } = alignRecordings(recordingsAt([first, second, third + shift]))
        return new Map(groups[0]?.members.map(({ id, offsetSeconds }) => [id, offsetSeconds]))
      }
      const [before, after] = [offsets(0), offsets(later)]
      assert.equal(after.get('r0'), 0)
      assert.ok(Math.abs(after.get('r1')! - before.get('r1')!) < 0.001)
      assert.ok(Math.abs(after.get('r2')! - before.get('r2')! - later) < 0.001)
    }),
    { numRuns: 5 },
  )
})

test('the order of the recordings does not matter', () => {
  fc.assert(
    fc.property(starts, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (at, order) => {
      const inputs = [...recordingsAt(at), stranger]
      assert.deepEqual(
        alignRecordings(order.map((index) => inputs[index]!)),
        alignRecordings(inputs),
      )
    }),
    { numRuns: 4 },
  )
})

test('a recording that shares nothing changes nothing for the others', () => {
  fc.assert(
    fc.property(starts, (at) => {
      const inputs = recordingsAt(at)
      const [alone, accompanied] = [alignRecordings(inputs), alignRecordings([...inputs, stranger])]
      assert.equal(alone.groups.length, 1)
      assert.deepEqual(accompanied.groups, alone.groups)
      assert.deepEqual(
        accompanied.apart.map(({ id, code }) => [id, code]),
        [['m-stranger', 'no-shared-sound']],
      )
    }),
    { numRuns: 4 },
  )
})
