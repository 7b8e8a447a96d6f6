/**
 * The database on a PostgreSQL server, for a library that several programs on
 * several machines open at once. The server answers for its disks; whether it
 * was told to forget them (`fsync=off`) is looked at before anything is kept.
 */
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'

import { connectionsOf, type Database } from './database.ts'
import { migrate } from './migrate.ts'
import { statementsOn } from './pool-statements.ts'
import type { Schema } from './schema.ts'
import { StoreError, databaseError } from './store-error.ts'
import { valueTypes } from './value-types.ts'

const mostConnections = 10
const connectMilliseconds = 10_000
/** Debian 12 has 15; what is older is not tried. */
const oldestVersion = 15

/** For every connection, whatever the server's own are. */
const settings = {
  synchronous_commit: 'on',
  timezone: 'UTC',
  datestyle: 'ISO',
  bytea_output: 'hex',
  // Acts wait for each other: one whose program hangs must not hold up all others.
  idle_in_transaction_session_timeout: '60s',
}

/**
 * Opens a database of a server and migrates its tables; makes them only in an empty one and only
 * for a library that is being made. `program` is what the server's own list of connections shows.
 * @throws StoreError `database-url-malformed`, `database-unavailable`, `database-unsuitable`,
 *   `library-mismatch`, `library-too-new`
 */
export async function openServerDatabase(
  url: string,
  program: string,
  isNew: boolean,
): Promise<Database> {
  assertUrl(url)
  const pool = new pg.Pool({
    connectionString: url,
    application_name: program,
    max: mostConnections,
    connectionTimeoutMillis: connectMilliseconds,
    keepAlive: true,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: valueTypes(),
  })
  // A connection that breaks is replaced, and who uses it is told; unheard, its error also ends the program.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  try {
    await assertSuitable(kysely, isNew)
    await migrate(kysely)
  } catch (error) {
    await kysely.destroy().catch(() => undefined)
    throw databaseError(unreadableFile(error))
  }
  return {
    kysely,
    executeSql: statementsOn(pool),
    connections: () => connectionsOf(pool),
    close: () => kysely.destroy(),
  }
}

/** Nothing of the address is repeated: it may hold a password. */
function assertUrl(url: string): void {
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) {
    if (!new URL(url).searchParams.has('options')) return
    throw new StoreError(
      'database-url-malformed',
      'The address of the database has `options`, which would take the place of those that Sightline needs. Leave them out.',
    )
  }
  throw new StoreError(
    'database-url-malformed',
    'That is no address of a PostgreSQL database; one looks like postgres://user@host:5432/sightline.',
  )
}

async function assertSuitable(kysely: Kysely<Schema>, isNew: boolean): Promise<void> {
  const { rows } = await sql<{
    version: number
    encoding: string
    fsync: string
    full_page_writes: string
    tables: string[]
  }>`
    select current_setting('server_version_num')::int / 10000 as version,
      current_setting('server_encoding') as encoding,
      current_setting('fsync') as fsync,
      current_setting('full_page_writes') as full_page_writes,
      array(
        select relname::text from pg_class
        where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
      ) as tables`.execute(kysely)
  const [server] = rows
  if (server === undefined) throw unsuitable('it says nothing of itself')
  if (server.version < oldestVersion) {
    throw unsuitable(`it is PostgreSQL ${server.version}; use ${oldestVersion} or newer`)
  }
  if (server.encoding !== 'UTF8') {
    throw unsuitable(
      `its encoding is ${server.encoding}; make one with: createdb --encoding=UTF8 --template=template0`,
    )
  }
  if (server.fsync !== 'on' || server.full_page_writes !== 'on') {
    throw unsuitable(
      'a power cut would lose what was acknowledged; set fsync=on and full_page_writes=on',
    )
  }
  if (server.tables.includes('custody_entry')) return
  if (await holdsOthers(kysely, server.tables)) {
    throw unsuitable('it holds tables of something else; make an empty one with createdb')
  }
  if (isNew) return
  throw new StoreError(
    'library-mismatch',
    'That database is empty, and the tables of this library are elsewhere. Name the ' +
      'database that the library was made with, or restore that from a backup.',
  )
}

/** The migrator's own tables may be there, empty, from a first start that was interrupted. */
async function holdsOthers(kysely: Kysely<Schema>, tables: readonly string[]): Promise<boolean> {
  const own = new Set(['kysely_migration', 'kysely_migration_lock'])
  if (tables.some((table) => !own.has(table))) return true
  if (!tables.includes('kysely_migration')) return false
  const { rows } = await sql`select from kysely_migration limit 1`.execute(kysely)
  return rows.length > 0
}

/** A certificate or key that the address names. */
function unreadableFile(error: unknown): unknown {
  const { code, syscall, path } = Object(error) as NodeJS.ErrnoException
  if (syscall !== 'open' || code === undefined) return error
  return new StoreError(
    'database-url-malformed',
    `The address of the database names a file that cannot be read: ${path ?? ''} (${code}).`,
    { cause: error },
  )
}

function unsuitable(why: string): StoreError {
  return new StoreError('database-unsuitable', `The database cannot be used: ${why}.`)
}
