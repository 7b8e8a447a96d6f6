/**
 * Where unfinished work lies: `<library>/scratch`, emptied at every start. Of
 * several programs that share a library each has a folder of its own in it,
 * which says by a lock that its program still runs.
 */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { openLockFile, takeLock } from './lock.ts'

export interface Scratch {
  readonly folder: string
  /** Removes what several programs keep apart; the next start empties the rest. */
  release(): Promise<void>
}

/** So long after it was made a folder without a lock may still be about to get one. */
const unlockedMilliseconds = 60_000

/** For the one program that holds the library. */
export async function openOwnScratch(libraryFolder: string): Promise<Scratch> {
  const folder = join(libraryFolder, 'scratch')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })
  return { folder, release: () => Promise.resolve() }
}

/** For one of several; removes what those have left that run no more. */
export async function openSharedScratch(libraryFolder: string, now: Date): Promise<Scratch> {
  const all = join(libraryFolder, 'scratch')
  await mkdir(all, { recursive: true, mode: 0o700 })
  for (const name of await readdir(all)) await removeAbandoned(join(all, name), now)
  const folder = await mkdtemp(join(all, 'of-'))
  const lock = await openLockFile(folder)
  await takeLock(lock.fd, ['-xn'])
  return {
    folder,
    release: async () => {
      await rm(folder, { recursive: true, force: true })
      await lock.close()
    },
  }
}

async function removeAbandoned(path: string, now: Date): Promise<void> {
  const made = await stat(path).catch(() => undefined)
  if (made === undefined) return
  if (made.isDirectory()) {
    if (now.getTime() - made.ctimeMs < unlockedMilliseconds) return
    const lock = await openLockFile(path)
    try {
      if (!(await takeLock(lock.fd, ['-xn']))) return
    } finally {
      await lock.close()
    }
  }
  await rm(path, { recursive: true, force: true })
}
