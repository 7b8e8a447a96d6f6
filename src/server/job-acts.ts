/** What is done with jobs that were asked for, by the interface and by the desk's pages alike. */
import type { Asker } from '../access/asker.ts'
import type { Action } from '../access/roles.ts'
import { EgressError } from '../egress/egress-error.ts'
import type { JobQueue } from '../queue/job-queue.ts'
import { QueueError } from '../queue/queue-error.ts'
import { readJob, type Job } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import type { GateContext } from './gate.ts'
import { ProblemError } from './problem.ts'

/** For the gate, of a path with `job`. Null: a job of the whole library. */
export const jobWithin =
  (library: Library) =>
  async (context: GateContext): Promise<string | null | undefined> => {
    const text = context.req.param('job') ?? ''
    if (!/^\d{1,15}$/.test(text)) return undefined
    const job = await library.read((reader) => readJob(reader, Number(text)))
    return job === undefined ? undefined : (job.incident ?? null)
  }

/** @throws ProblemError 404 */
export async function existingJob(library: Library, id: number): Promise<Job> {
  const job = await library.read((reader) => readJob(reader, id))
  if (job === undefined) throw new ProblemError(404, `There is no job ${id}.`)
  return job
}

/** To retry or stop one needs what it needs to ask for it. */
export function mayManage(asker: Asker, job: Job): boolean {
  return asker.may('jobs.manage', job.incident) && asker.may(neededFor(job), job.incident)
}

const needed: Readonly<Record<string, Action>> = {
  collect: 'item.add',
  publish: 'story.publish',
  fixity: 'library.manage',
}
const neededFor = ({ kind }: Job): Action => needed[kind] ?? 'jobs.manage'

/** @throws ProblemError 403 */
export function assertMayManage(asker: Asker, job: Job): void {
  if (mayManage(asker, job)) return
  throw new ProblemError(403, `Your role does not allow this (${neededFor(job)}); ask an owner.`)
}

/** What publishes again needs a fresh sign-in as publishing does. @throws ProblemError 403 */
export function assertMayRetry(asker: Asker, job: Job): void {
  assertMayManage(asker, job)
  if (job.kind !== 'publish' || asker.isFresh) return
  throw new ProblemError(403, 'Sign in again to do this.', 'reauthentication-required')
}

/** @throws ProblemError 403, 404, 409 */
export async function cancelJob(queue: JobQueue, asker: Asker, id: number): Promise<Job> {
  assertMayManage(asker, await existingJob(queue.library, id))
  return told(queue.cancel(asker.agent, id))
}

/** @throws ProblemError 403, 404, 409 */
export async function retryJob(queue: JobQueue, asker: Asker, id: number): Promise<Job> {
  assertMayRetry(asker, await existingJob(queue.library, id))
  return told(queue.retry(asker.agent, id))
}

/** @throws ProblemError 404, 409, and 422 for an address that is not fetched */
export async function told<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    if (error instanceof EgressError) throw new ProblemError(422, error.message, error.code)
    if (!(error instanceof QueueError)) throw error
    const status = error.code === 'job-ended' || error.code === 'job-open' ? 409 : 404
    throw new ProblemError(status, error.message, error.code)
  }
}
