import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { importCase } from '../jobs/import-case.ts'
import { snapshotCase } from '../jobs/snapshot-case.ts'
import { readCase } from '../case/read-case.ts'
import { agent, emptyLibraryFolder, openTestLibrary, temporaryFolder } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import type { Library } from '../store/library.ts'
import { deskApp } from './app.ts'

const host = 'localhost:4600'
const story = `---
title: The quay
standfirst: What is known.
byline: The desk
---

::claims
`
let library: Library
let app: ReturnType<typeof deskApp>
let folder: string

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  app = deskApp(library, new Set([host]))
  folder = await temporaryFolder()
})
after(() => library.close())

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const answer = await app.request(`/api/incidents/${path}`, {
    method,
    headers: { host, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const said = await answer.text()
  return {
    status: answer.status,
    etag: answer.headers.get('etag') ?? '',
    body: (said === '' ? {} : JSON.parse(said)) as Record<string, unknown>,
  }
}

/** A case with four claims, imported. */
async function imported(incident: string): Promise<string> {
  const place = join(folder, incident)
  await mkdir(place, { recursive: true })
  const claims = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: `Claim ${id}.` }))
  const facts = { id: incident, title: 'The quay', place: 'Port Ellery', date: '2026-06-07' }
  const whole = { format: 'sightline-case/1', incident: facts, claims }
  await writeFile(join(place, 'case.yaml'), JSON.stringify(whole))
  await writeFile(join(place, 'story.md'), story)
  await importCase(library, agent, place, { progress: () => undefined })
  return place
}

const put = (incident: string, ids: unknown, from: string) =>
  ask('PUT', `${incident}/claims/order`, { ids }, { 'if-match': from })
const listed = async (incident: string) => {
  const { body } = await ask('GET', `${incident}/claims`)
  return (body['records'] as { id: string }[]).map(({ id }) => id).join('')
}

test('a list is put into another order and back; its records keep their versions', async () => {
  const incident = 'ordered'
  await imported(incident)
  const before = await ask('GET', `${incident}/claims/order`)
  assert.deepEqual(before.body, { ids: ['a', 'b', 'c', 'd'] })
  const list = await ask('GET', `${incident}/claims`)
  const given = await put(incident, ['d', 'b', 'a', 'c'], before.etag)
  assert.deepEqual([given.status, given.body], [200, { ids: ['d', 'b', 'a', 'c'] }])
  assert.equal(await listed(incident), 'dbac')
  const changed = await ask('GET', `${incident}/claims`, undefined, { 'if-none-match': list.etag })
  assert.equal(changed.status, 200, 'the list is another one')
  assert.deepEqual(
    (changed.body['records'] as { version: number }[]).map(({ version }) => version),
    [1, 1, 1, 1],
  )
  const pages = await ask('GET', `${incident}/claims?after=b`)
  assert.deepEqual(
    (pages.body['records'] as { id: string }[]).map(({ id }) => id),
    ['a', 'c'],
  )
  assert.deepEqual(Object.keys((await ask('GET', `${incident}/case`)).body).toSorted(), [
    'claims',
    'incident',
    'story',
  ])

  const undone = await put(incident, ['a', 'b', 'c', 'd'], given.etag)
  assert.deepEqual([undone.status, undone.etag], [200, before.etag])
  assert.equal(await listed(incident), 'abcd')
  const { body } = await ask('GET', `${incident}/claims/order/versions?limit=1`)
  const [latest] = body['versions'] as { version: number; value: unknown; changedBy: string }[]
  assert.deepEqual([latest?.version, latest?.value], [2, { ids: ['a', 'b', 'c', 'd'] }])
  const older = await ask('GET', `${incident}/claims/order/versions?before=${String(body['next'])}`)
  const [first] = older.body['versions'] as { value: unknown }[]
  assert.deepEqual(first?.value, { ids: ['d', 'b', 'a', 'c'] })

  const entries = (await ask('GET', `${incident}/custody`)).body['entries'] as {
    record: { type: string; kind?: string; record?: string; version?: number }
  }[]
  assert.deepEqual(
    entries
      .slice(-2)
      .map(({ record }) => [record.type, record.kind, record.record, record.version]),
    [
      ['case-record-edited', 'order', 'claims', 1],
      ['case-record-edited', 'order', 'claims', 2],
    ],
  )
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('an order that was made from another one is refused, with the one that there is', async () => {
  const incident = 'meanwhile'
  await imported(incident)
  const { etag } = await ask('GET', `${incident}/claims/order`)
  const first = await put(incident, ['b', 'a', 'c', 'd'], etag)
  const late = await put(incident, ['d', 'c', 'b', 'a'], etag)
  assert.deepEqual([late.status, late.body['code']], [409, 'version-conflict'])
  assert.deepEqual(late.body['current'], { ids: ['b', 'a', 'c', 'd'], etag: first.etag })
  assert.deepEqual(late.body['yours'], { ids: ['d', 'c', 'b', 'a'] })
  const again = await put(incident, ['b', 'a', 'c', 'd'], etag)
  assert.deepEqual([again.status, again.etag], [200, first.etag], 'its answer was lost')
  await ask('POST', `${incident}/claims`, { id: 'e', text: 'New.' })
  assert.equal((await put(incident, ['a', 'b', 'c', 'd'], first.etag)).status, 409)
  const now = await ask('GET', `${incident}/claims/order`)
  assert.deepEqual(now.body, { ids: ['b', 'a', 'c', 'd', 'e'] })
  const all = await Promise.all(
    ['abcde', 'edcba', 'cabde'].map((ids) => put(incident, ids.split(''), now.etag)),
  )
  assert.deepEqual(
    all.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409, 409],
  )
  assert.equal((await checkLibrary(library)).findings.length, 0)
})

test('what is no order of the list is refused, and says where', async () => {
  const incident = 'hostile'
  await imported(incident)
  const { etag } = await ask('GET', `${incident}/claims/order`)
  const whole = ['a', 'b', 'c', 'd']
  for (const [ids, status] of [
    [['a', 'b', 'c'], 422],
    [['a', 'b', 'c', 'd', 'd'], 422],
    [['a', 'b', 'c', 'x'], 422],
    [[], 422],
    [['a', 'b', 'c', '../d'], 400],
    [[1, 2, 3, 4], 400],
    [null, 400],
    [Array.from({ length: 300_000 }, () => 'a'), 413],
  ] as const) {
    const answer = await put(incident, ids, etag)
    assert.equal(answer.status, status, JSON.stringify(ids).slice(0, 60))
  }
  const many = await put(
    incident,
    Array.from({ length: 5000 }, (_, index) => `x${index}`),
    etag,
  )
  assert.equal(many.status, 422)
  assert.equal((many.body['issues'] as unknown[]).length, 20)
  assert.equal((await put(incident, whole, '"1"')).status, 400)
  assert.equal((await ask('PUT', `${incident}/claims/order`, { ids: whole })).status, 428)
  assert.equal((await ask('GET', 'absent/claims/order')).status, 404)
  assert.equal((await put('absent', [], etag)).status, 404)
  assert.equal((await ask('GET', `${incident}/claims/order/versions`)).status, 404)
  assert.equal(await listed(incident), 'abcd')
  const order = await ask('POST', `${incident}/claims`, { id: 'order', text: 'x' })
  assert.equal(order.status, 400)
  assert.match(String(order.body['detail']), /the id "order" is taken/)
})

test('the order is that of the next revision of the case; a folder’s order takes its place', async () => {
  const incident = 'revised'
  const place = await imported(incident)
  const { etag } = await ask('GET', `${incident}/claims/order`)
  await put(incident, ['d', 'c', 'b', 'a'], etag)
  const written = await snapshotCase(library, agent, incident)
  assert.equal(written.revision, 2)
  const { case: facts } = readCase(await text(library.blobs.read(written.caseSha256)))
  assert.deepEqual(
    facts?.claims.map(({ id }) => id),
    ['d', 'c', 'b', 'a'],
  )
  assert.equal((await snapshotCase(library, agent, incident)).revision, 2)
  await importCase(library, agent, place, { progress: () => undefined })
  assert.equal(await listed(incident), 'abcd')
  const { body } = await ask('GET', `${incident}/claims/order/versions`)
  const [latest, before] = body['versions'] as { value?: unknown }[]
  assert.deepEqual(
    [latest?.value, before?.value],
    [undefined, { ids: ['d', 'c', 'b', 'a'] }],
    'the folder ended it',
  )
  const now = await ask('GET', `${incident}/claims/order`)
  assert.equal((await put(incident, ['b', 'a', 'c', 'd'], now.etag)).status, 200)
  assert.equal(
    (await ask('DELETE', `${incident}/claims/a`, undefined, { 'if-match': '"1"' })).status,
    204,
  )
  assert.equal(await listed(incident), 'bcd')
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('an order that is wrong in hundreds of thousands of places is told so in short', async () => {
  await ask('POST', '', { id: 'wrong', title: 'Wrong', place: 'The quay', date: '2026-05-17' })
  for (const many of [1000, 400_000]) {
    const answer = await ask('PUT', 'wrong/claims/order', { ids: Array<number>(many).fill(1) })
    assert.equal(answer.status, 400)
    assert.ok(JSON.stringify(answer.body).length < 30_000)
  }
})
