/** What may be seen of a job by those who may see jobs. */
import type { Job } from '../store/jobs.ts'

/**
 * An address on the web may hold a key or a name: whoever gave it sees it, others its host alone, as
 * errors say it. To start the job again shows nobody more.
 */
export function shownTo(actor: string, whole: Job): Job {
  if (whole.askedBy === actor) return whole
  const { inputs, result } = whole
  return {
    ...whole,
    inputs: hostInPlace(inputs),
    ...(result === undefined ? {} : { result: hostInPlace(result) }),
  }
}

function hostInPlace({ address, ...members }: Job['inputs']): Job['inputs'] {
  if (address === undefined) return members
  return { ...members, host: URL.parse(String(address))?.hostname ?? '' }
}
