import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'

import { sql } from 'kysely'

import { createDatabase, startPostgres } from '../../test/support/postgres.ts'
import type { PostgresServer } from '../../test/support/postgres.ts'
import { logSize, openEntries } from './custody-log.ts'
import { agent, bytesOf, roomy, temporaryFolder } from './fixture.ts'
import { checkLibrary } from './fsck.ts'
import { openIncident, readIncidents } from './incidents.ts'
import { receiveItem } from './items.ts'
import { openLibrary } from './library.ts'
import type { Library } from './library.ts'
import { openSharedScratch } from './scratch.ts'
import { openServerDatabase } from './server-database.ts'

let server: PostgresServer
before(async () => {
  server = await startPostgres()
})
after(() => server.remove())

let databases = 0
const newDatabase = () => createDatabase(server.url, `test_${++databases}`)
const newFolder = async () => join(await temporaryFolder(), 'library')

const open = (folder: string, databaseUrl: string | undefined): Promise<Library> =>
  openLibrary(folder, {
    command: 'sightline test',
    effects: { now: () => new Date(), randomBytes },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })

async function use<T>(
  folder: string,
  databaseUrl: string,
  work: (library: Library) => Promise<T>,
): Promise<T> {
  const library = await open(folder, databaseUrl)
  try {
    return await work(library)
  } finally {
    await library.close()
  }
}

test('several programs make one library and write into it at once, in one order', async () => {
  const [folder, url] = [await newFolder(), await newDatabase()]
  const libraries = await Promise.all([open(folder, url), open(folder, url), open(folder, url)])
  const [first] = libraries
  assert.ok(first)
  await first.transact(agent, (tx) => openIncident(tx, { id: 'pier', title: 'The pier' }))
  const receive = async (library: Library, text: string) => {
    const blob = await library.blobs.putStream(bytesOf(text), roomy)
    const file = { incident: 'pier', blob, kind: 'other', mediaType: 'text/plain' } as const
    return library.transact(agent, (tx) => receiveItem(tx, { ...file, name: text }))
  }
  // Every program brings the same twenty files.
  const received = await Promise.all(
    libraries.flatMap((library) =>
      Array.from({ length: 20 }, (_, index) => receive(library, `file ${index}`)),
    ),
  )
  assert.equal(received.filter(({ seenBefore }) => !seenBefore).length, 20)
  const indexes = received.map(({ sighting }) => sighting.entryIndex).toSorted((a, b) => a - b)
  assert.deepEqual(
    indexes,
    Array.from({ length: 60 }, (_, index) => 1 + 2 * index),
  )
  const { findings, counted } = await checkLibrary(first)
  assert.deepEqual([findings, counted.items, counted.sightings], [[], 20, 60])
  for (const library of libraries) await library.close()
  assert.deepEqual(await readdir(join(folder, 'scratch')), [])
})

test('what one program remembers is not older than what another acknowledged', async () => {
  const [folder, url] = [await newFolder(), await newDatabase()]
  const libraries = [await open(folder, url), await open(folder, url)]
  const sizes = libraries.map((library) => library.remembered((reader) => logSize(reader)))
  for (let turn = 1; turn <= 6; turn++) {
    await libraries[turn % 2]?.transact(agent, (tx) =>
      openIncident(tx, { id: `pier-${turn}`, title: 'The pier' }),
    )
    for (const size of sizes) assert.equal(await size(''), turn)
  }
  for (const library of libraries) await library.close()
})

test('a folder and a database that do not belong together are told apart', async () => {
  const [folder, url] = [await newFolder(), await newDatabase()]
  await use(folder, url, async () => {})
  await assert.rejects(open(await newFolder(), url), {
    code: 'library-mismatch',
    message: /another library/,
  })
  await assert.rejects(open(folder, undefined), {
    code: 'library-mismatch',
    message: /DATABASE_URL/,
  })
  const embedded = await newFolder()
  await (await open(embedded, undefined)).close()
  await assert.rejects(open(embedded, await newDatabase()), {
    code: 'library-mismatch',
    message: /its own folder/,
  })
  const empty = await newDatabase()
  await assert.rejects(open(folder, empty), { code: 'library-mismatch', message: /is empty/ })
  assert.deepEqual(await server.query(empty, `select from pg_class where relname = 'item'`), [])
  // As a move that was interrupted leaves one.
  const half = await newDatabase()
  await (await openServerDatabase(half, 'test', true)).close()
  await assert.rejects(open(folder, half), { code: 'library-mismatch', message: /no library in/ })
  await use(folder, url, async () => {})
})

test('a first start that was refused decides nothing about where the tables are', async () => {
  const [folder, foreign] = [await newFolder(), await newDatabase()]
  await server.query(foreign, 'create table orders (id int)')
  await assert.rejects(open(folder, foreign), { code: 'database-unsuitable' })
  await (await open(folder, undefined)).close()
  await assert.rejects(open(folder, await newDatabase()), { code: 'library-mismatch' })
})

test('what the server or the address presets changes nothing', async () => {
  const url = await newDatabase()
  const name = new URL(url).pathname.slice(1)
  for (const preset of [
    `datestyle = 'SQL, DMY'`,
    `bytea_output = 'escape'`,
    `synchronous_commit = off`,
    `timezone = 'Asia/Kathmandu'`,
    `default_transaction_isolation = 'repeatable read'`,
  ]) {
    await server.query(url, `alter database ${name} set ${preset}`)
  }
  const folder = await newFolder()
  await use(folder, url, async (library) => {
    const ids = Array.from({ length: 8 }, (_, index) => `incident-${index}`)
    const second = await open(folder, url)
    const at = await Promise.all(
      ids.map((id, index) =>
        (index % 2 === 0 ? library : second).transact(agent, async (tx) => {
          await openIncident(tx, { id, title: id })
          return tx.at
        }),
      ),
    )
    await second.close()
    const incidents = await library.read((reader) => readIncidents(reader))
    assert.deepEqual(incidents.map(({ openedAt }) => openedAt).toSorted(), at.toSorted())
    assert.deepEqual((await checkLibrary(library)).findings, [])
    const { rows } = await sql<{ value: string }>`
      select current_setting('synchronous_commit') as value`.execute(library.database.kysely)
    assert.deepEqual(rows, [{ value: 'on' }])
  })
  await assert.rejects(open(folder, `${url}&options=-c%20fsync%3Doff`), {
    code: 'database-url-malformed',
  })
  await assert.rejects(open(folder, `${url}&sslmode=verify-full&sslrootcert=/nowhere`), {
    code: 'database-url-malformed',
    message: /nowhere/,
  })
})

test('acts that wait leave connections for readers', async () => {
  const [folder, url] = [await newFolder(), await newDatabase()]
  await use(folder, url, async (library) => {
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => (finish = resolve))
    const acts = Array.from({ length: 20 }, (_, index) =>
      library.transact(agent, async (tx) => {
        await openIncident(tx, { id: `incident-${index}`, title: '' })
        await held
      }),
    )
    assert.deepEqual(await library.read((reader) => readIncidents(reader)), [])
    finish()
    await Promise.all(acts)
    assert.equal(await library.read(logSize), 20)
  })
})

test('a folder that was copied to another machine opens the same library', async () => {
  const [folder, url] = [await newFolder(), await newDatabase()]
  await use(folder, url, (library) =>
    library.transact(agent, (tx) => openIncident(tx, { id: 'pier', title: 'The pier' })),
  )
  const copy = await newFolder()
  await cp(folder, copy, { recursive: true })
  await use(folder, url, () =>
    use(copy, url, async (library) => {
      const [incident] = await library.read((reader) => readIncidents(reader))
      assert.equal(incident?.title, 'The pier')
    }),
  )
})

test('a database of something else is left as it was', async () => {
  const url = await newDatabase()
  const folder = await newFolder()
  await server.query(url, 'create table orders (id int)')
  await assert.rejects(open(folder, url), {
    code: 'database-unsuitable',
    message: /tables of something else/,
  })
  assert.deepEqual(
    await server.query(url, `select relname from pg_class where relname like 'kysely%'`),
    [],
  )
  await server.query(url, 'drop table orders')
  await use(folder, url, async () => {})
})

test('a server that forgets what it acknowledged is refused', async () => {
  const url = await newDatabase()
  await server.query(url, `alter system set fsync = off`)
  await server.query(url, `select pg_reload_conf()`)
  await server.untilShows(url, 'fsync', 'off')
  await assert.rejects(open(await newFolder(), url), {
    code: 'database-unsuitable',
    message: /fsync=on/,
  })
  await server.query(url, `alter system reset fsync`)
  await server.query(url, `select pg_reload_conf()`)
  await server.untilShows(url, 'fsync', 'on')
})

test('an address that leads nowhere is named without its password', async () => {
  const folder = await newFolder()
  for (const [url, code] of [
    ['postgres://desk:s3cret@127.0.0.1:1/sightline', 'database-unavailable'],
    [server.url.replace('/postgres?', '/absent?'), 'database-unavailable'],
    ['postgres://desk:s3cret@localhost/x?host=/nowhere', 'database-unavailable'],
    ['mysql://desk:s3cret@localhost/x', 'database-url-malformed'],
    ['desk:s3cret', 'database-url-malformed'],
  ] as const) {
    await assert.rejects(open(folder, url), (error: Error & { code?: string }) => {
      assert.equal(error.code, code, url)
      assert.ok(!error.message.includes('s3cret'), error.message)
      return true
    })
  }
  await use(folder, await newDatabase(), async () => {})
})

test('what a program that was killed had begun is not there, and holds up nobody', async () => {
  const [folder, url] = [await newFolder(), await newDatabase()]
  await use(folder, url, async (library) => {
    const program = `
      import { openLibrary } from ${JSON.stringify(import.meta.resolve('./library.ts'))}
      import { agent, fixedEffects } from ${JSON.stringify(import.meta.resolve('./fixture.ts'))}
      import { openIncident } from ${JSON.stringify(import.meta.resolve('./incidents.ts'))}
      const library = await openLibrary(${JSON.stringify(folder)}, {
        command: 'sightline worker', effects: fixedEffects(), databaseUrl: ${JSON.stringify(url)},
      })
      await library.blobs.inScratch(() => library.transact(agent, async (tx) => {
        await openIncident(tx, { id: 'half', title: 'half' })
        console.log('begun')
        await new Promise((resolve) => setTimeout(resolve, 1e8))
      }))`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const waiting = library.transact(agent, (tx) => openIncident(tx, { id: 'pier', title: 'x' }))
    child.kill('SIGKILL')
    await once(child, 'exit')
    await waiting
    const incidents = await library.read((reader) => readIncidents(reader))
    assert.deepEqual(
      incidents.map(({ id }) => id),
      ['pier'],
    )
    assert.equal(await library.read(logSize), 1)
  })
})

test('a killed program’s scratch is swept at a later start, a running one’s never', async () => {
  const folder = await temporaryFolder()
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
  const running = await openSharedScratch(folder, inMinutes(0))
  await mkdir(join(folder, 'scratch', 'of-killed', 'work-1'), { recursive: true })
  const names = () => readdir(join(folder, 'scratch'))
  await (await openSharedScratch(folder, inMinutes(0))).release()
  assert.equal((await names()).length, 2, 'it may be about to be locked')
  await (await openSharedScratch(folder, inMinutes(2))).release()
  assert.deepEqual(await names(), [basename(running.folder)])
  await running.release()
  assert.deepEqual(await names(), [])
})

test('a server that stops at once loses nothing that was acknowledged, and is found again', async () => {
  const [folder, url] = [await newFolder(), await newDatabase()]
  await use(folder, url, async (library) => {
    const acknowledged: string[] = []
    let refused = 0
    const end = new AbortController()
    const writing = Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let turn = 0; !end.signal.aborted; turn++) {
          const id = `incident-${writer}-${turn}`
          try {
            await library.transact(agent, (tx) => openIncident(tx, { id, title: id }))
            acknowledged.push(id)
          } catch (error) {
            assert.equal((error as { code?: string }).code, 'database-unavailable', String(error))
            refused++
            await new Promise((resolve) => setTimeout(resolve, 50))
          }
        }
      }),
    )
    const until = async (count: number) => {
      while (acknowledged.length < count) await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await until(40)
    await server.crash()
    await server.start()
    await until(acknowledged.length + 40)
    end.abort()
    await writing
    assert.ok(refused > 0)
    const incidents = await library.read((reader) => readIncidents(reader))
    const ids = new Set(incidents.map(({ id }) => id))
    assert.deepEqual(
      acknowledged.filter((id) => !ids.has(id)),
      [],
    )
    assert.deepEqual((await checkLibrary(library)).findings, [])
    const entries = await library.read((reader) => openEntries(reader, [0]))
    assert.equal(entries.length, 1)
  })
})
