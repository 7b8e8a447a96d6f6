/**
 * Copies of blobs in this program's scratch, for programs that need a file: kept
 * as long as somebody has one on loan, and beyond that as far as they fit, since
 * one original is read many times.
 */
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Blob } from './blobs.ts'

interface LentFiles {
  /** `fetch` writes the file that is not here yet, and says its size. */
  lend<T>(
    sha256: string,
    fetch: (path: string) => Promise<number>,
    work: (path: string) => Promise<T>,
  ): Promise<T>
  /** Takes over a file of scratch that has those bytes. */
  adopt(blob: Blob, path: string): Promise<void>
  /** Removes a copy unless somebody has it on loan. */
  drop(sha256: string): Promise<void>
  /** Removes all that nobody has on loan. */
  clear(): Promise<void>
}

interface Copy {
  readonly path: string
  /** Settles when the file is whole. */
  readonly ready: Promise<number>
  sizeBytes: number
  borrowers: number
}

export function lentFiles(scratchFolder: string, mostBytes: number): LentFiles {
  /** The one used longest ago first. */
  const copies = new Map<string, Copy>()
  let made = 0
  const newPath = (sha256: string): string => join(scratchFolder, `lent-${++made}-${sha256}`)

  const forget = async (sha256: string, copy: Copy): Promise<void> => {
    if (copies.get(sha256) === copy) copies.delete(sha256)
    await rm(copy.path, { force: true })
  }

  const trim = async (downTo: number): Promise<void> => {
    let bytes = [...copies.values()].reduce((sum, copy) => sum + copy.sizeBytes, 0)
    for (const [sha256, copy] of copies) {
      if (bytes <= downTo) return
      if (copy.borrowers > 0) continue
      bytes -= copy.sizeBytes
      await forget(sha256, copy)
    }
  }

  return {
    lend: async (sha256, fetch, work) => {
      const path = newPath(sha256)
      const copy = copies.get(sha256) ?? { path, ready: fetch(path), sizeBytes: 0, borrowers: 0 }
      copies.delete(sha256)
      copies.set(sha256, copy)
      copy.borrowers++
      try {
        copy.sizeBytes = await copy.ready
      } catch (error) {
        await forget(sha256, copy)
        throw error
      }
      try {
        return await work(copy.path)
      } finally {
        copy.borrowers--
        await trim(mostBytes)
      }
    },
    adopt: async ({ sha256, sizeBytes }, from) => {
      if (copies.has(sha256)) return rm(from)
      const path = newPath(sha256)
      await rename(from, path)
      copies.set(sha256, { path, ready: Promise.resolve(sizeBytes), sizeBytes, borrowers: 0 })
      await trim(mostBytes)
    },
    drop: async (sha256) => {
      const copy = copies.get(sha256)
      if (copy?.borrowers === 0) await forget(sha256, copy)
    },
    clear: () => trim(0),
  }
}
