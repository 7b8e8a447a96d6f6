/** Jobs that are done or were cancelled are let go of after a while; the log keeps what they did. */
import { forgetEndedJobs } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'

/** What is in quarantine stays until somebody has it tried again; then it can be cancelled. */
export const endedJobMilliseconds = 30 * 86_400_000

/** Returns how many. pg-boss lets go of its own rows, an hour after a delivery ended. */
export function sweepJobs(library: Library, agent: Agent, now: Date): Promise<number> {
  const before = new Date(now.getTime() - endedJobMilliseconds).toISOString()
  return library.transactWithoutEntry(agent, (tx) => forgetEndedJobs(tx, before))
}
