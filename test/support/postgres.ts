/**
 * A real PostgreSQL server for tests, and a database for each library folder.
 * `./sightline test` starts one and names it in SIGHTLINE_TEST_POSTGRES; where
 * that is set, test libraries keep their tables there.
 */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import pg from 'pg'

const run = promisify(execFile)
const installed = '/usr/lib/postgresql'
/** PostgreSQL does not run as root. */
const nobody = 65_534

export interface PostgresServer {
  /** Of its first database, `postgres`. */
  readonly url: string
  /** As `pg_ctl stop -m immediate`: no last checkpoint, connections cut. */
  crash(): Promise<void>
  start(): Promise<void>
  query(url: string, statement: string): Promise<unknown[]>
  /** A setting that was changed reaches new connections a little later. */
  untilShows(url: string, setting: string, value: string): Promise<void>
  /** Ends it and removes its files. */
  remove(): Promise<void>
}

/** The newest that is installed, at least 15. */
function programs(): string {
  const versions = readdirSync(installed)
    .map(Number)
    .filter((version) => version >= 15)
  if (versions.length === 0) {
    throw new Error(`no PostgreSQL 15 or newer in ${installed}: apt-get install postgresql`)
  }
  return join(installed, String(Math.max(...versions)), 'bin')
}

/** Listens on a socket in a folder of its own only. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = programs()
  const folder = mkdtempSync(join(tmpdir(), 'sightline-postgres-'))
  const asOwner = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  if ('uid' in asOwner) chownSync(folder, nobody, nobody)
  const data = join(folder, 'data')
  const options = { ...asOwner, cwd: folder }
  const initdb = ['-D', data, '-U', 'sightline', '--auth=trust', '--encoding=UTF8', '--no-locale']
  await run(join(bin, 'initdb'), initdb, options)
  const url = `postgres://sightline@localhost/postgres?host=${encodeURIComponent(folder)}`
  let server: ReturnType<typeof spawn> | undefined
  const start = async (): Promise<void> => {
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=200'],
      { ...options, stdio: ['ignore', 'ignore', 'ignore'] },
    )
    for (const until = performance.now() + 30_000; ;) {
      const client = new pg.Client({ connectionString: url })
      try {
        await client.connect()
        return
      } catch (error) {
        if (performance.now() > until || server.exitCode !== null) throw error
        await sleep(50)
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  }
  const stop = async (signal: 'SIGQUIT' | 'SIGINT'): Promise<void> => {
    if (server === undefined || server.exitCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', () => {
    server?.kill('SIGQUIT')
    remove()
  })
  await start()
  return {
    url,
    crash: () => stop('SIGQUIT'),
    start,
    query,
    untilShows: async (at, setting, value) => {
      for (let turn = 0; turn < 100; turn++) {
        const [row] = await query(at, `select current_setting('${setting}') as value`)
        if ((row as { value: string }).value === value) return
        await sleep(20)
      }
      throw new Error(`${setting} did not become ${value}`)
    },
    remove: async () => {
      await stop('SIGINT')
      remove()
    },
  }
}

const { SIGHTLINE_TEST_POSTGRES: testServer } = process.env

/** Whether the libraries of this test run keep their tables on a server. */
export const onServer = testServer !== undefined && testServer !== ''

/** Of the database of the library in a folder, which is made if it is not there; none where they are embedded. */
export async function databaseUrlFor(folder: string): Promise<string | undefined> {
  if (testServer === undefined || testServer === '') return undefined
  const name = databaseName(folder)
  return createDatabase(testServer, name)
}

/** For a library folder that was copied. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  if (testServer === undefined || testServer === '') return
  await query(testServer, `create database ${databaseName(to)} template ${databaseName(from)}`)
}

/** A new database of a server, or the one of that name; the answer is its address. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await query(serverUrl, `create database ${name}`).catch((error: unknown) => {
    if ((error as { code?: string }).code !== alreadyThere) throw error
  })
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

const alreadyThere = '42P04'

function databaseName(folder: string): string {
  return `library_${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 32)}`
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<object>(statement)).rows
  } finally {
    await client.end()
  }
}
