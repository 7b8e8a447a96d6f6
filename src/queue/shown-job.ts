/** What may be seen of a job by those who may see jobs. */
import type { Job } from '../store/jobs.ts'

/**
 * An address on the web may hold a key or a name: whoever gave it sees it, others its host alone, as
 * errors say it; to start the job again shows nobody more. What was fetched is named by the end of
 * its path: of a shared file, often the key.
 */
export function shownTo(actor: string, whole: Job): Job {
  if (whole.askedBy === actor) return whole
  const { inputs, result } = whole
  const { name: _name, ...told } = result ?? {}
  return {
    ...whole,
    inputs: hostInPlace(inputs),
    ...(result === undefined ? {} : { result: hostInPlace(told) }),
  }
}

function hostInPlace({ address, ...members }: Job['inputs']): Job['inputs'] {
  if (address === undefined) return members
  return { ...members, host: URL.parse(String(address))?.hostname ?? '' }
}
