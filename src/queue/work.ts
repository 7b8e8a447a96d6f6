/** What is done for each kind of job: the jobs of `jobs/`, on what the library holds. */
import { alignIncident } from '../jobs/align-incident.ts'
import type { Progress } from '../jobs/progress.ts'
import { publishCase } from '../jobs/publish-story.ts'
import { storedCase } from '../jobs/stored-case.ts'
import { examineItem } from '../ingest/examine-item.ts'
import { checkFixity } from '../store/fixity.ts'
import { readSightings } from '../store/items.ts'
import type { Job } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import { QueueError } from './queue-error.ts'
import type { JobKind } from './request.ts'

export interface Attempt {
  /** Writes only while the job is this worker's. */
  readonly library: Library
  /** Who asked for the job. */
  readonly agent: Agent
  readonly job: Job
  /** Throws once the job is to stop. */
  readonly progress: Progress
}

/** Does a job, again without harm if it was begun before. Returns what came of it, by hashes. */
export type Work = (attempt: Attempt) => Promise<Readonly<Record<string, string | number>>>

export const works: Readonly<Record<JobKind, Work>> = {
  examine: async ({ library, agent, job, progress }) => {
    const { incident, item: sha256 } = { incident: job.incident ?? '', item: text(job, 'item') }
    const sightings = await library.read((reader) => readSightings(reader, incident))
    const name = sightings.find(({ item }) => item === sha256)?.name
    if (name === undefined) {
      throw new QueueError('no-such-item', `The incident "${incident}" has no item ${sha256}.`)
    }
    progress({ step: 'Examining', done: 0, total: 1 })
    const examined = await examineItem(library, agent, { incident, sha256, name }, (share) =>
      progress({ step: 'Examining', done: share, total: 1 }),
    )
    return { item: sha256, kind: examined.facts.kind, findings: examined.findings.length }
  },
  align: async ({ library, agent, job, progress }) => {
    const stored = await storedCase(library, agent, revisionOf(job), progress)
    const aligned = await alignIncident(library, agent, stored.case, stored.items, progress)
    return { alignment: aligned.resultSha256 }
  },
  publish: async ({ library, agent, job, progress }) => {
    const stored = await storedCase(library, agent, revisionOf(job), progress)
    // Of the first attempt: one that is begun again after midnight publishes no second revision.
    const now = new Date(job.startedAt ?? job.askedAt)
    const story = await publishCase(library, agent, stored, now, progress)
    const { revision, manifestSha256: manifest, unchanged, notices } = story
    return { revision, manifest, unchanged: Number(unchanged), notices: notices.join('\n') }
  },
  fixity: async ({ library, progress }) => {
    const { blobs, blobBytes, findings } = await checkFixity(library, (done, total) =>
      progress({ step: 'Rehashing', done, total }),
    )
    const first = findings.slice(0, mostFindings)
    const said = first.map(({ code, what }) => `${code} ${what}`).join('\n')
    return { blobs, bytes: blobBytes, damaged: findings.length, findings: said }
  },
}

/** Named in the result; `sightline fsck` names them all. */
const mostFindings = 100

const revisionOf = (job: Job) => ({
  incident: job.incident ?? '',
  revision: Number(job.inputs['revision']),
})

const text = ({ inputs }: Job, member: string): string => String(inputs[member])
