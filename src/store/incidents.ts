/** Incidents, their cases as imported, and what was published of them. */
import type { Selectable } from 'kysely'
import { appendEntry } from './custody-log.ts'
import type { CaseRevisionTable, PublicationTable } from './schema.ts'
import { indexIncident, type SearchedCase } from './search-index.ts'
import type { Reader, Transactor } from './store.ts'

export interface Incident {
  /** `[a-z0-9][a-z0-9-]{0,99}` */
  readonly id: string
  readonly title: string
  /** RFC 3339. */
  readonly openedAt: string
  readonly entryIndex: number
}

/** A case as its folder said, or as written from its records: both files are blobs. */
export interface CaseRevision {
  readonly incident: string
  /** From 1. */
  readonly revision: number
  readonly caseSha256: string
  readonly storySha256: string
  readonly importedAt: string
  readonly entryIndex: number
}

export interface Publication {
  readonly incident: string
  /** From 1. */
  readonly revision: number
  readonly manifestSha256: string
  /** Of everything the story says, whenever it says it: the same content is not published twice. */
  readonly contentSha256: string
  /** Of the case that it is of; older versions did not keep it. */
  readonly caseRevision?: number
  readonly publishedAt: string
  readonly entryIndex: number
}

export async function openIncident(
  tx: Transactor,
  { id, title }: { readonly id: string; readonly title: string },
): Promise<Incident> {
  const entryIndex = await appendEntry(tx, { type: 'incident-opened', incident: id })
  await tx.sql
    .insertInto('incident')
    .values({ id, title, opened_at: tx.at, entry_index: entryIndex })
    .execute()
  await indexIncident(tx, id, titleAlone(title))
  return { id, title, openedAt: tx.at, entryIndex }
}

/** What is searched of an incident without a case. */
export function titleAlone(title: string): SearchedCase {
  const texts = [{ kind: 'incident', ref: '', text: title }] as const
  return { revision: 0, place: '', earliest: Infinity, latest: -Infinity, openQuestions: 0, texts }
}

/** All incidents, or the one with an id, in the order of their opening. */
export async function readIncidents(reader: Reader, id?: string): Promise<Incident[]> {
  let query = reader.sql.selectFrom('incident').selectAll().orderBy('entry_index')
  if (id !== undefined) query = query.where('id', '=', id)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    title: row.title,
    openedAt: row.opened_at,
    entryIndex: row.entry_index,
  }))
}

/** Records the next revision of an incident's case; the title is what the case says now. */
export async function importCase(
  tx: Transactor,
  revised: {
    readonly incident: string
    readonly title: string
    readonly caseSha256: string
    readonly storySha256: string
    /** The item of each file, by what the case calls it. */
    readonly files: ReadonlyMap<string, string>
    /** From its records as they were edited, not from a folder. */
    readonly fromRecords?: boolean
  },
): Promise<CaseRevision> {
  const { incident, title, caseSha256, storySha256, files } = revised
  const latest = await readLatestCase(tx, incident)
  const revision = (latest?.revision ?? 0) + 1
  const entryIndex = await appendEntry(tx, {
    type: revised.fromRecords === true ? 'case-written' : 'case-imported',
    incident,
    caseSha256,
    storySha256,
  })
  await setIncidentTitle(tx, incident, title)
  await tx.sql
    .insertInto('case_revision')
    .values({
      incident,
      revision,
      case_sha256: caseSha256,
      story_sha256: storySha256,
      imported_at: tx.at,
      entry_index: entryIndex,
    })
    .execute()
  await addCaseFiles(tx, { incident, revision }, files)
  return { incident, revision, caseSha256, storySha256, importedAt: tx.at, entryIndex }
}

/** Which item each file of a case revision is, by what the case calls it. */
export async function addCaseFiles(
  tx: Transactor,
  { incident, revision }: Pick<CaseRevision, 'incident' | 'revision'>,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [file, item] of files) {
    await tx.sql.insertInto('case_file').values({ incident, revision, file, item }).execute()
  }
}

export async function setIncidentTitle(tx: Transactor, id: string, title: string): Promise<void> {
  await tx.sql.updateTable('incident').set({ title }).where('id', '=', id).execute()
}

export async function readLatestCase(
  reader: Reader,
  incident: string,
): Promise<CaseRevision | undefined> {
  const row = await reader.sql
    .selectFrom('case_revision')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toCaseRevision(row)
}

export async function readCaseRevision(
  reader: Reader,
  incident: string,
  revision: number,
): Promise<CaseRevision | undefined> {
  const row = await reader.sql
    .selectFrom('case_revision')
    .selectAll()
    .where('incident', '=', incident)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return row && toCaseRevision(row)
}

/** The item of each file of a case revision, by what the case calls it. */
export async function readCaseFiles(
  reader: Reader,
  incident: string,
  revision: number,
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.sql
    .selectFrom('case_file')
    .select(['file', 'item'])
    .where('incident', '=', incident)
    .where('revision', '=', revision)
    .execute()
  return new Map(rows.map(({ file, item }) => [file, item]))
}

function toCaseRevision(row: Selectable<CaseRevisionTable>): CaseRevision {
  return {
    incident: row.incident,
    revision: row.revision,
    caseSha256: row.case_sha256,
    storySha256: row.story_sha256,
    importedAt: row.imported_at,
    entryIndex: row.entry_index,
  }
}

/** Fails on a revision that is already published. */
export async function addPublication(
  tx: Transactor,
  published: {
    readonly incident: string
    readonly revision: number
    readonly manifestSha256: string
    readonly contentSha256: string
    /** Of the case that it is of. */
    readonly caseRevision?: number
  },
): Promise<Publication> {
  const { incident, revision, manifestSha256, contentSha256, caseRevision } = published
  const entryIndex = await appendEntry(tx, {
    type: 'story-published',
    incident,
    revision,
    manifestSha256,
  })
  await tx.sql
    .insertInto('publication')
    .values({
      incident,
      revision,
      manifest_sha256: manifestSha256,
      content_sha256: contentSha256,
      case_revision: caseRevision ?? null,
      published_at: tx.at,
      entry_index: entryIndex,
    })
    .execute()
  return { ...published, publishedAt: tx.at, entryIndex }
}

/** In the order of their revisions. */
export async function readPublications(reader: Reader, incident: string): Promise<Publication[]> {
  const rows = await reader.sql
    .selectFrom('publication')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('revision')
    .execute()
  return rows.map(toPublication)
}

export function toPublication(row: Selectable<PublicationTable>): Publication {
  return {
    incident: row.incident,
    revision: row.revision,
    manifestSha256: row.manifest_sha256,
    contentSha256: row.content_sha256,
    ...(row.case_revision === null ? {} : { caseRevision: row.case_revision }),
    publishedAt: row.published_at,
    entryIndex: row.entry_index,
  }
}
