import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventsOf } from '../client/event-stream.ts'
import { deskFor } from '../../test/support/desk-client.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import type { FsckReport } from '../store/fsck-report.ts'
import { openIncident } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { deskApp } from './app.ts'

let library: Library
let app: ReturnType<typeof deskFor>
const host = 'localhost:4600'

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  app = deskFor(library)
  await library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'On the quay' }))
})
after(() => library.close())

const begin = async () =>
  app.request(`http://${host}/api/fsck`, { method: 'POST', headers: { host } })

async function eventsIn(answer: Response) {
  assert.equal(answer.status, 200)
  const events = []
  for await (const event of eventsOf(answer.body as ReadableStream<Uint8Array>)) events.push(event)
  return events
}

const receive = async (text: string): Promise<void> => {
  const blob = await library.blobs.putStream(bytesOf(text), roomy)
  const file = { blob, kind: 'document', mediaType: 'text/plain', name: 'x.txt' } as const
  await library.transact(agent, (tx) => receiveItem(tx, { incident: 'quay', ...file }))
}

test('a library in which others write meanwhile is not called damaged', async () => {
  const over = new AbortController()
  const writing = (async () => {
    for (let count = 0; !over.signal.aborted; count++) await receive(`letter ${count}`)
  })()
  const { name, data } = (await eventsIn(await begin())).at(-1) ?? {}
  assert.equal(name, 'report')
  const { findings, counted } = JSON.parse(data ?? '') as FsckReport
  assert.deepEqual(findings, [])
  assert.equal(counted.incidents, 1)
  over.abort()
  await writing
})

test('one check at a time; that nobody listens to ends', async () => {
  const first = await begin()
  const second = await begin()
  assert.equal(second.status, 429)
  assert.match(await second.text(), /"code":"too-many-requests"/)
  await first.body?.cancel()
  for (;;) {
    const next = await begin()
    if (next.status === 429) {
      await sleep(50)
      continue
    }
    assert.equal((await eventsIn(next)).at(-1)?.name, 'report')
    return
  }
})

test('a check ends when the desk is told to stop, and says so', async () => {
  const stopping = new AbortController()
  const lines: string[] = []
  const stops = deskApp(library, new Set([host]), {
    stopping: stopping.signal,
    log: (event) => void lines.push(event),
  })
  const answer = await stops.request(`http://${host}/api/fsck`, {
    method: 'POST',
    headers: { host },
  })
  stopping.abort()
  const { name, data } = (await eventsIn(answer)).at(-1) ?? {}
  assert.deepEqual(
    [name, (JSON.parse(data ?? '') as { code: string }).code],
    ['problem', 'desk-stopping'],
  )
  assert.ok(!lines.includes('request-failed'), 'to be told to stop is no error')
  const { name: last } = (await eventsIn(await begin())).at(-1) ?? {}
  assert.equal(last, 'report')
})
