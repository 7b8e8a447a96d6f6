import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { checkKept, writeAndKill } from '../../test/long/store-kill.ts'
import type { Promised } from '../../test/long/store-kill.ts'
import { agent, emptyLibraryFolder, fixedEffects } from './fixture.ts'
import { temporaryFolder, withLibrary } from './fixture.ts'
import { checkLibrary } from './fsck.ts'
import { openIncident, readIncidents } from './incidents.ts'
import { openLibrary } from './library.ts'

test('what was acknowledged before kill -9 is there afterwards', async () => {
  const folder = await emptyLibraryFolder()
  const promised: Promised[number][] = []
  for (const milliseconds of [40, 130, 310]) {
    promised.push(...(await writeAndKill(folder, milliseconds)))
    await checkKept(folder, promised)
  }
  assert.ok(promised.length > 0)
})

const isRoot = process.getuid?.() === 0

const rootOnly = { skip: isRoot ? false : 'mounting a small file system needs root' }

/** An empty library alone on a disk of 48 MB. */
async function libraryOnSmallDisk(t: TestContext) {
  const disk = await temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk])
  assert.equal(mounted.status, 0, mounted.stderr.toString())
  t.after(() => spawnSync('umount', ['-l', disk]))
  const folder = join(disk, 'library')
  await cp(await emptyLibraryFolder(), folder, { recursive: true })
  return { folder, ballast: join(disk, 'ballast') }
}

const incidentIds = (folder: string) =>
  withLibrary(folder, async (library) => {
    assert.deepEqual((await checkLibrary(library)).findings, [])
    return (await library.read((reader) => readIncidents(reader))).map(({ id }) => id)
  })

test(
  'an act that meets a full disk fails, and works when there is space again',
  rootOnly,
  async (t) => {
    const { folder, ballast } = await libraryOnSmallDisk(t)
    const opened: string[] = []
    await withLibrary(folder, async (library) => {
      const open = async () => {
        const id = `incident-${opened.length}`
        await library.transact(agent, (tx) => openIncident(tx, { id, title: 'x'.repeat(2000) }))
        opened.push(id)
      }
      await open()
      await writeFile(ballast, new Uint8Array(64 << 20)).catch(() => undefined)
      await assert.rejects(
        async () => {
          while (opened.length < 10_000) await open()
        },
        { code: 'storage-full', message: /Free some space/ },
      )
      await rm(ballast)
      await open()
    })
    assert.deepEqual(await incidentIds(folder), opened)
  },
)

test(
  'a log that cannot grow ends the process instead of keeping it waiting',
  rootOnly,
  async (t) => {
    const { folder, ballast } = await libraryOnSmallDisk(t)
    // Messages fill the write-ahead log and no table.
    const from = (file: string) => JSON.stringify(import.meta.resolve(file))
    const program = `
    import { writeFile } from 'node:fs/promises'
    import { agent, withLibrary } from ${from('./fixture.ts')}
    import { openIncident } from ${from('./incidents.ts')}
    import { sql } from ${from('kysely')}
    await withLibrary(${JSON.stringify(folder)}, async (library) => {
      await library.transact(agent, (tx) => openIncident(tx, { id: 'pier', title: '' }))
      // Past the look at the free space: as when other programs fill the disk in between.
      const write = () =>
        sql\`select pg_logical_emit_message(true, 'test', repeat('x', 500000))\`.execute(
          library.database.kysely,
        )
      for (let turn = 0; turn < 4; turn++) await write()
      await writeFile(${JSON.stringify(ballast)}, new Uint8Array(64 << 20)).catch(() => {})
      for (;;) await write()
    })`
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
    })
    assert.equal(ended.status, 1, ended.stderr)
    assert.match(
      ended.stderr,
      /^sightline: the database stopped \(.*No space left on device\).*\nsightline: \[storage-full\]\n/,
    )
    const effects = fixedEffects()
    await assert.rejects(openLibrary(folder, { command: 'test', effects }), {
      code: 'storage-full',
    })
    await rm(ballast)
    assert.deepEqual(await incidentIds(folder), ['pier'])
  },
)
