/**
 * Moves a library's tables between its folder and a PostgreSQL server, or from
 * one server to another, and its blobs between its folder and an object store.
 * The library is held alone meanwhile, checked before, compared and checked
 * after; only then does `library.json` say where they are. Interrupted at any
 * moment they are where they were, or where they were to go.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { sql as raw } from 'kysely'
import type { Transaction } from 'kysely'

import { formatVkey } from '../custody/key.ts'
import type { Blobs } from './blobs.ts'
import { markMovedAway } from './claim-database.ts'
import { copyTables } from './copy-tables.ts'
import { openEmbeddedDatabase } from './embedded-database.ts'
import { openFolderBlobs } from './folder-blobs.ts'
import type { FsckFinding } from './fsck-report.ts'
import { checkLibrary, checkLibraryTables } from './fsck.ts'
import { changeManifest, newPlaceId, readManifest, settleManifest } from './library-manifest.ts'
import type { Manifest, Places } from './library-manifest.ts'
import { openLibrary, removeEmbedded } from './library.ts'
import type { Library, OpenOptions } from './library.ts'
import { copyBlobs } from './move-blobs.ts'
import { removeLeft, removeMoved } from './move-leftovers.ts'
import { isSamePlace } from './object-address.ts'
import type { ObjectAddress } from './object-address.ts'
import type { Schema } from './schema.ts'
import { openServerDatabase } from './server-database.ts'
import { databaseError } from './store-error.ts'
import { openStore, takeActsLock } from './store.ts'

interface MoveStep {
  readonly step: string
  readonly done: number
  readonly total: number
}

export interface MoveWish {
  /** The address of an empty database, or `embedded`. */
  readonly to?: string
  /** An empty place in an object store, or `folder`. */
  readonly blobs?: ObjectAddress | 'folder'
}

interface MovedTables {
  readonly tables: number
  readonly rows: number
}

interface MovedBlobs {
  readonly blobs: number
  readonly blobBytes: number
}

export type MoveResult =
  | ({
      readonly kind: 'moved'
      /** Whether the old place still has blobs that could not be removed. */
      readonly left: boolean
    } & Partial<MovedTables & MovedBlobs>)
  /** All was where it was to go; copies that an earlier move left were removed. */
  | { readonly kind: 'there-already'; readonly left: boolean }
  /** Damage, and where it was found; nothing was moved. */
  | {
      readonly kind: 'damaged'
      readonly side: 'from' | 'to'
      readonly findings: readonly FsckFinding[]
    }

type OnProgress = (step: MoveStep) => void

/**
 * `options.databaseUrl`, `options.objects`: where tables and blobs are now, if not in the folder;
 * or where they are to go, said twice.
 * @throws StoreError as openLibrary, of either side
 */
export async function moveLibrary(
  folder: string,
  wish: MoveWish,
  options: OpenOptions,
  onProgress: OnProgress,
): Promise<MoveResult> {
  const { now, move } = plan(wish, options, await readManifest(folder).catch(() => undefined))
  const library = await openLibrary(folder, { ...now, mustExist: true, alone: true })
  let result: MoveResult | undefined
  try {
    result = await moveOut(library, move, options, onProgress)
    if (result.kind === 'damaged' || wish.blobs === undefined || move.blobs !== undefined) {
      return result
    }
    return { ...result, left: !(await removeLeft(library, options.objects, options.effects.now())) }
  } catch (error) {
    throw databaseError(error)
  } finally {
    const left =
      result?.kind === 'moved' &&
      result.tables !== undefined &&
      library.database.folder !== undefined
    await library.close(left ? () => removeEmbedded(library.folder) : undefined)
  }
}

/** Where all is now, and what is left to move. */
function plan(
  { to, blobs }: MoveWish,
  { databaseUrl, objects, ...rest }: OpenOptions,
  manifest: Manifest | undefined,
): { readonly now: OpenOptions; readonly move: MoveWish } {
  const onServer = manifest?.database === 'server'
  const inObjects = manifest?.blobs === 'objects'
  const same =
    objects !== undefined &&
    blobs !== undefined &&
    blobs !== 'folder' &&
    isSamePlace(objects, blobs)
  const isThere = to === 'embedded' ? !onServer : onServer && to === databaseUrl
  const areThere = blobs === 'folder' ? !inObjects : inObjects && same
  // Said where they are to go, or where they were: a library in its folder is refused with either.
  const url = !onServer && to === databaseUrl ? undefined : databaseUrl
  const address = !inObjects && (same || blobs === 'folder') ? undefined : objects
  return {
    now: {
      ...rest,
      ...(url === undefined ? {} : { databaseUrl: url }),
      ...(address === undefined ? {} : { objects: address }),
    },
    move: {
      ...(to === undefined || isThere ? {} : { to }),
      ...(blobs === undefined || areThere ? {} : { blobs }),
    },
  }
}

async function moveOut(
  library: Library,
  { to, blobs }: MoveWish,
  options: OpenOptions,
  onProgress: OnProgress,
): Promise<MoveResult> {
  if (to === undefined && blobs === undefined) return { kind: 'there-already', left: false }
  const before = await checkLibrary(library, ({ step, done, total }) =>
    onProgress({ step: `Checking ${step}`, done, total }),
  )
  if (before.findings.length > 0) {
    return { kind: 'damaged', side: 'from', findings: before.findings }
  }
  if (blobs === undefined) return moveTables(library, to ?? '', options, onProgress, noBlobs)
  const { blobBytes } = before.counted
  // Unfinished files of the new place lie in the scratch of the old.
  return library.blobs.inScratch(async (scratch) => {
    const place = await openTarget(library, blobs, scratch, options)
    try {
      const copied = new Map<string, number>()
      const copyRest = () =>
        copyBlobs(library.blobs, place.blobs, copied, (done) =>
          onProgress({ step: 'Moving files', done, total: blobBytes }),
        )
      await copyRest()
      const arrived = { copyRest, places: place.places }
      const result =
        to === undefined
          ? await switchBlobs(library, options, arrived)
          : await moveTables(library, to, options, onProgress, arrived)
      if (result.kind !== 'moved') return result
      const bytes = [...copied.values()].reduce((sum, one) => sum + one, 0)
      const left = !(await removeMoved(library, copied.keys()))
      return { ...result, left, blobs: copied.size, blobBytes: bytes }
    } finally {
      place.close()
    }
  })
}

interface ArrivedBlobs {
  /** What came since; acts must not begin any more. */
  readonly copyRest: () => Promise<void>
  readonly places: Partial<Places>
}

const noBlobs: ArrivedBlobs = { copyRest: () => Promise.resolve(), places: {} }

async function openTarget(
  library: Library,
  to: ObjectAddress | 'folder',
  scratch: string,
  { effects }: OpenOptions,
): Promise<{
  readonly blobs: Blobs
  readonly places: Partial<Places>
  close(): void
}> {
  const manifest = await readManifest(library.folder)
  const arrived = { leftBlobsId: manifest.blobsId, newBlobsId: '' }
  if (to === 'folder') {
    await mkdir(join(library.folder, 'blobs'), { recursive: true, mode: 0o700 })
    return {
      blobs: openFolderBlobs(library.folder, scratch),
      places: { blobs: 'folder', blobsId: '', ...arrived },
      close: () => undefined,
    }
  }
  // The same again where an earlier move was interrupted, so that it goes on with what is there.
  const blobsId = manifest.newBlobsId === '' ? newPlaceId(effects) : manifest.newBlobsId
  await changeManifest(library.folder, { newBlobsId: blobsId })
  const { openObjectPlace } = await import('./object-place.ts')
  const claim = { vkey: formatVkey(library.signer), blobsId, isNew: true }
  const folders = { library: library.folder, scratch }
  const place = await openObjectPlace(to, claim, folders, effects.now(), 0)
  return {
    blobs: place.blobs,
    places: { blobs: 'objects', blobsId, ...arrived },
    close: () => place.store.close(),
  }
}

/** The tables stay. A server's get a new id, so that copies of the folder elsewhere are told. */
async function switchBlobs(
  library: Library,
  { effects }: OpenOptions,
  { copyRest, places }: ArrivedBlobs,
): Promise<MoveResult> {
  const { folder, database } = library
  if (database.folder !== undefined) {
    // No act can have come between: the lock on the folder keeps all others out.
    await changeManifest(folder, places)
    return { kind: 'moved', left: false }
  }
  const databaseId = newPlaceId(effects)
  const { next: _, ...now } = await readManifest(folder)
  await changeManifest(folder, { next: { ...now, ...places, databaseId } })
  await inAct(library, async (sql) => {
    await copyRest()
    // The one moment at which they move is the end of this transaction.
    await sql.updateTable('log_key').set({ database_id: databaseId }).execute()
  })
  await settleManifest(folder, databaseId)
  return { kind: 'moved', left: false }
}

/** The lock on the folder does not reach a copy of it on another machine. */
const inAct = <T>(library: Library, work: (sql: Transaction<Schema>) => Promise<T>): Promise<T> =>
  library.database.kysely
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (sql) => {
      await takeActsLock(sql)
      // Files are copied meanwhile.
      await raw`set local idle_in_transaction_session_timeout to 0`.execute(sql)
      return work(sql)
    })

async function moveTables(
  library: Library,
  to: string,
  { command, effects }: OpenOptions,
  onProgress: OnProgress,
  { copyRest, places }: ArrivedBlobs,
): Promise<MoveResult> {
  const size = to === 'embedded' ? 'embedded' : 'server'
  const target =
    size === 'embedded'
      ? await openEmbeddedDatabase(library.folder)
      : await openServerDatabase(to, command, true)
  try {
    return await inAct(library, async (source) => {
      const databaseId = newPlaceId(effects)
      const sums = await copyTables(
        source,
        target.kysely,
        async (sql) =>
          void (await sql.updateTable('log_key').set({ database_id: databaseId }).execute()),
        (done, total) => onProgress({ step: 'Moving rows', done, total }),
      )
      const moved = { ...library, ...openStore(target.kysely, library.folder, effects) }
      const findings = await checkLibraryTables(moved, ({ step, done, total }) =>
        onProgress({ step: `Checking ${step} there`, done, total }),
      )
      if (findings.length > 0) return { kind: 'damaged', side: 'to', findings } as const
      await copyRest()
      await markMovedAway(source)
      // The one moment at which they move: until here the folder means the other places.
      await changeManifest(library.folder, { database: size, databaseId, ...places })
      const rows = sums.reduce((sum, one) => sum + one.rows, 0)
      return { kind: 'moved', left: false, tables: sums.length, rows } as const
    })
  } finally {
    await target.close()
  }
}
