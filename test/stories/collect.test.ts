import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { parseCanonicalJson } from '../../src/custody/canonical-json.ts'
import { parseRecord } from '../../src/custody/record.ts'
import { fetchFile } from '../../src/egress/fetch-file.ts'
import type { fetchInProcess } from '../../src/egress/fetch-in-process.ts'
import { lab } from '../../src/egress/fixture.ts'
import { collectFile } from '../../src/ingest/collect.ts'
import { logSize, readEntries } from '../../src/store/custody-log.ts'
import { agent, emptyLibraryFolder, fixedEffects, withLibrary } from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { readSightings } from '../../src/store/items.ts'
import type { Library } from '../../src/store/library.ts'
import { scratchFolder, sightline } from '../support/command-line.ts'

/** The egress process's part played in this one, in a network of the test. */
async function labFetch(answer: RequestListener): Promise<typeof fetchInProcess> {
  const { network } = await lab(answer)
  return ({ address, ...limits }) => {
    const body = new PassThrough()
    const report = fetchFile(address, limits, network, async (chunk) => {
      body.write(chunk)
    })
    report.then(
      () => body.end(),
      (error: Error) => body.destroy(error),
    )
    return { body, report, stop: () => body.destroy() }
  }
}

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
