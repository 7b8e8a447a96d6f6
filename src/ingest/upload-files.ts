/**
 * The bytes of uploads in `uploads/<id>`, hashed while they arrive. The running
 * hash is in memory; after a restart it is made from what is on disk once all is there.
 */
import { createHash, type Hash } from 'node:crypto'
import { constants, lstatSync, mkdirSync } from 'node:fs'
import { open, readdir, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { refusedHead, telltaleBytes } from '../media/taken-content.ts'
import { syncFile, syncFolder, writeAll } from '../store/durable.ts'
import { assertRoom } from '../store/room.ts'
import { chunks, hashFile, uploadFolderName } from '../store/scratch-files.ts'
import { diskError } from '../store/store-error.ts'
import { UploadError } from './upload-error.ts'

/** As tus sends it for one request's bytes. */
export interface Checksum {
  readonly algorithm: 'sha1' | 'sha256'
  readonly digest: Buffer
}

export interface UploadFiles {
  path(id: string): string
  /** Durably empty. */
  create(id: string): Promise<void>
  /** Undefined where there is none. */
  stat(id: string): { readonly sizeBytes: number; readonly changedAt: Date } | undefined
  /**
   * Writes from an offset, which is the file's end, and returns the new end, synced. What came before a
   * connection broke is kept; with a checksum all of it counts or nothing, and its last byte is written
   * only when it counts, so that no other program sees a whole file before.
   * @throws UploadError `checksum-differs`, `content-refused`; StoreError `storage-full`
   */
  write(
    id: string,
    source: AsyncIterable<Uint8Array>,
    offset: number,
    checksum?: Checksum,
  ): Promise<number>
  /** SHA-256 of all that is there, in lower-case hex. */
  hash(id: string): Promise<string>
  read(id: string): AsyncIterable<Uint8Array>
  remove(id: string): Promise<void>
  list(): Promise<readonly string[]>
}

interface Running {
  readonly hash: Hash
  readonly bytes: number
}

/** So often it is asked whether the disk has room. */
const roomEveryBytes = 8 << 20

export function openUploadFiles(libraryFolder: string): UploadFiles {
  const folder = join(libraryFolder, uploadFolderName)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  syncFolder(libraryFolder)
  const running = new Map<string, Running>()

  const path = (id: string): string => {
    if (!/^[0-9a-f]{32}$/.test(id)) throw new TypeError('an upload is named by 32 hex digits')
    return join(folder, id)
  }

  const openFile = async (id: string): Promise<FileHandle> =>
    open(path(id), constants.O_RDWR | constants.O_NOFOLLOW)

  /** Of the first `bytes`, to go on with; after a restart it is unknown, and made at the end. */
  const hashUpTo = (id: string, bytes: number): Hash | undefined => {
    if (bytes === 0) return createHash('sha256')
    const known = running.get(id)
    return known?.bytes === bytes ? known.hash.copy() : undefined
  }

  const write: UploadFiles['write'] = async (id, source, offset, checksum) => {
    const handle = await openFile(id)
    try {
      const before = hashUpTo(id, offset)
      const hash = before?.copy()
      const sum = checksum && createHash(checksum.algorithm)
      let end = offset
      let held: Uint8Array = new Uint8Array()
      let isSame = true
      let failure: { readonly error: unknown } | undefined
      try {
        let askedAt = -roomEveryBytes
        for await (const bytes of source) {
          if (end - askedAt >= roomEveryBytes) {
            await assertRoom(libraryFolder)
            askedAt = end
          }
          if (bytes.length === 0) continue
          await writeAll(handle, held, end - held.length)
          held = sum === undefined ? held : Uint8Array.from(bytes.subarray(-1))
          await writeAll(handle, bytes.subarray(0, bytes.length - held.length), end)
          hash?.update(bytes)
          sum?.update(bytes)
          const isTelling = end < telltaleBytes
          end += bytes.length
          if (isTelling && end >= telltaleBytes) await assertTaken(handle)
        }
        isSame = sum?.digest().equals(checksum!.digest) ?? true
        if (isSame) await writeAll(handle, held, end - held.length)
      } catch (error) {
        failure = { error }
      }
      const isWhole = failure === undefined && isSame
      if (sum !== undefined && !isWhole) {
        await handle.truncate(offset)
        end = offset
      }
      await syncFile(handle, 'an upload')
      const now = end === offset ? before : hash
      if (now !== undefined) running.set(id, { hash: now, bytes: end })
      if (failure !== undefined) throw diskError(failure.error, libraryFolder)
      if (!isWhole) {
        throw new UploadError(
          'checksum-differs',
          'What came is not what was sent. Send this part again.',
        )
      }
      return end
    } finally {
      await handle.close()
    }
  }

  return {
    path,
    create: async (id) => {
      const handle = await open(path(id), 'wx', 0o600)
      await handle.close()
      syncFolder(folder)
    },
    stat: (id) => {
      const found = lstatSync(path(id), { throwIfNoEntry: false })
      return found?.isFile() === true
        ? { sizeBytes: found.size, changedAt: found.mtime }
        : undefined
    },
    write,
    hash: async (id) => {
      const handle = await openFile(id)
      try {
        const known = hashUpTo(id, (await handle.stat()).size)
        return known === undefined ? (await hashFile(handle)).sha256 : known.digest('hex')
      } finally {
        await handle.close()
      }
    },
    async *read(id) {
      const handle = await open(path(id), constants.O_RDONLY | constants.O_NOFOLLOW)
      try {
        yield* chunks(handle, { start: 0, end: (await handle.stat()).size })
      } finally {
        await handle.close()
      }
    },
    remove: async (id) => {
      running.delete(id)
      await rm(path(id), { force: true })
    },
    list: () => readdir(folder),
  }
}

async function assertTaken(handle: FileHandle): Promise<void> {
  const head = new Uint8Array(telltaleBytes)
  const { bytesRead } = await handle.read(head, 0, head.length, 0)
  const reason = refusedHead(head.subarray(0, bytesRead))
  if (reason !== undefined) throw refusal(reason)
}

export function refusal(reason: string): UploadError {
  return new UploadError(
    'content-refused',
    `This file is not taken. ${reason} Footage, photographs and documents can be sent.`,
  )
}
