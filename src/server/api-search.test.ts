import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { apiFor } from '../../test/support/api-for.ts'
import { localAsker, rightsOf, type Asker } from '../access/asker.ts'
import type { Role } from '../access/roles.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { openIncident } from '../store/incidents.ts'
import { receiveItem, setFacts } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { addSearch } from './api-search.ts'

let library: Library

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  const blob = await library.blobs.putStream(bytesOf('x'), roomy)
  const file = { blob, kind: 'document', mediaType: 'text/plain', name: 'x.txt' } as const
  await library.transact(agent, async (tx) => {
    for (const id of ['pier', 'quay']) {
      await openIncident(tx, { id, title: `The crane at the ${id}` })
      await receiveItem(tx, { incident: id, ...file })
    }
    const pages = [{ text: 'The letter names the crane.' }]
    await setFacts(tx, blob.sha256, { kind: 'document', mediaType: 'text/plain', pages })
  })
})
after(() => library.close())

const get = (query: string, asker: Asker = localAsker) =>
  apiFor(asker, (api) => addSearch(api, library)).request(`/api/search?${query}`)

interface Page {
  readonly hits: readonly { incident: string; kind: string; text: string; marks: number[][] }[]
  readonly next?: string
}

async function read(query: string, asker?: Asker): Promise<Page> {
  const answer = await get(query, asker)
  assert.equal(answer.status, 200, query)
  return (await answer.json()) as Page
}
const kinds = ({ hits }: Page): string[] =>
  hits.map((hit) => `${hit.incident} ${hit.kind}`).toSorted()

const member = (role: Role, incident: string): Asker => ({
  kind: 'local',
  agent,
  isFresh: true,
  ...rightsOf({ installation: [], incidents: new Map([[incident, [role]]]) }),
})

test('hits come with marks as offsets, page by page', async () => {
  const all = await read('q=cra')
  assert.deepEqual(kinds(all), ['pier document', 'pier incident', 'quay document', 'quay incident'])
  for (const { text, marks } of all.hits) {
    assert.deepEqual(
      marks.map(([from, to]) => text.slice(from, to)),
      ['crane'],
    )
  }
  const first = await read('q=cra&limit=3')
  const rest = await read(`q=cra&limit=3&after=${encodeURIComponent(first.next ?? '')}`)
  assert.deepEqual([...first.hits, ...rest.hits], all.hits)
  assert.equal(rest.next, undefined)
  assert.deepEqual(kinds(await read('q=crane&incident=pier&kind=incident')), ['pier incident'])
  assert.deepEqual(kinds(await read('')), ['pier incident', 'quay incident'])
})

test('who may read one incident finds nothing of another, a viewer no document’s own text', async () => {
  const investigator = member('investigator', 'pier')
  assert.deepEqual(kinds(await read('q=crane', investigator)), ['pier document', 'pier incident'])
  assert.deepEqual(kinds(await read('q=crane&incident=quay', investigator)), [])
  assert.deepEqual(kinds(await read('q=crane', member('viewer', 'pier'))), ['pier incident'])
  assert.deepEqual(kinds(await read('', member('viewer', 'quay'))), ['quay incident'])
})

test('any words are answered; what is no date, kind or page is a problem that says so', async () => {
  for (const words of [`'`, '"', '\0', '%FF', '!&|:*<->()', 'x'.repeat(10_000), '\uD800']) {
    await read(`q=${words.startsWith('%') ? words : encodeURIComponent(words.toWellFormed())}`)
  }
  for (const [query, named] of [
    ['from=yesterday', /from: is not an EDTF date/],
    ['to=', /to/],
    ['kind=secret', /kind/],
    ['status=x', /status/],
    ['after=1', /after/],
    ['limit=0', /limit/],
    ['limit=101', /limit/],
    ['incident=..%2F', /incident/],
  ] as const) {
    const answer = await get(query)
    const { code, detail } = (await answer.json()) as { code: string; detail: string }
    assert.deepEqual([answer.status, code], [400, 'request-malformed'], query)
    assert.match(detail, named)
  }
})
