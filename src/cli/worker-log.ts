import type { JobEvent } from '../queue/attempt.ts'
import type { JobQueue } from '../queue/job-queue.ts'
import { errorCode } from '../store/store-error.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { printable, type Terminal } from './terminal.ts'

/** A word for each thing that happens; of errors nobody foresaw all that is known. */
export function workerLog(terminal: Terminal): (event: JobEvent) => void {
  return ({ job, what, error }) => {
    const of = job.incident === undefined ? job.kind : `${job.kind} of ${job.incident}`
    const code = error === undefined ? '' : ` [${errorCode(error) ?? 'internal'}]`
    terminal.out(`job      ${job.id} ${of}: ${what}${code}\n`)
    if (!(error instanceof Error) || errorCode(error) !== undefined) return
    for (const line of (error.stack ?? error.message).split('\n'))
      terminal.err(`sightline: ${printable(line)}\n`)
  }
}

const quietMilliseconds = 60_000

/** A database that is away for an hour is said once a minute, not at each look. */
export function logQueueErrors(queue: JobQueue, terminal: Terminal): void {
  let saidAt = -Infinity
  queue.onError((error) => {
    const now = performance.now()
    if (now - saidAt < quietMilliseconds) return
    saidAt = now
    // pg-boss hands on the members of an error, not the error.
    const { message } = Object(error) as { readonly message?: string }
    terminal.err(
      `sightline: jobs: ${printable(message ?? 'unknown error')} [${errorCode(error) ?? 'internal'}]\n`,
    )
  })
}

export const concurrencyOption = [
  '--concurrency <number>',
  'how many jobs at once (default: as many as the machine has processor cores)',
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
