/**
 * A library for one attempt at a job: each of its acts looks, in its own transaction, whether the
 * job is still this worker's. One that comes back late, or goes on after it was told to stop,
 * writes no row.
 */
import { holdsLease, type Lease } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import type { Transactor } from '../store/store.ts'
import { QueueError } from './queue-error.ts'

/** @throws QueueError `lease-lost` from its acts; the signal's reason once that is aborted */
export function leasedLibrary(library: Library, lease: Lease, signal: AbortSignal): Library {
  const held =
    <T>(act: (tx: Transactor) => Promise<T>) =>
    async (tx: Transactor): Promise<T> => {
      signal.throwIfAborted()
      if (!(await holdsLease(tx, lease))) throw leaseLost()
      return act(tx)
    }
  return {
    ...library,
    transact: (agent, act) => library.transact(agent, held(act)),
    transactWithoutEntry: (agent, act) => library.transactWithoutEntry(agent, held(act)),
  }
}

export const leaseLost = (): QueueError =>
  new QueueError('lease-lost', 'The job was taken over by another worker, or has ended.')
