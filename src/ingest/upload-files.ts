/**
 * The bytes of uploads in `uploads/<id>`, hashed while they arrive. The running
 * hash is in memory; after a restart it is made from what is on disk once all is there.
 */
import { createHash, randomBytes, type Hash } from 'node:crypto'
import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { open, readdir, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { refusedHead, telltaleBytes } from '../media/taken-content.ts'
import { syncDescriptor, syncFile, syncFolder, writeAll } from '../store/durable.ts'
import { assertRoom } from '../store/room.ts'
import { chunks, hashFile, uploadFolderName } from '../store/scratch-files.ts'
import { diskError, errorCode } from '../store/store-error.ts'
import { UploadError } from './upload-error.ts'

/** As tus sends it for one request's bytes. */
export interface Checksum {
  readonly algorithm: 'sha1' | 'sha256'
  readonly digest: Buffer
}

export interface UploadFiles {
  /** The id of this folder; the first call makes it. */
  place(): string
  /** Whether a row's bytes are to be found here. */
  isHere(upload: { readonly place: string }): boolean
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
    place: () => readPlace(folder) ?? makePlace(folder),
    isHere: ({ place }) => place === readPlace(folder),
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
    list: async () => (await readdir(folder)).filter((name) => name !== placeName),
  }
}

/** A file beside the uploads. */
const placeName = 'place'

function readPlace(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, placeName), 'utf8').trim()
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whole from the first moment, and the same for all programs that make it at once. */
function makePlace(folder: string): string {
  const id = randomBytes(16).toString('hex')
  const made = join(folder, `${placeName}-${id}`)
  const descriptor = openSync(made, 'wx', 0o600)
  try {
    writeFileSync(descriptor, `${id}\n`)
    syncDescriptor(descriptor, made)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(made, join(folder, placeName))
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(made)
  }
  syncFolder(folder)
  return readPlace(folder) ?? id
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
