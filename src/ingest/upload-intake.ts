/**
 * Uploads from their first word to the item or the tip's file. A file is one of
 * the library only when it is durable under its hash, read back and rehashed, and
 * its rows and entries stand, all in one act with the upload's end. Whatever
 * happens in between, the next request or the next sweep goes on from there:
 *
 * bytes in `uploads/<id>` → hash noted → moved to the blobs → one act, ended.
 */
import { createHash, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { refusedContent, refusedHead, telltaleBytes } from '../media/taken-content.ts'
import { sniffFile } from '../media/sniff.ts'
import { readFacts, readFindings } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { StoreError, errorCode } from '../store/store-error.ts'
import type { Agent, Transactor } from '../store/store.ts'
import { addTipFile } from '../store/tips.ts'
import {
  addUpload,
  endUpload,
  forgetUpload,
  markWhole,
  readUpload,
  type Upload,
} from '../store/uploads.ts'
import { takeIn } from './receive.ts'
import { UploadError } from './upload-error.ts'
import { openUploadFiles, refusal, type Checksum, type UploadFiles } from './upload-files.ts'
import {
  assertOpenTip,
  assertQuota,
  assertRoomFor,
  assertWish,
  usualLimits,
  type UploadLimits,
  type UploadWish,
} from './upload-limits.ts'
import { inTurn } from './upload-turns.ts'

/** What became of an upload. */
export interface Arrived {
  readonly sha256: string
  readonly kind: NonNullable<Upload['whole']>['kind']
  readonly mediaType: string
  readonly sizeBytes: number
  /** These bytes were there already. */
  readonly seenBefore: boolean
}

export interface UploadIntake {
  readonly files: UploadFiles
  readonly limits: UploadLimits
  /** @throws UploadError */
  begin(agent: Agent, wish: UploadWish): Promise<Upload>
  read(id: string): Promise<Upload | undefined>
  /** How many bytes of it are there. @throws UploadError `upload-gone`, `upload-elsewhere` */
  offset(upload: Upload): number
  /** A part of it is coming in here: what is on the disk need not stay. */
  isWriting(id: string): boolean
  /** Returns the new offset. @throws UploadError, StoreError */
  write(
    agent: Agent,
    upload: Upload,
    source: AsyncIterable<Uint8Array>,
    offset: number,
    checksum?: Checksum,
  ): Promise<number>
  /** All bytes are there: takes the file in once nobody writes, or tells again what became of it. @throws UploadError, StoreError */
  finish(agent: Agent, id: string): Promise<Arrived>
  /** Leaves nothing of one that has not ended. @throws UploadError `upload-gone` once it is being taken in */
  cancel(agent: Agent, id: string): Promise<void>
}

export type OnItem = (
  tx: Transactor,
  item: { readonly incident: string; readonly sha256: string },
) => Promise<void>

export interface IntakeOptions {
  readonly limits?: UploadLimits
  /** Part of the act that makes a file an item of an incident: to have it examined. */
  readonly onItem?: OnItem
}

/** Of this program, by whichever intake. */
const writing = new Set<string>()

export function openUploadIntake(
  library: Library,
  { limits = usualLimits, onItem }: IntakeOptions = {},
): UploadIntake {
  const files = openUploadFiles(library.folder)
  const finishing = new Map<string, Promise<Arrived>>()
  const isShared = library.database.folder === undefined

  const begin = async (agent: Agent, wish: UploadWish): Promise<Upload> => {
    assertWish(wish, limits)
    const id = randomBytes(16).toString('hex')
    // With the copy.
    await assertRoomFor(library, files, isShared ? 2 * wish.sizeBytes : wish.sizeBytes)
    const place = files.place()
    await files.create(id)
    try {
      return await library.transactWithoutEntry(agent, async (tx) => {
        await assertQuota(tx, wish, limits)
        const { sha256: saidSha256, ...upload } = wish
        await addUpload(tx, {
          id,
          place,
          ...upload,
          ...(saidSha256 === undefined ? {} : { saidSha256 }),
        })
        return found(await readUpload(tx, id))
      })
    } catch (error) {
      await files.remove(id)
      throw error
    }
  }

  const read = (id: string): Promise<Upload | undefined> =>
    library.read((reader) => readUpload(reader, id))

  const offset = (upload: Upload): number => {
    if (upload.end !== undefined && 'refused' in upload.end) throw gone()
    if (upload.whole !== undefined) return upload.sizeBytes
    if (!files.isHere(upload)) throw elsewhere()
    const file = files.stat(upload.id)
    if (file === undefined) throw gone()
    return file.sizeBytes
  }

  const refuse = async (agent: Agent, id: string, error: UploadError): Promise<never> => {
    await library.transactWithoutEntry(agent, (tx) => endUpload(tx, id, { refused: error.code }))
    await files.remove(id)
    throw error
  }

  const writeOnce: UploadIntake['write'] = async (agent, { id }, source, from, checksum) => {
    const upload = await read(id)
    if (upload === undefined) throw gone()
    if (upload.end !== undefined && 'refused' in upload.end) throw gone()
    // All is there: nothing more belongs to it.
    if (upload.whole !== undefined) return upload.sizeBytes
    if (offset(upload) !== from) {
      throw new UploadError('offset-differs', 'The part does not begin where the last one ended.')
    }
    try {
      return await files.write(id, source, from, checksum)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw gone()
      const isRefused = error instanceof UploadError && error.code === 'content-refused'
      return isRefused ? refuse(agent, id, error) : Promise.reject(error)
    }
  }

  const write: UploadIntake['write'] = (agent, upload, ...part) =>
    inTurn(upload.id, async () => {
      writing.add(upload.id)
      try {
        return await writeOnce(agent, upload, ...part)
      } finally {
        writing.delete(upload.id)
      }
    })

  /** The hash is compared and the content looked at; from here on only one thing can follow. */
  const note = async (agent: Agent, upload: Upload): Promise<NonNullable<Upload['whole']>> => {
    const { id, sizeBytes, saidSha256 } = upload
    const file = files.stat(id)
    if (file === undefined) throw gone()
    if (file.sizeBytes !== sizeBytes) {
      throw new UploadError('upload-unknown', 'Not all bytes are there yet.')
    }
    const sha256 = await files.hash(id)
    if (saidSha256 !== undefined && saidSha256 !== sha256) {
      const message = `The file that came has SHA-256 ${sha256}, and ${saidSha256} was announced. Nothing was kept; send it again.`
      return refuse(agent, id, new UploadError('sha256-differs', message))
    }
    const sniffed = await sniffFile(files.path(id))
    const reason = refusedHead(await headOf(files.path(id))) ?? refusedContent(sniffed)
    if (reason !== undefined) return refuse(agent, id, refusal(reason))
    const { kind, mediaType } = sniffed
    const isStillWanted = await library.transactWithoutEntry(agent, (tx) =>
      markWhole(tx, id, { sha256, kind, mediaType }),
    )
    if (!isStillWanted) {
      await files.remove(id)
      throw gone()
    }
    return { sha256, kind, mediaType }
  }

  /** Into the blobs, or it is there already because the program ended after that. */
  const move = async (agent: Agent, id: string, sha256: string): Promise<void> => {
    const changed = new StoreError(
      'readback-differs',
      'What was read back from the disk is not what was written. Check the disk, then send the file again.',
    )
    try {
      // A file that another server of the library may have open for writing is copied and left to it.
      const blob = isShared
        ? await library.blobs.putStream(only(sha256, files.read(id), changed), {
            maxBytes: Infinity,
          })
        : await library.blobs.putFile(files.path(id))
      if (blob.sha256 !== sha256) throw changed
    } catch (error) {
      if (error === changed) {
        await library.transactWithoutEntry(agent, (tx) => forgetUpload(tx, id))
        await files.remove(id)
      }
      if (errorCode(error) !== 'ENOENT') throw error
      if (await library.blobs.has(sha256)) return
      await library.transactWithoutEntry(agent, (tx) => forgetUpload(tx, id))
      throw gone()
    }
  }

  const take = async (
    tx: Transactor,
    { incident, tip, name, sizeBytes }: Upload,
    { sha256, kind, mediaType }: NonNullable<Upload['whole']>,
  ): Promise<{ readonly seenBefore: boolean }> => {
    const blob = { sha256, sizeBytes }
    if (tip === undefined) {
      const file = { blob, sniffed: { kind, mediaType }, name }
      return takeIn(tx, { incident, incidentTitle: incident }, file)
    }
    await assertOpenTip(tx, tip)
    return addTipFile(tx, tip, { blob, kind, mediaType, name })
  }

  const finishOnce = async (agent: Agent, id: string): Promise<Arrived> => {
    const upload = await read(id)
    if (upload === undefined) throw gone()
    if (upload.end !== undefined) return answerOf(upload)
    if (!files.isHere(upload)) throw elsewhere()
    const whole = upload.whole ?? (await note(agent, upload))
    await move(agent, id, whole.sha256)
    const arrived = await library
      .transactWithoutEntry(agent, async (tx) => {
        // Another program may have been faster.
        const now = await readUpload(tx, id)
        if (now === undefined) throw gone()
        if (now.end !== undefined) return answerOf(now)
        const { seenBefore } = await take(tx, now, whole)
        const { incident, tip } = now
        if (tip === undefined) await onItem?.(tx, { incident, sha256: whole.sha256 })
        await endUpload(tx, id, { seenBefore })
        return answerOf(found(await readUpload(tx, id)))
      })
      .catch((error: unknown) =>
        error instanceof UploadError && error.code !== 'upload-gone'
          ? refuse(agent, id, error)
          : Promise.reject(error),
      )
    await files.remove(id)
    return arrived
  }

  const finish = (agent: Agent, id: string): Promise<Arrived> => {
    const begun = finishing.get(id)
    if (begun !== undefined) return begun
    const mine = inTurn(id, () => finishOnce(agent, id)).finally(() => finishing.delete(id))
    finishing.set(id, mine)
    return mine
  }

  const cancelOnce = async (agent: Agent, id: string): Promise<void> => {
    await library.transactWithoutEntry(agent, async (tx) => {
      const upload = await readUpload(tx, id)
      if (upload?.whole !== undefined) {
        throw new UploadError(
          'upload-gone',
          'The file has been taken in and cannot be taken back so.',
        )
      }
      await forgetUpload(tx, id)
    })
    await files.remove(id)
  }

  const cancel: UploadIntake['cancel'] = (agent, id) => inTurn(id, () => cancelOnce(agent, id))

  const isWriting = (id: string): boolean => writing.has(id)

  return { files, limits, begin, read, offset, isWriting, write, finish, cancel }
}

/** What the examination of an item has found so far. */
export async function readExamination(library: Library, sha256: string) {
  return library.read(async (reader) => ({
    examined: (await readFacts(reader, sha256)) !== undefined,
    findings: await readFindings(reader, sha256),
  }))
}

/** What passes; the end comes only of these bytes. */
async function* only(
  sha256: string,
  source: AsyncIterable<Uint8Array>,
  otherwise: Error,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const bytes of source) {
    hash.update(bytes)
    yield bytes
  }
  if (hash.digest('hex') !== sha256) throw otherwise
}

function answerOf({ whole, end, sizeBytes }: Upload): Arrived {
  if (whole === undefined || end === undefined || 'refused' in end) throw gone()
  return { ...whole, sizeBytes, seenBefore: end.seenBefore }
}

function found(upload: Upload | undefined): Upload {
  if (upload === undefined) throw new TypeError('an upload was written and is not there')
  return upload
}

function gone(): UploadError {
  return new UploadError('upload-gone', 'This upload is here no longer. Begin it anew.')
}

function elsewhere(): UploadError {
  return new UploadError(
    'upload-elsewhere',
    'Another server of this library has what came of this upload. Try again; if it stays so, tell whoever runs the servers.',
  )
}

async function headOf(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r')
  try {
    const head = new Uint8Array(telltaleBytes)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
