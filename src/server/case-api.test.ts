import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { caseLists } from '../case/case-schema.ts'
import { appendEntry } from '../store/custody-log.ts'
import { addAlignment, addDerivative } from '../store/derivatives.ts'
import { agent, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { deskApp } from './app.ts'

const host = 'localhost:4600'
const hostile = `<script>"'; drop table case_record; --\u202E 😀\u2028`
let library: Library
let app: ReturnType<typeof deskApp>

interface Answer {
  readonly status: number
  readonly etag: string | null
  readonly location: string | null
  readonly body: Record<string, unknown>
}

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await app.request(`/api/incidents${path}`, {
    method,
    headers: { host, ...type, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    etag: answer.headers.get('etag'),
    location: answer.headers.get('location'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}
const from = (etag: string | null) => ({ 'if-match': etag ?? '' })
const code = ({ status, body }: Answer) => [status, body['code']]

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  app = deskApp(library, new Set([host]))
})
after(() => library.close())

const facts = (id: string) => ({ id, title: hostile, place: 'The quay', date: '2026-05-17' })

/** Records of every kind, in an order in which each finds those that it names. */
async function fill(incident: string): Promise<Map<string, Answer>> {
  const opened = await ask('POST', '', facts(incident))
  assert.equal(opened.status, 201, JSON.stringify(opened.body))
  for (const name of ['a.mp4', 'b.mp4', 'kerb.jpg', 'letter.txt']) {
    const blob = await library.blobs.putBytes(Buffer.from(`${incident} ${name}`))
    const item = { incident, blob, kind: 'other', mediaType: 'text/plain', name } as const
    await library.transact(agent, (tx) => receiveItem(tx, item))
  }
  const made = new Map<string, Answer>()
  for (const [list, value] of [
    ['sources', { id: 'walker', name: hostile, kind: 'witness' }],
    [
      'footage',
      { id: 'a', file: 'a.mp4', label: 'A', source: 'walker', position: { x: 0.1, y: -2 } },
    ],
    ['footage', { id: 'b', file: 'b.mp4', label: 'B' }],
    ['photos', { id: 'kerb', file: 'kerb.jpg', label: 'Kerb', alt: 'The kerb' }],
    ['documents', { id: 'letter', file: 'letter.txt', title: 'Letter' }],
    ['accounts', { id: 'shouted', source: 'walker', date: '2026-05~', footage: 'a' }],
    ['accounts', { id: 'wrote', source: 'walker', date: '2026-05~', document: 'letter' }],
    ['claims', { id: 'two-shots', text: hostile }],
    [
      'statements',
      {
        id: 's1',
        account: 'shouted',
        quote: 'Two!',
        from: 1.25,
        to: 2,
        on: [{ claim: 'two-shots', stance: 'asserts' }],
      },
    ],
    [
      'observations',
      {
        id: 'seen',
        claim: 'two-shots',
        by: 'R. Hale',
        date: '2026',
        judgement: 'contradicts',
        moment: { footage: 'a', from: 1, to: 2 },
      },
    ],
    ['questions', { id: 'who', text: 'Who?', to: 'walker', asked: '2026-05-20' }],
    ['events', { id: 'bang', label: 'Bang', footage: 'a', at: 4.2 }],
    [
      'anchors',
      {
        a: { footage: 'a', at: 1 },
        b: { footage: 'b', at: 2 },
        'plus-minus-seconds': 0.02,
        seen: 'flash',
      },
    ],
    [
      'redactions',
      {
        id: 'boy',
        footage: 'a',
        action: 'cover',
        from: 1,
        to: 2,
        keyframes: [{ at: 1.5, region: { x: 0.1, y: 0, width: 0.25, height: 1 } }],
        reason: 'face of a minor',
        'asked-by': hostile,
        note: hostile,
      },
    ],
  ] as const) {
    const answer = await ask('POST', `/${incident}/${list}`, value)
    assert.equal(answer.status, 201, `${list} ${JSON.stringify(answer.body)}`)
    made.set(list, answer)
  }
  return made
}

test('a record of every kind is made, read, edited, and removed where nothing names it', async () => {
  const incident = 'every'
  const made = await fill(incident)
  for (const list of caseLists) {
    const path = made.get(list)?.location?.replace('/api/incidents', '') ?? ''
    const got = await ask('GET', path)
    assert.deepEqual([got.status, got.etag], [200, '"1"'], list)
    assert.deepEqual(got.body, made.get(list)?.body, list)
    const listed = await ask('GET', `/${incident}/${list}`)
    const { id, version, value } = got.body
    assert.deepEqual((listed.body['records'] as unknown[]).at(-1), { id, version, value })
    const edited = await ask('PUT', path, value, from(got.etag))
    assert.deepEqual([edited.status, edited.etag], [200, '"1"'], 'the same again is no edit')
  }
  const claim = `/${incident}/claims/two-shots`
  const edited = await ask('PUT', claim, { id: 'two-shots', text: 'Two.' }, from('"1"'))
  assert.deepEqual([edited.status, edited.etag], [200, '"2"'])
  const inUse = await ask('DELETE', claim, undefined, from('"2"'))
  assert.deepEqual(code(inUse), [409, 'record-in-use'])
  assert.deepEqual(
    (inUse.body['issues'] as { at: string }[]).map(({ at }) => at),
    ['observations/seen', 'statements/s1'],
  )
  for (const list of ['observations', 'statements', 'claims']) {
    const path = made.get(list)?.location?.replace('/api/incidents', '') ?? ''
    const { etag } = await ask('GET', path)
    assert.equal((await ask('DELETE', path, undefined, from(etag))).status, 204, list)
    assert.equal((await ask('GET', path)).status, 404)
  }
  const versions = await ask('GET', `${claim}/versions?limit=2`)
  const shown = versions.body['versions'] as { version: number; value?: unknown }[]
  assert.deepEqual(
    shown.map(({ version, value }) => [version, value !== undefined]),
    [
      [3, false],
      [2, true],
    ],
  )
  assert.equal(versions.body['next'], 2)
  const rest = await ask('GET', `${claim}/versions?before=2`)
  const [first] = rest.body['versions'] as { value: { text: string } }[]
  assert.equal(first?.value.text, hostile.trim())
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('an edit says from which version it was made, or is not made', async () => {
  const incident = 'versions'
  await ask('POST', '', facts(incident))
  await ask('POST', `/${incident}/claims`, { id: 'c', text: 'One.' })
  const path = `/${incident}/claims/c`
  const two = { id: 'c', text: 'Two.' }
  assert.deepEqual(code(await ask('PUT', path, two)), [428, 'version-required'])
  assert.deepEqual(code(await ask('DELETE', path)), [428, 'version-required'])
  for (const tag of ['1', 'W/"1"', '*', '"x"', '"1", "2"', '"-1"', '"1e3"']) {
    assert.deepEqual(code(await ask('PUT', path, two, from(tag))), [400, 'request-malformed'], tag)
  }
  assert.equal((await ask('PUT', path, two, from('"1"'))).status, 200)
  const late = await ask('PUT', path, { id: 'c', text: 'Three.' }, from('"1"'))
  assert.deepEqual(code(late), [409, 'version-conflict'])
  const current = late.body['current'] as Record<string, unknown>
  assert.deepEqual(
    [current['version'], current['value'], current['changedBy']],
    [2, two, 'operator'],
  )
  assert.deepEqual(late.body['yours'], { id: 'c', text: 'Three.' })
  assert.deepEqual(code(await ask('PUT', path, two, { 'if-none-match': '*' })), [
    409,
    'record-exists',
  ])
  assert.deepEqual(
    code(await ask('PUT', `/${incident}/claims/d`, { id: 'd', text: 'x' }, from('"1"'))),
    [404, 'record-missing'],
  )
  const put = await ask(
    'PUT',
    `/${incident}/claims/d`,
    { id: 'd', text: 'x' },
    { 'if-none-match': '*' },
  )
  assert.deepEqual([put.status, put.etag], [200, '"1"'])
})

test('facts and story are edited like any record; the title is the incident’s', async () => {
  const incident = 'sole'
  const { etag } = await ask('POST', '', facts(incident))
  assert.deepEqual(code(await ask('POST', '', facts(incident))), [409, 'incident-exists'])
  const patched = await ask(
    'PATCH',
    `/${incident}/facts`,
    { title: 'New', timezone: 'Europe/Paris' },
    from(etag),
  )
  assert.equal(patched.etag, '"2"')
  const title = { title: 'Newer', timezone: null }
  const again = await ask('PATCH', `/${incident}/facts`, title, from('"2"'))
  const { title: said, timezone, place } = again.body['value'] as Record<string, unknown>
  assert.deepEqual([said, timezone, place], ['Newer', 'UTC', 'The quay'])
  assert.equal((await ask('GET', `/${incident}`)).body['title'], 'Newer')
  const odd = JSON.parse('{"__proto__": {"title": "x"}, "id": "other"}') as unknown
  assert.deepEqual(code(await ask('PATCH', `/${incident}/facts`, odd, from('"3"'))), [
    422,
    'record-invalid',
  ])

  const story = `/${incident}/story`
  assert.equal((await ask('GET', story)).status, 404)
  const markdown = '---\ntitle: T\nstandfirst: S\nbyline: B\n---\n\nText.\n'
  assert.deepEqual(code(await ask('PUT', story, { markdown })), [428, 'version-required'])
  const first = await ask('PUT', story, { markdown }, { 'if-none-match': '*' })
  assert.deepEqual([first.status, first.etag], [200, '"1"'])
  const wrong = await ask(
    'PUT',
    story,
    { markdown: `${markdown}\n::quote{statement="s1"}\n` },
    from('"1"'),
  )
  assert.deepEqual(code(wrong), [422, 'record-invalid'])
  assert.deepEqual(
    (wrong.body['issues'] as { at: string; code: string }[]).map(({ at, code }) => [at, code]),
    [['story.md:9:1', 'unknown-reference']],
  )
  assert.equal((await ask('GET', `${story}/versions`)).status, 200)
})

test('lists come in pages, and as the client has them where nothing changed', async () => {
  const incident = 'pages'
  await ask('POST', '', facts(incident))
  for (let index = 0; index < 5; index++) {
    await ask('POST', `/${incident}/claims`, { id: `c${9 - index}`, text: `${hostile} ${index}` })
  }
  const ids: string[] = []
  for (let after = ''; ;) {
    const { body } = await ask('GET', `/${incident}/claims?limit=2${after}`)
    ids.push(...(body['records'] as { id: string }[]).map(({ id }) => id))
    if (body['next'] === undefined) break
    after = `&after=${body['next'] as string}`
  }
  assert.deepEqual(ids, ['c9', 'c8', 'c7', 'c6', 'c5'])
  const whole = await ask('GET', `/${incident}/case`)
  assert.deepEqual(Object.keys(whole.body), ['claims', 'incident'])
  const unchanged = await ask('GET', `/${incident}/case`, undefined, {
    'if-none-match': whole.etag ?? '',
  })
  assert.equal(unchanged.status, 304)
  await ask('PUT', `/${incident}/claims/c7`, { id: 'c7', text: 'New.' }, from('"1"'))
  const changed = await ask('GET', `/${incident}/case`, undefined, {
    'if-none-match': whole.etag ?? '',
  })
  assert.equal(changed.status, 200)
  const [, , third] = changed.body['claims'] as { value: { text: string } }[]
  assert.equal(third?.value.text, 'New.')
  assert.deepEqual((await ask('GET', '/absent/claims')).status, 404)
  assert.deepEqual((await ask('GET', '/absent/case')).status, 404)
})

test('what is computed, made and recorded of an incident is read', async () => {
  const incident = 'read'
  await fill(incident)
  const { contradictions } = (await ask('GET', `/${incident}/contradictions`)).body
  assert.deepEqual(contradictions, [
    {
      id: 'two-shots--s1--seen',
      kind: 'statement and observation',
      claim: 'two-shots',
      stance: 'asserts',
      said: { statement: 's1', account: 'shouted', source: 'walker' },
      observation: 'seen',
    },
  ])
  const unanswered = (await ask('GET', `/${incident}/unanswered`)).body
  const [who] = unanswered['questions'] as { question: string; days: number }[]
  assert.deepEqual([who?.question, who?.days], ['who', 1810])
  assert.equal((await ask('GET', `/${incident}/alignment`)).status, 404)
  await library.transact(agent, async (tx) => {
    const hash = 'b'.repeat(64)
    await addAlignment(tx, {
      incident,
      inputs: [hash],
      inputsSha256: hash,
      result: '{"format":"x"}',
    })
    for (const kind of ['proxy', 'still', 'still-2']) {
      const output = { sha256: hash, sizeBytes: 7 }
      await addDerivative(tx, { kind, incident, recipe: '{}', output, mediaType: 'image/png' })
    }
  })
  assert.deepEqual((await ask('GET', `/${incident}/alignment`)).body['result'], { format: 'x' })
  const page = (await ask('GET', `/${incident}/derivatives?limit=2`)).body
  const kinds = (body: Record<string, unknown>) =>
    (body['derivatives'] as { kind: string }[]).map(({ kind }) => kind)
  assert.deepEqual(kinds(page), ['proxy', 'still'])
  assert.deepEqual(
    kinds((await ask('GET', `/${incident}/derivatives?after=${page['next'] as number}`)).body),
    ['still-2'],
  )
  assert.deepEqual(kinds((await ask('GET', `/${incident}/derivatives?kind=still`)).body), ['still'])
})

test('the log’s entries of an incident are those that name it, whatever a file is called', async () => {
  const incident = 'named'
  await ask('POST', '', facts(incident))
  const blob = await library.blobs.putBytes(Buffer.from('named'))
  const name = `","incident":"${incident}","x":"`
  await ask('POST', '', facts('other'))
  await library.transact(agent, (tx) =>
    receiveItem(tx, { incident: 'other', blob, kind: 'other', mediaType: 'text/plain', name }),
  )
  await library.transact(agent, (tx) =>
    appendEntry(tx, { type: 'item-seen-again', incident, item: blob.sha256 }),
  )
  const types: string[] = []
  for (let after = ''; ;) {
    const { body } = await ask('GET', `/${incident}/custody?limit=2${after}`)
    types.push(
      ...(body['entries'] as { record: { type: string } }[]).map(({ record }) => record.type),
    )
    if (body['next'] === undefined) break
    after = `&after=${body['next'] as number}`
  }
  assert.deepEqual(types, ['incident-opened', 'case-record-edited', 'item-seen-again'])
})

test('bodies that are no record are refused for a reason, and nothing is kept of them', async () => {
  const incident = 'hostile'
  await ask('POST', '', facts(incident))
  const state = (await ask('GET', `/${incident}/case`)).etag
  const claims = `/${incident}/claims`
  for (const [body, status] of [
    ['{', 400],
    ['', 400],
    ['null', 400],
    ['[]', 400],
    ['"x"', 400],
    ['{"id":"a"}', 400],
    ['{"id":"a","text":"x","__proto__":{}}', 400],
    ['{"id":"A","text":"x"}', 400],
    [String.raw`{"id":"a","text":"\u0000"}`, 400],
    [String.raw`{"id":"a","text":"\ud800"}`, 400],
    [`{"id":"a","text":"${'x'.repeat(301)}"}`, 400],
    [`{"id":"a","text":"${'x'.repeat(300_000)}"}`, 413],
    ['['.repeat(100_000), 400],
  ] as const) {
    const answer = await ask('POST', claims, body)
    assert.equal(answer.status, status, body.slice(0, 60))
  }
  const untyped = await app.request(`/api/incidents${claims}`, {
    method: 'POST',
    headers: { host, 'content-type': 'text/plain' },
    body: '{"id":"a","text":"x"}',
  })
  assert.equal(untyped.status, 415)
  assert.equal((await ask('POST', '/absent/claims', { id: 'a', text: 'x' })).status, 404)
  assert.equal((await ask('POST', '', { ...facts('x'), id: '../x' })).status, 400)
  assert.equal((await ask('GET', `/${incident}/case`)).etag, state)
  const prefix = { id: 's', account: 'none', quote: 'x', prefix: '\ud800' }
  const refused = await ask('POST', `/${incident}/statements`, prefix)
  assert.deepEqual(code(refused), [400, 'request-malformed'])
})

test('what is recorded before the facts are is found', async () => {
  assert.equal((await ask('POST', '', { id: 'bare', title: 'The bare mast' })).status, 201)
  const claim = await ask('POST', '/bare/claims', {
    id: 'lowered',
    text: 'The gangway was lowered',
  })
  assert.equal(claim.status, 201)
  const found = async (query: string): Promise<string[]> => {
    const address = `/api/search?incident=bare&${query}`
    const answer = await app.request(address, { headers: { host } })
    const { hits } = (await answer.json()) as { hits: { kind: string; text: string }[] }
    return hits.map(({ kind, text }) => `${kind}: ${text}`)
  }
  assert.deepEqual(await found('q=gangway'), ['claim: The gangway was lowered'])
  assert.deepEqual(await found('q=mast'), ['incident: The bare mast'])
  assert.deepEqual(await found('q=unknown'), [])
  assert.deepEqual(await found('q=gangway&place=unknown'), [])
  assert.deepEqual(await found('q=gangway&from=2000&to=2000'), [])
  const gone = await ask('DELETE', '/bare/claims/lowered', undefined, from(claim.etag))
  assert.equal(gone.status, 204)
  assert.deepEqual(await found('q=gangway'), [])
  assert.deepEqual(await found(''), ['incident: The bare mast'])
})

test('records that an older version took and this one would not end no search', async () => {
  for (const id of ['older', 'newer']) {
    const opened = await ask('POST', '', { ...facts(id), title: `Lantern of the ${id}` })
    assert.equal(opened.status, 201)
    assert.equal((await ask('POST', `/${id}/claims`, { id: 'c', text: 'Lamp oil' })).status, 201)
  }
  await library.database.kysely
    .updateTable('case_record')
    .set({ body: JSON.stringify({ ...facts('older'), timezone: 'Moon/Base' }) })
    .where('incident', '=', 'older')
    .where('kind', '=', 'incident')
    .execute()
  const found = async (words: string): Promise<string[]> => {
    const answer = await app.request(`/api/search?q=${words}`, { headers: { host } })
    assert.equal(answer.status, 200)
    const { hits } = (await answer.json()) as { hits: { incident: string }[] }
    return hits.map(({ incident }) => incident).toSorted()
  }
  assert.deepEqual(await found('lantern'), ['newer', 'older'])
  assert.deepEqual(await found('lamp'), ['newer'])
})
