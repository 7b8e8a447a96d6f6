/** The client against the desk itself, without a socket between. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deskFor } from '../../test/support/desk-client.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { openJobQueue, type JobQueue } from '../queue/job-queue.ts'
import { openIncident } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { apiClient, readRefusal } from './api-client.ts'

let library: Library
let queue: JobQueue
let item: string
const sent: string[] = []
const host = 'localhost:4600'

const desk = apiClient(async (path, init) => {
  sent.push(path)
  const headers = new Headers(init.headers)
  headers.set('host', host)
  const answer = await deskFor(library, queue).request(`http://${host}${path}`, {
    ...init,
    headers,
  })
  if (answer.ok) return answer
  throw new Error(readRefusal(await answer.text()).code)
})

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  queue = await openJobQueue(library, { tends: false })
  const blob = await library.blobs.putStream(bytesOf('a letter'), roomy)
  item = blob.sha256
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'quay', title: 'The crane at the quay' })
    const file = { blob, kind: 'document', mediaType: 'text/plain', name: 'x.txt' } as const
    await receiveItem(tx, { incident: 'quay', ...file })
  })
})
after(async () => {
  await queue.close()
  await library.close()
})

test('paths, queries and bodies go where the interface wants them', async () => {
  const path = { incident: 'quay' }
  const { items } = await desk.ask('GET /incidents/{incident}/items', {
    path,
    query: { limit: 1, after: undefined },
  })
  assert.equal(sent.at(-1), '/api/incidents/quay/items?limit=1')
  assert.deepEqual(
    items.map(({ sha256, names }) => [sha256, names]),
    [[item, ['x.txt']]],
  )
  const one = await desk.ask('GET /incidents/{incident}/items/{item}', { path: { ...path, item } })
  assert.deepEqual(one, items[0])
  const { id, ...link } = await desk.ask('POST /incidents/{incident}/links', {
    path,
    body: { note: 'ä', days: 1 },
  })
  assert.equal(link.note, 'ä')
  assert.equal(
    await desk.ask('DELETE /incidents/{incident}/links/{link}', { path: { ...path, link: id } }),
    undefined,
  )
})

test('a status that tells something is told; what holds a place in a path stays in it', async () => {
  const wish = { path: { incident: 'quay', item } }
  const examine = () => desk.askWithStatus('POST /incidents/{incident}/items/{item}/examine', wish)
  assert.deepEqual([(await examine()).status, (await examine()).status], [202, 200])
  await assert.rejects(
    desk.ask('GET /tips/{tip}', { path: { tip: '../incidents?x=/#y' } }),
    /not-found/,
  )
  assert.equal(sent.at(-1), '/api/tips/..%2Fincidents%3Fx%3D%2F%23y')
})

test('a record is edited from the version that was read', async () => {
  const path = { incident: 'quay' }
  const body = { id: 'anna', name: 'Anna', kind: 'witness' } as const
  await desk.ask('POST /incidents/{incident}/sources', { path, body })
  const edit = (version: string) =>
    desk.ask('PUT /incidents/{incident}/sources/{id}', {
      path: { ...path, id: 'anna' },
      headers: { 'if-match': version },
      body: { ...body, name: 'Anna L.' },
    })
  await assert.rejects(edit('"7"'), /version-conflict/)
  await edit('"1"')
})

test('what the interface does not say does not compile', async () => {
  // @ts-expect-error: no such route
  await assert.rejects(desk.ask('GET /nothing'))
  // @ts-expect-error: no such member
  const { titel } = await desk.ask('GET /incidents/{incident}', { path: { incident: 'quay' } })
  assert.equal(titel, undefined)
  // @ts-expect-error: no such state
  await assert.rejects(desk.ask('GET /jobs', { query: { state: 'ready' } }))
})

test('text comes as text; what is no problem says nothing', async () => {
  await assert.rejects(desk.ask('GET /custody/checkpoint'), /not-found/)
  for (const text of ['', '<html>', 'null', '{"detail":1,"code":[]}']) {
    assert.deepEqual(readRefusal(text), { code: undefined, message: undefined })
  }
  assert.equal(readRefusal('{"message":"Wrong code","code":"INVALID"}').message, 'Wrong code')
})
