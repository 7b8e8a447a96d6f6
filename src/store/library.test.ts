import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import {
  chmod,
  chown,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'

import { inObjects } from '../../test/support/object-store.ts'
import { onServer } from '../../test/support/postgres.ts'
import { checkLibrary } from './fsck.ts'
import { agent, bytesOf, emptyLibraryFolder, roomy } from './fixture.ts'
import { openTestLibrary, temporaryFolder, withLibrary } from './fixture.ts'
import { openIncident, readIncidents } from './incidents.ts'

const embedded = { skip: onServer && 'of the embedded database' }
const elsewhere = new Set([...(onServer ? ['database'] : []), ...(inObjects ? ['blobs'] : [])])

test('an absent folder becomes an empty library that others cannot read', async () => {
  const folder = join(await temporaryFolder(), 'new', 'library')
  await withLibrary(folder, async (library) => {
    assert.deepEqual(await library.read((reader) => readIncidents(reader)), [])
    assert.deepEqual((await checkLibrary(library)).findings, [])
  })
  const parts = ['blobs', 'database', 'keys', 'library.json', 'lock', 'scratch']
  assert.deepEqual(
    await readdir(folder),
    parts.filter((part) => !elsewhere.has(part)),
  )
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.equal((await stat(join(folder, 'keys', 'log-signer'))).mode & 0o777, 0o600)
})

test('a library that others of this machine could reach is closed to them, or not opened', async () => {
  const folder = await emptyLibraryFolder()
  await chmod(folder, 0o755)
  await withLibrary(folder, async () => {
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
  })
  const nobodysId = 65_534
  // Only root can give a folder away.
  if (process.getuid?.() !== 0) return
  await chmod(folder, 0o710)
  await chown(folder, nobodysId, nobodysId)
  await assert.rejects(openTestLibrary(folder), { code: 'library-damaged', message: /chmod 700/ })
  await chmod(folder, 0o700)
  await withLibrary(folder, async () => {})
})

test('what was written is there after closing and opening', async () => {
  const folder = await emptyLibraryFolder()
  const first = await withLibrary(folder, async (library) => {
    await library.transact(agent, (tx) => openIncident(tx, { id: 'pier', title: 'Pier' }))
    return {
      key: library.signer.publicKey,
      blob: await library.blobs.putStream(bytesOf('x'), roomy),
    }
  })
  await withLibrary(folder, async (library) => {
    const [incident] = await library.read((reader) => readIncidents(reader))
    assert.equal(incident?.title, 'Pier')
    assert.deepEqual(library.signer.publicKey, first.key)
    assert.equal((await library.blobs.verify(first.blob.sha256)).kind, 'intact')
  })
})

test('a second opener is refused while the first has the library', embedded, async () => {
  const folder = await emptyLibraryFolder()
  await withLibrary(folder, async () => {
    await assert.rejects(openTestLibrary(folder), {
      code: 'library-in-use',
      message: /in use by `sightline test` \(pid \d+, since 2031-/,
    })
  })
  await withLibrary(folder, async () => {})
})

test('a folder with other things in it is refused and left as it was', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'thesis.txt'), 'mine')
  await assert.rejects(openTestLibrary(folder), { code: 'not-a-library' })
  await assert.rejects(openTestLibrary(join(folder, 'thesis.txt')), { code: 'not-a-library' })
  assert.deepEqual(await readdir(folder), ['thesis.txt'])
})

test('a command that only looks makes no library', async () => {
  const folder = join(await temporaryFolder(), 'mistyped')
  await assert.rejects(openTestLibrary(folder, { mustExist: true }), { code: 'no-library' })
  assert.equal(existsSync(folder), false)
})

test('a library of a newer format is not touched', async () => {
  const folder = await emptyLibraryFolder()
  const manifest = join(folder, 'library.json')
  await writeFile(
    manifest,
    (await readFile(manifest, 'utf8')).replace('"version":1', '"version":2'),
  )
  await assert.rejects(openTestLibrary(folder), { code: 'library-too-new' })
})

test('a library with a newer migration is not touched', async () => {
  const folder = await emptyLibraryFolder()
  await withLibrary(folder, ({ database }) =>
    database.kysely
      .insertInto('kysely_migration' as 'incident_item')
      .values({ name: '9999-later', timestamp: '' } as never)
      .execute(),
  )
  await assert.rejects(openTestLibrary(folder), {
    code: 'library-too-new',
    message: /9999-later/,
  })
})

test('a lost or changed part is named instead of made anew', async () => {
  const folder = await emptyLibraryFolder()
  for (const part of ['database', 'blobs', 'keys'].filter((one) => !elsewhere.has(one))) {
    await rename(join(folder, part), join(folder, 'elsewhere'))
    await assert.rejects(openTestLibrary(folder), {
      code: 'library-damaged',
      message: new RegExp(part),
    })
    await rm(join(folder, part), { recursive: true, force: true })
    await rename(join(folder, 'elsewhere'), join(folder, part))
  }
  const changes = [
    ['library.json', 3, 'library-damaged'],
    ['keys/log-signer', 0, 'library-damaged'],
    ['keys/log.vkey', 50, 'library-damaged'],
    ...(onServer ? [] : [['database/global/pg_control', 9, 'database-damaged'] as const]),
  ] as const
  for (const [file, at, code] of changes) {
    const path = join(folder, file)
    const bytes = await readFile(path)
    const changed = Buffer.from(bytes)
    changed[at] = changed[at] === 0x31 ? 0x32 : 0x31
    await writeFile(path, changed)
    await assert.rejects(openTestLibrary(folder), { code }, file)
    await writeFile(path, bytes)
  }
  await withLibrary(folder, async () => {})
})

test(
  'what a crash left in scratch, a half-made database and an empty pid file are swept',
  embedded,
  async () => {
    const folder = await emptyLibraryFolder()
    await mkdir(join(folder, 'scratch', 'work-1'))
    await writeFile(join(folder, 'scratch', 'work-1', 'half.mp4'), 'half', { mode: 0o444 })
    await mkdir(join(folder, 'database.new', 'base'), { recursive: true })
    await writeFile(join(folder, 'database', 'postmaster.pid'), '')
    await withLibrary(folder, async () => {
      assert.deepEqual(await readdir(join(folder, 'scratch')), [])
      assert.equal(existsSync(join(folder, 'database.new')), false)
    })
  },
)

test('making a library survives kill -9 at any moment', embedded, async () => {
  const folder = join(await temporaryFolder(), 'library')
  const program = join(import.meta.dirname, '../../test/long/store-writer.ts')
  for (const afterMilliseconds of [250, 900, 1800]) {
    const child = spawn(process.execPath, [program, folder], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await sleep(afterMilliseconds)
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await withLibrary(folder, async (library) => {
    assert.deepEqual((await checkLibrary(library)).findings, [])
  })
  assert.equal(existsSync(join(folder, 'creating')), false)
})

test('the signing key appears in nothing that could be printed', async () => {
  const folder = await emptyLibraryFolder()
  const seed = (await readFile(join(folder, 'keys', 'log-signer'), 'utf8')).trim()
  await withLibrary(folder, async (library) => {
    const shown = inspect(library, { depth: 8, showHidden: true }) + JSON.stringify(library.signer)
    for (const form of [seed, Buffer.from(seed, 'hex').toString('base64')]) {
      assert.equal(shown.includes(form), false)
    }
  })
  await writeFile(join(folder, 'keys', 'log.vkey'), 'x')
  await assert.rejects(openTestLibrary(folder), (error) => !inspect(error).includes(seed))
})
