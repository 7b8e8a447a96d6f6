import assert from 'node:assert/strict'
import test from 'node:test'
import { AlignError } from './align-error.ts'
import { alignRecordings, alignStepwise } from './align-recordings.ts'
import type { AlignedMember, Alignment } from './alignment.ts'
import { happening, heard, repeating } from './fixture-sound.ts'
import { sampleRateHz } from './sound-features.ts'

const street = happening(1, 60)
const elsewhere = happening(2, 60)

function memberOf(alignment: Alignment, id: string): AlignedMember {
  const member = alignment.groups.flatMap(({ members }) => members).find((one) => one.id === id)
  assert.ok(member, `${id} is in no group`)
  return member
}

function near(actual: number, expected: number, within: number): void {
  assert.ok(
    Math.abs(actual - expected) <= within,
    `${actual} is not within ${within} of ${expected}`,
  )
}

test('two recordings of one happening are put on one clock with their drift', () => {
  const alignment = alignRecordings([
    { id: 'a', samples: heard(street, { startSeconds: 3, seconds: 40, rate: 1 - 80e-6 }) },
    { id: 'b', samples: heard(street, { startSeconds: 10.5, seconds: 40, rate: 1 + 90e-6 }) },
  ])
  const [a, b] = [memberOf(alignment, 'a'), memberOf(alignment, 'b')]
  assert.equal(a.offsetSeconds, 0)
  near(b.offsetSeconds, 7.5, 0.001)
  near((b.rate / a.rate - 1) * 1e6, 170, 8)
  near((a.rate + b.rate) / 2, 1, 1e-12)
  assert.equal(alignment.groups[0]?.links[0]?.accepted, true)
})

test('recordings that never overlap meet through a third, and the far pair needs no link', () => {
  const alignment = alignRecordings([
    { id: 'early', samples: heard(street, { startSeconds: 0, seconds: 22 }) },
    { id: 'late', samples: heard(street, { startSeconds: 34, seconds: 22 }) },
    { id: 'long', samples: heard(street, { startSeconds: 8, seconds: 40 }) },
  ])
  assert.equal(alignment.groups.length, 1)
  near(memberOf(alignment, 'late').offsetSeconds, 34, 0.003)
  near(memberOf(alignment, 'long').offsetSeconds, 8, 0.002)
  assert.deepEqual(
    alignment.groups[0]?.links.map(({ a, b }) => `${a} ${b}`),
    ['early long', 'late long'],
  )
})

test('two happenings make two groups', () => {
  const alignment = alignRecordings([
    { id: 'a', samples: heard(street, { startSeconds: 0, seconds: 20 }) },
    { id: 'b', samples: heard(elsewhere, { startSeconds: 0, seconds: 20 }) },
    { id: 'c', samples: heard(street, { startSeconds: 5, seconds: 20 }) },
    { id: 'd', samples: heard(elsewhere, { startSeconds: 6, seconds: 20 }) },
  ])
  assert.deepEqual(
    alignment.groups.map(({ members }) => members.map(({ id }) => id)),
    [
      ['a', 'c'],
      ['b', 'd'],
    ],
  )
  assert.deepEqual(alignment.apart, [])
})

test('each recording that is left out says why', () => {
  const chant = repeating(5, 2.5, 20)
  const alignment = alignRecordings([
    { id: 'a', samples: heard(street, { startSeconds: 0, seconds: 20 }) },
    { id: 'b', samples: heard(street, { startSeconds: 4, seconds: 20 }) },
    { id: 'chant-1', samples: heard(chant, { startSeconds: 0, seconds: 30, noiseSeed: 6 }) },
    { id: 'chant-2', samples: heard(chant, { startSeconds: 6, seconds: 30 }) },
    { id: 'empty', samples: new Float32Array(0) },
    { id: 'moment', samples: heard(street, { startSeconds: 6, seconds: 1 }) },
    { id: 'mute', samples: new Float32Array(20 * sampleRateHz) },
    { id: 'not-numbers', samples: new Float32Array(20 * sampleRateHz).fill(Number.NaN) },
    { id: 'stranger', samples: heard(elsewhere, { startSeconds: 0, seconds: 20, noiseSeed: 5 }) },
  ])
  assert.deepEqual(
    alignment.apart.map(({ id, code }) => [id, code]),
    [
      ['chant-1', 'ambiguous-sound'],
      ['chant-2', 'ambiguous-sound'],
      ['empty', 'no-audio'],
      ['moment', 'too-short'],
      ['mute', 'silent'],
      ['not-numbers', 'silent'],
      ['stranger', 'no-shared-sound'],
    ],
  )
  assert.ok(alignment.apart.every(({ reason }) => reason.endsWith('.')))
  assert.equal(alignment.groups.length, 1)
})

test('one recording alone has nothing to be compared with', () => {
  const samples = heard(street, { startSeconds: 0, seconds: 10 })
  assert.deepEqual(
    alignRecordings([{ id: 'a', samples }]).apart.map(({ code }) => code),
    ['only-recording'],
  )
  assert.deepEqual(alignRecordings([]), { groups: [], apart: [], reuploads: [] })
})

test('a minute of clipping does not hide what is heard before and after it', () => {
  const a = heard(street, { startSeconds: 0, seconds: 30 })
  const clipped = new Float32Array(90 * sampleRateHz)
  clipped.set(heard(street, { startSeconds: 4, seconds: 15, noiseSeed: 9 }))
  for (let k = 15 * sampleRateHz; k < 75 * sampleRateHz; k++) clipped[k] = k % 97 < 48 ? 1 : -1
  clipped.set(heard(street, { startSeconds: 40, seconds: 15, noiseSeed: 10 }), 75 * sampleRateHz)
  const alignment = alignRecordings([
    { id: 'a', samples: a },
    { id: 'b', samples: clipped },
  ])
  near(memberOf(alignment, 'b').offsetSeconds, 4, 0.002)
})

test('a dropout of NaN inside a recording counts as silence', () => {
  const broken = heard(street, { startSeconds: 4, seconds: 25 })
  broken.fill(Number.NaN, 8 * sampleRateHz, 12 * sampleRateHz)
  const alignment = alignRecordings([
    { id: 'a', samples: heard(street, { startSeconds: 0, seconds: 30 }) },
    { id: 'b', samples: broken },
  ])
  near(memberOf(alignment, 'b').offsetSeconds, 4, 0.001)
  assert.ok(Number.isNaN(broken[9 * sampleRateHz]), 'the input is not written to')
})

test('identical recordings lie exactly on each other', () => {
  const samples = heard(street, { startSeconds: 0, seconds: 20 })
  const alignment = alignRecordings([
    { id: 'a', samples },
    { id: 'b', samples },
  ])
  near(memberOf(alignment, 'b').offsetSeconds, 0, 1e-6)
  near(memberOf(alignment, 'b').rate, 1, 1e-9)
})

test('known positions narrow what travel may have done', () => {
  const place = (xMetres: number) => ({ xMetres, yMetres: 0, errorMetres: 2 })
  const inputs = [
    { id: 'a', samples: heard(street, { startSeconds: 0, seconds: 20 }) },
    { id: 'b', samples: heard(street, { startSeconds: 5, seconds: 20 }) },
  ]
  const unknown = memberOf(alignRecordings(inputs), 'b')
  assert.ok(unknown.travelBoundSeconds > 0.1)
  const [a, b] = inputs
  const known = memberOf(
    alignRecordings([
      { ...a!, position: place(0) },
      { ...b!, position: place(10) },
    ]),
    'b',
  )
  assert.ok(known.travelBoundSeconds > 3 / 343 && known.travelBoundSeconds <= 14 / 343)
  near(known.errorSeconds, known.statisticalErrorSeconds + known.travelBoundSeconds, 1e-9)
  assert.ok(known.statisticalErrorSeconds < 0.01)
})

const five = (id: string, seed: number) => ({
  id,
  fingerprint: `sound of ${id}`,
  samples: heard(happening(seed, 5), { startSeconds: 0, seconds: 5 }),
})

test('progress is told for each recording and each pair', () => {
  const told = [...alignStepwise(['a', 'b', 'c'].map(five))].map(
    ({ step, done, total }) => `${step} ${done}/${total}`,
  )
  assert.deepEqual(told, [
    'hearing 1/3',
    'hearing 2/3',
    'hearing 3/3',
    'comparing 1/3',
    'comparing 2/3',
    'comparing 3/3',
  ])
})

test('what was found of pairs before is not looked for again, and changes no bit', () => {
  const kept = new Map<string, string>()
  let asked = 0
  const memory = {
    get: (key: string) => {
      const found = kept.get(key)
      if (found !== undefined) asked++
      return found
    },
    set: (key: string, found: string) => void kept.set(key, found),
  }
  const inputs = [five('a', 1), five('b', 1), five('c', 2)]
  const stopped = alignStepwise(inputs, { memory })
  for (let told = stopped.next(); !told.done && told.value.step !== 'measuring';) {
    told = stopped.next()
  }
  stopped.return(undefined as never)
  assert.equal(kept.size, 4)
  const whole = alignRecordings(inputs)
  assert.deepEqual(alignRecordings(inputs, { memory }), whole)
  assert.equal(asked, 4)
  assert.equal(whole.groups[0]?.members.length, 2)
})

test('a request that makes no sense is refused with its code', () => {
  const samples = new Float32Array(10)
  const recordings = [
    { id: 'a', samples },
    { id: 'b', samples },
  ]
  const anchor = (a: string, b: string, errorSeconds = 0.02) => ({
    anchors: [{ a: { id: a, atSeconds: 1 }, b: { id: b, atSeconds: 1 }, errorSeconds }],
  })
  const code = (expected: string) => (error: unknown) =>
    error instanceof AlignError && error.code === expected
  assert.throws(() => alignRecordings([...recordings, { id: 'a', samples }]), code('duplicate-id'))
  assert.throws(
    () => alignRecordings(recordings, anchor('a', 'z')),
    code('anchor-unknown-recording'),
  )
  assert.throws(() => alignRecordings(recordings, anchor('a', 'a')), code('anchor-same-recording'))
  assert.throws(
    () => alignRecordings(recordings, anchor('a', 'b', Number.NaN)),
    code('anchor-not-a-time'),
  )
})

test('a short recording late in a long one lies where it belongs', () => {
  const long = happening(61, 140)
  const { groups } = alignRecordings([
    { id: 'long', samples: heard(long, { startSeconds: 0, seconds: 120 }) },
    { id: 'short', samples: heard(long, { startSeconds: 100, seconds: 30 }) },
  ])
  assert.ok(Math.abs(groups[0]!.members[1]!.offsetSeconds - 100) < 0.001)
})
