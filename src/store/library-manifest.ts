/** `library.json`: what the folder is, and where its tables and files are. docs/formats/library.md */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { toHex, utf8 } from '../custody/bytes.ts'
import { writeFileDurably } from './durable.ts'
import { StoreError } from './store-error.ts'
import type { Effects } from './store.ts'

export type DatabaseSize = 'embedded' | 'server'

export type BlobSize = 'folder' | 'objects'

export interface Places {
  readonly database: DatabaseSize
  /** Of the database that has the tables now; older embedded libraries have none. */
  readonly databaseId: string
  readonly blobs: BlobSize
  /** Of the place in the object store that has the blobs now; empty where the folder has them. */
  readonly blobsId: string
  /** Of the place in an object store that blobs are being moved to. */
  readonly newBlobsId: string
  /** Of the place in an object store that was left, until it is emptied. */
  readonly leftBlobsId: string
}

export interface Manifest extends Places {
  /** What is so as soon as the database has the id in it, and not before. */
  readonly next?: Places
}

const formatVersion = 1
const idBytes = 16

export const newPlaceId = (effects: Effects): string => toHex(effects.randomBytes(idBytes))

export async function writeManifest(
  path: string,
  effects: Effects,
  database: DatabaseSize,
): Promise<void> {
  await keep(path, {
    format: 'sightline-library',
    version: formatVersion,
    createdAt: effects.now().toISOString(),
    database,
    databaseId: newPlaceId(effects),
  })
}

/** From here on tables and files are there; what was to come next is forgotten. */
export async function changeManifest(path: string, change: Partial<Manifest>): Promise<void> {
  const { next: _, ...before } = await read(path)
  await keep(path, { ...before, ...change })
}

/** Decides, by the id that the database has, whether what was prepared has come about. */
export async function settleManifest(path: string, databaseId: string): Promise<void> {
  const { next } = await readManifest(path)
  if (next === undefined) return
  await changeManifest(path, next.databaseId === databaseId ? next : {})
}

/** @throws StoreError `library-damaged`, `library-too-new` */
export async function readManifest(path: string): Promise<Manifest> {
  const found = await read(path)
  const { format, version } = found
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
  const next =
    found['next'] === undefined ? {} : { next: placesIn(Object(found['next']) as object) }
  return { ...placesIn(found), ...next }
}

function placesIn(found: Readonly<Record<string, unknown>> | object): Places {
  const { database, databaseId, blobs, blobsId, newBlobsId, leftBlobsId } = found as Record<
    string,
    unknown
  >
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    database: database === 'server' ? 'server' : 'embedded',
    databaseId: text(databaseId),
    blobs: blobs === 'objects' ? 'objects' : 'folder',
    blobsId: text(blobsId),
    newBlobsId: text(newBlobsId),
    leftBlobsId: text(leftBlobsId),
  }
}

async function keep(path: string, manifest: Record<string, unknown>): Promise<void> {
  await writeFileDurably(join(path, 'library.json'), utf8(`${JSON.stringify(manifest)}\n`), 0o644)
}

async function read(path: string): Promise<Record<string, unknown>> {
  try {
    return Object(JSON.parse(await readFile(join(path, 'library.json'), 'utf8'))) as never
  } catch (cause) {
    throw new StoreError('library-damaged', `${path}/library.json cannot be read.`, { cause })
  }
}
