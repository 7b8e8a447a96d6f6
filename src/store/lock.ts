/**
 * One process per embedded library. Two on one folder corrupt the database
 * without any error, so the lock is taken before anything else is touched. A
 * library whose database is on a server is shared by those that keep to it, and
 * held by one alone while it is made.
 *
 * flock(2) belongs to the open file description: the `flock` program is handed
 * our descriptor, takes the lock on it and exits, and the lock stays ours until
 * the descriptor closes, which the kernel does on kill -9 as well. Node opens
 * files with O_CLOEXEC, so no other child inherits it. Not for network file
 * systems that keep flock local to one machine.
 */
// The one program started outside media/: see above.
// oxlint-disable-next-line no-restricted-imports
import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

import { writeAll } from './durable.ts'
import { StoreError, diskError, errorCode } from './store-error.ts'

/** Who holds a library: what `<library>/lock` says, one line of JSON. */
export interface LockHolder {
  readonly pid: number
  /** The command as the user would recognise it, such as `sightline serve`. */
  readonly command: string
  /** RFC 3339. */
  readonly sinceAt: string
}

export interface LibraryLock {
  /** Lets others share from now on. */
  share(): Promise<void>
  /** Gives the library free for the next process. */
  release(): Promise<void>
}

/** `alone` at once or never; who shares waits while the library is being made. */
const flockArguments = { alone: ['-xn'], shared: ['-s', '-w', '30'] }

/**
 * Takes the lock on a library folder that exists.
 * @throws StoreError `library-in-use`, `lock-unavailable`
 */
export async function lockLibrary(
  folder: string,
  holder: LockHolder,
  how: keyof typeof flockArguments = 'alone',
): Promise<LibraryLock> {
  const handle = await openLockFile(folder)
  try {
    if (!(await takeLock(handle.fd, flockArguments[how]))) {
      throw inUse(folder, await readHolder(handle))
    }
    await handle.truncate(0)
    await writeAll(handle, Buffer.from(`${JSON.stringify(holder)}\n`), 0)
  } catch (error) {
    await handle.close()
    throw diskError(error, folder)
  }
  return {
    share: async () => {
      if (!(await takeLock(handle.fd, flockArguments.shared))) throw inUse(folder, undefined)
    },
    release: async () => {
      await handle.truncate(0)
      await handle.close()
    },
  }
}

export async function openLockFile(folder: string): Promise<FileHandle> {
  try {
    return await open(
      join(folder, 'lock'),
      constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW,
      0o600,
    )
  } catch (error) {
    throw new StoreError(
      'lock-unavailable',
      `The library at ${folder} cannot be locked (${errorCode(error) ?? 'unknown error'}). ` +
        'It has to be a folder that this user may write to.',
      { cause: error },
    )
  }
}

/** True when the lock is now ours, false when somebody else has it. */
export async function takeLock(descriptor: number, how: readonly string[]): Promise<boolean> {
  const child = spawn('flock', [...how, '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  }).catch((error: unknown) => {
    throw new StoreError(
      'lock-unavailable',
      'The program `flock` could not be started. It comes with util-linux: apt-get install util-linux',
      { cause: error },
    )
  })
  if (status === 0) return true
  if (status === 1) return false
  throw new StoreError(
    'lock-unavailable',
    `The library could not be locked: flock ended with status ${status ?? 'unknown'}. ` +
      'Its file system may not support locks.',
  )
}

/** The file's content is a courtesy: it may be half written, so anything odd is "unknown". */
async function readHolder(handle: FileHandle): Promise<LockHolder | undefined> {
  const buffer = Buffer.alloc(4096)
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
  try {
    const parsed: unknown = JSON.parse(buffer.toString('utf8', 0, bytesRead))
    if (typeof parsed !== 'object' || parsed === null) return undefined
    if (!('pid' in parsed && 'command' in parsed && 'sinceAt' in parsed)) return undefined
    const { pid, command, sinceAt } = parsed
    if (typeof pid !== 'number' || typeof command !== 'string' || typeof sinceAt !== 'string') {
      return undefined
    }
    return { pid, command, sinceAt }
  } catch {
    return undefined
  }
}

function inUse(folder: string, holder: LockHolder | undefined): StoreError {
  const who =
    holder === undefined
      ? 'another process'
      : `\`${holder.command}\` (pid ${holder.pid}, since ${holder.sinceAt})`
  return new StoreError(
    'library-in-use',
    `The library at ${folder} is in use by ${who}; stop it or use --library <other folder>.`,
  )
}
