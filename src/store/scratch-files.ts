/** Files on the way into the blobs: what arrives, and what a media program made. */
import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdtemp, open, realpath, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'

import type { Blob, ByteRange, Limits } from './blobs.ts'
import { writeAll } from './durable.ts'
import { assertRoom, hasRoom } from './room.ts'
import { StoreError, diskError, errorCode, storageFull } from './store-error.ts'

const chunkBytes = 1 << 20

/** Where files that are sent from outside lie until all of each is there. */
export const uploadFolderName = 'uploads'

/** A stream, copied into scratch and hashed at once; the file is removed where `keep` leaves it or fails. */
export async function takeIn(
  libraryFolder: string,
  scratchFolder: string,
  source: AsyncIterable<Uint8Array>,
  limits: Limits,
  keep: (path: string, handle: FileHandle, blob: Blob) => Promise<void>,
): Promise<Blob> {
  const path = join(scratchFolder, `intake-${randomUUID()}`)
  try {
    await assertRoom(libraryFolder)
    const handle = await open(path, 'wx+', 0o600)
    try {
      const blob = await receive(handle, source, limits)
      await handle.chmod(0o444)
      await keep(path, handle, blob)
      return blob
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw diskError(error, libraryFolder)
  } finally {
    await rm(path, { force: true })
  }
}

/** Copies and hashes at once. */
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
  return { sha256: hash.digest('hex'), sizeBytes }
}

/** A finished file inside scratch or `uploads`, made read-only and handed to `keep`. */
export async function takeFile(
  libraryFolder: string,
  scratchFolder: string,
  path: string,
  keep: (path: string, handle: FileHandle) => Promise<Blob>,
): Promise<Blob> {
  await assertRoom(libraryFolder)
  const inside = await resolveInside([scratchFolder, join(libraryFolder, uploadFolderName)], path)
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
    return await keep(inside, handle)
  } catch (error) {
    throw diskError(error, libraryFolder)
  } finally {
    await handle.close()
  }
}

export async function inScratch<T>(
  libraryFolder: string,
  scratchFolder: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
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

export async function hashFile(handle: FileHandle): Promise<Blob> {
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

export async function hashPath(path: string): Promise<Blob> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    return await hashFile(handle)
  } finally {
    await handle.close()
  }
}

/** Each chunk is its own memory: the reader may keep it. */
export async function* chunks(
  handle: FileHandle,
  { start, end }: ByteRange,
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

/** All of a part of a file that does not change. */
export async function readWhole(
  handle: FileHandle,
  start: number,
  sizeBytes: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes)
  let done = 0
  while (done < sizeBytes) {
    const { bytesRead } = await handle.read(bytes, done, sizeBytes - done, start + done)
    if (bytesRead === 0) throw new TypeError('a file in scratch became shorter while it was read')
    done += bytesRead
  }
  return bytes
}
