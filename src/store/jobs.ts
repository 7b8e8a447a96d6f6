/**
 * The table of jobs: what is to be done, by whom it is being done, what became of it. Everything
 * here is called in a transaction, so that of two who want the same thing one sees the other.
 */
import { createHash } from 'node:crypto'

import type { Kysely, Selectable } from 'kysely'

import { canonicalJson } from '../custody/canonical-json.ts'
import type { JobTable, Schema } from './schema.ts'
import type { Reader, Transactor } from './store.ts'

export const jobStates = ['waiting', 'running', 'done', 'quarantined', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]
type Members = Readonly<Record<string, string | number>>

export interface Job {
  readonly id: number
  readonly kind: string
  readonly incident?: string
  readonly inputs: Members
  /** Whose acts the job's are, a role or a pseudonym: whoever asked for it, or last started it again. */
  readonly actor: string
  /** Who gave the inputs. */
  readonly askedBy: string
  readonly state: JobState
  /** How often a worker began, since it was asked for or last retried. */
  readonly attempts: number
  readonly failures: number
  readonly losses: number
  readonly fence: number
  /** Of pg-boss: the one that counts. */
  readonly delivery?: string
  readonly progress?: JobProgress
  /** Why it waits again, is in quarantine or was cancelled. */
  readonly reason?: Reason
  readonly result?: Members
  readonly askedAt: string
  /** Of the first attempt. */
  readonly startedAt?: string
  readonly endedAt?: string
}

export interface JobProgress {
  readonly step: string
  readonly share: number
  /** Of a step that counts bytes. */
  readonly doneBytes?: number
  /** Where it is known. */
  readonly totalBytes?: number
}

export interface Reason {
  readonly code: string
  readonly message: string
}

export interface JobWish {
  readonly kind: string
  readonly incident?: string
  readonly inputs: Members
  /** What the result follows from besides: versions, a date. */
  readonly basis: readonly (string | number)[]
  /** One that is done is no reason not to do it again. */
  readonly repeats: boolean
}

/** Who does a job, until someone else begins it: an older fence than the job's is worth nothing. */
export interface Lease {
  readonly job: number
  readonly fence: number
}

const longestReason = 4000
const noProgress = { step: null, share: null, done_bytes: null, total_bytes: null }

/** The job of that wish that is waiting, running or done, or a new one. */
export async function addJob(
  tx: Transactor,
  wish: JobWish,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const { kind, incident, inputs } = wish
  const inputsSha256 = sha256Hex(canonicalJson([kind, incident ?? '', inputs, wish.basis]))
  const same = await sameJob(tx, inputsSha256, wish.repeats)
  if (same !== undefined) return { job: same, isNew: false }
  const row = await tx.sql
    .insertInto('job')
    .values({
      kind,
      incident: incident ?? null,
      inputs: canonicalJson(inputs),
      inputs_sha256: inputsSha256,
      actor: tx.agent.actor,
      asked_by: tx.agent.actor,
      state: 'waiting',
      asked_at: tx.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { job: toJob(row), isNew: true }
}

async function sameJob(
  reader: Reader,
  inputsSha256: string,
  repeats: boolean,
): Promise<Job | undefined> {
  const states: JobState[] = repeats ? ['waiting', 'running'] : ['waiting', 'running', 'done']
  const row = await reader.sql
    .selectFrom('job')
    .selectAll()
    .where('inputs_sha256', '=', inputsSha256)
    .where('state', 'in', states)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toJob(row)
}

export async function readJob(reader: Reader, id: number): Promise<Job | undefined> {
  const row = await reader.sql.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toJob(row)
}

/** Latest first. `before`: the id of the last one on the page before. */
export async function readJobs(
  reader: Reader,
  page: {
    readonly incident?: string
    /** Only theirs; a job without an incident belongs to those who have all. */
    readonly among?: 'all' | readonly string[]
    readonly states?: readonly JobState[]
    readonly before?: number
    readonly limit: number
  },
): Promise<{ readonly jobs: readonly Job[]; readonly next?: number }> {
  const { incident, among = 'all', states, before, limit } = page
  let query = reader.sql
    .selectFrom('job')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (incident !== undefined) query = query.where('incident', '=', incident)
  if (among !== 'all') query = query.where('incident', 'in', among.length === 0 ? [''] : among)
  if (states !== undefined) query = query.where('state', 'in', states)
  if (before !== undefined) query = query.where('id', '<', before)
  const rows = await query.execute()
  const jobs = rows.slice(0, limit).map(toJob)
  const last = jobs.at(-1)
  return rows.length > limit && last !== undefined ? { jobs, next: last.id } : { jobs }
}

/** Waiting or running, oldest first. */
export async function readOpenJobs(reader: Reader): Promise<readonly Job[]> {
  const rows = await reader.sql
    .selectFrom('job')
    .selectAll()
    .where('state', 'in', ['waiting', 'running'])
    .orderBy('id')
    .execute()
  return rows.map(toJob)
}

/** A worker begins: whoever held it before has lost it. */
export async function beginJob(tx: Transactor, job: Job, isLoss: boolean): Promise<Lease> {
  const fence = job.fence + 1
  await tx.sql
    .updateTable('job')
    .set({
      state: 'running',
      fence,
      attempts: job.attempts + 1,
      losses: job.losses + (isLoss ? 1 : 0),
      ...noProgress,
      started_at: job.startedAt ?? tx.at,
    })
    .where('id', '=', job.id)
    .execute()
  return { job: job.id, fence }
}

/** Whether the lease still holds: asked in the transaction that relies on it. */
export async function holdsLease(reader: Reader, { job, fence }: Lease): Promise<boolean> {
  const row = await reader.sql
    .selectFrom('job')
    .select('id')
    .where('id', '=', job)
    .where('fence', '=', fence)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return row !== undefined
}

/**
 * How far it is, outside of any transaction: true where the lease still holds. Without `progress`
 * nothing is written.
 */
export async function noteProgress(
  kysely: Kysely<Schema>,
  lease: Lease,
  progress: JobProgress | undefined,
): Promise<boolean> {
  if (progress === undefined) return holdsLease({ sql: kysely }, lease)
  const { numUpdatedRows } = await kysely
    .updateTable('job')
    .set({
      step: progress.step,
      share: progress.share,
      done_bytes: progress.doneBytes ?? null,
      total_bytes: progress.totalBytes ?? null,
    })
    .where('id', '=', lease.job)
    .where('fence', '=', lease.fence)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function endJob(
  tx: Transactor,
  id: number,
  end:
    | { readonly state: 'done'; readonly result: Members }
    | { readonly state: 'quarantined' | 'cancelled'; readonly reason: Reason },
): Promise<void> {
  const said =
    end.state === 'done'
      ? { result: canonicalJson(end.result), share: 1, reason_code: null, reason: null }
      : storable(end.reason)
  await tx.sql
    .updateTable('job')
    .set({ state: end.state, ended_at: tx.at, ...said })
    .where('id', '=', id)
    .execute()
}

/** Not done yet: by a new delivery it is begun once more. A failure and a loss are counted. */
export async function letJobWait(
  tx: Transactor,
  job: Job,
  wait: {
    readonly delivery: string
    readonly as: 'failed' | 'lost' | 'given-back'
    readonly reason?: Reason
  },
): Promise<void> {
  await tx.sql
    .updateTable('job')
    .set({
      state: 'waiting',
      delivery: wait.delivery,
      ...noProgress,
      failures: job.failures + (wait.as === 'failed' ? 1 : 0),
      losses: job.losses + (wait.as === 'lost' ? 1 : 0),
      ...(wait.reason === undefined ? {} : storable(wait.reason)),
    })
    .where('id', '=', job.id)
    .execute()
}

/** From the beginning, as an act of whoever asks now; the inputs stay those of whoever gave them. */
export async function askAgain(tx: Transactor, id: number, delivery: string): Promise<void> {
  await tx.sql
    .updateTable('job')
    .set({
      state: 'waiting',
      delivery,
      actor: tx.agent.actor,
      attempts: 0,
      failures: 0,
      losses: 0,
      ...noProgress,
      reason_code: null,
      reason: null,
      started_at: null,
      ended_at: null,
    })
    .where('id', '=', id)
    .execute()
}

export async function setDelivery(tx: Transactor, id: number, delivery: string): Promise<void> {
  await tx.sql.updateTable('job').set({ delivery }).where('id', '=', id).execute()
}

/** An open job of the same inputs as this one. */
export async function openTwin(reader: Reader, id: number): Promise<number | undefined> {
  const row = await reader.sql
    .selectFrom('job as mine')
    .innerJoin('job as other', 'other.inputs_sha256', 'mine.inputs_sha256')
    .select('other.id')
    .where('mine.id', '=', id)
    .where('other.id', '<>', id)
    .where('other.state', 'in', ['waiting', 'running'])
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

export function toJob(row: Selectable<JobTable>): Job {
  return {
    id: row.id,
    kind: row.kind,
    ...(row.incident === null ? {} : { incident: row.incident }),
    inputs: JSON.parse(row.inputs) as Members,
    actor: row.actor,
    askedBy: row.asked_by,
    state: row.state,
    attempts: row.attempts,
    failures: row.failures,
    losses: row.losses,
    fence: row.fence,
    ...(row.delivery === null ? {} : { delivery: row.delivery }),
    ...(row.step === null || row.share === null
      ? {}
      : { progress: progressOf(row, row.step, row.share) }),
    ...(row.reason_code === null || row.reason === null
      ? {}
      : { reason: { code: row.reason_code, message: row.reason } }),
    ...(row.result === null ? {} : { result: JSON.parse(row.result) as Members }),
    askedAt: row.asked_at,
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  }
}

function progressOf(
  { done_bytes: doneBytes, total_bytes: totalBytes }: Selectable<JobTable>,
  step: string,
  share: number,
): JobProgress {
  return {
    step,
    share,
    ...(doneBytes === null ? {} : { doneBytes }),
    ...(totalBytes === null ? {} : { totalBytes }),
  }
}

/** Of jobs done or cancelled before that moment nothing is kept; returns how many. */
export async function forgetEndedJobs(tx: Transactor, before: string): Promise<number> {
  const { numDeletedRows } = await tx.sql
    .deleteFrom('job')
    .where('state', 'in', ['done', 'cancelled'])
    .where('ended_at', '<', before)
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** PostgreSQL stores no U+0000 and no lone surrogate. */
function storable({ code, message }: Reason) {
  const text = message.replaceAll('\0', '\uFFFD').toWellFormed()
  return { reason_code: code, reason: text.slice(0, longestReason).toWellFormed() }
}

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
