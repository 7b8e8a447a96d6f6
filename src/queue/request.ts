/** What can be asked for, and what makes two requests the same one. */
import { CaseError } from '../case/problem.ts'
import { snapshotCase } from '../jobs/snapshot-case.ts'
import { alignmentFormat } from '../jobs/stored-alignment.ts'
import { engineVersion } from '../jobs/run-alignment.ts'
import { version } from '../jobs/version.ts'
import { readTarget } from '../egress/target.ts'
import { lastRecordEntry } from '../store/case-records.ts'
import { readIncidents, readLatestCase, type CaseRevision } from '../store/incidents.ts'
import { isInIncident } from '../store/items.ts'
import type { JobWish } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Reader, Transactor } from '../store/store.ts'
import { QueueError } from './queue-error.ts'

export const jobKinds = ['collect', 'examine', 'align', 'publish', 'fixity'] as const
export type JobKind = (typeof jobKinds)[number]

export type JobRequest =
  /** Fetch one file from the web and keep it. */
  | { readonly kind: 'collect'; readonly incident: string; readonly address: string }
  /** Probe an item of an incident, make its proxies. */
  | { readonly kind: 'examine'; readonly incident: string; readonly item: string }
  /** Put the recordings of the latest case revision on one clock. */
  | { readonly kind: 'align'; readonly incident: string }
  /** Publish the latest case revision. */
  | { readonly kind: 'publish'; readonly incident: string }
  /** Rehash every blob. */
  | { readonly kind: 'fixity' }

/**
 * @throws QueueError `no-such-incident`, `no-such-item`, `no-case`; EgressError `address-unsupported`,
 *   `address-not-public` of what can be seen in the address: no row holds a password
 */
export async function wishOf(tx: Transactor, request: JobRequest): Promise<JobWish> {
  const { kind } = request
  switch (kind) {
    case 'collect': {
      const { incident } = request
      await assertIncident(tx, incident)
      const address = request.address.toWellFormed()
      readTarget(address)
      return { kind, incident, inputs: { address }, basis: [], repeats: true }
    }
    case 'examine': {
      const { incident, item } = request
      if (!(await isInIncident(tx, incident, item))) {
        throw new QueueError('no-such-item', `The incident "${incident}" has no item ${item}.`)
      }
      return { kind, incident, inputs: { item }, basis: [], repeats: false }
    }
    case 'align': {
      const { incident, revision, caseSha256 } = await latestCase(tx, request.incident)
      const basis = [caseSha256, engineVersion, alignmentFormat]
      return { kind, incident, inputs: { revision }, basis, repeats: false }
    }
    case 'publish': {
      const { incident, revision, caseSha256, storySha256 } = await latestCase(tx, request.incident)
      // The page says how many days a question is unanswered.
      const basis = [caseSha256, storySha256, version, tx.at.slice(0, 10)]
      return { kind, incident, inputs: { revision }, basis, repeats: false }
    }
    case 'fixity':
      return { kind, inputs: {}, basis: [], repeats: true }
  }
}

/** What was edited since the latest revision is what is aligned and published. @throws QueueError `no-case` */
export async function takeEdits(library: Library, agent: Agent, incident: string): Promise<void> {
  const edited = await library.readOne((reader) => lastRecordEntry(reader, incident))
  if (edited === undefined) return
  try {
    await snapshotCase(library, agent, incident)
  } catch (error) {
    if (!(error instanceof CaseError)) throw error
    const message = `The records of "${incident}" make no case yet: ${error.message}`
    throw new QueueError('no-case', message, { cause: error })
  }
}

async function latestCase(reader: Reader, incident: string): Promise<CaseRevision> {
  const latest = await readLatestCase(reader, incident)
  if (latest !== undefined) return latest
  await assertIncident(reader, incident)
  throw new QueueError(
    'no-case',
    `The incident "${incident}" has no case yet; take one in with: sightline import <case folder>`,
  )
}

async function assertIncident(reader: Reader, incident: string): Promise<void> {
  const [known] = await readIncidents(reader, incident)
  if (known !== undefined) return
  throw new QueueError('no-such-incident', `There is no incident "${incident}".`)
}
