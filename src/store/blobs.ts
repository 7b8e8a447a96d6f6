/**
 * Files under their SHA-256: `blobs/ab/abcdef…`, read-only, written once.
 *
 * A blob is acknowledged only when it was hashed while it arrived, synced, read
 * back, hashed again, put in place by a rename, and its folders were synced.
 * Until then it lies in `scratch/`, which is swept at the next start. Reading
 * back comes from the kernel's cache where it still holds the pages: it finds
 * what went wrong on the way there; what the disk does later, `verify` finds.
 */
import { createHash, randomUUID } from 'node:crypto'
import { constants, lstatSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, realpath, rename, rm, utimes } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'

import { syncFile, syncFolder, writeAll } from './durable.ts'
import { assertRoom, hasRoom } from './room.ts'
import { StoreError, diskError, errorCode, storageFull } from './store-error.ts'

export interface Blob {
  /** Lower-case hex. */
  readonly sha256: string
  readonly sizeBytes: number
}

type BlobCheck =
  | { readonly kind: 'intact'; readonly sizeBytes: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly sizeBytes: number; readonly actualSha256: string }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** What `list` meets: a blob by its name (not rehashed), or a file that is none. */
type Listed = ({ readonly kind: 'blob' } & Blob) | { readonly kind: 'stray'; readonly path: string }

interface Limits {
  /** More than this ends the intake with `too-large`. */
  readonly maxBytes: number
}

export interface Blobs {
  /**
   * Takes a stream in, once, and returns when it is durable.
   * @throws StoreError `too-large`, `storage-full`, `readback-differs`, `blob-damaged`
   */
  putStream(source: AsyncIterable<Uint8Array>, limits: Limits): Promise<Blob>
  /**
   * The same for bytes at hand.
   * @throws StoreError `storage-full`, `readback-differs`, `blob-damaged`
   */
  putBytes(bytes: Uint8Array): Promise<Blob>
  /**
   * Moves a finished file out of the scratch folder or `uploads`; it is gone from there afterwards.
   * Refused on a full disk: whoever wrote the file may not have been able to finish it.
   * @throws StoreError `outside-scratch`, `storage-full`, `blob-damaged`
   */
  putFile(path: string): Promise<Blob>
  /** Where the blob is, for handing to a sandbox read-only. Says nothing about whether it exists. */
  path(sha256: string): string
  /** @throws StoreError `blob-missing` */
  open(sha256: string): Promise<FileHandle>
  /**
   * The bytes from `start` up to but without `end`; all without a range.
   * @throws StoreError `blob-missing`
   */
  read(
    sha256: string,
    range?: { readonly start: number; readonly end: number },
  ): AsyncIterable<Uint8Array>
  /** Whether a file elsewhere and the library's copy both hold these bytes: both are read whole. */
  holdsSame(path: string, sha256: string): Promise<boolean>
  stat(sha256: string): Promise<{ readonly sizeBytes: number } | undefined>
  has(sha256: string): Promise<boolean>
  /**
   * Removes a blob that nothing needs, unless it was kept (again) since `before`: whoever did so
   * may not have recorded it yet. True where it is gone.
   */
  remove(sha256: string, before: Date): Promise<boolean>
  /** Reads the whole blob and compares hash and name. */
  verify(sha256: string): Promise<BlobCheck>
  list(): AsyncIterable<Listed>
  /**
   * Lends a new empty folder in scratch to one piece of work. Where that fails on
   * a full disk, the disk is the reason, whatever the work took it for.
   * @throws StoreError `storage-full`
   */
  inScratch<T>(work: (folder: string) => Promise<T>): Promise<T>
}

const chunkBytes = 1 << 20

/** Where files on their way in lie, beside the blobs. */
export const uploadFolderName = 'uploads'

/** The folder of blobs and this program's scratch folder exist and lie on one file system. */
export function openBlobs(libraryFolder: string, scratchFolder: string): Blobs {
  const blobFolder = resolve(libraryFolder, 'blobs')
  const uploadFolder = resolve(libraryFolder, uploadFolderName)

  const blobPath = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      throw new StoreError('not-a-hash', 'A blob is named by 64 lower-case hex digits.')
    }
    return join(blobFolder, sha256.slice(0, 2), sha256)
  }

  const openBlob = async (sha256: string): Promise<FileHandle> => {
    try {
      return await open(blobPath(sha256), constants.O_RDONLY | constants.O_NOFOLLOW)
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error
      throw new StoreError('blob-missing', `The library has no file with SHA-256 ${sha256}.`, {
        cause: error,
      })
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
      return { kind: 'unreadable', reason: errorCode(error) ?? 'unknown error' }
    }
  }

  const holdsSame = async (path: string, sha256: string): Promise<boolean> => {
    const handle = await open(path, constants.O_RDONLY)
    try {
      if ((await hashFile(handle)).sha256 !== sha256) return false
    } finally {
      await handle.close()
    }
    return (await verify(sha256)).kind === 'intact'
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

  const putStream = async (source: AsyncIterable<Uint8Array>, limits: Limits): Promise<Blob> => {
    const path = join(scratchFolder, `intake-${randomUUID()}`)
    try {
      await assertRoom(libraryFolder)
      const handle = await open(path, 'wx+', 0o600)
      let blob: Blob
      try {
        blob = await receive(handle, source, limits)
      } finally {
        await handle.close()
      }
      await keep(path, blob)
      return blob
    } catch (error) {
      await rm(path, { force: true })
      throw diskError(error, libraryFolder)
    }
  }

  const putFile = async (path: string): Promise<Blob> => {
    await assertRoom(libraryFolder)
    const inside = await resolveInside([scratchFolder, uploadFolder], path)
    // Made by a media program, which may be hostile: no links, plain files only.
    const handle = await open(inside, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
      (error: unknown) => {
        throw errorCode(error) === 'ELOOP' ? outsideScratch(error) : error
      },
    )
    try {
      const found = await handle.stat()
      if (!found.isFile() || found.nlink !== 1) throw outsideScratch()
      await handle.chmod(0o444)
      await syncFile(handle, inside)
      const blob = await hashFile(handle)
      await keep(inside, blob)
      return blob
    } catch (error) {
      throw diskError(error, libraryFolder)
    } finally {
      await handle.close()
    }
  }

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

  const inScratch = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
    let folder: string | undefined
    try {
      folder = await mkdtemp(join(scratchFolder, 'work-'))
      return await work(folder)
    } catch (error) {
      // Asked before what the work left is removed.
      if (!(await hasRoom(libraryFolder))) throw storageFull(libraryFolder, error)
      throw diskError(error, libraryFolder)
    } finally {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    putStream,
    putBytes: (bytes) => putStream(oneChunk(bytes), { maxBytes: bytes.length }),
    putFile,
    path: blobPath,
    open: openBlob,
    async *read(sha256, range) {
      const handle = await openBlob(sha256)
      try {
        const end = range?.end ?? (await handle.stat()).size
        yield* chunks(handle, range?.start ?? 0, end)
      } finally {
        await handle.close()
      }
    },
    holdsSame,
    stat,
    remove,
    has: async (sha256) => (await stat(sha256)) !== undefined,
    verify,
    list: () => listBlobs(blobFolder),
    inScratch,
  }
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Copies and hashes at once, syncs, reads back, compares. */
async function receive(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  limits: Limits,
): Promise<Blob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const bytes of source) {
    if (sizeBytes + bytes.length > limits.maxBytes) {
      throw new StoreError('too-large', `The file is larger than ${limits.maxBytes} bytes.`)
    }
    const written = writeAll(handle, bytes, sizeBytes)
    hash.update(bytes)
    await written
    sizeBytes += bytes.length
  }
  await handle.chmod(0o444)
  await syncFile(handle, 'a new blob')
  const sha256 = hash.digest('hex')
  const readBack = await hashFile(handle)
  if (readBack.sha256 !== sha256 || readBack.sizeBytes !== sizeBytes) {
    throw new StoreError(
      'readback-differs',
      'What was read back from the disk is not what was written. Check the disk, then try again.',
    )
  }
  return { sha256, sizeBytes }
}

async function hashFile(handle: FileHandle): Promise<Blob> {
  const hash = createHash('sha256')
  const { size } = await handle.stat()
  const buffer = new Uint8Array(Math.min(chunkBytes, Math.max(1, size)))
  let sizeBytes = 0
  while (true) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, sizeBytes)
    if (bytesRead === 0) return { sha256: hash.digest('hex'), sizeBytes }
    hash.update(buffer.subarray(0, bytesRead))
    sizeBytes += bytesRead
  }
}

/** Each chunk is its own memory: the reader may keep it. */
async function* chunks(
  handle: FileHandle,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let position = start
  while (position < end) {
    const buffer = new Uint8Array(Math.min(chunkBytes, end - position))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    position += bytesRead
  }
}

async function* listBlobs(blobFolder: string): AsyncGenerator<Listed> {
  for (const prefix of (await readdir(blobFolder, { withFileTypes: true })).toSorted(byName)) {
    const folder = join(blobFolder, prefix.name)
    if (!prefix.isDirectory() || !/^[0-9a-f]{2}$/.test(prefix.name)) {
      yield { kind: 'stray', path: folder }
      continue
    }
    for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted(byName)) {
      const path = join(folder, entry.name)
      const found = lstatSync(path, { throwIfNoEntry: false })
      if (found === undefined) continue
      const named = /^[0-9a-f]{64}$/.test(entry.name) && entry.name.startsWith(prefix.name)
      yield named && found.isFile()
        ? { kind: 'blob', sha256: entry.name, sizeBytes: found.size }
        : { kind: 'stray', path }
    }
  }
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1

/** The path with the folders above it resolved, so that no link in them leads out. */
async function resolveInside(allowed: readonly string[], path: string): Promise<string> {
  const folder = await realpath(dirname(resolve(path)))
  for (const name of allowed) {
    const within = await realpath(name).catch(() => undefined)
    if (within === undefined) continue
    if (folder === within || folder.startsWith(within + sep)) return join(folder, basename(path))
  }
  throw outsideScratch()
}

function outsideScratch(cause?: unknown): StoreError {
  return new StoreError(
    'outside-scratch',
    'Only a plain file inside the scratch folder can be kept.',
    { cause },
  )
}
