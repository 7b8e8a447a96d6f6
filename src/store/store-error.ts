import { CodedError } from '../case/coded-error.ts'

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
  /** The folder and the database belong to different libraries, or to different sizes of one. */
  | 'library-mismatch'
  | 'database-url-malformed'
  /** The server does not answer, or broke off. */
  | 'database-unavailable'
  /** The server answers, and is too old, not durable, or keeps something else there. */
  | 'database-unsuitable'
  /** A commit did not reach the disk in the start-up self-test. */
  | 'not-durable'
  /** No space left; nothing of what was asked has been kept. */
  | 'storage-full'
  /** More bytes arrived than the caller allows. */
  | 'too-large'
  /** What was read back is not what was written. */
  | 'readback-differs'
  /** It was withdrawn and is just being removed. */
  | 'blob-leaving'
  | 'blob-missing'
  /** The blob on disk no longer has the hash that is its name. */
  | 'blob-damaged'
  | 'blobs-address-malformed'
  /** The object store does not answer, or not as it should. */
  | 'blobs-unavailable'
  /** It does not let this program in. */
  | 'blobs-refused'
  | 'bucket-missing'
  /** It answers, and is not what is needed, or keeps something else there. */
  | 'blobs-unsuitable'
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
  | 'no-person'
  | 'no-incident'
  /** A role that they do not have cannot be taken. */
  | 'no-role'
  /** Without an owner nobody could let others in. */
  | 'last-owner'
  /** Used, withdrawn or expired. */
  | 'invitation-void'
  /** A link back in that was used or has expired. */
  | 'recovery-void'

export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError'
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

/** Of Node, where no connection comes about or it breaks. */
const brokenConnection: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * A server that does not answer, refuses or breaks off, as `database-unavailable`; any other error
 * as it came. PostgreSQL's classes: 08 connection, 28 who may, 3D no such database, 53300 too many,
 * 57P shut down.
 */
export function databaseError(error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error
  const code = errorCode(error) ?? ''
  const said = /^(?:08|28|3D|53300|57P|25P0[34])/.test(code)
  // pg gives these no code.
  const broken =
    /^Connection terminated|timeout exceeded when trying to connect|is not queryable$/.test(
      error.message,
    )
  const noSocket = code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
  if (!said && !broken && !noSocket && !brokenConnection.has(code)) return error
  const reason = said ? `${error.message}, PostgreSQL error ${code}` : broken ? error.message : code
  return new StoreError(
    'database-unavailable',
    `The database cannot be reached (${reason}). See that the server runs and lets this ` +
      'program in, then try again. What was not acknowledged may or may not have been kept.',
    { cause: error },
  )
}

export function storageFull(folder: string, cause?: unknown): StoreError {
  return new StoreError(
    'storage-full',
    `No space left for the library at ${folder}. Nothing of this was kept. ` +
      'Free some space, or move the library to a larger disk, and try again.',
    { cause },
  )
}
