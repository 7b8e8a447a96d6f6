/**
 * A library stops taking things in while there is still some room. PostgreSQL
 * gives up at once (PANIC) when it cannot extend its write-ahead log, so it
 * would end the program in the middle of an act instead of failing the act; and
 * a media program that met a full disk may leave half a file and say nothing.
 */
import { statfs } from 'node:fs/promises'

import { storageFull } from './store-error.ts'

/** A new segment of the write-ahead log (4 MB), and as much again to end in order. */
export const reserveBytes = 8 << 20

/** True as well where the file system does not say. */
export async function hasRoom(folder: string, neededBytes = reserveBytes): Promise<boolean> {
  const { blocks, bavail, bsize } = await statfs(folder)
  return blocks === 0 || bavail * bsize >= neededBytes
}

/** @throws StoreError `storage-full` */
export async function assertRoom(folder: string): Promise<void> {
  if (!(await hasRoom(folder))) throw storageFull(folder)
}
