/** Recordings that are broken, empty, overdriven or there twice. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { alignRecordings } from './align-recordings.ts'
import type { AlignInput, Alignment } from './alignment.ts'
import { happening, heard, randomNumbers } from './fixture-sound.ts'
import { sampleRateHz } from './sound-features.ts'

const street = happening(31, 90)
const first = { id: 'k', samples: heard(street, { startSeconds: 0, seconds: 30 }) }
const second = { id: 'p', samples: heard(street, { startSeconds: 4.4, seconds: 30 }) }

/** A minute at full scale without a pause, as of a microphone in a storm. */
const overdrivenMinute = () => {
  const random = randomNumbers(7)
  return new Float32Array(60 * sampleRateHz).map(() => (random() < 0.5 ? -1 : 1))
}

const nothingToShare: readonly (readonly [name: string, code: string, samples: Float32Array])[] = [
  ['empty', 'no-audio', new Float32Array(0)],
  ['one sample', 'too-short', new Float32Array([0.5])],
  ['one sample that is no number', 'too-short', new Float32Array([Number.NaN])],
  ['silence', 'silent', new Float32Array(20 * sampleRateHz)],
  ['no numbers', 'silent', new Float32Array(20 * sampleRateHz).fill(Number.NaN)],
  ['infinite', 'silent', new Float32Array(20 * sampleRateHz).fill(Infinity)],
  ['stuck at full scale', 'no-shared-sound', new Float32Array(60 * sampleRateHz).fill(1)],
  ['overdriven', 'no-shared-sound', overdrivenMinute()],
]

function secondsFromFirst({ groups }: Alignment, id: string): number {
  const members = groups.find((group) => group.members.some((one) => one.id === id))?.members ?? []
  const own = members.find((member) => member.id === id)
  const reference = members.find((member) => member.id === first.id)
  assert.ok(own && reference, `${id} is not in the first one's group`)
  return own.offsetSeconds - reference.offsetSeconds
}

function assertNear(actual: number, expected: number, within: number): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected} ± ${within}`)
}

for (const [name, code, samples] of nothingToShare) {
  test(`a recording that is ${name} stands apart and changes nothing, wherever it comes`, () => {
    const alone = alignRecordings([first, second])
    for (const id of ['a', 'm', 'z']) {
      const accompanied = alignRecordings([second, { id, samples }, first])
      assert.deepEqual(accompanied.groups, alone.groups)
      assert.deepEqual(
        accompanied.apart.map((one) => [one.id, one.code]),
        [[id, code]],
      )
    }
  })
}

test('all of them at once, in any order, change nothing', () => {
  const inputs: AlignInput[] = [
    first,
    second,
    ...nothingToShare.map(([, , samples], index) => ({ id: `n${index}`, samples })),
    { id: 'z', samples: heard(happening(32, 20), { startSeconds: 0, seconds: 20 }) },
  ]
  const expected = alignRecordings(inputs)
  assert.deepEqual(expected.groups, alignRecordings([first, second]).groups)
  fc.assert(
    fc.property(fc.shuffledSubarray(inputs, { minLength: inputs.length }), (shuffled) => {
      assert.deepEqual(alignRecordings(shuffled), expected)
    }),
    { numRuns: 3 },
  )
})

test('a hole of what is no number, anywhere, is heard as silence there', () => {
  const hole = fc.tuple(
    fc.integer({ min: 0, max: 29 * sampleRateHz }),
    fc.integer({ min: 1, max: 10 * sampleRateHz }),
    fc.constantFrom(Number.NaN, Infinity, -Infinity),
  )
  fc.assert(
    fc.property(hole, ([from, length, value]) => {
      const broken = second.samples.slice().fill(value, from, from + length)
      const silent = second.samples.slice().fill(0, from, from + length)
      const withHole = alignRecordings([first, { id: 'p', samples: broken }])
      assert.deepEqual(withHole, alignRecordings([first, { id: 'p', samples: silent }]))
      assertNear(secondsFromFirst(withHole, 'p'), 4.4, 0.001)
    }),
    { numRuns: 5 },
  )
})

test('a minute clipped to a hundredth of its height keeps its place', () => {
  const whole = heard(street, { startSeconds: 10, seconds: 70 })
  const clipped = whole.map((sample, index) =>
    index < 5 * sampleRateHz || index >= 65 * sampleRateHz
      ? sample
      : Math.max(-1, Math.min(1, 100 * sample)),
  )
  const wide = { id: 'k', samples: heard(street, { startSeconds: 0, seconds: 80 }) }
  assertNear(
    secondsFromFirst(alignRecordings([wide, { id: 'p', samples: clipped }]), 'p'),
    10,
    0.001,
  )
})

test('a recording that is there twice lies on itself to 0.1 ms at rate 1, alone or among others', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 40 }),
      fc.integer({ min: 1, max: 1000 }),
      (seconds, seed) => {
        const samples = heard(happening(seed, 40), { startSeconds: 0, seconds, noiseSeed: seed })
        const { groups } = alignRecordings([
          { id: 'p', samples },
          { id: 'k', samples: samples.slice() },
        ])
        const members = groups[0]?.members ?? []
        assert.equal(members.length, 2)
        assertNear(members[1]!.offsetSeconds, 0, 0.0001)
        for (const member of members) assertNear(member.rate, 1, 1e-6)
      },
    ),
    { numRuns: 8 },
  )
  const three = alignRecordings([first, second, { ...second, id: 'q' }])
  assertNear(secondsFromFirst(three, 'q'), secondsFromFirst(three, 'p'), 0.0001)
})
