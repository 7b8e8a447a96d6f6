/** What is done for each kind of job: the jobs of `jobs/`, on what the library holds. */
import { fetchInProcess } from '../egress/fetch-in-process.ts'
import { collectFile, type CollectWorld } from '../ingest/collect.ts'
import { alignIncident } from '../jobs/align-incident.ts'
import type { Progress } from '../jobs/progress.ts'
import { publishCase } from '../jobs/publish-story.ts'
import { storedCase } from '../jobs/stored-case.ts'
import { examineItem } from '../ingest/examine-item.ts'
import { checkFixity } from '../store/fixity.ts'
import { readSightings } from '../store/items.ts'
import type { Job } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Transactor } from '../store/store.ts'
import { QueueError } from './queue-error.ts'
import type { JobKind, JobRequest } from './request.ts'

export interface Attempt {
  /** Writes only while the job is this worker's. */
  readonly library: Library
  /** Writes also when it no longer is: for what a job leaves, not for what it does. */
  readonly unleased: Pick<Library, 'transactWithoutEntry'>
  /** Who asked for the job. */
  readonly agent: Agent
  readonly job: Job
  /** Throws once the job is to stop. */
  readonly progress: Progress
  /** Asks for another job, as part of an act. */
  readonly enqueue: (tx: Transactor, request: JobRequest) => Promise<void>
  /** Done, as part of the act that did it: for what must not be done again. */
  readonly end: (tx: Transactor, result: Result) => Promise<void>
}

type Result = Readonly<Record<string, string | number>>

/** Does a job, again without harm if it was begun before. Returns what came of it, by hashes. */
export type Work = (attempt: Attempt) => Promise<Result>

/** Fetches anew at each attempt, and keeps what came in the act that ends the job. */
export const collecting =
  (world: Pick<CollectWorld, 'fetch' | 'incidentBytes'>): Work =>
  async ({ library, unleased, agent, job, progress, enqueue, end }) => {
    const wish = { incident: job.incident ?? '', address: text(job, 'address') }
    const { effects } = library
    let result: Result = {}
    await collectFile(library, agent, wish, {
      ...world,
      effects,
      setAsideIn: unleased,
      progress,
      onTaken: async (tx, { item, name, seenBefore, collectionSha256, address }) => {
        const { sha256, sizeBytes, mediaType } = item
        const kept = { item: sha256, name, sizeBytes, mediaType, seenBefore: Number(seenBefore) }
        result = { ...kept, collectionSha256, address }
        await enqueue(tx, { kind: 'examine', incident: wish.incident, item: sha256 })
        await end(tx, result)
      },
    })
    return result
  }

export const works: Readonly<Record<JobKind, Work>> = {
  collect: collecting({ fetch: fetchInProcess }),
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
