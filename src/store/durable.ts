/**
 * Writing so that it is still there after the power fails.
 *
 * Rules (FIELD-RULES 25): every write's count is checked, a file and the folder
 * that names it are both synced before anything is acknowledged, and a failed
 * fsync ends the process. It is never retried: after a failed fsync Linux may
 * mark the lost pages clean, so that a second call succeeds over lost data
 * (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { StoreError } from './store-error.ts'

const isFull = /No space left|ENOSPC|Disk quota exceeded|EDQUOT/i

/** Says why on stderr and ends the process with status 1: what was not acknowledged is not kept. */
export function endProcess(what: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  writeSync(
    2,
    `sightline: ${what} (${reason}). The disk no longer keeps what it is given, so the program ends ` +
      'here. Everything acknowledged so far is kept. Make sure the disk is whole and has free space, ' +
      `then start again.\nsightline: [${isFull.test(reason) ? 'storage-full' : 'disk-failed'}]\n`,
  )
  process.exit(1)
}

/** Syncs an open descriptor, or ends the process. */
export function syncDescriptor(descriptor: number, what: string): void {
  try {
    fsyncSync(descriptor)
  } catch (error) {
    endProcess(`could not sync ${what}`, error)
  }
}

/** Syncs an open file without blocking the event loop, or ends the process. */
export async function syncFile(handle: FileHandle, what: string): Promise<void> {
  try {
    await handle.sync()
  } catch (error) {
    endProcess(`could not sync ${what}`, error)
  }
}

/** Makes the names in a folder durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    syncDescriptor(descriptor, folder)
  } finally {
    closeSync(descriptor)
  }
}

/** Syncs every file and folder beneath a folder, children before parents. */
export async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await syncTree(path)
    else if (entry.isFile()) {
      const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
      try {
        await syncFile(handle, path)
      } finally {
        await handle.close()
      }
    }
  }
  syncFolder(folder)
}

/**
 * Writes all bytes at a position in bytes. On a full disk a write may come back
 * short without an error; the rest is asked for again, which then names the
 * error. A write of nothing at all counts as a full disk.
 */
export async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array,
  positionBytes: number,
): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(
      bytes,
      done,
      bytes.length - done,
      positionBytes + done,
    )
    if (bytesWritten === 0) {
      throw new StoreError('storage-full', 'The disk accepted no more bytes.')
    }
    done += bytesWritten
  }
}

/** Puts a whole small file in place: either the old content is there or all of the new. */
export async function writeFileDurably(
  path: string,
  bytes: Uint8Array,
  mode: number,
): Promise<void> {
  const unfinished = `${path}.new`
  await rm(unfinished, { force: true })
  const handle = await open(unfinished, 'wx', mode)
  try {
    await writeAll(handle, bytes, 0)
    await syncFile(handle, unfinished)
  } finally {
    await handle.close()
  }
  await rename(unfinished, path)
  syncFolder(dirname(path))
}
