/**
 * Files under their SHA-256, written once: in the library's folder
 * (`folder-blobs.ts`) or in an object store (`object-blobs.ts`). A blob is
 * acknowledged only when it was hashed while it arrived, kept where it is to
 * stay, read back from there and hashed again.
 */
import { createHash } from 'node:crypto'

import { StoreError } from './store-error.ts'

export interface Blob {
  /** Lower-case hex. */
  readonly sha256: string
  readonly sizeBytes: number
}

export type BlobCheck =
  | { readonly kind: 'intact'; readonly sizeBytes: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged'; readonly sizeBytes: number; readonly actualSha256: string }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** What `list` meets: a blob by its name (not rehashed), or something that is none. */
export type Listed =
  | ({ readonly kind: 'blob' } & Blob)
  | { readonly kind: 'stray'; readonly name: string }

export interface Limits {
  /** More than this ends the intake with `too-large`. */
  readonly maxBytes: number
}

export interface ByteRange {
  readonly start: number
  /** The first byte that is not meant. */
  readonly end: number
}

/** Besides what is said, each may throw `blobs-unavailable` and `blobs-refused` where an object store has the blobs. */
export interface Blobs {
  /**
   * Takes a stream in, once, and returns when it is durable.
   * @throws StoreError `too-large`, `storage-full`, `readback-differs`, `blob-damaged`
   */
  putStream(source: AsyncIterable<Uint8Array>, limits: Limits): Promise<Blob>
  /**
   * The same for bytes at hand.
   * @throws StoreError `storage-full`, `readback-differs`, `blob-damaged`
   */
  putBytes(bytes: Uint8Array): Promise<Blob>
  /**
   * Moves a finished file out of the scratch folder or `uploads`; it is gone from there afterwards.
   * Refused on a full disk: whoever wrote the file may not have been able to finish it.
   * @throws StoreError `outside-scratch`, `storage-full`, `readback-differs`, `blob-damaged`
   */
  putFile(path: string): Promise<Blob>
  /**
   * Lends the blob as a file to one piece of work, which may only read it and must
   * not use it afterwards.
   * @throws StoreError `blob-missing`, `blob-damaged`, `storage-full`
   */
  lend<T>(sha256: string, work: (path: string) => Promise<T>): Promise<T>
  /**
   * The bytes from `start` up to but without `end`; all without a range. Not rehashed.
   * @throws StoreError `blob-missing`
   */
  read(sha256: string, range?: ByteRange): AsyncIterable<Uint8Array>
  /** Whether a file elsewhere and the library's copy both hold these bytes: both are read whole. */
  holdsSame(path: string, sha256: string): Promise<boolean>
  stat(sha256: string): Promise<{ readonly sizeBytes: number } | undefined>
  has(sha256: string): Promise<boolean>
  /**
   * Removes a blob that nothing needs, unless it was kept (again) since `before`: whoever did so
   * may not have recorded it yet. True where it is gone.
   */
  remove(sha256: string, before: Date): Promise<boolean>
  /** Reads the whole blob and compares hash and name. */
  verify(sha256: string): Promise<BlobCheck>
  list(): AsyncIterable<Listed>
  /**
   * Lends a new empty folder in scratch to one piece of work. Where that fails on
   * a full disk, the disk is the reason, whatever the work took it for.
   * @throws StoreError `storage-full`
   */
  inScratch<T>(work: (folder: string) => Promise<T>): Promise<T>
}

/** Several at once; the paths come in the order of the hashes. */
export function lendAll<T>(
  blobs: Blobs,
  hashes: readonly string[],
  work: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const [first, ...others] = hashes
  if (first === undefined) return work([])
  return blobs.lend(first, (path) => lendAll(blobs, others, (paths) => work([path, ...paths])))
}

/** `ab/abcdef…`, in the folder of blobs or below an object store's prefix. @throws StoreError `not-a-hash` */
export function blobName(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new StoreError('not-a-hash', 'A blob is named by 64 lower-case hex digits.')
  }
  return `${sha256.slice(0, 2)}/${sha256}`
}

/** The hash that such a name says. */
export function hashInName(name: string): string | undefined {
  return /^(?<folder>[0-9a-f]{2})\/(?<sha256>\k<folder>[0-9a-f]{62})$/.exec(name)?.groups?.[
    'sha256'
  ]
}

export function blobMissing(sha256: string, cause?: unknown): StoreError {
  return new StoreError('blob-missing', `The library has no file with SHA-256 ${sha256}.`, {
    cause,
  })
}

export async function hashOf(source: AsyncIterable<Uint8Array>): Promise<Blob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const bytes of source) {
    hash.update(bytes)
    sizeBytes += bytes.length
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

export async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
