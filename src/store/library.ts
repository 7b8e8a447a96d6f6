/**
 * A library folder, opened: locked, swept, its database running, its key read.
 * docs/formats/library.md says what lies where.
 */
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

import type { Transaction } from 'kysely'

import { utf8 } from '../custody/bytes.ts'
import { formatVkey } from '../custody/key.ts'
import type { Signer } from '../custody/signer.ts'
import type { Blobs } from './blobs.ts'
import { assertCurrent, claimDatabase, readClaim } from './claim-database.ts'
import type { Database } from './database.ts'
import { syncFolder, writeFileDurably } from './durable.ts'
import { openEmbeddedDatabase } from './embedded-database.ts'
import { openFolderBlobs } from './folder-blobs.ts'
import {
  changeManifest,
  newPlaceId,
  readManifest,
  settleManifest,
  writeManifest,
} from './library-manifest.ts'
import type { BlobSize, DatabaseSize, Manifest } from './library-manifest.ts'
import { lockLibrary } from './lock.ts'
import type { LibraryLock, LockHolder } from './lock.ts'
import { createLogKey, readLogKey } from './log-key.ts'
import type { ObjectAddress } from './object-address.ts'
import type { ObjectStore } from './object-store.ts'
import type { Schema } from './schema.ts'
import { openOwnScratch, openSharedScratch } from './scratch.ts'
import type { Scratch } from './scratch.ts'
import { openServerDatabase } from './server-database.ts'
import { StoreError, diskError, errorCode } from './store-error.ts'
import { openStore } from './store.ts'
import type { Effects, Store } from './store.ts'

export interface Library extends Store {
  readonly folder: string
  readonly database: Database
  readonly blobs: Blobs
  /** Those that it was opened with. */
  readonly effects: Effects
  /** Where an object store has the blobs. */
  readonly objects?: ObjectStore
  /** Signs checkpoints; the secret stays inside. */
  readonly signer: Signer
  /** Closes the database and gives the library free; `last` is done in between. */
  close(last?: () => Promise<void>): Promise<void>
}

export interface OpenOptions {
  /** What the lock shows to others, such as `sightline serve`. */
  readonly command: string
  readonly effects: Effects
  /** Of a PostgreSQL server that keeps the tables; without it they are in the folder. */
  readonly databaseUrl?: string
  /** Of the object store that keeps the blobs; without it they are in the folder. */
  readonly objects?: ObjectAddress
  /** Keep others out, also where a server has the tables. */
  readonly alone?: boolean
  /** Fail on a folder without a library instead of making one. */
  readonly mustExist?: boolean
}

/**
 * Opens a library, making an empty one where there is none. One whose tables a
 * server keeps may be open in several programs at once.
 * @throws StoreError `library-in-use`, `lock-unavailable`, `not-a-library`,
 *   `no-library`, `library-too-new`, `library-damaged`, `library-mismatch`,
 *   `database-damaged`, `database-unavailable`, `database-unsuitable`,
 *   `database-url-malformed`, `not-durable`, `storage-full`, `blobs-unavailable`,
 *   `blobs-refused`, `blobs-unsuitable`, `bucket-missing`
 */
export async function openLibrary(folder: string, options: OpenOptions): Promise<Library> {
  const path = resolve(folder)
  const { command, effects, databaseUrl } = options
  await claimFolder(path, options.mustExist ?? false)
  const holder = { pid: process.pid, command, sinceAt: effects.now().toISOString() }
  const shares = databaseUrl !== undefined && options.alone !== true
  const lock = shares ? await lockShared(path, holder) : await lockLibrary(path, holder)
  let parts: Parts | undefined
  try {
    parts = await openParts(path, options)
    if (shares) await lock.share()
  } catch (error) {
    await parts?.database.close()
    parts?.objects?.close()
    await parts?.scratch.release()
    await lock.release()
    throw diskError(error, path)
  }
  const { database, signer, scratch, databaseId, blobs, objects } = parts
  // Only a server's database is open to others, who may move the tables out of it.
  const stillOurs =
    databaseUrl === undefined
      ? undefined
      : (sql: Transaction<Schema>) => assertCurrent(sql, databaseId)
  return {
    folder: path,
    database,
    signer,
    effects,
    blobs,
    ...(objects === undefined ? {} : { objects }),
    ...openStore(database.kysely, path, effects, stillOurs, (sha256) => blobs.has(sha256)),
    close: async (last) => {
      try {
        await database.close()
        await last?.()
        objects?.close()
        await scratch.release()
      } finally {
        await lock.release()
      }
    },
  }
}

/** Shared, or alone while the library is still to be made: of several programs that find none, by one. */
async function lockShared(path: string, holder: LockHolder): Promise<LibraryLock> {
  for (;;) {
    if (!(await isWhole(path))) {
      const making = await lockLibrary(path, holder).catch(unlessInUse)
      if (making !== undefined) return making
    }
    const lock = await lockLibrary(path, holder, 'shared')
    if (await isWhole(path)) return lock
    await lock.release()
  }
}

function unlessInUse(error: unknown): undefined {
  if (errorCode(error) !== 'library-in-use') throw error
}

/** What a folder may hold before `library.json` is there. */
const beforeLibrary = new Set(['lock', 'creating', 'creating.new', 'library.json.new'])

/** PGlite makes its files for everybody to read and write: the folder alone keeps others out. */
async function closeToOthers(path: string): Promise<void> {
  const { mode, uid } = await stat(path)
  if ((mode & 0o077) === 0) return
  if (uid === process.getuid?.()) return chmod(path, 0o700)
  throw new StoreError(
    'library-damaged',
    `${path} is open to other accounts of this machine, who could change the library behind the log's ` +
      'back. As its owner: chmod 700 on it.',
  )
}

/** Leaves a folder that holds something else untouched. */
async function claimFolder(path: string, mustExist: boolean): Promise<void> {
  const names = await namesIn(path)
  if (names?.includes('library.json') === true) return closeToOthers(path)
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
  if (names !== undefined) return chmod(path, 0o700)
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

const isWhole = async (path: string): Promise<boolean> =>
  (await exists(join(path, 'library.json'))) && !(await exists(join(path, 'creating')))

interface Parts {
  readonly database: Database
  readonly signer: Signer
  readonly scratch: Scratch
  readonly databaseId: string
  readonly blobs: Blobs
  readonly objects?: ObjectStore
}

/**
 * `creating` stands while the parts of a new library are made, so that a part
 * that is missing later is damage, and one that is missing after a crash in the
 * middle is simply made.
 */
async function openParts(path: string, options: OpenOptions): Promise<Parts> {
  const { command, effects, databaseUrl } = options
  const size = databaseUrl === undefined ? 'embedded' : 'server'
  if ((await namesIn(path))?.includes('library.json') !== true) {
    await writeFileDurably(join(path, 'creating'), utf8(''), 0o600)
    await writeManifest(path, effects, size)
  }
  const creating = await exists(join(path, 'creating'))
  // A first start that came to nothing decides nothing.
  if (creating) {
    const { blobsId } = await readManifest(path)
    await changeManifest(path, { database: size, ...newBlobPlace(options, blobsId) })
  }
  const { database: where, databaseId: expectedId } = await readManifest(path)
  if (where !== size) throw otherSize(path, where)
  // Left over where moving the tables was interrupted.
  if (size === 'server') await removeEmbedded(path)
  if (creating) {
    if (!(await exists(join(path, 'keys', 'log-signer')))) await createLogKey(path, effects)
  } else {
    const parts = size === 'embedded' ? ['keys', 'database'] : ['keys']
    for (const part of parts) await requirePart(path, part)
  }
  const signer = await readLogKey(path)
  const vkey = formatVkey(signer)
  const database =
    databaseUrl === undefined
      ? await openEmbeddedDatabase(path)
      : await openServerDatabase(databaseUrl, command, creating)
  let scratch: Scratch | undefined
  try {
    const claim = { vkey, databaseId: expectedId }
    await claimDatabase(database.kysely, claim, creating || size === 'embedded')
    const claimed = await readClaim(database.kysely)
    if (claimed !== undefined) await settleManifest(path, claimed.databaseId)
    const manifest = await readManifest(path)
    const { databaseId } = manifest
    if (size === 'server') await assertCurrent(database.kysely, databaseId)
    scratch =
      size === 'embedded'
        ? await openOwnScratch(path)
        : await openSharedScratch(path, effects.now())
    const place = await openBlobPlace(path, scratch.folder, vkey, manifest, creating, options)
    if (creating) {
      await rm(join(path, 'creating'))
      syncFolder(path)
    }
    return { database, signer, scratch, databaseId, ...place }
  } catch (error) {
    await database.close()
    await scratch?.release()
    throw error
  }
}

const newBlobPlace = (
  { effects, objects }: OpenOptions,
  blobsId: string,
): Pick<Manifest, 'blobs' | 'blobsId'> =>
  objects === undefined
    ? { blobs: 'folder', blobsId: '' }
    : { blobs: 'objects', blobsId: blobsId === '' ? newPlaceId(effects) : blobsId }

async function openBlobPlace(
  path: string,
  scratchFolder: string,
  vkey: string,
  { blobs: where, blobsId }: Manifest,
  creating: boolean,
  { effects, objects }: OpenOptions,
): Promise<Pick<Parts, 'blobs' | 'objects'>> {
  const size = objects === undefined ? 'folder' : 'objects'
  if (where !== size) throw otherBlobSize(path, where)
  if (objects === undefined) {
    if (creating) await mkdir(join(path, 'blobs'), { recursive: true, mode: 0o700 })
    else await requirePart(path, 'blobs')
    return { blobs: openFolderBlobs(path, scratchFolder) }
  }
  // What speaks with object stores is large, and most libraries have none.
  const { openObjectPlace } = await import('./object-place.ts')
  const { store, blobs } = await openObjectPlace(
    objects,
    { vkey, blobsId, isNew: creating },
    { library: path, scratch: scratchFolder },
    effects.now(),
  )
  return { blobs, objects: store }
}

/** The tables in the folder, once a server has them. */
export async function removeEmbedded(path: string): Promise<void> {
  await rm(join(path, 'database'), { recursive: true, force: true })
}

function otherSize(path: string, where: DatabaseSize): StoreError {
  return new StoreError(
    'library-mismatch',
    where === 'server'
      ? `The tables of the library at ${path} are on a PostgreSQL server. Say where with DATABASE_URL.`
      : `The library at ${path} keeps its tables in its own folder, and DATABASE_URL names a server. ` +
          'Unset DATABASE_URL, or move them there with: sightline move --to "$DATABASE_URL"',
  )
}

function otherBlobSize(path: string, where: BlobSize): StoreError {
  return new StoreError(
    'library-mismatch',
    where === 'objects'
      ? `The files of the library at ${path} are in an object store. Say where with SIGHTLINE_BLOBS=s3://bucket[/prefix].`
      : `The library at ${path} keeps its files in its own folder, and SIGHTLINE_BLOBS names an object store. ` +
          'Unset SIGHTLINE_BLOBS, or move them there with: sightline move --blobs "$SIGHTLINE_BLOBS"',
  )
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
