/**
 * Everything that can go wrong between the library folder and its callers.
 * Messages are safe to show: they hold folder names that the user gave, hashes
 * and remedies, never a record, a salt or a key.
 */
export type StoreErrorCode =
  /** Another process holds the library's lock. */
  | 'library-in-use'
  /** The lock itself could not be taken (no `flock` program, folder not writable). */
  | 'lock-unavailable'
  /** The folder holds something else than a library. */
  | 'not-a-library'
  /** There is no library in the folder, and none was to be created. */
  | 'no-library'
  /** Written by a newer version of this program. */
  | 'library-too-new'
  /** A part of the library is gone or unreadable: library.json, a key, a folder. */
  | 'library-damaged'
  /** The database does not start or reports damage. */
  | 'database-damaged'
  /** A commit did not reach the disk in the start-up self-test. */
  | 'not-durable'
  /** No space left; nothing of what was asked has been kept. */
  | 'storage-full'
  /** More bytes arrived than the caller allows. */
  | 'too-large'
  /** What was read back is not what was written. */
  | 'readback-differs'
  | 'blob-missing'
  /** The blob on disk no longer has the hash that is its name. */
  | 'blob-damaged'
  /** A text that ought to be a SHA-256 in lower-case hex is not. */
  | 'not-a-hash'
  /** A path handed in for keeping is not a plain file inside the scratch folder. */
  | 'outside-scratch'
  /** `read` or `transact` inside a transaction: would wait for itself for ever. */
  | 'nested-transaction'
  /** An act without an entry in the custody log was rolled back. */
  | 'no-custody-entry'
  /** A custody record that is not canonical JSON, or names another time than its act. */
  | 'bad-record'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** The `code` of a system or PostgreSQL error, where it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** 53100 is PostgreSQL's disk_full, `disk-full` what media programs met in scratch. */
const diskFullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', '53100', 'disk-full'])

/** A full disk or quota as `storage-full`; any other error as it came. */
export function diskError(error: unknown, folder: string): unknown {
  return diskFullCodes.has(errorCode(error)) ? storageFull(folder, error) : error
}

export function storageFull(folder: string, cause?: unknown): StoreError {
  return new StoreError(
    'storage-full',
    `No space left for the library at ${folder}. Nothing of this was kept. ` +
      'Free some space, or move the library to a larger disk, and try again.',
    { cause },
  )
}
