/**
 * A library folder, opened: locked, swept, its database running, its key read.
 * docs/formats/library.md says what lies where.
 */
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import { utf8 } from '../custody/bytes.ts'
import type { Signer } from '../custody/signer.ts'
import { openBlobs } from './blobs.ts'
import type { Blobs } from './blobs.ts'
import { openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { syncFolder, writeFileDurably } from './durable.ts'
import { lockLibrary } from './lock.ts'
import { createLogKey, readLogKey } from './log-key.ts'
import { StoreError, diskError, errorCode } from './store-error.ts'
import { openStore } from './store.ts'
import type { Effects, Store } from './store.ts'

export interface Library extends Store {
  readonly folder: string
  readonly database: Database
  readonly blobs: Blobs
  /** Signs checkpoints; the secret stays inside. */
  readonly signer: Signer
  /** Closes the database and gives the library free. */
  close(): Promise<void>
}

export interface OpenOptions {
  /** What the lock shows to others, such as `sightline serve`. */
  readonly command: string
  readonly effects: Effects
  /** Fail on a folder without a library instead of making one. */
  readonly mustExist?: boolean
}

const formatVersion = 1

/**
 * Opens a library, making an empty one where there is none.
 * @throws StoreError `library-in-use`, `lock-unavailable`, `not-a-library`,
 *   `no-library`, `library-too-new`, `library-damaged`, `database-damaged`,
 *   `not-durable`, `storage-full`
 */
export async function openLibrary(folder: string, options: OpenOptions): Promise<Library> {
  const path = resolve(folder)
  const { command, effects } = options
  await claimFolder(path, options.mustExist ?? false)
  const lock = await lockLibrary(path, {
    pid: process.pid,
    command,
    sinceAt: effects.now().toISOString(),
  })
  try {
    const { database, signer } = await openParts(path, effects)
    return {
      folder: path,
      database,
      signer,
      blobs: openBlobs(path),
      ...openStore(database.kysely, path, effects),
      close: async () => {
        try {
          await database.close()
        } finally {
          await lock.release()
        }
      },
    }
  } catch (error) {
    await lock.release()
    throw diskError(error, path)
  }
}

/** What a folder may hold before `library.json` is there. */
const beforeLibrary = new Set(['lock', 'creating', 'creating.new', 'library.json.new'])

/** Leaves a folder that holds something else untouched. */
async function claimFolder(path: string, mustExist: boolean): Promise<void> {
  const names = await namesIn(path)
  if (names?.includes('library.json') === true) return
  if (names?.every((name) => beforeLibrary.has(name)) === false) {
    throw new StoreError(
      'not-a-library',
      `${path} is not empty and holds no Sightline library. Choose an empty or new folder with --library.`,
    )
  }
  if (mustExist) {
    throw new StoreError(
      'no-library',
      `There is no Sightline library in ${path}. Say where it is with --library <folder>.`,
    )
  }
  if (names !== undefined) return
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    syncFolder(dirname(made))
  }
}

async function namesIn(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw new StoreError(
      'not-a-library',
      `${path} cannot be read as a folder (${errorCode(error) ?? 'unknown error'}).`,
      { cause: error },
    )
  }
}

/**
 * `creating` stands while the parts of a new library are made, so that a part
 * that is missing later is damage, and one that is missing after a crash in the
 * middle is simply made.
 */
async function openParts(
  path: string,
  effects: Effects,
): Promise<{ readonly database: Database; readonly signer: Signer }> {
  if ((await namesIn(path))?.includes('library.json') !== true) {
    await writeFileDurably(join(path, 'creating'), utf8(''), 0o600)
    await writeManifest(path, effects)
  }
  await checkManifest(path)
  const creating = await exists(join(path, 'creating'))
  if (creating) {
    if (!(await exists(join(path, 'keys', 'log-signer')))) await createLogKey(path, effects)
    await mkdir(join(path, 'blobs'), { recursive: true, mode: 0o700 })
  } else {
    for (const part of ['keys', 'blobs', 'database']) await requirePart(path, part)
  }
  await rm(join(path, 'scratch'), { recursive: true, force: true })
  await mkdir(join(path, 'scratch'), { mode: 0o700 })
  const signer = await readLogKey(path)
  const database = await openDatabase(path)
  if (creating) {
    await rm(join(path, 'creating'))
    syncFolder(path)
  }
  return { database, signer }
}

async function writeManifest(path: string, effects: Effects): Promise<void> {
  const manifest = {
    format: 'sightline-library',
    version: formatVersion,
    createdAt: effects.now().toISOString(),
  }
  await writeFileDurably(join(path, 'library.json'), utf8(`${JSON.stringify(manifest)}\n`), 0o644)
}

async function checkManifest(path: string): Promise<void> {
  let manifest: unknown
  try {
    manifest = JSON.parse(await readFile(join(path, 'library.json'), 'utf8'))
  } catch (cause) {
    throw new StoreError('library-damaged', `${path}/library.json cannot be read.`, { cause })
  }
  const { format, version } = Object(manifest) as { format?: unknown; version?: unknown }
  if (format !== 'sightline-library' || !Number.isSafeInteger(version)) {
    throw new StoreError('library-damaged', `${path}/library.json does not describe a library.`)
  }
  if (version !== formatVersion) {
    throw new StoreError(
      'library-too-new',
      `The library at ${path} has format version ${String(version)}; this program knows version ` +
        `${formatVersion}. Install the version of Sightline that wrote it.`,
    )
  }
}

async function requirePart(path: string, part: string): Promise<void> {
  if (await exists(join(path, part))) return
  throw new StoreError(
    'library-damaged',
    `The library at ${path} has lost its folder \`${part}\`. If it lies on another disk, connect that; ` +
      'otherwise restore it from a backup.',
  )
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
