/**
 * Does jobs, so many at once, until it is stopped. Any number of workers share a library on a server;
 * those on one machine share its cores.
 */
import { availableParallelism } from 'node:os'

import type { Job } from 'pg-boss'

import { toolName } from '../jobs/version.ts'
import type { Agent } from '../store/store.ts'
import { doDelivered, type JobEvent } from './attempt.ts'
import { lookForCore, machineCores, type Core, type TakeCore } from './cores.ts'
import { queueNames, type Delivered, type JobQueue } from './job-queue.ts'
import { QueueError } from './queue-error.ts'
import { works, type Work } from './work.ts'

export interface WorkerOptions {
  /** Jobs with media at once; as many as the machine has cores unless said otherwise, and no more. */
  readonly concurrency?: number
  /** Each job with media has one; those of the machine unless said otherwise. */
  readonly takeCore?: TakeCore
  readonly works?: Readonly<Record<string, Work>>
  /** Before the second and the third try. */
  readonly retryDelaysSeconds?: readonly number[]
  readonly onEvent?: (event: JobEvent) => void
}

export interface Worker {
  /** Takes no more; after the grace gives back what still runs. Resolves when nothing runs. */
  stop(graceSeconds: number): Promise<void>
}

const agent: Agent = { actor: 'worker', tool: toolName }
const retryDelaysSeconds = [10, 60]
/** Files from the web at once, each of up to an hour. */
const mostFetching = 3
/** Then the job goes back to where another machine's worker may have it. */
const mostCoreLooks = 20

export async function startWorker(queue: JobQueue, options: WorkerOptions = {}): Promise<Worker> {
  const { boss } = queue
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let isStopping = false
  const settings = {
    works: options.works ?? works,
    retryDelaysSeconds: options.retryDelaysSeconds ?? retryDelaysSeconds,
    onEvent: options.onEvent ?? (() => undefined),
    stopping: stopping.signal,
  }
  const takeCore = options.takeCore ?? machineCores()
  const waitForCore = async (): Promise<Core> => {
    const core = await lookForCore(takeCore, mostCoreLooks, () => {
      if (isStopping) throw stops()
    })
    if (core !== undefined) return core
    throw new QueueError('no-core', 'Other programs have all cores of this machine.')
  }
  const handle = async (delivered: Job<Delivered>): Promise<void> => {
    // pg-boss brings it to another one.
    if (isStopping) throw stops()
    const attempt = doDelivered(queue, delivered, settings)
    running.add(attempt)
    try {
      await attempt
    } finally {
      running.delete(attempt)
    }
  }

  // What others left when they vanished: they may have been all there were.
  await boss.supervise()
  await queue.deliverAgain(agent)
  const slots: { readonly queue: string; readonly id: string }[] = []
  const work = async (name: string): Promise<void> => {
    const how = { batchSize: 1, pollingIntervalSeconds: 1 }
    let id = ''
    id = await boss.work<Delivered>(name, how, async (jobs) => {
      // Looks for the next one at once, instead of at the next second.
      boss.notifyWorker(id)
      for (const job of jobs) {
        const core = name === queueNames.work ? await waitForCore() : undefined
        try {
          await handle(job)
        } finally {
          core?.free()
        }
      }
    })
    slots.push({ queue: name, id })
  }
  const concurrency = options.concurrency ?? availableParallelism()
  for (let slot = 0; slot < concurrency; slot += 1) await work(queueNames.work)
  for (let slot = 0; slot < mostFetching; slot += 1) await work(queueNames.web)
  await work(queueNames.upkeep)
  const look = (): void => slots.forEach(({ id }) => boss.notifyWorker(id))
  queue.awakened.add(look)

  return {
    stop: async (graceSeconds) => {
      isStopping = true
      queue.awakened.delete(look)
      const timer = setTimeout(() => stopping.abort(stops()), graceSeconds * 1000)
      for (const name of new Set(slots.map((slot) => slot.queue))) await boss.offWork(name)
      while (running.size > 0) await Promise.allSettled(running)
      clearTimeout(timer)
    },
  }
}

const stops = (): QueueError =>
  new QueueError('worker-stopping', 'The worker was told to stop, and gives the job back.')
