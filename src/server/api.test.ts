import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openJobQueue, type JobQueue } from '../queue/job-queue.ts'
import { signedCheckpoint } from '../store/checkpoints.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { addPublication, openIncident } from '../store/incidents.ts'
import { noteFindings, receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { StoreError } from '../store/store-error.ts'
import { deskApp } from './app.ts'

const host = 'localhost:4600'
const hostile = '<script>"\u202E;--'
let library: Library
let queue: JobQueue

const get = (path: string, of: Library = library, headers: Record<string, string> = {}) =>
  deskApp(of, new Set([host]), of === library ? { queue } : {}).request(path, {
    headers: { host, ...headers },
  })

async function read<T>(path: string): Promise<T> {
  const answer = await get(path)
  assert.equal(answer.status, 200, path)
  return (await answer.json()) as T
}

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  queue = await openJobQueue(library, { tends: false })
  for (const id of ['pier', 'quay', 'mole']) {
    await library.transact(agent, async (tx) => {
      await openIncident(tx, { id, title: `${id} ${hostile}` })
    })
  }
  for (const [index, text] of ['one', 'two', 'three'].entries()) {
    const blob = await library.blobs.putStream(bytesOf(text), roomy)
    const kind = index === 0 ? 'recording' : 'document'
    await library.transact(agent, async (tx) => {
      const item = { blob, kind, mediaType: 'text/plain' } as const
      await receiveItem(tx, { ...item, incident: 'quay', name: `${text} ${hostile}` })
      await receiveItem(tx, { ...item, incident: 'quay', name: `${text} ${hostile}` })
      await noteFindings(tx, blob.sha256, [
        { code: 'rotation', severity: index === 0 ? 'problem' : 'notice', message: 'Turned.' },
      ])
    })
  }
  await library.transact(agent, async (tx) => {
    const hash = 'a'.repeat(64)
    for (const revision of [1, 2]) {
      const published = { manifestSha256: hash, contentSha256: hash }
      await addPublication(tx, { incident: 'quay', revision, ...published })
    }
  })
})
after(async () => {
  await queue.close()
  await library.close()
})

interface Incidents {
  readonly incidents: readonly { readonly id: string; readonly publication?: object }[]
  readonly next?: number
}

test('incidents come in pages, in the order of their opening, with what stands in each', async () => {
  const all = await read<Incidents>('/api/incidents')
  assert.deepEqual(
    all.incidents.map(({ id }) => id),
    ['pier', 'quay', 'mole'],
  )
  assert.equal(all.next, undefined)
  const first = await read<Incidents>('/api/incidents?limit=2')
  assert.deepEqual(first, { incidents: all.incidents.slice(0, 2), next: 1 })
  const second = await read<Incidents>(`/api/incidents?limit=2&after=${first.next}`)
  assert.deepEqual(second, { incidents: all.incidents.slice(2) })
  const { openedAt, publication, ...quay } = all.incidents[1] as Record<string, unknown>
  assert.deepEqual(quay, {
    id: 'quay',
    title: `quay ${hostile}`,
    entryIndex: 1,
    items: { recording: 1, photo: 0, document: 2, other: 0 },
    problems: 1,
    notices: 2,
  })
  assert.match(String(openedAt), /^2031-05-04T17:0\d:\d\d\.000Z$/)
  assert.equal((publication as { revision: number }).revision, 2)
})

test('an incident has all its revisions, its items come in pages by their hash', async () => {
  const { publications } = await read<{ publications: { revision: number }[] }>(
    '/api/incidents/quay',
  )
  assert.deepEqual(
    publications.map(({ revision }) => revision),
    [1, 2],
  )
  interface Items {
    readonly items: readonly { readonly sha256: string; readonly names: readonly string[] }[]
    readonly next?: string
  }
  const all = await read<Items>('/api/incidents/quay/items')
  assert.equal(all.items.length, 3)
  assert.deepEqual(
    all.items.map(({ names }) => names[0]?.split(' ')[1]),
    Array.from({ length: 3 }, () => hostile),
  )
  assert.ok(all.items.every(({ names }) => names.length === 1))
  const paged: Items['items'][number][] = []
  for (let after = ''; ;) {
    const page = await read<Items>(`/api/incidents/quay/items?limit=1${after}`)
    paged.push(...page.items)
    if (page.next === undefined) break
    after = `&after=${page.next}`
  }
  assert.deepEqual(paged, all.items)
  assert.deepEqual(await read('/api/incidents/pier/items'), { items: [] })
})

test('the log shows its leaves and its checkpoint, and no record', async () => {
  const unsigned = await get('/api/custody/checkpoint')
  assert.equal(unsigned.status, 404)
  await library.transactWithoutEntry(agent, (tx) => signedCheckpoint(tx, library.signer))
  const note = await (await get('/api/custody/checkpoint')).text()
  interface Leaves {
    readonly size: number
    readonly from: number
    readonly leaves: readonly string[]
  }
  const all = await read<Leaves>('/api/custody/leaves')
  assert.equal(note.split('\n')[1], String(all.size))
  assert.equal(all.leaves.length, all.size)
  assert.ok(all.leaves.every((leaf) => /^[0-9a-f]{64}$/.test(leaf)))
  const some = await read<Leaves>('/api/custody/leaves?from=2&limit=3')
  assert.deepEqual(some, { size: all.size, from: 2, leaves: all.leaves.slice(2, 5) })
})

test('the first page leads on and back, and says where nothing is', async () => {
  const pages = ['/', '/?after=1', '/?after=999', '/?after=x', '/?after=']
  const [first, second, last, odd, empty] = await Promise.all(
    pages.map(async (path) => (await get(path)).text()),
  )
  assert.match(first ?? '', /pier &#x3C;script>/)
  assert.doesNotMatch(first ?? '', /The first incidents|rel="next"/)
  assert.match(second ?? '', /mole[^]*The first incidents/)
  assert.doesNotMatch(second ?? '', /pier/)
  assert.match(last ?? '', /There are no more incidents/)
  assert.deepEqual([odd, empty], [first, first])
  assert.equal((await get('/stories/quay/%00')).status, 404)
})

test('what is wrong is a problem with a code that stays', async () => {
  for (const [path, status, code, detail] of [
    ['/api/incidents/absent', 404, 'not-found', /no incident "absent"/],
    ['/api/incidents/absent/items', 404, 'not-found', /absent/],
    ['/api/nothing', 404, 'not-found', /openapi/],
    ['/api/incidents/Not%20One', 400, 'request-malformed', /incident/],
    ['/api/incidents?limit=0', 400, 'request-malformed', /limit/],
    ['/api/incidents?after=', 400, 'request-malformed', /after/],
    ['/api/incidents?limit=0x2', 400, 'request-malformed', /limit/],
    ['/api/incidents?limit=1e9', 400, 'request-malformed', /limit/],
    ['/api/incidents?after=x', 400, 'request-malformed', /after/],
    ['/api/incidents/quay/items?after=..%2F', 400, 'request-malformed', /after/],
    ['/api/custody/leaves?from=-1', 400, 'request-malformed', /from/],
    ['/api/custody/leaves?from=9007199254740993', 400, 'request-malformed', /from/],
  ] as const) {
    const answer = await get(path)
    assert.equal(answer.status, status, path)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', path)
    const problem = (await answer.json()) as Record<string, unknown>
    assert.deepEqual([problem['status'], problem['code']], [status, code], path)
    assert.match(String(problem['detail']), detail)
  }
})

test('an error of the server is told without what it says', async (t) => {
  t.mock.method(process.stderr, 'write', () => true)
  const broken = { ...library, read: () => Promise.reject(new Error('secret of the inside')) }
  const answer = await get('/api/incidents', broken)
  const text = await answer.text()
  assert.equal(answer.status, 500)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  assert.equal((JSON.parse(text) as { code: string }).code, 'internal')
  assert.ok(!text.includes('secret'))
})

test('a database that does not answer is no error of the request: try again', async (t) => {
  t.mock.method(process.stderr, 'write', () => true)
  const unavailable = new StoreError('database-unavailable', 'secret of the inside')
  const without = { ...library, read: () => Promise.reject(unavailable) }
  for (const path of ['/api/incidents', '/readyz', '/']) {
    const answer = await get(path, without)
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5'], path)
    const text = await answer.text()
    assert.match(text, /does not answer/)
    assert.ok(!text.includes('secret'))
  }
  assert.deepEqual(await read('/readyz'), { status: 'ready' })
  assert.equal((await get('/healthz', without)).status, 200)
})

test('the interface answers to its own name only, and nobody frames or sniffs it', async () => {
  const misdirected = await get('/api/incidents', library, { host: 'evil.example' })
  const { code } = (await misdirected.json()) as { code: string }
  assert.deepEqual([misdirected.status, code], [421, 'not-this-host'])
  const { headers } = await get('/api/incidents')
  assert.equal(headers.get('x-content-type-options'), 'nosniff')
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
})

interface Route {
  readonly responses: Record<string, unknown>
  readonly requestBody?: object
}

interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Route>>>>
}

test('what is told of a body before it is looked at is in the document', async () => {
  const { paths } = await read<OpenApi>('/api/openapi.json')
  const app = deskApp(library, new Set([host]), { queue })
  const ill = [
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/json', 'content-length': String(2 ** 30) },
    { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
  ]
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses, requestBody }] of Object.entries(methods)) {
      if (requestBody === undefined || path.startsWith('/auth/')) continue
      const address = path.replace('{incident}', 'quay').replaceAll(/\{\w+\}/g, 'absent')
      for (const more of ill) {
        const headers = { host, ...more }
        const init = { method: method.toUpperCase(), headers, body: '{}' }
        const { status } = await app.request(`/api${address}`, init)
        assert.ok(String(status) in responses, `${method} ${path}: ${status}`)
      }
    }
  }
})

test('a pattern in the document is one that texts can match', async () => {
  const document = JSON.stringify(await read<OpenApi>('/api/openapi.json'))
  const patterns = [...document.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text]) => JSON.parse(text ?? '') as string,
  )
  assert.ok(patterns.length > 10)
  // As of a literal with a flag: /…/u.
  assert.deepEqual(
    patterns.filter((each) => /\$\/[a-z]*$/.test(each)),
    [],
  )
})

test('every route is in the document, and answers as it says there', async () => {
  const { openapi, paths } = await read<OpenApi>('/api/openapi.json')
  assert.equal(openapi, '3.1.0')
  const served = new Set(
    deskApp(library, new Set(), { queue })
      .routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
  )
  served.delete('GET /api/openapi.json')
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} /api${path}`),
  )
  assert.deepEqual([...served].toSorted(), described.toSorted())
  const app = deskApp(library, new Set([host]), queue === undefined ? {} : { queue })
  for (const [path, methods] of Object.entries(paths)) {
    if (path.startsWith('/auth/')) continue
    for (const [method, { responses }] of Object.entries(methods)) {
      if (method !== 'get' && !path.startsWith('/incidents')) continue
      for (const incident of ['quay', 'absent', 'Not One']) {
        const address = path
          .replace('{incident}', encodeURIComponent(incident))
          .replace('{comment}', '0'.repeat(32))
          .replace(/\{\w+\}/, 'absent')
        const init = { method: method.toUpperCase(), headers: { host } }
        const answer = await app.request(`/api${address}`, init)
        assert.ok(String(answer.status) in responses, `${method} ${address}: ${answer.status}`)
      }
    }
  }
})
