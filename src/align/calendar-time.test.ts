import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readCalendarDate } from '../time/calendar.ts'
import { readInstant } from '../time/instant.ts'
import { containerEvidence } from './calendar-time-container.ts'
import { calendarClaim, type CalendarClaim, type CalendarEvidence } from './calendar-time.ts'

const zero = '2026-06-07T17:00:00+02:00'
const zeroSeconds = readInstant(zero)?.epochSeconds ?? NaN
const offsets = new Map(['a', 'b', 'c', 'd'].map((id, index) => [id, index * 10]))
const always = { fromSeconds: -Infinity, toSeconds: Infinity }
const members = [...offsets].map(([id, offsetSeconds]) => ({
  id,
  rate: 1,
  pieces: [{ ...always, offsetSeconds, errorSeconds: offsetSeconds === 0 ? 0 : 0.15 }],
}))

/** Somebody who reads the clock's zero as so many seconds late, from ten seconds into a recording. */
function stated(recording: string, lateSeconds: number, uncertaintySeconds = 1): CalendarEvidence {
  const offset = offsets.get(recording) ?? 0
  const at = new Date((zeroSeconds + offset + 10 + lateSeconds) * 1000).toISOString()
  return { recording, ownSeconds: 10, at, uncertaintySeconds, kind: 'stated' }
}

/** The container of a recording of a minute, whose field reads so late against zero. */
function container(recording: string, lateSeconds: number, zone = 'Z'): CalendarEvidence {
  const east = zone === 'Z' ? 0 : 7200
  const written = new Date((zeroSeconds + lateSeconds + east) * 1000).toISOString().slice(0, -1)
  return containerEvidence({
    recording,
    containerTime: `${written}${zone}`,
    startSeconds: 0,
    endSeconds: 60,
  })
}

function claimOf(...evidence: CalendarEvidence[]): CalendarClaim {
  const claim = calendarClaim(members, evidence)
  assert.ok(claim)
  return claim
}

const lateOf = (claim: CalendarClaim): number =>
  (readInstant(claim.clockZeroAt)?.epochSeconds ?? NaN) - zeroSeconds

test('a clock in view gives the calendar time of the clock’s zero, in its own zone', () => {
  const claim = claimOf({
    recording: 'b',
    ownSeconds: 12.3,
    at: '2026-06-07T17:02:10+02:00',
    uncertaintySeconds: 1,
    kind: 'stated',
  })
  assert.equal(claim.clockZeroAt, '2026-06-07T17:01:47.700+02:00')
  // One second as stated, 0.15 s of its recording's place, 50 ppm of 22.3 s.
  assert.ok(Math.abs(claim.uncertaintySeconds - 1.151115) < 1e-6)
  assert.equal(claim.strength, 'stated')
  assert.equal(claim.edtf, '2026-06-07')
})

test('no evidence of a member is no claim', () => {
  assert.equal(calendarClaim(members, []), undefined)
  assert.equal(calendarClaim(members, [stated('elsewhere', 0)]), undefined)
})

test('readings that agree make the claim no narrower than the narrowest of them', () => {
  const alone = claimOf(stated('a', 0.5, 1))
  const together = claimOf(stated('a', 0.5, 1), stated('b', 0, 3), stated('c', 1, 2))
  assert.equal(together.uncertaintySeconds, alone.uncertaintySeconds)
  assert.equal(together.clockZeroAt, alone.clockZeroAt)
  assert.deepEqual(
    together.basis.map(({ recording }) => recording),
    ['a', 'c', 'b'],
  )
})

test('one reading against two is listed with its difference, and moves nothing', () => {
  const claim = claimOf(stated('a', 0), stated('b', 0.4), stated('c', 60, 0.5))
  assert.ok(Math.abs(lateOf(claim)) < 0.01)
  assert.equal(claim.agreement.contradicting.length, 1)
  const [other] = claim.agreement.contradicting
  assert.equal(other?.recording, 'c')
  assert.ok(Math.abs((other?.differsBySeconds ?? 0) - 60) < 0.01)
})

test('two readings of one recording are one voice: one against one is divided', () => {
  const claim = claimOf(stated('a', 0), stated('a', 0.2), stated('b', 60))
  assert.equal(claim.agreement.divided, true)
  assert.equal(claim.strength, 'weak')
  assert.equal(claim.edtf, '2026-06-07?')
  for (const { differsBySeconds, readingUncertaintySeconds } of claim.basis) {
    assert.ok(
      Math.abs(differsBySeconds) + readingUncertaintySeconds <= claim.uncertaintySeconds + 1,
    )
  }
  assert.ok(claim.uncertaintySeconds > 30 && claim.uncertaintySeconds < 33)
})

test('what a person states outweighs any number of containers', () => {
  const claim = claimOf(stated('a', 0), container('b', 5000), container('c', 5000))
  assert.ok(Math.abs(lateOf(claim)) < 0.01)
  assert.equal(claim.strength, 'stated')
  assert.deepEqual(
    claim.agreement.contradicting.map(({ recording, remark }) => [recording, remark]),
    [
      ['b', 'later: perhaps the date of a copy, an edit or an upload'],
      ['c', 'later: perhaps the date of a copy, an edit or an upload'],
    ],
  )
})

test('a container that wrote the end of its recording agrees with one that wrote the beginning', () => {
  // Both begin 0 and 10 s after the clock's zero and last a minute.
  const claim = claimOf(stated('a', 0), container('a', 60), container('b', 10))
  assert.deepEqual(claim.agreement.contradicting, [])
  assert.equal(claim.agreement.agreeing.length, 2)
})

test('local time written as UTC is told apart by its whole hours', () => {
  const claim = claimOf(stated('a', 0), container('b', 7200 + 30))
  assert.match(claim.agreement.contradicting[0]?.remark ?? '', /local time written as UTC/)
  assert.doesNotMatch(
    claimOf(stated('a', 0), container('b', 7200 + 30, '+02:00')).agreement.contradicting[0]
      ?.remark ?? '',
    /UTC/,
  )
})

test('containers alone make a weak claim that reckons with a wrong zone', () => {
  const claim = claimOf(container('a', 0), container('b', 20))
  assert.equal(claim.strength, 'weak')
  assert.ok(claim.uncertaintySeconds > 14 * 3600 && claim.uncertaintySeconds < 14.2 * 3600)
  assert.equal(claim.edtf, '2026-06-07?/2026-06-08?')
  assert.ok(readCalendarDate(claim.edtf))
})

test('a container that writes its zone is taken before those that do not', () => {
  const claim = claimOf(container('b', 7200), container('c', 7200), container('a', 0, '+02:00'))
  assert.ok(claim.uncertaintySeconds < 400)
  assert.match(claim.clockZeroAt, /\+02:00$/)
  assert.equal(claim.agreement.contradicting.length, 2)
})

test('evidence that is no time is refused', () => {
  for (const change of [
    { at: 'five o’clock' },
    { ownSeconds: NaN },
    { uncertaintySeconds: -1 },
  ] as const) {
    assert.throws(() => claimOf({ ...stated('a', 0), ...change }), { code: 'calendar-not-a-time' })
  }
})

const anyEvidence = fc.oneof(
  fc
    .record({
      recording: fc.constantFrom('a', 'b', 'c', 'd'),
      late: fc.double({ min: -200, max: 200, noNaN: true }),
      uncertainty: fc.double({ min: 0, max: 60, noNaN: true }),
    })
    .map(({ recording, late, uncertainty }) => stated(recording, late, uncertainty)),
  fc
    .record({
      recording: fc.constantFrom('a', 'b', 'c', 'd'),
      late: fc.integer({ min: -9000, max: 9000 }),
      zone: fc.constantFrom('Z', '+02:00'),
    })
    .map(({ recording, late, zone }) => container(recording, late, zone)),
)

test('any evidence: all of it is told once, in any order the same, and the claim is as wide as what it rests on', () => {
  fc.assert(
    fc.property(fc.array(anyEvidence, { minLength: 1, maxLength: 7 }), (evidence) => {
      const claim = claimOf(...evidence)
      const { basis, agreement } = claim
      const told = [...basis, ...agreement.agreeing, ...agreement.contradicting]
      assert.equal(told.length, evidence.length)
      assert.ok(basis.length > 0)
      const narrowest = basis[0]?.readingUncertaintySeconds ?? Infinity
      assert.ok(claim.uncertaintySeconds >= narrowest - 1e-6)
      const backwards = claimOf(...evidence.toReversed())
      assert.equal(backwards.clockZeroAt, claim.clockZeroAt)
      assert.equal(backwards.uncertaintySeconds, claim.uncertaintySeconds)
    }),
  )
})
