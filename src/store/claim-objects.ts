/**
 * Whether an object store's prefix is the library's: the object `sightline.json`
 * there names its log and an id that `library.json` repeats. Two libraries never
 * keep their blobs in one place, and none takes another's for its own.
 */
import { utf8 } from '../custody/bytes.ts'
import type { ObjectStore } from './object-store.ts'
import { StoreError } from './store-error.ts'

export interface ObjectClaim {
  /** The public key of the library's log. */
  readonly vkey: string
  readonly blobsId: string
}

export const markName = 'sightline.json'

/**
 * A library that is made, or moves its blobs, takes a place that is empty, or that it took for the
 * same purpose before it was interrupted.
 * @throws StoreError `blobs-unsuitable`, `library-mismatch`
 */
export async function takeObjects(store: ObjectStore, claim: ObjectClaim): Promise<void> {
  const { isEmpty } = await store.reach()
  if (!isEmpty) {
    const found = await readMark(store)
    if (found === undefined) {
      throw new StoreError(
        'blobs-unsuitable',
        `There are other objects in ${store.place}. Name an empty bucket, or a prefix of its own: s3://bucket/prefix.`,
      )
    }
    await assertObjects(store, claim)
    return
  }
  const mark = { format: 'sightline-blobs', version: 1, log: claim.vkey, blobsId: claim.blobsId }
  await store.putBytes(markName, utf8(`${JSON.stringify(mark)}\n`))
  await assertObjects(store, claim)
}

/** @throws StoreError `library-mismatch`, and as the store does where there is no way in */
export async function assertObjects(store: ObjectStore, claim: ObjectClaim): Promise<void> {
  await store.reach()
  const found = await readMark(store)
  if (found?.vkey === claim.vkey && found.blobsId === claim.blobsId) return
  if (found !== undefined && found.vkey !== claim.vkey) throw anothers(store)
  throw new StoreError(
    'library-mismatch',
    `The files of the library are not in ${store.place}: \`library.json\` means another place. Name that one ` +
      'with SIGHTLINE_BLOBS; where they were moved, take `library.json` from the folder with which that was done.',
  )
}

export async function readMark(store: ObjectStore): Promise<ObjectClaim | undefined> {
  const source = await store.get(markName)
  if (source === undefined) return undefined
  const parts: Uint8Array[] = []
  for await (const bytes of source) parts.push(bytes)
  const found = parse(Buffer.concat(parts).toString('utf8'))
  if (found?.format !== 'sightline-blobs' || found.version !== 1) {
    throw new StoreError(
      'blobs-unsuitable',
      `${markName} in ${store.place} was written by another program, or a newer one. Name another place.`,
    )
  }
  return { vkey: String(found.log), blobsId: String(found.blobsId) }
}

interface Mark {
  readonly format?: unknown
  readonly version?: unknown
  readonly log?: unknown
  readonly blobsId?: unknown
}

function parse(text: string): Mark | undefined {
  try {
    return Object(JSON.parse(text)) as Mark
  } catch {
    return undefined
  }
}

function anothers(store: ObjectStore): StoreError {
  return new StoreError(
    'library-mismatch',
    `${store.place} holds the files of another library. Name a place of its own for this one: s3://bucket/prefix.`,
  )
}
