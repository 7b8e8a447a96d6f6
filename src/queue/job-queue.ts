/**
 * Jobs in the library's own database. The table `job` is what counts; pg-boss, in its schema
 * `pgboss`, brings each to one worker after the other and notices when one has vanished.
 *
 * Embedded, pg-boss shares the one connection: what it does by itself waits for the transaction
 * that is open, and what belongs to an act is done on that act's own.
 */
import { fromKysely, PgBoss } from 'pg-boss'

import {
  addJob,
  askAgain,
  endJob,
  openTwin,
  readJob,
  readOpenJobs,
  setDelivery,
  type Job,
} from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Transactor } from '../store/store.ts'
import { QueueError } from './queue-error.ts'
import { takeEdits, wishOf, type JobRequest } from './request.ts'

/** What pg-boss carries: the job's id. */
export interface Delivered {
  readonly job: number
}

export interface Asked {
  readonly job: Job
  /** Otherwise it is one that was asked for before. */
  readonly isNew: boolean
}

export interface JobQueue {
  readonly library: Library
  readonly boss: PgBoss
  /**
   * Part of the act that needs it, and rolled back with it. Once it is committed `wake` saves
   * this program's worker a second.
   * @throws QueueError `no-such-incident`, `no-such-item`, `no-case`; EgressError
   *   `address-unsupported`, `address-not-public`
   */
  enqueue(tx: Transactor, request: JobRequest): Promise<Asked>
  /** The same as an act of its own. */
  ask(agent: Agent, request: JobRequest): Promise<Asked>
  /**
   * One that runs is stopped within seconds, with its media programs.
   * @throws QueueError `no-such-job`, `job-ended`
   */
  cancel(agent: Agent, id: number): Promise<Job>
  /**
   * One that is in quarantine or was cancelled starts from the beginning.
   * @throws QueueError `no-such-job`, `job-open`, `job-ended`
   */
  retry(agent: Agent, id: number): Promise<Job>
  /** Of a worker: gives an open job a new delivery. */
  deliver(tx: Transactor, job: Job, afterSeconds?: number): Promise<string>
  /** Open jobs of which pg-boss knows nothing, as after a move of the tables. Returns how many. */
  deliverAgain(agent: Agent): Promise<number>
  /** The workers of this program look for jobs now. */
  wake(): void
  readonly awakened: Set<() => void>
  /** Of pg-boss, in the background: the database does not answer, for one. */
  onError(listener: (error: unknown) => void): void
  close(): Promise<void>
}

const schema = 'pgboss'
/**
 * Upkeep reads every byte there is, and the web may take an hour for a file: neither must stand before
 * what somebody waits for.
 */
export const queueNames = {
  work: 'sightline-work',
  web: 'sightline-web',
  upkeep: 'sightline-upkeep',
} as const

const day = 86_400
const queueOptions = {
  // A worker that was killed is noticed so much later at most, and five seconds.
  heartbeatSeconds: 10,
  // The longest that pg-boss knows. Whether a job is tried again the table says.
  expireInSeconds: day,
  retentionSeconds: 365 * day,
  deleteAfterSeconds: 3600,
  retryLimit: 1_000_000,
  retryDelay: 1,
}
const priorities: Readonly<Record<string, number>> = { publish: 2, align: 1 }

/** `tends`: also looks after jobs whose worker has vanished, as whatever runs for long should. */
export async function openJobQueue(
  library: Library,
  { tends }: { readonly tends: boolean },
): Promise<JobQueue> {
  const { database } = library
  const boss = new PgBoss({
    db: database,
    ...(database.folder === undefined ? {} : { backend: 'pglite' as const }),
    schema,
    supervise: tends,
    // Whose heart has stopped is looked for as often as both say.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    schedule: false,
    registerInstance: false,
    monitorVacuum: false,
    openTelemetry: { enabled: false },
  })
  let errorListener: (error: unknown) => void = () => undefined
  boss.on('error', (error) => errorListener(error))
  await boss.start()
  for (const name of Object.values(queueNames)) await boss.createQueue(name, queueOptions)
  const awakened = new Set<() => void>()

  const wake = (): void => {
    for (const look of awakened) look()
  }
  const deliver = async (tx: Transactor, { id, kind }: Job, afterSeconds = 0): Promise<string> => {
    const delivery = await boss.send(queueOf(kind), { job: id } satisfies Delivered, {
      db: fromKysely(tx.sql),
      priority: priorities[kind] ?? 0,
      ...(afterSeconds > 0 ? { startAfter: afterSeconds } : {}),
    })
    if (delivery === null) throw new TypeError('pg-boss took a job and gave it no id')
    return delivery
  }
  const enqueue = async (tx: Transactor, request: JobRequest): Promise<Asked> => {
    const asked = await addJob(tx, await wishOf(tx, request))
    if (asked.isNew) await setDelivery(tx, asked.job.id, await deliver(tx, asked.job))
    return asked
  }
  const changed = async (
    agent: Agent,
    id: number,
    change: (tx: Transactor, job: Job) => Promise<void>,
  ): Promise<Job> => {
    const job = await library.transactWithoutEntry(agent, async (tx) => {
      await change(tx, await existingJob(tx, id))
      return existingJob(tx, id)
    })
    wake()
    return job
  }

  return {
    library,
    boss,
    enqueue,
    ask: async (agent, request) => {
      if (request.kind === 'align' || request.kind === 'publish') {
        await takeEdits(library, agent, request.incident)
      }
      const asked = await library.transactWithoutEntry(agent, (tx) => enqueue(tx, request))
      wake()
      return asked
    },
    cancel: (agent, id) =>
      changed(agent, id, async (tx, job) => {
        if (job.state !== 'waiting' && job.state !== 'running') {
          throw new QueueError('job-ended', `Job ${id} is ${job.state} already.`)
        }
        const reason = { code: 'job-cancelled', message: `Cancelled by ${agent.actor}.` }
        await endJob(tx, id, { state: 'cancelled', reason })
      }),
    retry: (agent, id) =>
      changed(agent, id, async (tx, job) => {
        if (job.state === 'done') throw new QueueError('job-ended', `Job ${id} is done.`)
        if (job.state === 'waiting' || job.state === 'running') {
          throw new QueueError('job-open', `Job ${id} is ${job.state}.`)
        }
        const twin = await openTwin(tx, id)
        if (twin !== undefined) {
          throw new QueueError(
            'job-open',
            `Job ${twin} is the same as job ${id}, and not done yet.`,
          )
        }
        await askAgain(tx, id, await deliver(tx, job))
      }),
    deliver,
    deliverAgain: async (agent) => {
      let number = 0
      for (const job of await library.read(readOpenJobs)) {
        const query = { id: job.delivery ?? '', limit: 1 }
        const [known] =
          job.delivery === undefined ? [] : await boss.findJobs(queueOf(job.kind), query)
        if (known !== undefined && isUnderway.has(known.state)) continue
        await library.transactWithoutEntry(agent, async (tx) => {
          const now = await existingJob(tx, job.id)
          const isOpen = now.state === 'waiting' || now.state === 'running'
          if (!isOpen || now.delivery !== job.delivery) return
          await setDelivery(tx, job.id, await deliver(tx, job))
          number += 1
        })
      }
      return number
    },
    wake,
    awakened,
    onError: (listener) => {
      errorListener = listener
    },
    close: () => boss.stop({ graceful: true, timeout: 30_000 }),
  }
}

const isUnderway: ReadonlySet<string> = new Set(['created', 'retry', 'active'])

const queueOf = (kind: string): string =>
  kind === 'fixity' ? queueNames.upkeep : kind === 'collect' ? queueNames.web : queueNames.work

async function existingJob(tx: Transactor, id: number): Promise<Job> {
  const job = await readJob(tx, id)
  if (job !== undefined) return job
  throw new QueueError('no-such-job', `There is no job ${id}; see: sightline jobs`)
}
