import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { sql } from 'kysely'
import type { Transaction } from 'kysely'

import { canonicalJson } from '../custody/canonical-json.ts'
import { parseRecord } from '../custody/record.ts'
import { openEntries, logSize } from './custody-log.ts'
import { addAlignment, addDerivative, readAlignment, readDerivative } from './derivatives.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from './fixture.ts'
import { addPublication, importCase, openIncident, readIncidents } from './incidents.ts'
import { readLatestCase, readPublications } from './incidents.ts'
import { noteFindings, readFacts, readFindings, readItem, readSightings } from './items.ts'
import { receiveItem, setFacts } from './items.ts'
import type { Library } from './library.ts'
import type { Schema } from './schema.ts'

let library: Library
before(async () => {
  const folder = await emptyLibraryFolder()
  library = await openTestLibrary(folder)
  await library.transact(agent, (tx) => openIncident(tx, { id: 'ferry', title: 'The ferry' }))
})
after(() => library.close())

const put = (text: string) => library.blobs.putStream(bytesOf(text), roomy)
const receive = async (text: string, name: string, incident = 'ferry') => {
  const blob = await put(text)
  const file = { incident, blob, kind: 'other', mediaType: 'text/plain', name } as const
  return library.transact(agent, (tx) => receiveItem(tx, file))
}

test('the same file twice is the same item, seen twice', async () => {
  const first = await receive('footage', 'a.mp4')
  const second = await receive('footage', 'copy of a.mp4')
  assert.equal(first.seenBefore, false)
  assert.equal(second.seenBefore, true)
  assert.deepEqual(second.item, first.item)
  const { sightings, entries } = await library.read(async (reader) => ({
    sightings: await readSightings(reader, 'ferry'),
    entries: await openEntries(reader, [first.sighting.entryIndex, second.sighting.entryIndex]),
  }))
  assert.deepEqual(
    sightings.map(({ name }) => name),
    ['a.mp4', 'copy of a.mp4'],
  )
  assert.deepEqual(
    entries.map(({ record }) => parseRecord(record).type),
    ['item-received', 'item-seen-again'],
  )
})

test('one item in two incidents is received in each', async () => {
  await library.transact(agent, (tx) => openIncident(tx, { id: 'pier', title: 'The pier' }))
  const here = await receive('shared', 'x')
  const there = await receive('shared', 'y', 'pier')
  assert.equal(there.seenBefore, true)
  const [entry] = await library.read((reader) => openEntries(reader, [there.sighting.entryIndex]))
  assert.equal(parseRecord(entry?.record ?? '').type, 'item-received')
  assert.equal(there.item.entryIndex, here.item.entryIndex)
})

test('hostile names and metadata are stored as text and come back as text', async () => {
  const names = [
    "'; drop table item; --",
    '../../x',
    '-i x',
    'a\0b',
    '\uD800',
    '',
    'n'.repeat(5000),
  ]
  for (const [index, name] of names.entries()) {
    const { item } = await receive(`hostile ${index}`, name)
    await library.transactWithoutEntry(agent, (tx) =>
      setFacts(tx, item.sha256, { kind: 'other', mediaType: `x/${name}` }),
    )
    const facts = await library.read((reader) => readFacts(reader, item.sha256))
    assert.equal(facts?.mediaType.length, name.length + 2)
  }
  const sightings = await library.read((reader) => readSightings(reader, 'ferry'))
  const stored = sightings.map(({ name }) => name).slice(-names.length)
  assert.deepEqual(stored.slice(0, 3), names.slice(0, 3))
  assert.deepEqual(stored.slice(3), ['a\uFFFDb', '\uFFFD', '(no name)', 'n'.repeat(1024)])
})

test('an act that fails leaves neither row nor entry', async () => {
  const blob = await put('rolled back')
  const before = await library.read(logSize)
  await assert.rejects(
    library.transact(agent, async (tx) => {
      const file = { blob, kind: 'other', mediaType: 'text/plain', name: 'x' } as const
      await receiveItem(tx, { incident: 'ferry', ...file })
      throw new Error('stop')
    }),
    { message: 'stop' },
  )
  assert.equal(await library.read(logSize), before)
  assert.equal(await library.read((reader) => readItem(reader, blob.sha256)), undefined)
})

test('an act without a custody entry is rolled back', async () => {
  await assert.rejects(
    library.transact(agent, (tx) =>
      tx.sql.updateTable('incident').set({ title: 'changed' }).execute(),
    ),
    { code: 'no-custody-entry' },
  )
  const [incident] = await library.read((reader) => readIncidents(reader, 'ferry'))
  assert.equal(incident?.title, 'The ferry')
})

test('what is remembered is what the last act left, also for who asked in the middle of one', async () => {
  let asked = 0
  const size = library.remembered((reader) => {
    asked += 1
    return logSize(reader)
  })
  for (let turn = 0; turn < 10; turn++) {
    const waiting = [size('')]
    const act = receive(`remembered ${turn}`, 'x')
    for (let early = 0; early < 5; early++) {
      waiting.push(size(''))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await act
    const now = await library.readOne(logSize)
    assert.equal(await size(''), now)
    await Promise.all(waiting)
    assert.equal(await size(''), now)
  }
  const before = asked
  await size('')
  await size('')
  // Other programs act too where a server has the tables.
  assert.equal(asked - before, library.database.folder === undefined ? 2 : 0)
})

test('acts at the same time get contiguous entries', async () => {
  const from = await library.read(logSize)
  const sizes = await Promise.all(
    Array.from({ length: 8 }, (_, index) => receive(`at once ${index}`, `${index}`)),
  )
  const indexes = sizes.map(({ sighting }) => sighting.entryIndex).toSorted((a, b) => a - b)
  assert.deepEqual(
    indexes,
    Array.from({ length: 8 }, (_, index) => from + 2 * index),
  )
  assert.equal(await library.read(logSize), from + 16)
})

test('a transaction inside a transaction is refused instead of waiting for ever', async () => {
  await assert.rejects(
    library.transact(agent, () => library.read((reader) => readIncidents(reader))),
    { code: 'nested-transaction' },
  )
  await assert.rejects(
    library.read(() => library.transact(agent, (tx) => openIncident(tx, { id: 'no', title: '' }))),
    { code: 'nested-transaction' },
  )
})

test('a reader cannot write, even behind the back of its type', async () => {
  await assert.rejects(
    library.read((reader) =>
      (reader.sql as Transaction<Schema>).updateTable('incident').set({ title: '' }).execute(),
    ),
    { code: '25006' },
  )
})

test('big integers are numbers, unsafe ones are refused, moments are RFC 3339', async () => {
  const { kysely } = library.database
  const { rows } = await sql<{ n: unknown; at: unknown }>`
    select 9007199254740991::bigint as n, '2031-05-04 19:00:00.25+02'::timestamptz as at`.execute(
    kysely,
  )
  assert.deepEqual(rows, [{ n: Number.MAX_SAFE_INTEGER, at: '2031-05-04T17:00:00.250Z' }])
  await assert.rejects(sql`select 9007199254740993::bigint as n`.execute(kysely), RangeError)
})

test('findings are noted once, however often they are found', async () => {
  const { item } = await receive('short', 'short.mp4')
  const finding = { code: 'truncated', severity: 'problem', message: 'It ends early.' } as const
  await library.transact(agent, (tx) => noteFindings(tx, item.sha256, [finding, finding]))
  const size = await library.read(logSize)
  await library.transactWithoutEntry(agent, (tx) => noteFindings(tx, item.sha256, [finding]))
  assert.equal(await library.read(logSize), size)
  assert.deepEqual(await library.read((reader) => readFindings(reader, item.sha256)), [finding])
})

test('cases, derivatives, alignments and publications come back as they went in', async () => {
  const { item } = await receive('to be cut', 'cut.mp4')
  const output = await put('cut')
  const recipe = canonicalJson({ kind: 'clip', inputs: [{ item: item.sha256 }] })
  const inputsSha256 = 'ab'.repeat(32)
  const [caseSha256, storySha256] = ['01'.repeat(32), '02'.repeat(32)]
  const made = await library.transact(agent, async (tx) => ({
    derivative: await addDerivative(tx, {
      kind: 'clip',
      incident: 'ferry',
      item: item.sha256,
      recipe,
      output,
      mediaType: 'video/mp4',
    }),
    alignment: await addAlignment(tx, {
      incident: 'ferry',
      inputs: [item.sha256],
      inputsSha256,
      result: canonicalJson({ groups: [] }),
    }),
    first: await importCase(tx, {
      incident: 'ferry',
      title: 'One',
      caseSha256,
      storySha256,
      files: new Map(),
    }),
    second: await importCase(tx, {
      incident: 'ferry',
      title: 'Two',
      caseSha256,
      storySha256,
      files: new Map(),
    }),
    publication: await addPublication(tx, {
      incident: 'ferry',
      revision: 1,
      manifestSha256: 'cd'.repeat(32),
      contentSha256: 'ef'.repeat(32),
    }),
  }))
  const read = await library.read(async (reader) => ({
    derivative: await readDerivative(reader, recipe, 'clip'),
    alignment: await readAlignment(reader, 'ferry', inputsSha256),
    latest: await readLatestCase(reader, 'ferry'),
    publications: await readPublications(reader, 'ferry'),
    incidents: await readIncidents(reader, 'ferry'),
  }))
  assert.deepEqual(read.derivative, made.derivative)
  assert.deepEqual(read.alignment, made.alignment)
  assert.equal(made.first.revision, 1)
  assert.deepEqual(read.latest, { ...made.second, revision: 2 })
  assert.deepEqual(read.publications, [made.publication])
  assert.equal(read.incidents[0]?.title, 'Two')
})
