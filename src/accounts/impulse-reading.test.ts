import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CaseEvent } from '../case/case-schema.ts'
import type { ImpulseCandidate } from '../case/impulse.ts'
import type { IncidentClock } from '../case/on-clock.ts'
import { impulseReading } from './impulse-reading.ts'

const clock: IncidentClock = {
  recordings: ['a', 'b'].map((footage, index) => ({
    footage,
    rate: 1,
    pieces: [
      {
        fromSeconds: -Infinity,
        toSeconds: Infinity,
        offsetSeconds: 10 * index,
        errorSeconds: 0.02,
        travelBoundSeconds: 0,
      },
    ],
    method: 'sound',
  })),
  apart: [],
  zeroLabel: 'start of a',
}

/** Heard at this time on the clock in both, or in b alone. */
function candidate(
  clockSeconds: number,
  recordings: readonly ('a' | 'b')[] = ['a', 'b'],
): ImpulseCandidate {
  return {
    clockSeconds,
    errorSeconds: 0.02,
    heardIn: recordings.map((recording) => ({
      recording,
      ownSeconds: clockSeconds - (recording === 'b' ? 10 : 0),
      errorSeconds: 0.001,
      prominenceDb: 12,
      clipped: false,
    })),
    silentIn: ['a', 'b'].filter((id) => !recordings.includes(id as 'a' | 'b')),
    corroborated: recordings.length > 1,
    echoes: [],
  }
}

function sound(id: string, at: number, decision?: 'confirmed' | 'rejected'): CaseEvent {
  return {
    id,
    label: id,
    footage: 'a',
    at,
    'plus-minus-seconds': 0.02,
    kind: 'impulsive sound',
    sources: [],
    ...(decision === undefined ? {} : { decision, by: 'Investigator' }),
  }
}

test('only what a person confirmed is counted; what nobody decided on is named', () => {
  const events = [
    sound('second', 21.3, 'confirmed'),
    sound('first', 20.01, 'confirmed'),
    sound('door', 30, 'rejected'),
    sound('maybe', 40),
  ]
  const candidates = [20, 21.3, 30, 40, 50].map((seconds) => candidate(seconds))
  const reading = impulseReading(events, candidates, clock)
  assert.deepEqual(
    reading.confirmed.map(({ event, heard, toNext }) => [
      event.id,
      heard,
      toNext?.seconds.toFixed(2),
    ]),
    [
      ['first', { recordings: ['a', 'b'], of: 2 }, '1.30'],
      ['second', { recordings: ['a', 'b'], of: 2 }, undefined],
    ],
  )
  assert.deepEqual(
    reading.undecidedEvents.map(({ id }) => id),
    ['maybe'],
  )
  assert.deepEqual(
    reading.undecided.map(({ clockSeconds }) => clockSeconds),
    [40, 50],
  )
})

test('a confirmed sound that no recording shows counts, and claims no recording', () => {
  const { confirmed, undecided } = impulseReading(
    [sound('heard', 25, 'confirmed')],
    [candidate(20)],
    clock,
  )
  assert.deepEqual(
    confirmed.map(({ event, heard }) => [event.id, heard]),
    [['heard', undefined]],
  )
  assert.equal(undecided.length, 1)
})

test('one candidate answers to one event, the nearer', () => {
  const { confirmed } = impulseReading(
    [sound('off', 20.06, 'confirmed'), sound('on', 20, 'confirmed')],
    [candidate(20)],
    clock,
  )
  assert.deepEqual(
    confirmed.map(({ event, heard }) => [event.id, heard?.of]),
    [
      ['on', 2],
      ['off', undefined],
    ],
  )
})

test('an event in a recording that does not show it means what others hear there', () => {
  const { confirmed } = impulseReading(
    [sound('faint', 20, 'confirmed')],
    [candidate(20.05, ['b'])],
    clock,
  )
  assert.deepEqual(confirmed[0]?.heard, { recordings: ['b'], of: 2 })
})

test('what one phone alone has is nobody’s to decide', () => {
  assert.deepEqual(impulseReading([], [candidate(20, ['b'])], clock).undecided, [])
})

test('from one sound to the next over a cut the clock counts, not that recording’s own time', () => {
  const piece = { errorSeconds: 0.02, travelBoundSeconds: 0 }
  const pieces = [
    { ...piece, fromSeconds: -Infinity, toSeconds: 21, offsetSeconds: 0 },
    { ...piece, fromSeconds: 21, toSeconds: Infinity, offsetSeconds: 9 },
  ]
  const cut = { footage: 'a', rate: 1, pieces, method: 'sound' } as const
  const { confirmed } = impulseReading(
    [sound('before', 20, 'confirmed'), sound('after', 22, 'confirmed')],
    [candidate(20, ['a']), { ...candidate(31), heardIn: candidate(22, ['a']).heardIn }],
    { ...clock, recordings: [cut] },
  )
  assert.deepEqual(
    confirmed.map(({ toNext }) => toNext && [toNext.seconds, toNext.heardInBoth]),
    [[11, 0], undefined],
  )
})
