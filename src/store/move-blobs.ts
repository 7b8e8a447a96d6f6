/**
 * Copies a library's blobs to another place and removes what was left where they
 * were. Each is hashed as it leaves, as it arrives, and as it is read back there.
 */
import { createHash } from 'node:crypto'

import type { Blob, Blobs } from './blobs.ts'
import { blobName } from './blobs.ts'
import { markName } from './claim-objects.ts'
import type { ObjectStore } from './object-store.ts'
import { StoreError } from './store-error.ts'

const atOnce = 4

/**
 * All that `copied` does not name yet, and names it then.
 * @throws StoreError `blob-damaged` where a blob is not what it is called, and as putStream
 */
export async function copyBlobs(
  source: Blobs,
  target: Blobs,
  copied: Map<string, number>,
  onBytes: (doneBytes: number) => void,
): Promise<void> {
  let doneBytes = [...copied.values()].reduce((sum, bytes) => sum + bytes, 0)
  await inTurns(blobsOf(source), async ({ sha256, sizeBytes }) => {
    if (copied.has(sha256)) return
    await target.putStream(checked(sha256, source.read(sha256)), { maxBytes: sizeBytes })
    copied.set(sha256, sizeBytes)
    doneBytes += sizeBytes
    onBytes(doneBytes)
  })
}

/** Those of a place that was left which the library has, whole, where its blobs are now. */
export async function keptElsewhere(left: Blobs, current: Blobs): Promise<readonly string[]> {
  const kept: string[] = []
  await inTurns(blobsOf(left), async ({ sha256 }) => {
    if ((await current.verify(sha256)).kind === 'intact') kept.push(sha256)
  })
  return kept
}

/** And the mark, last. */
export async function removeObjectBlobs(
  store: ObjectStore,
  hashes: Iterable<string>,
): Promise<void> {
  await inTurns(each(hashes), (sha256) => store.remove(blobName(sha256)))
  await store.remove(markName)
}

async function* blobsOf(blobs: Blobs): AsyncGenerator<Blob> {
  for await (const found of blobs.list()) if (found.kind === 'blob') yield found
}

async function* each<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values
}

/** A few at a time; after the first that fails no other is begun. */
async function inTurns<T>(
  source: AsyncGenerator<T>,
  work: (value: T) => Promise<void>,
): Promise<void> {
  const turn = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await source.next()
      if (done === true) return
      try {
        await work(value)
      } catch (error) {
        await source.return(undefined)
        throw error
      }
    }
  }
  const turns = await Promise.allSettled(Array.from({ length: atOnce }, turn))
  for (const one of turns) if (one.status === 'rejected') throw one.reason
}

/** Fails at its end where the bytes are others: what took them in then keeps none. */
async function* checked(
  sha256: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const bytes of source) {
    hash.update(bytes)
    yield bytes
  }
  if (hash.digest('hex') === sha256) return
  throw new StoreError(
    'blob-damaged',
    `The library's copy of ${sha256} is damaged. Nothing was moved; see sightline fsck.`,
  )
}
