/** What an object store says when it fails: what will pass and is tried again, and how the rest is told. */
import { setTimeout as sleep } from 'node:timers/promises'

import { StoreError, errorCode } from './store-error.ts'

/** How often is tried again, and how long to wait before, doubling. */
export interface Patience {
  readonly times: number
  readonly firstMilliseconds: number
  /** Without any byte so long, a connection is given up. */
  readonly silenceMilliseconds: number
}

/** Half a minute of errors, or silence twice as long as is waited for, before it is told. */
export const usualPatience: Patience = {
  times: 7,
  firstMilliseconds: 250,
  silenceMilliseconds: 30_000,
}

const longestMilliseconds = 8000

/** An answer that ended before its end. */
export class CutShort extends Error {
  override readonly name = 'CutShort'
}

export async function persistently<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  for (let turn = 0; ; turn++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(await waitAfter(error, turn, patience))) throw error
    }
  }
}

/** Waits before the next attempt; false where there is to be none. */
export async function waitAfter(
  error: unknown,
  turn: number,
  patience: Patience,
): Promise<boolean> {
  // A silence has taken its time already; of connections that broke the SDK says TimeoutError too.
  const isSilence = nameOf(error) === 'TimeoutError' && errorCode(error) === undefined
  const times = isSilence ? Math.min(1, patience.times) : patience.times
  if (turn >= times || !mayPass(error)) return false
  const most = Math.min(patience.firstMilliseconds * 2 ** turn, longestMilliseconds)
  // Not all programs at the same moment.
  await sleep(most * (0.5 + Math.random() / 2))
  return true
}

export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return metadata?.httpStatusCode
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** 4xx that say no more than that something went wrong on the way. */
const passing: ReadonlySet<string> = new Set([
  'RequestTimeout',
  'IncompleteBody',
  'BadDigest',
  'XAmzContentSHA256Mismatch',
  'OperationAborted',
  'SlowDown',
  'RequestTimeTooSkewed',
])

function mayPass(error: unknown): boolean {
  if (error instanceof StoreError) return false
  if (error instanceof CutShort || passing.has(nameOf(error))) return true
  const status = statusOf(error)
  if (status !== undefined) {
    // An answer of success that cannot be read was spoilt on the way.
    return status < 400 || status === 408 || status === 429 || (status >= 500 && status !== 501)
  }
  return brokenWay.has(errorCode(error) ?? '') || nameOf(error) === 'TimeoutError'
}

const brokenWay: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_CONSTANT',
])

/** As a StoreError; what does not come from the store stays as it is. `place`: as people write it. */
export function objectError(error: unknown, place: string): unknown {
  if (error instanceof StoreError) return error
  const status = statusOf(error)
  const name = nameOf(error)
  const reason = [name, errorCode(error), status].filter((part) => part !== undefined).join(', ')
  const told = (code: StoreError['code'], message: string): StoreError =>
    new StoreError(code, message, { cause: error })
  if (name === 'NoSuchBucket') {
    return told('bucket-missing', `There is no bucket for ${place}. Make it, or name another.`)
  }
  if (status === 401 || status === 403) {
    return told(
      'blobs-refused',
      `The object store refuses this program at ${place} (${reason}). Check AWS_ACCESS_KEY_ID, ` +
        'AWS_SECRET_ACCESS_KEY and AWS_REGION, and that the key may list, read, write and delete there.',
    )
  }
  if (mayPass(error)) {
    return told(
      'blobs-unavailable',
      `The object store does not answer as it should at ${place} (${reason}). See that it runs and can ` +
        'be reached from here, then try again. What was not acknowledged is not kept.',
    )
  }
  if (status !== undefined) {
    return told(
      'blobs-unsuitable',
      `The object store does not do what is needed at ${place} (${reason}). See that AWS_ENDPOINT_URL_S3 ` +
        'and AWS_REGION name an S3-compatible store.',
    )
  }
  return error
}
