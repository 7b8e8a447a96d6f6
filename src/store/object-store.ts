/**
 * An S3-compatible store, by the few requests that all of them know. Errors that
 * pass are tried again; an answer that is cut goes on where it ended. What is
 * sent is signed together with its hash, so that the store refuses what changed
 * on the way.
 */
import type { FileHandle } from 'node:fs/promises'

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type {
  ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3'

import type { ByteRange } from './blobs.ts'
import { formatObjectAddress } from './object-address.ts'
import type { ObjectAddress } from './object-address.ts'
import { CutShort, objectError, persistently, statusOf, waitAfter } from './object-error.ts'
import type { Patience } from './object-error.ts'
import { readWhole } from './scratch-files.ts'

export interface StoredObject {
  /** Without the prefix. */
  readonly name: string
  readonly sizeBytes: number
}

/** Names are without the prefix. Each throws StoreError as `objectError` tells it. */
export interface ObjectStore {
  /** As people write it. */
  readonly place: string
  /** `changedAt`: when it was last put, by the store's clock. */
  stat(name: string): Promise<{ readonly sizeBytes: number; readonly changedAt: Date } | undefined>
  /** Undefined where there is none of that name. */
  get(name: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined>
  putBytes(name: string, bytes: Uint8Array): Promise<void>
  putFile(name: string, file: FileHandle, sizeBytes: number): Promise<void>
  remove(name: string): Promise<void>
  list(): AsyncIterable<StoredObject>
  /** Fails at once where there is no way in. */
  reach(): Promise<{ readonly isEmpty: boolean }>
  /** Ends uploads in parts that were begun before and never ended. */
  endOldUploads(before: Date): Promise<number>
  close(): void
}

/** Larger files go in parts; each is in memory while it is sent. */
const partBytes = 16 << 20
const mostParts = 10_000
const partsAtOnce = 3

export function openObjectStore(address: ObjectAddress, patience: Patience): ObjectStore {
  const { bucket: Bucket, prefix } = address
  const place = formatObjectAddress(address)
  const client = new S3Client({
    ...wayThere(address),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: Math.min(10_000, patience.silenceMilliseconds),
      socketTimeout: patience.silenceMilliseconds,
    },
    expectContinueHeader: false,
  })

  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw objectError(error, place)
    }
  }
  const ask = <T>(work: () => Promise<T>): Promise<T> => told(() => persistently(patience, work))
  const object = (name: string) => ({ Bucket, Key: prefix + name })

  const stat: ObjectStore['stat'] = async (name) => {
    const found = await ask(() =>
      client.send(new HeadObjectCommand(object(name))).catch(unlessMissing),
    )
    // A store that does not say when: never long enough ago.
    const changedAt = found?.LastModified ?? new Date()
    return found && { sizeBytes: found.ContentLength ?? 0, changedAt }
  }

  /** From a byte on, as far as one answer goes. */
  const openAt = async (name: string, { start, end }: ByteRange) => {
    const isWhole = start === 0 && end === Infinity
    const range = isWhole ? {} : { Range: `bytes=${start}-${end === Infinity ? '' : end - 1}` }
    const answer = await client
      .send(new GetObjectCommand({ ...object(name), ...range }))
      .catch(unlessNothing)
    if (answer === undefined || answer === 'nothing there') return answer
    const total = isWhole ? answer.ContentLength : totalIn(answer.ContentRange)
    if (total === undefined || answer.Body === undefined) throw new CutShort('no size was said')
    return { body: answer.Body as AsyncIterable<Uint8Array>, end: Math.min(end, total) }
  }

  async function* goOn(
    name: string,
    first: { readonly body: AsyncIterable<Uint8Array>; readonly end: number },
    start: number,
  ): AsyncGenerator<Uint8Array> {
    const { end } = first
    let position = start
    let next: typeof first | 'nothing there' | undefined = first
    for (let turn = 0; ; turn++) {
      try {
        next ??= await openAt(name, { start: position, end })
        if (next === undefined || next === 'nothing there') throw new CutShort('it is gone')
        for await (const bytes of next.body) {
          const wanted = bytes.subarray(0, end - position)
          position += wanted.length
          turn = 0
          yield wanted
        }
        if (position >= end) return
        throw new CutShort('fewer bytes than were said')
      } catch (error) {
        if (!(await waitAfter(error, turn, patience))) throw objectError(error, place)
        next = undefined
      }
    }
  }

  const putBytes = (name: string, bytes: Uint8Array): Promise<void> =>
    ask(async () => {
      await client.send(
        new PutObjectCommand({ ...object(name), Body: bytes, ContentLength: bytes.length }),
      )
    })

  const putInParts = async (name: string, file: FileHandle, sizeBytes: number): Promise<void> => {
    const eachBytes = Math.max(partBytes, Math.ceil(sizeBytes / mostParts))
    const number = Math.ceil(sizeBytes / eachBytes)
    const begun = await ask(() => client.send(new CreateMultipartUploadCommand(object(name))))
    const upload = { ...object(name), UploadId: begun.UploadId }
    const parts: { ETag: string | undefined; PartNumber: number }[] = []
    let next = 0
    const sendParts = async (): Promise<void> => {
      while (next < number) {
        const index = next++
        const start = index * eachBytes
        const bytes = await readWhole(file, start, Math.min(eachBytes, sizeBytes - start))
        const part = { ...upload, PartNumber: index + 1, Body: bytes, ContentLength: bytes.length }
        const sent = await ask(() => client.send(new UploadPartCommand(part)))
        parts[index] = { ETag: sent.ETag, PartNumber: index + 1 }
      }
    }
    const sending = Array.from({ length: partsAtOnce }, () =>
      sendParts().catch((error: unknown) => {
        next = number
        throw error
      }),
    )
    try {
      const ended = await Promise.allSettled(sending)
      for (const one of ended) if (one.status === 'rejected') throw one.reason
      await ask(() =>
        client
          .send(
            new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }),
          )
          // The answer to an earlier attempt was lost: what is there now is read back in any case.
          .catch(unlessMissing),
      )
    } catch (error) {
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
      throw error
    }
  }

  return {
    place,
    stat,
    get: async (name, range = { start: 0, end: Infinity }) => {
      if (range.start >= range.end) return nothing()
      const first = await ask(() => openAt(name, range))
      if (first === undefined) return undefined
      return first === 'nothing there' ? nothing() : goOn(name, first, range.start)
    },
    putBytes,
    putFile: async (name, file, sizeBytes) =>
      sizeBytes > partBytes
        ? putInParts(name, file, sizeBytes)
        : putBytes(name, await readWhole(file, 0, sizeBytes)),
    remove: (name) =>
      ask(async () => {
        await client.send(new DeleteObjectCommand(object(name))).catch(unlessMissing)
      }),
    async *list() {
      let after: string | undefined
      do {
        const wish = {
          Bucket,
          Prefix: prefix,
          ...(after === undefined ? {} : { StartAfter: after }),
        }
        const page = await ask(() => client.send(new ListObjectsV2Command(wish)))
        for (const { Key = '', Size = 0 } of page.Contents ?? []) {
          yield { name: Key.slice(prefix.length), sizeBytes: Size }
        }
        after = page.IsTruncated === true ? page.Contents?.at(-1)?.Key : undefined
      } while (after !== undefined)
    },
    reach: async () => {
      const few = { ...patience, times: Math.min(patience.times, 2) }
      const wish = new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 })
      const page = await told(() => persistently(few, () => client.send(wish)))
      return { isEmpty: (page.Contents ?? []).length === 0 }
    },
    endOldUploads: async (before) => {
      let ended = 0
      let after: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
      while (after !== undefined) {
        const wish: ListMultipartUploadsCommandInput = { Bucket, Prefix: prefix, ...after }
        const page: ListMultipartUploadsCommandOutput = await ask(() =>
          client.send(new ListMultipartUploadsCommand(wish)),
        )
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (Initiated === undefined || Initiated >= before) continue
          await ask(async () => {
            const upload = { Bucket, Key, UploadId }
            await client.send(new AbortMultipartUploadCommand(upload)).catch(unlessMissing)
          })
          ended++
        }
        const { NextKeyMarker: key, NextUploadIdMarker: id } = page
        const goesOn = page.IsTruncated === true && key !== undefined && key !== ''
        after = goesOn
          ? { KeyMarker: key, ...(id === undefined ? {} : { UploadIdMarker: id }) }
          : undefined
      }
      return ended
    },
    close: () => client.destroy(),
  }
}

/** For a client of the SDK. */
export function wayThere({
  endpoint,
  region,
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: ObjectAddress) {
  const token = sessionToken === undefined ? {} : { sessionToken }
  return {
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey, ...token },
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** `bytes 0-9/1234` */
function totalIn(contentRange: string | undefined): number | undefined {
  const total = /\/(?<total>\d+)$/.exec(contentRange ?? '')?.groups?.['total']
  return total === undefined ? undefined : Number(total)
}

/** 404 of anything but the bucket. */
function unlessMissing(error: unknown): undefined {
  if (statusOf(error) === 404 && !(error instanceof Error && error.name === 'NoSuchBucket')) return
  throw error
}

function unlessNothing(error: unknown): 'nothing there' | undefined {
  return statusOf(error) === 416 ? 'nothing there' : unlessMissing(error)
}
