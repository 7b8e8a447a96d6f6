import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockAt } from '../time/pieced-clock.ts'
import { cutNotices, incidentClock } from './incident-clock.ts'
import { alignmentFormat, readStoredAlignment, type StoredAlignment } from './stored-alignment.ts'

function piece(from: number, to: number, offset: number) {
  return {
    fromMicroseconds: from * 1e6,
    toMicroseconds: to * 1e6,
    offsetMicroseconds: offset * 1e6,
    errorMicroseconds: 100_000,
    travelBoundMicroseconds: 90_000,
  }
}

const stored: StoredAlignment = {
  format: alignmentFormat,
  groups: [
    {
      members: [
        {
          footage: 'cut',
          ratePartsPerBillion: 1e9,
          method: 'sound',
          pieces: [piece(0, 30, 0), piece(30, 50, 12)],
        },
        { footage: 'whole', ratePartsPerBillion: 1e9, method: 'sound', pieces: [piece(0, 60, 2)] },
      ],
      links: [],
    },
  ],
  apart: [],
  reuploads: [],
  onsets: [
    { footage: 'cut', endMicroseconds: 50e6, onsets: [] },
    { footage: 'whole', endMicroseconds: 60e6, onsets: [] },
  ],
}

type Facts = Parameters<typeof incidentClock>[0]

function facts(zero?: Facts['incident']['zero']): Facts {
  const footage = ['cut', 'whole'].map((id) => ({ id, file: `${id}.mp4`, label: id }))
  return { incident: { zero }, footage } as unknown as Facts
}

test('the clock’s zero may stand in any piece', () => {
  const { recordings, zeroLabel } = incidentClock(
    facts({ footage: 'cut', at: 35, label: 'a bang' }),
    stored,
  )
  const [cut, whole] = recordings
  assert.ok(cut && whole)
  assert.equal(zeroLabel, 'a bang, in cut')
  assert.equal(clockAt(cut, 35), 0)
  assert.equal(clockAt(cut, 10), -37)
  assert.equal(clockAt(whole, 45), 0)
})

test('without a zero the clock begins with the recording that starts first', () => {
  const { recordings } = incidentClock(facts(), stored)
  assert.deepEqual(
    recordings.map((recording) => clockAt(recording, 0)),
    [0, 2],
  )
})

test('the team is told which recordings were cut, and where', () => {
  assert.deepEqual(cutNotices(incidentClock(facts(), stored)), [
    '"cut" was cut or paused at about 0:30.0 of its own time, where 12.00 s ± 0.20 s are left out',
  ])
})

test('an alignment of another format is not read', () => {
  assert.deepEqual(readStoredAlignment(JSON.stringify(stored)), stored)
  const before = JSON.stringify({ ...stored, format: 'sightline-alignment/1' })
  assert.equal(readStoredAlignment(before), undefined)
})
