/**
 * Blobs in the library's folder: `blobs/ab/abcdef…`, read-only.
 *
 * On the way there a file lies in `scratch/`, which is swept at the next start;
 * it is synced, read back, put in place by a rename, and its folders are synced.
 * Reading back comes from the kernel's cache where it still holds the pages: it
 * finds what went wrong on the way there; what the disk does later, `verify` finds.
 */
import { constants, lstatSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, utimes } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'

import { blobMissing, blobName, hashInName, oneChunk } from './blobs.ts'
import type { Blob, BlobCheck, Blobs, Limits, Listed } from './blobs.ts'
import { syncFile, syncFolder } from './durable.ts'
import { chunks, hashFile, hashPath, inScratch, takeFile, takeIn } from './scratch-files.ts'
import { StoreError, errorCode } from './store-error.ts'

/** The folder of blobs and this program's scratch folder exist and lie on one file system. */
export function openFolderBlobs(libraryFolder: string, scratchFolder: string): Blobs {
  const blobFolder = resolve(libraryFolder, 'blobs')

  const blobPath = (sha256: string): string => join(blobFolder, blobName(sha256))

  const openBlob = async (sha256: string): Promise<FileHandle> => {
    try {
      return await open(blobPath(sha256), constants.O_RDONLY | constants.O_NOFOLLOW)
    } catch (error) {
      throw errorCode(error) === 'ENOENT' ? blobMissing(sha256, error) : error
    }
  }

  const stat = async (sha256: string): Promise<{ readonly sizeBytes: number } | undefined> => {
    const found = lstatSync(blobPath(sha256), { throwIfNoEntry: false })
    return found?.isFile() === true ? { sizeBytes: found.size } : undefined
  }

  const verify = async (sha256: string): Promise<BlobCheck> => {
    try {
      const handle = await openBlob(sha256)
      try {
        const actual = await hashFile(handle)
        return actual.sha256 === sha256
          ? { kind: 'intact', sizeBytes: actual.sizeBytes }
          : { kind: 'damaged', sizeBytes: actual.sizeBytes, actualSha256: actual.sha256 }
      } finally {
        await handle.close()
      }
    } catch (error) {
      if (error instanceof StoreError && error.code === 'blob-missing') return { kind: 'missing' }
      if (error instanceof StoreError) throw error
      return { kind: 'unreadable', reason: errorCode(error) ?? 'unknown error' }
    }
  }

  /** Moves a synced file whose hash is known into its place, or drops it when it is there already. */
  const keep = async (path: string, blob: Blob): Promise<void> => {
    const target = blobPath(blob.sha256)
    const present = await stat(blob.sha256)
    if (present !== undefined) {
      const check = await verify(blob.sha256)
      if (check.kind !== 'intact' || check.sizeBytes !== blob.sizeBytes) {
        throw new StoreError(
          'blob-damaged',
          `The library's copy of ${blob.sha256} is damaged. Move ${target} away and add the file again.`,
        )
      }
      await rm(path)
      const now = new Date()
      await utimes(target, now, now)
    } else {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await rename(path, target)
    }
    // Also when nothing was created: whoever did may have been killed before this point.
    syncFolder(dirname(target))
    syncFolder(blobFolder)
  }

  const putStream = (source: AsyncIterable<Uint8Array>, limits: Limits): Promise<Blob> =>
    takeIn(libraryFolder, scratchFolder, source, limits, async (path, handle, blob) => {
      await syncFile(handle, 'a new blob')
      const readBack = await hashFile(handle)
      if (readBack.sha256 !== blob.sha256 || readBack.sizeBytes !== blob.sizeBytes) {
        throw new StoreError(
          'readback-differs',
          'What was read back from the disk is not what was written. Check the disk, then try again.',
        )
      }
      await keep(path, blob)
    })

  const remove = async (sha256: string, before: Date): Promise<boolean> => {
    const path = blobPath(sha256)
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found === undefined) return true
    // The later of the two: a file that was moved here brings its own mtime.
    if (Math.max(found.mtimeMs, found.ctimeMs) >= before.getTime()) return false
    await rm(path)
    syncFolder(dirname(path))
    return true
  }

  return {
    putStream,
    putBytes: (bytes) => putStream(oneChunk(bytes), { maxBytes: bytes.length }),
    putFile: (path) =>
      takeFile(libraryFolder, scratchFolder, path, async (inside, handle) => {
        await syncFile(handle, inside)
        const blob = await hashFile(handle)
        await keep(inside, blob)
        return blob
      }),
    lend: async (sha256, work) => {
      if ((await stat(sha256)) === undefined) throw blobMissing(sha256)
      return work(blobPath(sha256))
    },
    async *read(sha256, range) {
      const handle = await openBlob(sha256)
      try {
        yield* chunks(handle, range ?? { start: 0, end: (await handle.stat()).size })
      } finally {
        await handle.close()
      }
    },
    holdsSame: async (path, sha256) =>
      (await hashPath(path)).sha256 === sha256 && (await verify(sha256)).kind === 'intact',
    stat,
    remove,
    has: async (sha256) => (await stat(sha256)) !== undefined,
    verify,
    list: () => listBlobs(libraryFolder, blobFolder),
    inScratch: (work) => inScratch(libraryFolder, scratchFolder, work),
  }
}

async function* listBlobs(libraryFolder: string, blobFolder: string): AsyncGenerator<Listed> {
  const stray = (path: string): Listed => ({ kind: 'stray', name: relative(libraryFolder, path) })
  for (const prefix of (await readdir(blobFolder, { withFileTypes: true })).toSorted(byName)) {
    const folder = join(blobFolder, prefix.name)
    if (!prefix.isDirectory() || !/^[0-9a-f]{2}$/.test(prefix.name)) {
      yield stray(folder)
      continue
    }
    for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted(byName)) {
      const path = join(folder, entry.name)
      const found = lstatSync(path, { throwIfNoEntry: false })
      if (found === undefined) continue
      const sha256 = hashInName(`${prefix.name}/${entry.name}`)
      yield sha256 !== undefined && found.isFile()
        ? { kind: 'blob', sha256, sizeBytes: found.size }
        : stray(path)
    }
  }
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1

/** Blobs that are elsewhere now, and the folders that are empty then. */
export async function removeFolderBlobs(
  libraryFolder: string,
  hashes: Iterable<string>,
): Promise<void> {
  const blobFolder = join(libraryFolder, 'blobs')
  for (const sha256 of hashes) await rm(join(blobFolder, blobName(sha256)), { force: true })
  for (const name of await readdir(blobFolder)) {
    await rmdir(join(blobFolder, name)).catch(unlessFilled)
  }
  await rmdir(blobFolder).catch(unlessFilled)
}

function unlessFilled(error: unknown): void {
  if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error
}
