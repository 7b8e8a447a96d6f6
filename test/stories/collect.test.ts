import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { serve } from '@hono/node-server'
import { parseCanonicalJson } from '../../src/custody/canonical-json.ts'
import { parseRecord } from '../../src/custody/record.ts'
import { labFetch } from '../../src/egress/fixture.ts'
import { collectFile } from '../../src/ingest/collect.ts'
import { openJobQueue } from '../../src/queue/job-queue.ts'
import { collecting, works } from '../../src/queue/work.ts'
import { startWorker } from '../../src/queue/worker.ts'
import { deskApp } from '../../src/server/app.ts'
import { logSize, readEntries } from '../../src/store/custody-log.ts'
import {
  agent,
  emptyLibraryFolder,
  fixedEffects,
  openTestLibrary,
  withLibrary,
} from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import type { Library } from '../../src/store/library.ts'
import { readIncidentBytes } from '../../src/store/uploads.ts'
import { removeWithdrawnFiles } from '../../src/store/withdrawn-files.ts'
import { readSightings } from '../../src/store/items.ts'
import { scratchFolder, sightline } from '../support/command-line.ts'
import { clockedEffects } from '../support/desk-people.ts'

const all = (library: Library) =>
  library.read(async (reader) => {
    const entries = await readEntries(reader, { from: 0, to: await logSize(reader) })
    return {
      types: entries.map(({ record }) => parseRecord(record).type),
      sightings: await readSightings(reader, 'quay'),
      collections: await reader.sql.selectFrom('collection').selectAll().execute(),
    }
  })

async function blobsIn(library: Library): Promise<number> {
  let count = 0
  for await (const _ of library.blobs.list()) count++
  return count
}

test('what was fetched is an item as it came, with a record of where, when and how', async () => {
  const fetch = await labFetch((request, response) => {
    if (request.url === '/p') return response.writeHead(301, { location: '/a%2F..%20b.txt' }).end()
    return response.writeHead(200, { 'content-type': 'text/html; charset=x' }).end('As it came.')
  })
  await withLibrary(await emptyLibraryFolder(), async (library) => {
    const wish = { incident: 'quay', address: 'https://news.example/p#top' }
    const effects = fixedEffects()
    const first = await collectFile(library, agent, wish, { fetch, effects })
    assert.equal(first.name, 'a/.. b.txt')
    assert.equal(first.item.mediaType, 'text/plain')
    const record: Buffer[] = []
    for await (const chunk of library.blobs.read(first.collectionSha256)) {
      record.push(Buffer.from(chunk))
    }
    const said = parseCanonicalJson(Buffer.concat(record).toString()) as Record<string, unknown>
    const { certificateSha256, headers, ...rest } = said
    assert.match(String(certificateSha256), /^[0-9A-F:]{95}$/)
    assert.deepEqual((headers as unknown[])[0], ['content-type', 'text/html; charset=x'])
    assert.deepEqual(rest, {
      format: 'sightline-collection/1',
      method: 'https-get',
      tool: agent.tool,
      asked: 'https://news.example/p#top',
      address: 'https://news.example/a%2F..%20b.txt',
      hops: [{ address: 'https://news.example/p', status: 301, location: '/a%2F..%20b.txt' }],
      peerAddress: '127.0.0.1',
      tlsProtocol: 'TLSv1.3',
      status: 200,
      item: first.item.sha256,
      sizeBytes: 11,
      startedAt: '2031-05-04T17:00:00.000Z',
      endedAt: '2031-05-04T17:00:01.000Z',
    })
    const again = await collectFile(library, agent, wish, { fetch, effects })
    assert.deepEqual([again.seenBefore, again.item], [true, first.item])
    const { types, sightings, collections } = await all(library)
    const [arrival, second] = ['item-received item-named item-collected', 'item-seen-again']
    assert.equal(types.join(' '), `incident-opened ${arrival} ${second} item-named item-collected`)
    assert.deepEqual([sightings.length, collections.length], [2, 2])
    const { findings, notes, counted } = await checkLibrary(library)
    assert.deepEqual([findings, notes, counted.collections], [[], [], 2])
    await library.database.kysely.deleteFrom('collection').where('id', '=', 1).execute()
    const damaged = await checkLibrary(library)
    assert.deepEqual(
      damaged.findings.map(({ code }) => code),
      ['recorded-act-missing'],
    )
  })
})

test('what did not come whole is not kept, and the log says nothing', async () => {
  const fetch = await labFetch((_, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('half', () => setTimeout(() => response.destroy(), 20))
  })
  await withLibrary(await emptyLibraryFolder(), async (library) => {
    const wish = { incident: 'quay', address: 'https://news.example/half' }
    await assert.rejects(collectFile(library, agent, wish, { fetch, effects: fixedEffects() }), {
      code: 'incomplete',
    })
    assert.deepEqual(await all(library), { types: [], sightings: [], collections: [] })
    assert.equal(await blobsIn(library), 0)
  })
})

test('no more than the incident may still take in is fetched, and nothing once it is full', async () => {
  const asked: string[] = []
  const fetch = await labFetch((request, response) => {
    asked.push(request.url ?? '')
    return response.end('x'.repeat(40))
  })
  await withLibrary(await emptyLibraryFolder(), async (library) => {
    const collect = (path: string, incidentBytes: number) =>
      collectFile(
        library,
        agent,
        { incident: 'quay', address: `https://news.example/${path}` },
        { fetch, effects: fixedEffects(), incidentBytes },
      )
    await assert.rejects(collect('larger', 39), { code: 'incident-full' })
    assert.deepEqual((await all(library)).types, [])
    await collect('fits', 40)
    await assert.rejects(collect('more', 40), { code: 'incident-full' })
    assert.deepEqual(asked, ['/larger', '/fits'])
    assert.equal((await all(library)).collections.length, 1)
  })
})

test('of two that fit one by one the later is not kept', async () => {
  const bothAsked = Promise.withResolvers<undefined>()
  let asked = 0
  const fetch = await labFetch(async (request, response) => {
    if (++asked === 2) bothAsked.resolve(undefined)
    await bothAsked.promise
    response.end(`${request.url}`.padEnd(40))
  })
  await withLibrary(await emptyLibraryFolder(), async (library) => {
    const collected = await Promise.allSettled(
      ['one', 'two'].map((path) =>
        collectFile(
          library,
          agent,
          { incident: 'quay', address: `https://news.example/${path}` },
          { fetch, effects: fixedEffects(), incidentBytes: 60 },
        ),
      ),
    )
    const refused = collected.filter(({ status }) => status === 'rejected')
    assert.equal((refused[0] as PromiseRejectedResult).reason.code, 'incident-full')
    assert.equal(refused.length, 1)
    assert.equal((await all(library)).collections.length, 1)
    assert.deepEqual((await checkLibrary(library)).findings, [])
    // Of the other the bytes and the record are there: they count until they have left.
    const bytes = () => library.read((reader) => readIncidentBytes(reader, 'quay'))
    assert.equal(await blobsIn(library), 4)
    assert.ok((await bytes()) > 80)
    const later = new Date(Date.now() + 2 * 3_600_000)
    assert.equal(await removeWithdrawnFiles(library, agent, later), 2)
    assert.equal(await bytes(), 40)
    const { findings, notes } = await checkLibrary(library)
    assert.deepEqual([findings, notes], [[], []])
  })
})

test('what was swept before its act came is not recorded without its bytes', async () => {
  const fetch = await labFetch((_, response) => response.end('x'.repeat(40)))
  await withLibrary(await emptyLibraryFolder(), async (library) => {
    const wish = { incident: 'quay', address: 'https://news.example/slow' }
    const later = new Date(Date.now() + 2 * 3_600_000)
    const slow: Library = {
      ...library,
      transact: async (...act) => {
        assert.equal(await removeWithdrawnFiles(library, agent, later), 2)
        await removeWithdrawnFiles(library, agent, new Date(later.getTime() + 2 * 3_600_000))
        return library.transact(...act)
      },
    }
    const world = { fetch, effects: fixedEffects() }
    await assert.rejects(collectFile(slow, agent, wish, world), { code: 'blob-leaving' })
    await collectFile(library, agent, wish, world)
    const { findings, notes } = await checkLibrary(library)
    assert.deepEqual([findings, notes], [[], []])
  })
})

test('the command says what it does not fetch, and keeps nothing', async () => {
  const library = join(scratchFolder('collect'), 'library')
  for (const [address, code] of [
    ['https://127.0.0.1/', 'address-not-public'],
    ['https://169.254.169.254/latest/meta-data/', 'address-not-public'],
    ['http://news.example/', 'address-unsupported'],
    ['quay.mp4', 'address-unsupported'],
  ] as const) {
    const said = await sightline(['collect', address, '--incident', 'quay', '--library', library])
    assert.deepEqual([said.code, said.stdout], [1, ''], said.stderr)
    assert.match(said.stderr, new RegExp(`\\[${code}\\]`))
  }
  const json = ['collect', 'https://[::1]/', '--incident', 'quay', '--library', library, '--json']
  const { stdout } = await sightline(json)
  assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'address-not-public')
  const { stdout: checked } = await sightline(['fsck', '--library', library])
  assert.match(checked, /blobs 0, .* incidents 0/)
})

test('through a desk the command asks for the job, follows it and says what came', async () => {
  const folder = await emptyLibraryFolder()
  const library = await openTestLibrary(folder, { effects: clockedEffects(Date.now) })
  const queue = await openJobQueue(library, { tends: true })
  const fetch = await labFetch((request, response) => {
    if (request.url === '/p?key=1') return response.writeHead(301, { location: '/b.txt' }).end()
    return response.end('As it came.')
  })
  const worker = await startWorker(queue, { works: { ...works, collect: collecting({ fetch }) } })
  const hosts = new Set<string>()
  const operatorSecret = 'a'.repeat(64)
  const { fetch: answer } = deskApp(library, hosts, { queue, operatorSecret })
  const server = serve({ fetch: answer, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  hosts.add(`127.0.0.1:${port}`)
  const environment = {
    SIGHTLINE_SERVER: `http://127.0.0.1:${port}`,
    SIGHTLINE_TOKEN: operatorSecret,
  }
  const collect = (...more: string[]) =>
    sightline(['collect', 'https://news.example/p?key=1', '--incident', 'quay', ...more], {
      environment,
    })
  try {
    const kept = await collect()
    assert.equal(kept.code, 0, kept.stderr)
    assert.match(
      kept.stdout,
      /^received [0-9a-f]{64} b\.txt\nfrom {5}https:\/\/news\.example\/b\.txt\n$/,
    )
    const said = JSON.parse((await collect('--json')).stdout) as Record<string, unknown>
    const { collections } = await all(library)
    assert.deepEqual(said, {
      incident: 'quay',
      item: collections[1]?.item,
      name: 'b.txt',
      sizeBytes: 11,
      mediaType: 'text/plain',
      seenBefore: true,
      collectionSha256: collections[1]?.record,
      findings: [],
      address: 'https://news.example/b.txt',
    })
    assert.equal(collections.length, 2)
    assert.equal((await collect('--with', '/bin/true')).code, 2)
  } finally {
    server.close()
    await worker.stop(0)
    await queue.close()
    await library.close()
  }
})
