/**
 * Blobs in an S3-compatible store: `ab/abcdef…` below the prefix. What arrives is
 * hashed into scratch, sent, read back from the store and hashed again. No object
 * is ever replaced by other bytes; removed is what was withdrawn, and where a library moves.
 */
import { constants } from 'node:fs'
import { chmod, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

import { blobMissing, blobName, hashInName, hashOf, oneChunk } from './blobs.ts'
import type { Blob, BlobCheck, Blobs, Limits } from './blobs.ts'
import { markName } from './claim-objects.ts'
import { writeAll } from './durable.ts'
import { lentFiles } from './lent-files.ts'
import type { ObjectStore } from './object-store.ts'
import { hasRoom, reserveBytes } from './room.ts'
import { hashFile, hashPath, inScratch, takeFile, takeIn } from './scratch-files.ts'
import { StoreError, diskError, storageFull } from './store-error.ts'

/** Of files that nobody has on loan. */
const usualKeptBytes = 4 * 2 ** 30
/** With less free space, copies that nobody has on loan are removed. */
const spareBytes = 64 << 20
/** An answer may be spoilt on the way: read again before damage is told. */
const timesRead = 2
const timesSent = 3
const freshMilliseconds = 600_000

export function openObjectBlobs(
  store: ObjectStore,
  libraryFolder: string,
  scratchFolder: string,
  keptBytes = usualKeptBytes,
): Blobs {
  const lent = lentFiles(scratchFolder, keptBytes)

  const stat = async (sha256: string) => store.stat(blobName(sha256))

  async function* read(
    sha256: string,
    range?: { readonly start: number; readonly end: number },
  ): AsyncGenerator<Uint8Array> {
    const source = await store.get(blobName(sha256), range)
    if (source === undefined) throw blobMissing(sha256)
    yield* source
  }

  const check = async (sha256: string): Promise<BlobCheck> => {
    for (let turn = 1; ; turn++) {
      const source = await store.get(blobName(sha256))
      if (source === undefined) return { kind: 'missing' }
      const actual = await hashOf(source)
      if (actual.sha256 === sha256) return { kind: 'intact', sizeBytes: actual.sizeBytes }
      if (turn === timesRead) {
        return { kind: 'damaged', sizeBytes: actual.sizeBytes, actualSha256: actual.sha256 }
      }
    }
  }

  /** One object that cannot be read is a finding; a store that cannot be reached is none. */
  const verify = async (sha256: string): Promise<BlobCheck> => {
    try {
      return await check(sha256)
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'not-a-hash') throw error
      await store.reach()
      return { kind: 'unreadable', reason: error.code }
    }
  }

  const makeRoom = async (neededBytes: number): Promise<void> => {
    if (await hasRoom(libraryFolder, neededBytes + spareBytes)) return
    await lent.clear()
    if (await hasRoom(libraryFolder, neededBytes + reserveBytes)) return
    throw storageFull(libraryFolder)
  }

  /** Sends what is not there, and reads back what is there then. */
  const keep = async (file: FileHandle, { sha256, sizeBytes }: Blob): Promise<void> => {
    const name = blobName(sha256)
    const present = await store.stat(name)
    const isNew = present === undefined
    for (let turn = 1; ; turn++) {
      if (isNew) await store.putFile(name, file, sizeBytes)
      const found = await check(sha256)
      if (found.kind === 'intact' && found.sizeBytes === sizeBytes) {
        // The same bytes once more: `remove` then sees that somebody needs them again.
        const isOld = !isNew && Date.now() - present.changedAt.getTime() > freshMilliseconds
        if (isOld) await store.putFile(name, file, sizeBytes)
        return
      }
      if (isNew && turn < timesSent) continue
      throw isNew
        ? new StoreError(
            'readback-differs',
            `What was read back from ${store.place} is not what was sent (${name}). It was not kept. ` +
              'Check the store, remove that object and try again.',
          )
        : new StoreError(
            'blob-damaged',
            `The library's copy of ${sha256} is damaged. Move ${name} in ${store.place} away and add the file again.`,
          )
    }
  }

  const putStream = async (source: AsyncIterable<Uint8Array>, limits: Limits): Promise<Blob> => {
    await makeRoom(0)
    return takeIn(libraryFolder, scratchFolder, source, limits, async (path, handle, blob) => {
      await keep(handle, blob)
      await lent.adopt(blob, path)
    })
  }

  /** @throws StoreError; hashed while it comes */
  const fetch = async (sha256: string, path: string): Promise<number> => {
    const found = await stat(sha256)
    if (found === undefined) throw blobMissing(sha256)
    await makeRoom(found.sizeBytes)
    const handle = await open(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
      0o600,
    )
    try {
      for (let turn = 1; ; turn++) {
        await handle.truncate(0)
        const actual = await hashOf(written(handle, read(sha256)))
        if (actual.sha256 === sha256) break
        if (turn < timesRead) continue
        throw new StoreError(
          'blob-damaged',
          `The library's copy of ${sha256} in ${store.place} is damaged: its SHA-256 is ${actual.sha256}. ` +
            'Restore it from a backup.',
        )
      }
    } catch (error) {
      throw diskError(error, libraryFolder)
    } finally {
      await handle.close()
    }
    await chmod(path, 0o444)
    return found.sizeBytes
  }

  const remove = async (sha256: string, before: Date): Promise<boolean> => {
    const name = blobName(sha256)
    const found = await store.stat(name)
    if (found !== undefined) {
      if (found.changedAt >= before) return false
      await store.remove(name)
    }
    await lent.drop(sha256)
    return true
  }

  return {
    putStream,
    putBytes: (bytes) => putStream(oneChunk(bytes), { maxBytes: bytes.length }),
    putFile: async (path) => {
      await makeRoom(0)
      return takeFile(libraryFolder, scratchFolder, path, async (inside, handle) => {
        const blob = await hashFile(handle)
        await keep(handle, blob)
        await lent.adopt(blob, inside)
        return blob
      })
    },
    lend: (sha256, work) => lent.lend(sha256, (path) => fetch(sha256, path), work),
    read,
    holdsSame: async (path, sha256) =>
      (await hashPath(path)).sha256 === sha256 && (await verify(sha256)).kind === 'intact',
    stat,
    remove,
    has: async (sha256) => (await stat(sha256)) !== undefined,
    verify,
    async *list() {
      for await (const { name, sizeBytes } of store.list()) {
        const sha256 = hashInName(name)
        if (sha256 !== undefined) yield { kind: 'blob', sha256, sizeBytes }
        else if (name !== markName) yield { kind: 'stray', name: `${store.place}/${name}` }
      }
    },
    inScratch: async (work) => {
      await makeRoom(0)
      return inScratch(libraryFolder, scratchFolder, work)
    },
  }
}

/** What passes, once it is written. */
async function* written(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let position = 0
  for await (const bytes of source) {
    await writeAll(handle, bytes, position)
    position += bytes.length
    yield bytes
  }
}
