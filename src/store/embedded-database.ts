/**
 * The embedded database: PostgreSQL (PGlite) in `<library>/database`.
 *
 * Guarantees: a commit that was answered survives kill -9 and power cuts; the
 * first start may be interrupted anywhere, because the cluster is made in
 * `database.new` and renamed when it is whole and synced. The caller holds the
 * library's lock.
 */
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'

import { connectionsOf, type Database } from './database.ts'
import { startDurablePGlite } from './durable-pglite.ts'
import type { DurablePGlite } from './durable-pglite.ts'
import { syncFolder, syncTree } from './durable.ts'
import { migrate } from './migrate.ts'
import { statementsOn } from './pool-statements.ts'
import type { Schema } from './schema.ts'
import { hasRoom } from './room.ts'
import { StoreError, diskError, storageFull } from './store-error.ts'
import { valueTypes } from './value-types.ts'

/** More than the checkpoint at the end writes beyond the log's last segment. */
const lastCheckpointBytes = 1 << 20

/**
 * Opens the database of a library, making and migrating it as needed.
 * @throws StoreError `database-damaged`, `library-too-new`, `not-durable`, `storage-full`
 */
export async function openEmbeddedDatabase(libraryFolder: string): Promise<Database> {
  const folder = join(libraryFolder, 'database')
  await rm(join(libraryFolder, 'database.new'), { recursive: true, force: true })
  if (!existsSync(folder)) await createCluster(libraryFolder, folder)
  // PGlite's own pid file always says 42 and can be left empty by a crash, which
  // would stop the next start. The lock is ours, so nobody else is running.
  await rm(join(folder, 'postmaster.pid'), { force: true })

  const started = await start(folder, libraryFolder)
  const pool = new pg.Pool({
    // pg takes the connection from here; its types do not know that option.
    ...(createPgConfig(started.pglite) as pg.PoolConfig),
    max: 1,
    idleTimeoutMillis: 0,
    types: valueTypes(),
  })
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  const close = async () => {
    await kysely.destroy()
    // PostgreSQL's last checkpoint would end the program before it could say what
    // went wrong. Not closed in order is as after a kill: the next start recovers.
    if (await hasRoom(libraryFolder, lastCheckpointBytes)) await started.pglite.close()
  }
  try {
    await testThatCommitsAreSynced(kysely, started)
    await migrate(kysely)
  } catch (error) {
    await close().catch(() => undefined)
    throw diskError(error, libraryFolder)
  }
  const connections = () => connectionsOf(pool)
  return { kysely, executeSql: statementsOn(pool), folder, connections, close }
}

async function createCluster(libraryFolder: string, folder: string): Promise<void> {
  const unfinished = join(libraryFolder, 'database.new')
  const { pglite } = await start(unfinished, libraryFolder)
  await pglite.close()
  await syncTree(unfinished)
  await rename(unfinished, folder)
  syncFolder(libraryFolder)
}

async function start(folder: string, libraryFolder: string): Promise<DurablePGlite> {
  try {
    return await startDurablePGlite(folder)
  } catch (error) {
    if (!(await hasRoom(libraryFolder))) throw storageFull(libraryFolder, error)
    const onDisk = diskError(error, libraryFolder)
    if (onDisk !== error) throw onDisk
    const reason = error instanceof Error ? error.message : 'it does not say why'
    throw new StoreError(
      'database-damaged',
      `The database in ${folder} does not start (${reason}). Restore the library from a backup.`,
      { cause: error },
    )
  }
}

/**
 * Writes a message into the write-ahead log, which changes no table, and looks
 * whether the commit synced it.
 */
async function testThatCommitsAreSynced(
  kysely: Kysely<Schema>,
  { syncs }: DurablePGlite,
): Promise<void> {
  const before = syncs.wal
  await sql`select pg_logical_emit_message(true, 'sightline', 'self-test')`.execute(kysely)
  if (syncs.wal > before) return
  throw new StoreError(
    'not-durable',
    'A commit did not reach the disk: this version of PGlite syncs in another way than expected. ' +
      'Install the version that package-lock.json names.',
  )
}
