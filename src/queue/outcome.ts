/** What an error says of the job that met it: whether another try can help, and why, in words. */
import { AlignError } from '../align/align-error.ts'
import { CaseError } from '../case/problem.ts'
import { EgressError, type EgressErrorCode } from '../egress/egress-error.ts'
import { IngestError } from '../ingest/ingest-error.ts'
import { JobError } from '../jobs/job-error.ts'
import { MediaError, type MediaErrorCode } from '../media/media-error.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { Reason } from '../store/jobs.ts'
import { StoreError, type StoreErrorCode } from '../store/store-error.ts'
import { QueueError } from './queue-error.ts'

/** It is the file, which will be the same the next time. */
const lastingMedia: ReadonlySet<MediaErrorCode> = new Set([
  'rejected',
  'failed',
  'time-limit',
  'memory-limit',
  'output-limit',
])
const lastingStore: ReadonlySet<StoreErrorCode> = new Set([
  'blob-missing',
  'blob-damaged',
  'not-a-hash',
  'bad-record',
  'too-large',
])

/** It is the network, or a server elsewhere, and may be well in a minute. */
const passingEgress: ReadonlySet<EgressErrorCode> = new Set([
  'name-not-found',
  'not-reachable',
  'too-slow',
  'incomplete',
  'sandbox-unavailable',
])

/** Whether the same will come of it again, so that further tries are a waste. */
export function isLasting(error: unknown): boolean {
  if (error instanceof MediaError) return lastingMedia.has(error.code)
  if (error instanceof StoreError) return lastingStore.has(error.code)
  if (error instanceof EgressError) return !passingEgress.has(error.code)
  return [CaseError, IngestError, AlignError, JobError, PublishError, QueueError].some(
    (kind) => error instanceof kind,
  )
}

const told = [
  CaseError,
  IngestError,
  AlignError,
  JobError,
  PublishError,
  QueueError,
  MediaError,
  EgressError,
]

/** Safe to show; of an error nobody foresaw only that there was one. */
export function reasonOf(error: unknown): Reason {
  const known = [...told, StoreError].some((kind) => error instanceof kind)
  if (known && error instanceof Error && 'code' in error) {
    return { code: String(error.code), message: error.message }
  }
  return {
    code: 'internal',
    message: 'The program met an error and has written it to its log.',
  }
}
