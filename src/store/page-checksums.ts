/**
 * PostgreSQL's page checksums, checked on the files themselves, so that a
 * changed byte is found in tables and indexes that no query happens to read.
 *
 * The algorithm is src/include/storage/checksum_impl.h of PostgreSQL: 32 FNV-1a
 * sums side by side over the 8 KiB page with its checksum field taken as zero.
 */
import { readSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as immediate } from 'node:timers/promises'

import { errorCode } from './store-error.ts'

const pageBytes = 8192
/** A relation is split into files of 1 GiB. */
const pagesPerSegment = 131072

// prettier-ignore
const baseOffsets = Int32Array.from([
  0x5b1f36e9, 0xb8525960, 0x02ab50aa, 0x1de66d2a, 0x79ff467a, 0x9bb9f8a3, 0x217e7cd2, 0x83e13d2c,
  0xf8d4474f, 0xe39eb970, 0x42c6ae16, 0x993216fa, 0x7b093b5d, 0x98daff3c, 0xf718902a, 0x0b1c9cdb,
  0xe58f764b, 0x187636bc, 0x5d7b3bb1, 0xe73de7de, 0x92bec979, 0xcca6c0b2, 0x304a0979, 0x85aa43d4,
  0x783125bb, 0x6ca8eaa2, 0xe407eac6, 0x4b5cfc3e, 0x9fbf8c76, 0x15ca20be, 0xf2ca9fd3, 0x959bd756,
])

const mix = (sum: number, value: number): number => {
  const mixed = sum ^ value
  return Math.imul(mixed, 16777619) ^ (mixed >>> 17)
}

const wordsPerPage = pageBytes / 4
/** Holds the checksum in its low half: little-endian, as on every machine Node runs on. */
const checksumWord = 2
/** Holds pd_upper in its high half. */
const upperWord = 3

/**
 * `words` holds pages of 2048 words, `first` is where this one begins; `block` is
 * its number in the relation, counted over all its files.
 */
function pageChecksum(words: Int32Array, first: number, block: number): number {
  const sums = Int32Array.from(baseOffsets)
  for (let row = 0; row < wordsPerPage; row += 32) {
    for (let column = 0; column < 32; column++) {
      const word = words[first + row + column] as number
      const value = row + column === checksumWord ? word & ~0xffff : word
      sums[column] = mix(sums[column] as number, value)
    }
  }
  let folded = 0
  for (const sum of sums) folded ^= mix(mix(sum, 0), 0)
  return (((folded ^ block) >>> 0) % 65535) + 1
}

/** A page that was never used is all zero and has no checksum. */
function isIntact(words: Int32Array, first: number, block: number): boolean {
  if ((words[first + upperWord] as number) >>> 16 === 0) {
    return words.subarray(first, first + wordsPerPage).every((word) => word === 0)
  }
  const stated = (words[first + checksumWord] as number) & 0xffff
  return stated === pageChecksum(words, first, block)
}

export interface DamagedPage {
  /** Relative to the cluster's folder. */
  readonly file: string
  /** From 0, in this file. */
  readonly page: number
}

/**
 * Checks all relation files of a cluster that has just been checkpointed. PGlite may write to it
 * meanwhile: it does so on this thread, so that no page that is read at once is read half written.
 */
export async function checkPages(
  cluster: string,
): Promise<{ readonly pages: number; readonly damaged: readonly DamagedPage[] }> {
  const folders = ['global']
  for (const name of await readdir(join(cluster, 'base'))) folders.push(join('base', name))
  const damaged: DamagedPage[] = []
  let pages = 0
  for (const folder of folders) {
    for (const name of (await readdir(join(cluster, folder))).toSorted()) {
      const match = /^\d+(?:_(?:fsm|vm|init))?(?:\.(\d+))?$/.exec(name)
      if (match === null) continue
      const file = join(folder, name)
      const found = await checkFile(join(cluster, file), Number(match[1] ?? 0))
      pages += found.pages
      for (const page of found.damaged) damaged.push({ file, page })
    }
  }
  return { pages, damaged }
}

async function checkFile(
  path: string,
  segment: number,
): Promise<{ readonly pages: number; readonly damaged: readonly number[] }> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    // A table that was dropped since the folder was read.
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (handle === undefined) return { pages: 0, damaged: [] }
  const buffer = new Uint8Array(64 * pageBytes)
  const words = new Int32Array(buffer.buffer)
  const damaged: number[] = []
  let page = 0
  try {
    while (true) {
      const bytesRead = readSync(handle.fd, buffer, 0, buffer.length, page * pageBytes)
      await immediate()
      // Less than a page at the end is what an extension leaves that met a full disk;
      // PostgreSQL does not count it.
      if (bytesRead < pageBytes) return { pages: page, damaged }
      for (let first = 0; (first + wordsPerPage) * 4 <= bytesRead; first += wordsPerPage, page++) {
        if (!isIntact(words, first, segment * pagesPerSegment + page)) damaged.push(page)
      }
    }
  } finally {
    await handle.close()
  }
}
