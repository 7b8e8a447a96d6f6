/**
 * One attempt at a job: begun, done under a lease, and settled. Only what the table says decides:
 * pg-boss may bring the same job twice, late, or to a worker that had lost it.
 */
import type { Job as BossJob } from 'pg-boss'
import { setTimeout as sleep } from 'node:timers/promises'

import { toolName } from '../jobs/version.ts'
import type { Progress } from '../jobs/progress.ts'
import { endedBy } from '../media/abort.ts'
import {
  beginJob,
  endJob,
  holdsLease,
  letJobWait,
  noteProgress,
  readJob,
  type Job,
  type JobProgress,
  type Lease,
} from '../store/jobs.ts'
import type { Agent } from '../store/store.ts'
import { StoreError, errorCode } from '../store/store-error.ts'
import type { Delivered, JobQueue } from './job-queue.ts'
import { leasedLibrary, leaseLost } from './lease.ts'
import { isLasting, reasonOf } from './outcome.ts'
import { QueueError } from './queue-error.ts'
import type { Work } from './work.ts'

/** What happened to a job, for a log. */
export interface JobEvent {
  readonly job: Job
  readonly what: 'begun' | 'done' | 'failed' | 'quarantined' | 'given-back' | 'lost'
  /** As it came, where there was one: for the operator's log alone. */
  readonly error?: unknown
}

export interface AttemptSettings {
  readonly works: Readonly<Record<string, Work>>
  readonly retryDelaysSeconds: readonly number[]
  readonly onEvent: (event: JobEvent) => void
  /** The worker stops: what runs is given back. */
  readonly stopping: AbortSignal
}

/** A job that has ended so many workers, or was always there when they ended, is let be. */
const mostLosses = 10
const lookMilliseconds = 1000
const lookAgainSeconds = 2
/** Workers of two versions at once are there for as long as an update takes. */
const otherVersionSeconds = 60

/** @throws where the database does not answer: pg-boss brings it again */
export async function doDelivered(
  queue: JobQueue,
  delivered: BossJob<Delivered>,
  settings: AttemptSettings,
): Promise<void> {
  const begun = await begin(queue, delivered, settings)
  if (begun === undefined) return
  const { job } = begun
  settings.onEvent({ job, what: 'begun' })
  const outcome = await attempt(queue, begun, delivered.signal, settings)
  // The lease may still hold while the database is down for a moment: what came of it is kept.
  const what = await untilAnswered(() => settle(queue, begun, outcome, settings))
  settings.onEvent({ job, what, ...('error' in outcome ? { error: outcome.error } : {}) })
}

interface Begun {
  readonly job: Job
  readonly lease: Lease
  readonly agent: Agent
}

async function begin(
  queue: JobQueue,
  { id: delivery, data }: BossJob<Delivered>,
  { onEvent }: AttemptSettings,
): Promise<Begun | undefined> {
  const { library } = queue
  const known = await library.read((reader) => readJob(reader, data.job))
  if (known === undefined) return undefined
  const agent = { actor: known.actor, tool: toolName }
  const begun = await library.transactWithoutEntry(agent, async (tx) => {
    const job = await readJob(tx, data.job)
    // One that ended, or that another delivery stands for by now.
    if (job?.delivery !== delivery || (job.state !== 'waiting' && job.state !== 'running')) return
    // Still "running": who began it has said nothing since.
    const isLoss = job.state === 'running'
    if (job.losses + (isLoss ? 1 : 0) >= mostLosses) {
      const message =
        `Its worker vanished ${mostLosses} times while doing it (killed, or out of memory). ` +
        'See the logs of the worker, then retry the job.'
      await endJob(tx, job.id, { state: 'quarantined', reason: { code: 'worker-lost', message } })
      return { job, lease: undefined }
    }
    const lease = await beginJob(tx, job, isLoss)
    return { job: (await readJob(tx, job.id)) ?? job, lease }
  })
  if (begun === undefined) return undefined
  const { job, lease } = begun
  if (lease !== undefined) return { job, lease, agent }
  onEvent({ job, what: 'quarantined' })
  return undefined
}

type Outcome =
  | { readonly result: Readonly<Record<string, string | number>> }
  | { readonly error: unknown }

async function attempt(
  queue: JobQueue,
  { job, lease, agent }: Begun,
  claim: AbortSignal,
  { works, stopping }: AttemptSettings,
): Promise<Outcome> {
  const lost = new AbortController()
  const signal = AbortSignal.any([lost.signal, stopping])
  const loseClaim = (): void => lost.abort(leaseLost())
  claim.addEventListener('abort', loseClaim, { once: true })
  const { watch, progress } = watching(queue, lease, lost, signal)
  try {
    const work = works[job.kind]
    if (work === undefined) {
      throw new QueueError(
        'kind-unknown',
        `This version does not know jobs of the kind "${job.kind}"; a newer one has to do it.`,
      )
    }
    const library = leasedLibrary(queue.library, lease, signal)
    return {
      result: await endedBy(signal, () =>
        work({
          library,
          unleased: queue.library,
          agent,
          job,
          progress,
          enqueue: async (tx, request) => void (await queue.enqueue(tx, request)),
          end: (tx, result) => endJob(tx, job.id, { state: 'done', result }),
        }),
      ),
    }
  } catch (error) {
    // Whatever it was that came of being stopped.
    return { error: signal.aborted ? signal.reason : error }
  } finally {
    claim.removeEventListener('abort', loseClaim)
    await watch.end()
  }
}

/** Writes down how far it is, and learns whether it is to go on. */
function watching(
  { library }: JobQueue,
  lease: Lease,
  lost: AbortController,
  signal: AbortSignal,
): { readonly watch: { end(): Promise<void> }; readonly progress: Progress } {
  let latest: JobProgress | undefined
  const ended = new AbortController()
  const look = async (): Promise<void> => {
    const news = latest
    latest = undefined
    if (await noteProgress(library.database.kysely, lease, news)) return
    const now = await library.read((reader) => readJob(reader, lease.job))
    lost.abort(
      now?.state === 'cancelled'
        ? new QueueError('job-cancelled', 'The job was cancelled.')
        : leaseLost(),
    )
  }
  const looking = (async () => {
    while (!ended.signal.aborted && !signal.aborted) {
      await sleep(lookMilliseconds, undefined, { signal: ended.signal }).catch(() => undefined)
      // A database that does not answer says nothing of the lease: each act asks again.
      if (!ended.signal.aborted) await look().catch(() => undefined)
    }
  })()
  return {
    watch: {
      end: async () => {
        ended.abort()
        await looking
      },
    },
    progress: ({ step, done, total, unit }) => {
      signal.throwIfAborted()
      const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0
      const bytes = { doneBytes: done, ...(total > 0 ? { totalBytes: total } : {}) }
      latest = { step, share, ...(unit === 'bytes' ? bytes : {}) }
    },
  }
}

async function settle(
  queue: JobQueue,
  { job: { id }, lease, agent }: Begun,
  outcome: Outcome,
  { retryDelaysSeconds }: AttemptSettings,
): Promise<JobEvent['what']> {
  return queue.library.transactWithoutEntry(agent, async (tx) => {
    const job = await readJob(tx, id)
    // By the attempt's own act, whatever it met afterwards.
    if (job?.state === 'done' && job.fence === lease.fence) return 'done'
    if (job === undefined || !(await holdsLease(tx, lease))) return 'lost'
    if ('result' in outcome) {
      await endJob(tx, id, { state: 'done', result: outcome.result })
      return 'done'
    }
    const { error } = outcome
    // Of these areas alone: what others call their errors gives no job back.
    const steers = error instanceof QueueError || error instanceof StoreError
    const code = steers ? error.code : undefined
    if (code === 'worker-stopping' || code === 'lease-lost') {
      await letJobWait(tx, job, { delivery: await queue.deliver(tx, job), as: 'given-back' })
      return 'given-back'
    }
    if (code === 'kind-unknown') {
      const delivery = await queue.deliver(tx, job, otherVersionSeconds)
      await letJobWait(tx, job, { delivery, as: 'given-back', reason: reasonOf(error) })
      return 'given-back'
    }
    // A store that is away is away for all jobs alike: it says nothing against this one.
    const away = code === 'blobs-unavailable' ? 'given-back' : 'lost'
    if (code === 'database-unavailable' || code === 'blobs-unavailable') {
      const delivery = await queue.deliver(tx, job, lookAgainSeconds)
      await letJobWait(tx, job, { delivery, as: away, reason: reasonOf(error) })
      return 'failed'
    }
    const reason = reasonOf(error)
    const delay = retryDelaysSeconds[job.failures]
    if (isLasting(error) || delay === undefined) {
      await endJob(tx, id, { state: 'quarantined', reason })
      return 'quarantined'
    }
    const delivery = await queue.deliver(tx, job, delay)
    await letJobWait(tx, job, { delivery, as: 'failed', reason })
    return 'failed'
  })
}

const mostWaits = 30

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await ask()
    } catch (error) {
      if (errorCode(error) !== 'database-unavailable' || waits === mostWaits) throw error
      await sleep(lookMilliseconds)
    }
  }
}
