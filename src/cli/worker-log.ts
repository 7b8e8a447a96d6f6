import type { Log } from '../observe/log.ts'
import type { JobEvent } from '../queue/attempt.ts'
import type { JobQueue } from '../queue/job-queue.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

/** Which job; neither of what nor why, which `sightline jobs` says to those who may know. */
export const workerLog =
  (log: Log) =>
  ({ job, what, error }: JobEvent): void =>
    log(`job-${what}`, {
      job: job.id,
      kind: job.kind,
      attempt: job.attempts,
      ...(error === undefined ? {} : { error }),
    })

const quietMilliseconds = 60_000

/** A database that is away for an hour is said once a minute, not at each look. */
export function logQueueErrors(queue: JobQueue, log: Log): void {
  let saidAt = -Infinity
  queue.onError((error) => {
    const now = performance.now()
    if (now - saidAt < quietMilliseconds) return
    saidAt = now
    log('queue-failed', { error })
  })
}

export const concurrencyOption = [
  '--concurrency <number>',
  'how many jobs at once (default, and at most: as many as the machine has processor cores)',
] as const

/** As `startWorker` takes it. */
export function readConcurrency(text: string | undefined): { readonly concurrency?: number } {
  if (text === undefined) return {}
  const concurrency = Number(text)
  if (/^\d{1,3}$/.test(text) && concurrency > 0) return { concurrency }
  throw new CommandError(
    'usage',
    `--concurrency "${text}" is no number of jobs; give one from 1 to 999`,
    exitCodes.usage,
  )
}
