import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { searchedCase } from '../jobs/search-texts.ts'
import { readCase } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from './fixture.ts'
import { checkLibrary } from './fsck.ts'
import { addPublication, openIncident } from './incidents.ts'
import { receiveItem, setFacts } from './items.ts'
import type { Library } from './library.ts'
import { indexIncident, readUnfitting, readUnindexed } from './search-index.ts'
import { search, type SearchHit, type SearchWish } from './search.ts'

let library: Library

const find = async (words: string, wish: Partial<SearchWish> = {}) =>
  library.read((reader) =>
    search(reader, { words, incidents: 'all', documentsOf: 'all', limit: 100, ...wish }),
  )
const named = ({ incident, kind, ref, item }: SearchHit): string =>
  `${incident} ${kind}${ref === undefined ? '' : ` ${ref}`}${item === undefined ? '' : ' own text'}`
const found = async (words: string, wish: Partial<SearchWish> = {}) =>
  (await find(words, wish)).hits.map(named).toSorted()

const caseText = (id: string, title: string, place: string, date: string, more = ''): string => `
format: sightline-case/1
incident: { id: ${id}, title: "${title}", place: "${place}", date: "${date}" }
sources: [{ id: s, name: Harbour Police, kind: authority }]
claims: [{ id: c, text: "Seven shots were fired", about: "by whom is open" }]
${more}`
const story = `---
title: What the ferry saw
standfirst: A story
byline: Desk
---

The **gangway** was lowered at dusk.

- first mooring
- second bollard
`

async function importText(text: string, storyText = story): Promise<void> {
  const { case: facts, problems } = readCase(text)
  assert.deepEqual(problems, [])
  assert.ok(facts)
  const said = searchedCase(facts, readStory(storyText, facts).story, 1)
  const { id, title } = facts.incident
  await library.transact(agent, async (tx) => {
    const known = await tx.sql.selectFrom('incident').where('id', '=', id).select('id').execute()
    if (known.length === 0) await openIncident(tx, { id, title })
    // No import is recorded here: as said before there is a case.
    await indexIncident(tx, id, { ...said, revision: 0 })
    if (known.length > 0) await addPublication(tx, published(id))
  })
}
const hash = 'a'.repeat(64)
const published = (incident: string) => ({
  incident,
  revision: Math.floor(performance.now() * 1000),
  manifestSha256: hash,
  contentSha256: hash,
})

async function addDocument(incidents: readonly string[], text: string, widthPoints?: number) {
  const blob = await library.blobs.putStream(bytesOf(text), roomy)
  await library.transact(agent, async (tx) => {
    for (const incident of incidents) {
      const file = { kind: 'document', mediaType: 'text/plain', name: 'x.txt' } as const
      await receiveItem(tx, { incident, blob, ...file })
    }
    const pages = text.split('\f').map((page) => ({
      text: page,
      ...(widthPoints === undefined ? {} : { widthPoints, heightPoints: 1 }),
    }))
    await setFacts(tx, blob.sha256, { kind: 'document', mediaType: 'text/plain', pages })
  })
  return blob.sha256
}

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  const question = (answered: string): string => `
accounts: [{ id: a, source: s, date: 2031-06-09, note: "The skipper’s café" }]
statements: [{ id: q, account: a, quote: "We heard a détonation near the crane" }]
questions: [{ id: who, text: "Who moved the crane?", to: s, asked: "2031-07-01"${answered} }]
`
  await importText(
    caseText('quay', 'The quay at night', 'Old Quay, Łódź', '2031-06-07', question('')),
  )
  await importText(
    caseText(
      'pier',
      'The pier',
      'Long Pier, Port Ellery',
      '2030~',
      question(', answered: { statement: q, date: 2031-07-05 }'),
    ),
  )
  await importText(caseText('kyoto', '京都の事件', '京都', '2029-01/..'))
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'bare', title: 'Only a title: <b>crane</b>' })
    await addPublication(tx, published('pier'))
  })
  await addDocument(['quay', 'pier'], 'A letter about the crane.\fPage two, the winch.', 100)
})
after(() => library.close())

test('every part of a case, its story and its documents is found', async () => {
  assert.deepEqual(await found('"quay at night"'), ['quay incident'])
  assert.deepEqual(await found('lodz quay'), ['quay incident'])
  assert.deepEqual(await found('whom'), ['kyoto claim c', 'pier claim c', 'quay claim c'])
  assert.deepEqual(await found('detonation'), ['pier statement q', 'quay statement q'])
  assert.deepEqual(await found('CAFE'), ['pier account a', 'quay account a'])
  assert.deepEqual(await found('mooring'), ['kyoto story', 'pier story', 'quay story'])
  assert.deepEqual(await found('gangway dusk'), ['kyoto story', 'pier story', 'quay story'])
  assert.deepEqual(await found('lice', { kind: 'source' }), [])
  assert.deepEqual((await found('harbour pol', { kind: 'source' })).length, 3)
  assert.deepEqual(await found('事件'), ['kyoto incident'])
  assert.deepEqual(await found('winch'), ['pier document own text', 'quay document own text'])
  const [page] = (await find('winch')).hits
  assert.equal(page?.page, 2)
  assert.deepEqual(
    page?.marks.map(([from, to]) => page.text.slice(from, to)),
    ['winch'],
  )
  assert.deepEqual(await found('crane -letter', { kind: 'document' }), [])
})

test('a title ranks before a claim, a claim before a document, and the markup in it is text', async () => {
  const { hits } = await find('crane')
  assert.equal(hits[0]?.incident, 'bare')
  assert.equal(hits[0]?.text, 'Only a title: <b>crane</b>')
  assert.equal(hits.at(-1)?.kind, 'document')
  assert.equal(hits.length, 7)
})

test('pages put together are the whole, without one twice', async () => {
  for (const words of ['crane', '']) {
    const whole = (await find(words)).hits
    const paged: SearchHit[] = []
    for (let after: string | undefined; ;) {
      const page = await find(words, { limit: 1, after })
      assert.ok(page.hits.length <= 1)
      paged.push(...page.hits)
      if (page.next === undefined) break
      after = page.next
    }
    assert.deepEqual(paged, whole)
  }
  assert.deepEqual(await find('crane', { after: 'nonsense' }), await find('crane'))
})

test('place, days, status, kind and incident narrow it', async () => {
  assert.deepEqual(await found(''), [
    'bare incident',
    'kyoto incident',
    'pier incident',
    'quay incident',
  ])
  assert.deepEqual(await found('', { place: 'LODZ' }), ['quay incident'])
  assert.deepEqual(await found('', { place: 'ellery pier' }), ['pier incident'])
  assert.deepEqual(await found('', { place: '京' }), ['kyoto incident'])
  assert.deepEqual(await found('', { status: 'published' }), ['pier incident'])
  assert.deepEqual((await found('', { status: 'unpublished' })).length, 3)
  assert.deepEqual(await found('', { status: 'open-questions' }), ['quay incident'])
  const day = (text: string): number => Date.parse(text)
  assert.deepEqual(await found('', { earliest: day('2031-01-01') }), [
    'kyoto incident',
    'quay incident',
  ])
  assert.deepEqual(await found('', { latest: day('2029-06-01') }), ['kyoto incident'])
  // Its own day, not the incident's.
  assert.deepEqual(
    await found('moved', { earliest: day('2031-07-01'), latest: day('2031-07-01') }),
    ['pier question who', 'quay question who'],
  )
  assert.deepEqual(await found('moved', { latest: day('2031-06-30') }), [])
  assert.deepEqual(await found('crane', { kind: 'question' }), [
    'pier question who',
    'quay question who',
  ])
})

test('nothing is found of an incident, or of its documents, that one may not read', async () => {
  const incidents = ['quay']
  const all = await found('crane', { incidents, documentsOf: incidents })
  assert.ok(all.length === 3 && all.every((hit) => hit.startsWith('quay ')))
  assert.deepEqual(await found('crane', { incidents, documentsOf: [] }), [
    'quay question who',
    'quay statement q',
  ])
  assert.deepEqual(await found('winch', { incidents: 'all', documentsOf: ['pier'] }), [
    'pier document own text',
  ])
  assert.deepEqual(await found('crane', { incidents: [], documentsOf: [] }), [])
})

test('no text is an error', async () => {
  for (const words of [`'`, `"`, '\0', '\\', '-', '!a', ':*', '\uD800', "'; drop table item; --"]) {
    await find(words)
    await find('', { place: words })
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 30 }), async (words) => {
      await find(words, { place: words, after: words })
    }),
    { numRuns: 100 },
  )
})

test('what is indexed again replaces what was, and leaves the same rows as they are', async () => {
  const ids = async () =>
    (
      await library.read(({ sql }) =>
        sql
          .selectFrom('search_text')
          .where('incident', '=', 'kyoto')
          .select('id')
          .orderBy('id')
          .execute(),
      )
    ).map(({ id }) => id)
  const before = await ids()
  await importText(caseText('kyoto', '京都の事件', '京都', '2029-01/..'))
  assert.deepEqual(await ids(), before)
  await importText(caseText('kyoto', 'Kyoto, renamed', '京都', '2029-01/..'))
  assert.deepEqual(await found('事件'), [])
  assert.deepEqual(await found('renamed'), ['kyoto incident'])
  assert.equal((await ids()).filter((id) => before.includes(id)).length, before.length - 1)
  const item = await addDocument(['bare'], 'first reading')
  await library.transactWithoutEntry(agent, (tx) =>
    setFacts(tx, item, {
      kind: 'document',
      mediaType: 'text/plain',
      pages: [{ text: 'once more' }],
    }),
  )
  assert.deepEqual(await found('reading'), [])
  assert.deepEqual(await found('"once more"'), ['bare document own text'])
})

test('a document of any length is indexed in parts, cut between words', async () => {
  const filler = 'lorem ipsum dolor sit amet '.repeat(8000)
  await addDocument(['bare'], `${filler}needle ${filler}`)
  await addDocument(['bare'], 'x'.repeat(100_000))
  await addDocument(['bare'], `${'漢'.repeat(50_000)}針`)
  await addDocument(['bare'], `${'\n'.repeat(100_000)} \0 nul`)
  assert.deepEqual(await found('needle'), ['bare document own text'])
  assert.deepEqual(await found('漢針'), ['bare document own text'])
  assert.deepEqual(await found('nul'), ['bare document own text'])
  const { rows } = await sql<{ longest: number; dolor: number }>`
    select max(length(text))::int as longest, count(*) filter (where text ~ '(^|[^d])olor|dolo($|[^r])')::int as dolor
    from search_text`.execute(library.database.kysely)
  assert.deepEqual(rows, [{ longest: 4000, dolor: 0 }])
})

test('an index that says something else than was written is noticed, and no damage', async () => {
  const codes = async () =>
    (await checkLibrary(library)).notes.map(({ code, what }) => `${code} ${what}`)
  const isClean = async () =>
    (await codes()).filter((note) => note.startsWith('search')).length === 0
  assert.deepEqual(await library.read(readUnindexed), { incidents: [], items: [] })
  assert.deepEqual(await library.read(readUnfitting), [])
  assert.ok(await isClean())
  const { kysely } = library.database
  await kysely
    .deleteFrom('search_text')
    .where('incident', '=', 'pier')
    .where('kind', '=', 'claim')
    .execute()
  await kysely
    .updateTable('search_incident')
    .set({ version: 0 })
    .where('incident', '=', 'quay')
    .execute()
  await kysely.deleteFrom('search_incident').where('incident', '=', 'kyoto').execute()
  assert.deepEqual(await library.read(readUnindexed), { incidents: ['kyoto', 'quay'], items: [] })
  assert.deepEqual(await library.read(readUnfitting), ['pier'])
  const notes = (await codes()).filter((note) => note.startsWith('search'))
  assert.deepEqual(
    notes,
    ['kyoto', 'quay', 'pier'].map((id) => `search-outdated ${id}`),
  )
})
