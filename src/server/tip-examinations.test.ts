import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { clockedEffects } from '../../test/support/desk-people.ts'
import { examineTip, notLookedInto } from '../ingest/examine-tip.ts'
import { probeFile } from '../ingest/examine-item.ts'
import type { TakeCore } from '../queue/cores.ts'
import type { Blob } from '../store/blobs.ts'
import { openContributorLink } from '../store/contributor-links.ts'
import { agent, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { openIncident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { addTipFile, beginTip, readTip, type Tip } from '../store/tips.ts'
import { deskApp } from './app.ts'
import { tipExaminer } from './tip-examinations.ts'
import { uploadServices } from './upload-services.ts'

const minute = 60_000
let library: Library
let now = Date.now()

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder(), {
    effects: clockedEffects(() => now),
  })
  await library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'On the quay' }))
})
after(() => library.close())

async function tipOf(files: number): Promise<Tip> {
  const blobs: Blob[] = []
  for (let index = 0; index < files; index += 1) {
    blobs.push(await library.blobs.putBytes(Buffer.from(`Leaflet ${index}.`)))
  }
  return library.transact(agent, async (tx) => {
    const wish = { note: '', mostBytes: 1e6, mostFiles: 999, expiresAt: '2099-01-01T00:00:00.000Z' }
    const { link } = await openContributorLink(tx, { incident: 'quay', ...wish })
    const { id } = await beginTip(tx, link, { account: 'Seen.', contact: '' })
    for (const blob of blobs) {
      await addTipFile(tx, id, { blob, kind: 'document', mediaType: 'text/plain', name: 'a.txt' })
    }
    const tip = await readTip(tx, { id })
    assert.ok(tip)
    return tip
  })
}

/** One core, which others have until `isFree`. */
function oneCore() {
  const core = { isFree: false, looks: 0, taken: 0, held: 0 }
  const takeCore: TakeCore = async () => {
    core.looks += 1
    if (!core.isFree || core.held > 0) return undefined
    core.taken += 1
    core.held += 1
    return { free: () => void (core.held -= 1) }
  }
  return { core, takeCore }
}

const untilAborted = (): AbortSignal => new AbortController().signal

test('who asks while a tip is looked into is told the same; each file has had a core', async () => {
  const { core, takeCore } = oneCore()
  const examine = tipExaminer(library, takeCore)
  const tip = await tipOf(2)
  const both = [examine(tip, untilAborted()), examine(tip, untilAborted())]
  core.isFree = true
  const [first, second] = await Promise.all(both)
  assert.equal(first, second)
  assert.equal(first?.length, 2)
  assert.deepEqual([core.taken, core.held], [2, 0])
  assert.equal((await examine(tip, untilAborted())).length, 2)
  assert.equal(core.taken, 4, 'later it is looked into anew')
})

test('one who goes ends it for nobody else; when all have gone, who comes then begins anew', async () => {
  const { core, takeCore } = oneCore()
  const examine = tipExaminer(library, takeCore)
  const tip = await tipOf(1)
  const [one, other] = [new AbortController(), new AbortController()]
  const first = examine(tip, one.signal)
  const second = examine(tip, other.signal)
  one.abort()
  await assert.rejects(first, { status: 503 })
  core.isFree = true
  assert.equal((await second).length, 1)

  core.isFree = false
  const third = examine(tip, AbortSignal.abort())
  const fourth = examine(tip, untilAborted())
  await assert.rejects(third, { status: 503 })
  core.isFree = true
  assert.equal((await fourth).length, 1)
})

test('a core that comes when nobody waits any more is given back', async () => {
  const asking = new AbortController()
  const { core, takeCore } = oneCore()
  core.isFree = true
  const examine = tipExaminer(library, async () => {
    asking.abort()
    await sleep(10)
    return takeCore()
  })
  await assert.rejects(examine(await tipOf(1), asking.signal), { status: 503 })
  for (let looks = 0; core.taken === 0 || core.held > 0; looks += 1) {
    assert.ok(looks < 1000, JSON.stringify(core))
    await sleep(10)
  }
})

test('after a hundred files or ten minutes it is said what was not looked into', async () => {
  const many = await tipOf(101)
  const looked = await examineTip(library, many)
  assert.equal(looked.length, 100)
  assert.deepEqual(notLookedInto(many, looked), many.files.slice(100))
  const slow = await examineTip(library, many, (...file) => {
    now += 4 * minute
    return probeFile(...file)
  })
  assert.equal(slow.length, 3)
})

test('a request that breaks off ends it', async (t) => {
  const { core, takeCore } = oneCore()
  const uploads = uploadServices(library, { takeCore })
  const hosts = { has: () => true } as unknown as ReadonlySet<string>
  const { fetch } = deskApp(library, hosts, { uploads })
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 }) as Server
  t.after(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { id } = await tipOf(1)
  for (const start of ['', '/api']) {
    const before = core.looks
    const path = `${start}/incidents/quay/tips/${id}/examination`
    const headers = {
      host: `localhost:${port}`,
      origin: `http://localhost:${port}`,
      'sec-fetch-site': 'same-origin',
    }
    const asked = request({ host: '127.0.0.1', port, method: 'POST', path, headers, agent: false })
    asked.on('error', () => undefined).end()
    for (let turn = 0; core.looks === before; turn += 1) {
      assert.ok(turn < 1000, path)
      await sleep(20)
    }
    asked.destroy()
    for (let turn = 0, last = -1; last !== core.looks; turn += 1) {
      assert.ok(turn < 20, `${path} goes on`)
      last = core.looks
      await sleep(1000)
    }
  }
})
