import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { startFaultyProxy } from '../../test/support/faulty-proxy.ts'
import { addressAt, quick, startObjectStore } from '../../test/support/object-store.ts'
import type { ObjectServer } from '../../test/support/object-store.ts'
import { createDatabase, startPostgres } from '../../test/support/postgres.ts'
import type { PostgresServer } from '../../test/support/postgres.ts'
import { blobName } from './blobs.ts'
import { signedCheckpoint } from './checkpoints.ts'
import { logSize, readEntries } from './custody-log.ts'
import { agent, all, bytesOf, fixedEffects, roomy, spoilBlob, temporaryFolder } from './fixture.ts'
import { checkLibrary } from './fsck.ts'
import { openIncident, readIncidents } from './incidents.ts'
import { receiveItem } from './items.ts'
import { changeManifest, readManifest } from './library-manifest.ts'
import { openLibrary } from './library.ts'
import type { Library, OpenOptions } from './library.ts'
import { moveLibrary } from './move-library.ts'
import type { MoveWish } from './move-library.ts'
import type { ObjectAddress } from './object-address.ts'
import { openObjectStore } from './object-store.ts'

let postgres: PostgresServer
let objects: ObjectServer
let full: string
before(async () => {
  ;[postgres, objects] = await Promise.all([startPostgres(), startObjectStore()])
  full = join(await temporaryFolder(), 'full')
  await use(full, {}, fill)
})
after(async () => {
  await postgres.remove()
  await objects.remove()
})

let made = 0
const newDatabase = () => createDatabase(postgres.url, `blobs_${++made}`)
const newPlace = () => objects.address(`place-${++made}`)

async function copyOfFull(): Promise<string> {
  const folder = join(await temporaryFolder(), 'library')
  await cp(full, folder, { recursive: true })
  return folder
}

type Where = Pick<OpenOptions, 'databaseUrl' | 'objects'>

const options = (where: Where): OpenOptions => ({
  command: 'sightline test',
  effects: { ...fixedEffects(), randomBytes, now: () => new Date() },
  ...where,
})

const move = (folder: string, wish: MoveWish, from: Where = {}) =>
  moveLibrary(folder, wish, options(from), () => undefined)

async function use<T>(
  folder: string,
  where: Where,
  work: (library: Library) => Promise<T>,
): Promise<T> {
  const library = await openLibrary(folder, options(where))
  try {
    return await work(library)
  } finally {
    await library.close()
  }
}

async function receive(library: Library, id: string, text: string): Promise<void> {
  const blob = await library.blobs.putStream(bytesOf(text), roomy)
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id, title: id })
    await receiveItem(tx, { incident: id, blob, kind: 'other', mediaType: 'text/plain', name: id })
  })
}

const items = 16

async function fill(library: Library): Promise<void> {
  for (let index = 0; index < items; index++) {
    await receive(library, `incident-${index}`, `item ${index} `.repeat(1 + index * 40))
  }
  await library.transactWithoutEntry(agent, (tx) => signedCheckpoint(tx, library.signer))
}

/** All that a caller can read, files included. */
const contents = (library: Library) =>
  library.read(async (reader) => {
    const entries = await readEntries(reader, { from: 0, to: await logSize(reader) })
    const found = await reader.sql.selectFrom('item').select('sha256').orderBy('sha256').execute()
    const files: string[] = []
    for (const { sha256 } of found) {
      files.push(Buffer.concat(await all(library.blobs.read(sha256))).toString())
    }
    return { incidents: await readIncidents(reader), entries, files }
  })

const namesAt = async (address: ObjectAddress): Promise<readonly string[]> => {
  const store = openObjectStore(address, quick)
  const names = (await all(store.list())).map(({ name }) => name)
  store.close()
  return names
}

const clean = async (library: Library): Promise<void> => {
  const { findings, notes } = await checkLibrary(library)
  assert.deepEqual([findings, notes], [[], []])
}

test('there and back, every file is as it was, and the old place is empty', async () => {
  const folder = await copyOfFull()
  const original = await use(folder, {}, contents)
  const [first, second] = [newPlace(), newPlace()]
  const moved = await move(folder, { blobs: first })
  assert.ok(moved.kind === 'moved')
  assert.deepEqual([moved.blobs, moved.left, moved.tables], [items, false, undefined])
  assert.equal(existsSync(join(folder, 'blobs')), false)
  await use(folder, { objects: first }, async (library) => {
    assert.deepEqual(await contents(library), original)
    await clean(library)
    await receive(library, 'later', 'brought later')
  })
  assert.equal((await namesAt(first)).length, items + 2)
  assert.equal((await move(folder, { blobs: second }, { objects: first })).kind, 'moved')
  assert.deepEqual(await namesAt(first), [])
  assert.equal((await move(folder, { blobs: 'folder' }, { objects: second })).kind, 'moved')
  assert.deepEqual(await namesAt(second), [])
  await use(folder, {}, async (library) => {
    const back = await contents(library)
    assert.deepEqual(back.entries.slice(0, original.entries.length), original.entries)
    assert.equal(back.files.length, items + 1)
    await clean(library)
  })
})

test('tables and files go together, and stay where they are if they are there already', async () => {
  const folder = await copyOfFull()
  const original = await use(folder, {}, contents)
  const there = { databaseUrl: await newDatabase(), objects: newPlace() }
  const wish = { to: there.databaseUrl, blobs: there.objects }
  // Said twice, where they are to go.
  const moved = await move(folder, wish, there)
  assert.ok(moved.kind === 'moved')
  assert.deepEqual([moved.blobs, moved.left], [items, false])
  assert.ok((moved.tables ?? 0) >= 15)
  await use(folder, there, async (library) => {
    assert.deepEqual(await contents(library), original)
    await clean(library)
  })
  for (const again of [wish, { to: wish.to }, { blobs: wish.blobs }]) {
    assert.deepEqual(await move(folder, again, there), { kind: 'there-already', left: false })
  }
  const back = await move(folder, { to: 'embedded', blobs: 'folder' }, there)
  assert.equal(back.kind, 'moved')
  assert.deepEqual(await use(folder, {}, contents), original)
  for (const again of [{ to: 'embedded' }, { blobs: 'folder' }] as const) {
    assert.deepEqual(await move(folder, again), { kind: 'there-already', left: false })
  }
})

test('a library says where its files are to whoever looks elsewhere', async () => {
  const folder = await copyOfFull()
  const place = newPlace()
  const reach = (where: Where) => use(folder, where, contents)
  await assert.rejects(reach({ objects: place }), {
    code: 'library-mismatch',
    message: /keeps its files in its own folder.*move --blobs/,
  })
  assert.deepEqual(await namesAt(place), [])
  await move(folder, { blobs: place })
  await assert.rejects(reach({}), { code: 'library-mismatch', message: /SIGHTLINE_BLOBS=s3/ })
  await assert.rejects(reach({ objects: newPlace() }), {
    code: 'library-mismatch',
    message: /not in s3:.*means another place/,
  })
  const other = await copyOfFull()
  const others = newPlace()
  await move(other, { blobs: others })
  await assert.rejects(reach({ objects: others }), { code: 'library-mismatch' })
  const stranger = join(await temporaryFolder(), 'stranger')
  await assert.rejects(use(stranger, { objects: place }, contents), {
    code: 'library-mismatch',
    message: /another library/,
  })
  // A first start that came to nothing decides nothing.
  await use(stranger, {}, async (library) => receive(library, 'one', 'one'))
  await reach({ objects: place })
})

test('a place that is not empty, or cannot be reached, leaves all as it was', async () => {
  const folder = await copyOfFull()
  const place = newPlace()
  const store = openObjectStore(place, quick)
  await store.putBytes('invoices.pdf', Buffer.from('mine'))
  store.close()
  const taken = newPlace()
  await move(await copyOfFull(), { blobs: taken })
  const refusals = [
    [place, 'blobs-unsuitable'],
    [taken, 'library-mismatch'],
    [{ ...place, bucket: 'sightline-none' }, 'bucket-missing'],
    [{ ...place, secretAccessKey: 'wrong' }, 'blobs-refused'],
    [{ ...place, endpoint: 'http://127.0.0.1:1' }, 'blobs-unavailable'],
  ] as const
  for (const [blobs, code] of refusals) {
    await assert.rejects(move(folder, { blobs }), { code })
  }
  assert.deepEqual(await namesAt(place), ['invoices.pdf'])
  // The place where they are, under another name, is no other place.
  const here = newPlace()
  await move(folder, { blobs: here })
  const alias = { ...here, endpoint: here.endpoint?.replace('127.0.0.1', 'localhost') ?? '' }
  await assert.rejects(move(folder, { blobs: alias }, { objects: here }), {
    code: 'library-mismatch',
  })
  await use(folder, { objects: here }, clean)
})

test('a damaged library is not moved', async () => {
  const folder = await copyOfFull()
  const place = newPlace()
  await use(folder, {}, async (library) => {
    const { sha256 } = await library.blobs.putBytes(Buffer.from('item 0 '))
    await spoilBlob(library, blobName(sha256), 'item 1 ')
  })
  const result = await move(folder, { blobs: place })
  assert.ok(result.kind === 'damaged')
  assert.equal(result.findings[0]?.code, 'blob-damaged')
  assert.deepEqual(await namesAt(place), [])
})

test('a store that fails on the way is told, and the same again goes on with what is there', async () => {
  const folder = await copyOfFull()
  const original = await use(folder, {}, contents)
  const proxy = await startFaultyProxy(objects.endpoint)
  const place = addressAt(proxy.endpoint, `place-${++made}`)
  let puts = 0
  proxy.fault = ({ method }) => (method === 'PUT' && ++puts > 10 ? 'spoilt request' : undefined)
  await assert.rejects(move(folder, { blobs: place }), { code: 'blobs-unavailable' })
  assert.deepEqual(await use(folder, {}, contents), original)
  const arrived = (await namesAt(place)).length
  assert.ok(arrived > 2)
  const seen = proxy.seen.length
  proxy.fault = () => undefined
  assert.equal((await move(folder, { blobs: place })).kind, 'moved')
  const sent = proxy.seen.slice(seen).filter((request) => request.startsWith('PUT'))
  assert.equal(sent.length, items + 1 - arrived)
  await use(folder, { objects: place }, async (library) => {
    assert.deepEqual(await contents(library), original)
    await clean(library)
  })
  await proxy.close()
})

test('a copy of the folder on another machine loses nothing, and is told where it stands', async () => {
  const folder = await copyOfFull()
  const databaseUrl = await newDatabase()
  const [first, second] = [newPlace(), newPlace()]
  await move(folder, { to: databaseUrl, blobs: first })
  const there = { databaseUrl, objects: first }
  const copy = join(await temporaryFolder(), 'library')
  await cp(folder, copy, { recursive: true })
  const kept: string[] = []
  await use(copy, there, async (other) => {
    const stop = new AbortController()
    const bringing = (async () => {
      for (let index = 0; !stop.signal.aborted; index++) {
        try {
          await receive(other, `other-${index}`, `brought elsewhere ${index}`)
          kept.push(`other-${index}`)
        } catch (error) {
          assert.equal((error as { code: string }).code, 'library-mismatch')
          return
        }
      }
    })()
    assert.equal((await move(folder, { blobs: second }, there)).kind, 'moved')
    await new Promise((resolve) => setTimeout(resolve, 500))
    stop.abort()
    await bringing
    await assert.rejects(receive(other, 'late', 'late'), { code: 'library-mismatch' })
  })
  await assert.rejects(use(copy, there, contents), { code: 'library-mismatch' })
  await use(folder, { databaseUrl, objects: second }, async (library) => {
    const { incidents, files } = await contents(library)
    const brought = incidents.map(({ id }) => id).filter((id) => id.startsWith('other-'))
    assert.ok(kept.length > 0)
    assert.deepEqual(brought.toSorted(), kept.toSorted())
    assert.equal(files.length, items + kept.length)
    assert.deepEqual((await checkLibrary(library)).findings, [])
  })
})

test('ended between the database and library.json, the files are where the database says', async () => {
  const original = await use(full, {}, contents)
  for (const committed of [false, true]) {
    const folder = await copyOfFull()
    const databaseUrl = await newDatabase()
    const place = newPlace()
    await move(folder, { to: databaseUrl })
    const { databaseId: oldId } = await readManifest(folder)
    // All arrives; then the last two steps as far as they came.
    const before = await readFile(join(folder, 'library.json'), 'utf8')
    const kept = join(await temporaryFolder(), 'blobs')
    await cp(join(folder, 'blobs'), kept, { recursive: true })
    await move(folder, { blobs: place }, { databaseUrl })
    const { next: _, ...after } = await readManifest(folder)
    await writeFile(join(folder, 'library.json'), before)
    await changeManifest(folder, { next: after })
    await cp(kept, join(folder, 'blobs'), { recursive: true })
    if (!committed) {
      await postgres.query(databaseUrl, `update log_key set database_id = '${oldId}'`)
    }
    const now = committed ? { databaseUrl, objects: place } : { databaseUrl }
    const wrong = committed ? { databaseUrl } : { databaseUrl, objects: place }
    await assert.rejects(use(folder, wrong, contents), { code: 'library-mismatch' })
    await use(folder, now, async (library) => {
      assert.deepEqual(await contents(library), original)
      await clean(library)
    })
    assert.equal((await readManifest(folder)).next, undefined)
    if (!committed) continue
    // What was left in the folder goes by the same command.
    assert.deepEqual(await move(folder, { blobs: place }, now), {
      kind: 'there-already',
      left: false,
    })
    assert.equal(existsSync(join(folder, 'blobs')), false)
  }
})

test('killed at any moment, every file is where it was or where it was to go', async (t) => {
  const original = await use(full, {}, contents)
  const program = `
    import { moveLibrary } from ${JSON.stringify(import.meta.resolve('./move-library.ts'))}
    import { fixedEffects } from ${JSON.stringify(import.meta.resolve('./fixture.ts'))}
    const { folder, wish, where } = JSON.parse(process.argv[1])
    const options = { command: 'sightline move', effects: fixedEffects(), ...where }
    await moveLibrary(folder, wish, options, ({ step, done }) => {
      process.stdout.write(step + ' ' + done + '\\n')
    })`
  const found = { here: 0, there: 0 }
  for (const [index, moment] of ['step', 100, 300, 900].entries()) {
    const folder = await copyOfFull()
    const place = newPlace()
    const back = index % 2 === 1
    if (back) await move(folder, { blobs: place })
    const [wish, where]: [MoveWish, Where] = back
      ? [{ blobs: 'folder' }, { objects: place }]
      : [{ blobs: place }, {}]
    const args = ['--input-type=module', '-e', program, JSON.stringify({ folder, wish, where })]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    child.stdout.on('data', (said: Buffer) => {
      if (!said.includes('Moving')) return
      if (typeof moment === 'number') setTimeout(() => child.kill('SIGKILL'), moment)
      else child.kill('SIGKILL')
    })
    await exited
    const inObjects = (await readManifest(folder)).blobs === 'objects'
    found[inObjects === back ? 'here' : 'there']++
    const now = inObjects ? { objects: place } : {}
    await use(folder, now, async (library) => {
      assert.deepEqual(await contents(library), original)
      await clean(library)
    })
    // The same command again goes on, or removes what is left at the old place.
    const again = await move(folder, wish, { ...now, ...where })
    assert.notEqual(again.kind, 'damaged')
    await use(folder, back ? {} : { objects: place }, async (library) => {
      assert.deepEqual(await contents(library), original)
      await clean(library)
    })
    if (back) assert.deepEqual(await namesAt(place), [])
    else assert.equal(existsSync(join(folder, 'blobs')), false)
  }
  t.diagnostic(JSON.stringify(found))
})

test('strays stay where they are', async () => {
  const folder = await copyOfFull()
  await mkdir(join(folder, 'blobs', 'notes'))
  await writeFile(join(folder, 'blobs', 'notes', 'todo.txt'), 'mine')
  const place = newPlace()
  assert.equal((await move(folder, { blobs: place })).kind, 'moved')
  assert.deepEqual(await readdir(join(folder, 'blobs')), ['notes'])
  assert.equal((await namesAt(place)).length, items + 1)
})
