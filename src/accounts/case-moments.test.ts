import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseSchema } from '../case/case-schema.ts'
import type { IncidentClock } from '../case/on-clock.ts'
import { caseMoments } from './case-moments.ts'
import type { ExhibitReading } from './story-exhibits.ts'

const facts = caseSchema.parse({
  format: 'sightline-case/1',
  incident: { id: 'quay', title: 'The quay', place: 'Port Ellery', date: '2026-06-07' },
  footage: ['b', 'a', 'apart'].map((id) => ({ id, file: `${id}.mp4`, label: id })),
  sources: [{ id: 's', name: 'Witness A', kind: 'witness' }],
  accounts: [
    { id: 'shouted', source: 's', date: '2026', footage: 'a' },
    { id: 'told', source: 's', date: '2026', note: 'By telephone.' },
  ],
  claims: [{ id: 'two', text: 'Two.' }],
  statements: [
    { id: 'spoken', account: 'shouted', quote: 'Two!', from: 1, to: 2 },
    { id: 'somewhere', account: 'shouted', quote: 'Three!' },
    { id: 'noted', account: 'told', quote: 'One.' },
  ],
  observations: [
    { id: 'seen', claim: 'two', by: 'R. Hale', date: '2026', judgement: 'shows' },
    {
      id: 'heard',
      claim: 'two',
      by: 'R. Hale',
      date: '2026',
      judgement: 'shows',
      moment: { footage: 'a', from: 1, to: 2 },
    },
  ],
  events: [
    { id: 'bang', label: 'Bang', footage: 'a', at: 12 },
    { id: 'run', label: 'They run', footage: 'a', at: 4, to: 6, 'plus-minus-seconds': 1 },
    { id: 'later', label: 'Inquiry', date: '2026-07' },
  ],
  anchors: [
    {
      a: { footage: 'a', at: 9 },
      b: { footage: 'apart', at: 3 },
      'plus-minus-seconds': 0.02,
      seen: 'a flash',
    },
  ],
})

const whole = { fromSeconds: -Infinity, toSeconds: Infinity, travelBoundSeconds: 0 }
/** `a` leaves five seconds out at its own 10. */
const clock: IncidentClock = {
  zeroLabel: 'zero',
  apart: [],
  recordings: [
    {
      footage: 'a',
      rate: 1,
      method: 'sound',
      pieces: [
        { ...whole, toSeconds: 10, offsetSeconds: 0, errorSeconds: 0.01 },
        { ...whole, fromSeconds: 10, offsetSeconds: 5, errorSeconds: 0.2 },
      ],
    },
    {
      footage: 'b',
      rate: 1,
      method: 'sound',
      pieces: [{ ...whole, offsetSeconds: 3, errorSeconds: 0.05 }],
    },
  ],
}
const at = { caption: '', line: 1, column: 1 }
const grid: ExhibitReading = {
  ...at,
  id: 'grid',
  kind: 'composite',
  onClock: { fromSeconds: 4, toSeconds: 6 },
  shows: ['a', 'b'].map((id) => ({ list: 'footage', id })),
}
const segment = (id: string, fromSeconds: number, toSeconds: number): ExhibitReading => ({
  ...at,
  id,
  kind: 'segment',
  shows: [{ list: 'footage', id: 'a', interval: { fromSeconds, toSeconds } }],
})

test('moments stand in the order of items and time, with all that rests on each', () => {
  const exhibits = [grid, segment('across', 9, 12)]
  const moments = caseMoments(facts, ['anchor-1'], exhibits, clock)
  assert.deepEqual(
    moments.map(({ key, onClock, on }) => [
      key,
      on.map(({ kind, id }) => `${kind}/${id}`).join(' '),
      onClock && [onClock.fromSeconds, onClock.toSeconds, onClock.plusMinusSeconds],
    ]),
    [
      ['footage/b#t=1,3', 'exhibits/grid', [4, 6, 0.05]],
      ['footage/a', 'statements/somewhere', undefined],
      ['footage/a#t=1,2', 'statements/spoken observations/heard', [1, 2, 0.01]],
      ['footage/a#t=4,6', 'events/run exhibits/grid', [4, 6, 0.01]],
      ['footage/a#t=9,9', 'anchors/anchor-1', [9, 9, 0.01]],
      ['footage/a#t=9,12', 'exhibits/across', [9, 17, 0.2]],
      ['footage/a#t=12,12', 'events/bang', [17, 17, 0.2]],
      ['footage/apart#t=3,3', 'anchors/anchor-1', undefined],
    ],
  )
})

test('a moment that ends where a piece ends does not run on into the next', () => {
  const [moment] = caseMoments(
    { ...facts, statements: [], observations: [], events: [], anchors: [] },
    [],
    [segment('until', 8, 10)],
    clock,
  )
  assert.deepEqual(moment?.onClock, { fromSeconds: 8, toSeconds: 10, plusMinusSeconds: 0.01 })
})

test('without a clock moments have no place on it, and a grid none at all', () => {
  const moments = caseMoments(facts, ['anchor-1'], [grid], undefined)
  assert.equal(moments.length, 6)
  assert.ok(moments.every(({ onClock }) => onClock === undefined))
})
