/** A case piece by piece: each record's latest version, and what it said before. */
import { sql as raw } from 'kysely'
import { recordAddress, type RecordDraft } from '../case/record-text.ts'
import type { CaseRevision } from './incidents.ts'
import { placeRecords } from './record-order.ts'
import type { Reader, Transactor } from './store.ts'

export interface RecordKey {
  readonly incident: string
  readonly kind: string
  readonly id: string
}

export interface CaseRecord extends RecordKey {
  /** From 1; removing is a version too. */
  readonly version: number
  /** `recordText`; absent where it was removed. */
  readonly body?: string
  /** RFC 3339. */
  readonly changedAt: string
  /** A role or pseudonym. */
  readonly changedBy: string
  readonly entryIndex: number
}

/** In the order of the case. */
export type LivingRecord = Pick<CaseRecord, 'kind' | 'id' | 'version'> & { readonly body: string }

const columns = ['incident', 'kind', 'id', 'version', 'body', 'changed_at', 'entry_index'] as const

/** Who, by the custody entry of the change. */
const changedBy = raw<string>`(
  select record::json ->> 'actor' from custody_entry where index = entry_index
)`.as('changed_by')

interface Row {
  readonly incident: string
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly body: string | null
  readonly changed_at: string
  readonly changed_by: string
  readonly entry_index: number
}

const toRecord = ({ body, changed_at, changed_by, entry_index, ...key }: Row): CaseRecord => ({
  ...key,
  ...(body === null ? {} : { body }),
  changedAt: changed_at,
  changedBy: changed_by,
  entryIndex: entry_index,
})

/** Also one that was removed. */
export async function readCaseRecord(
  { sql }: Reader,
  { incident, kind, id }: RecordKey,
): Promise<CaseRecord | undefined> {
  const row = await sql
    .selectFrom('case_record')
    .select([...columns, changedBy])
    .where('incident', '=', incident)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toRecord(row)
}

/** Every version below `before`, latest first, the one that holds included. */
export async function readRecordVersions(
  { sql }: Reader,
  { incident, kind, id }: RecordKey,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<CaseRecord[]> {
  const versions = (table: 'case_record' | 'case_record_version') =>
    sql
      .selectFrom(table)
      .select([...columns, changedBy])
      .where('incident', '=', incident)
      .where('kind', '=', kind)
      .where('id', '=', id)
      .where('version', '<', before)
  const rows = await versions('case_record')
    .unionAll(versions('case_record_version'))
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toRecord)
}

/** All that are there, of these kinds or of all. */
export async function readLivingRecords(
  { sql }: Reader,
  incident: string,
  kinds?: readonly string[],
): Promise<LivingRecord[]> {
  let query = sql
    .selectFrom('case_record')
    .select(['kind', 'id', 'version', 'body'])
    .where('incident', '=', incident)
    .where('body', 'is not', null)
    .orderBy('kind')
    .orderBy('place')
    .orderBy('id')
  if (kinds !== undefined) query = query.where('kind', 'in', [...kinds])
  const rows = await query.execute()
  return rows.map(({ body, ...row }) => ({ ...row, body: body ?? '' }))
}

/** Those of a kind that are there as somebody edited them; what an import made is left out. */
export async function readEditedRecords(
  { sql }: Reader,
  incident: string,
  kind: string,
): Promise<LivingRecord[]> {
  const rows = await sql
    .selectFrom('case_record')
    .innerJoin('custody_entry', 'custody_entry.index', 'case_record.entry_index')
    .select(['case_record.kind', 'case_record.id', 'case_record.version', 'case_record.body'])
    .where('case_record.incident', '=', incident)
    .where('case_record.kind', '=', kind)
    .where('case_record.body', 'is not', null)
    .where(raw<string>`record::json ->> 'type'`, '=', 'case-record-edited')
    .orderBy('case_record.id')
    .execute()
  return rows.map(({ body, ...row }) => ({ ...row, body: body ?? '' }))
}

/** Those of some records that are there. */
export async function readNamedRecords(
  { sql }: Reader,
  incident: string,
  names: readonly Pick<RecordKey, 'kind' | 'id'>[],
): Promise<LivingRecord[]> {
  if (names.length === 0) return []
  const kinds = names.map(({ kind }) => kind)
  const ids = names.map(({ id }) => id)
  const rows = await sql
    .selectFrom('case_record')
    .select(['kind', 'id', 'version', 'body'])
    .where('incident', '=', incident)
    .where('body', 'is not', null)
    .where(raw<boolean>`(kind, id) in (select * from unnest(${kinds}::text[], ${ids}::text[]))`)
    .execute()
  return rows.map(({ body, ...row }) => ({ ...row, body: body ?? '' }))
}

/** Those that name a record, some of them. */
export async function readReferrers(
  { sql }: Reader,
  { incident, kind, id }: RecordKey,
  limit: number,
): Promise<LivingRecord[]> {
  const rows = await sql
    .selectFrom('case_record')
    .select(['kind', 'id', 'version', 'body'])
    .where('incident', '=', incident)
    .where('body', 'is not', null)
    .where(raw<boolean>`refers_to @> array[${recordAddress(kind, id)}]`)
    .orderBy('kind')
    .orderBy('place')
    .limit(limit)
    .execute()
  return rows.map(({ body, ...row }) => ({ ...row, body: body ?? '' }))
}

/** The custody entry of the latest change to any of an incident's records. */
export async function lastRecordEntry(
  { sql }: Reader,
  incident: string,
): Promise<number | undefined> {
  const row = await sql
    .selectFrom('case_record')
    .select('entry_index')
    .where('incident', '=', incident)
    .orderBy('entry_index', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.entry_index
}

/**
 * The custody entry after which an incident's records are as they are: a change of one, or an import,
 * which may also have set them in another order. Undefined where there is no such incident.
 */
export async function caseState({ sql }: Reader, incident: string): Promise<number | undefined> {
  const row = await sql
    .selectFrom('incident')
    .where('id', '=', incident)
    .select((row) => [
      row
        .selectFrom('case_record')
        .where('incident', '=', incident)
        .select(({ fn }) => fn.max('entry_index').as('entry'))
        .as('changed'),
      row
        .selectFrom('case_revision')
        .where('incident', '=', incident)
        .select(({ fn }) => fn.max('entry_index').as('entry'))
        .as('revised'),
    ])
    .executeTakeFirst()
  return row && Math.max(0, row.changed ?? 0, row.revised ?? 0)
}

/** For a record that a case file gives no id: the next number. */
export async function nextNumberedId(
  { sql }: Reader,
  incident: string,
  kind: string,
): Promise<string> {
  const rows = await sql
    .selectFrom('case_record')
    .select('id')
    .where('incident', '=', incident)
    .where('kind', '=', kind)
    .execute()
  return numberedId(kind, 1 + highestNumber(rows))
}

const numberedId = (kind: string, number: number): string => `${kind.replace(/s$/, '')}-${number}`

function highestNumber(rows: readonly { readonly id: string }[]): number {
  return Math.max(0, ...rows.map(({ id }) => Number(/-(\d+)$/.exec(id)?.[1] ?? 0)))
}

/**
 * Sets what a record says now, undefined to remove it; `before` is what it said. A new one comes last
 * of its kind.
 */
export async function writeCaseRecord(
  tx: Transactor,
  key: RecordKey,
  draft: Pick<RecordDraft, 'body' | 'refersTo'> | undefined,
  before: CaseRecord | undefined,
  entryIndex: number,
): Promise<CaseRecord> {
  const { incident, kind, id } = key
  const version = (before?.version ?? 0) + 1
  const now = {
    version,
    body: draft?.body ?? null,
    refers_to: [...(draft?.refersTo ?? [])],
    changed_at: tx.at,
    entry_index: entryIndex,
  }
  if (before !== undefined) {
    const { body = null, changedAt, entryIndex: entry } = before
    await tx.sql
      .insertInto('case_record_version')
      .values({ ...key, version: before.version, body, changed_at: changedAt, entry_index: entry })
      .execute()
    await tx.sql
      .updateTable('case_record')
      .set(now)
      .where('incident', '=', incident)
      .where('kind', '=', kind)
      .where('id', '=', id)
      .execute()
  } else {
    const last = await tx.sql
      .selectFrom('case_record')
      .select(({ fn }) => fn.max('place').as('place'))
      .where('incident', '=', incident)
      .where('kind', '=', kind)
      .executeTakeFirst()
    const place = (last?.place ?? -1) + 1
    await tx.sql
      .insertInto('case_record')
      .values({ ...key, ...now, place })
      .execute()
  }
  return {
    ...key,
    version,
    ...(draft === undefined ? {} : { body: draft.body }),
    changedAt: tx.at,
    changedBy: tx.agent.actor,
    entryIndex,
  }
}

interface Written {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly place: number
  readonly body: string | null
  readonly refersTo: readonly string[]
}

const rowsAtOnce = 1000

/**
 * Makes these the records of an incident, in this order. One that says the same keeps its version, one
 * that is not among them is removed. Returns those that changed.
 */
export async function replaceCaseRecords(
  tx: Transactor,
  incident: string,
  drafts: readonly RecordDraft[],
  by: Pick<CaseRevision, 'importedAt' | 'entryIndex'>,
): Promise<readonly Pick<Written, 'kind' | 'id' | 'body'>[]> {
  const rows = await tx.sql
    .selectFrom('case_record')
    .select(['kind', 'id', 'version', 'place', 'body'])
    .where('incident', '=', incident)
    .orderBy('place')
    .execute()
  const before = new Map(rows.map((row) => [recordAddress(row.kind, row.id), row]))
  const named = withIds(drafts, rows)
  const places = new Map<string, number>()
  const changed: Written[] = []
  const moved: { readonly kind: string; readonly id: string; readonly place: number }[] = []
  for (const { kind, id, body, refersTo } of named) {
    const place = places.get(kind) ?? 0
    places.set(kind, place + 1)
    const address = recordAddress(kind, id)
    const row = before.get(address)
    before.delete(address)
    if (row?.body !== body) {
      changed.push({ kind, id, version: (row?.version ?? 0) + 1, place, body, refersTo })
    } else if (row.place !== place) moved.push({ kind, id, place })
  }
  for (const { kind, id, version, place, body } of before.values()) {
    if (body === null) continue
    changed.push({ kind, id, version: version + 1, place, body: null, refersTo: [] })
  }
  for (let from = 0; from < changed.length; from += rowsAtOnce) {
    await writeMany(tx, incident, changed.slice(from, from + rowsAtOnce), by)
  }
  await placeRecords(tx, incident, moved)
  return changed
}

async function writeMany(
  tx: Transactor,
  incident: string,
  written: readonly Written[],
  { importedAt, entryIndex }: Pick<CaseRevision, 'importedAt' | 'entryIndex'>,
): Promise<void> {
  const kinds = written.map(({ kind }) => kind)
  const ids = written.map(({ id }) => id)
  await raw`
    insert into case_record_version (incident, kind, id, version, body, changed_at, entry_index)
    select incident, kind, id, version, body, changed_at, entry_index from case_record
    where incident = ${incident}
      and (kind, id) in (select * from unnest(${kinds}::text[], ${ids}::text[]))
  `.execute(tx.sql)
  // unnest takes no arrays of arrays: no address holds a space.
  await raw`
    insert into case_record
      (incident, kind, id, version, place, body, refers_to, changed_at, entry_index)
    select ${incident}, kind, id, version, place, body, string_to_array(refers_to, ' '),
      ${importedAt}::timestamptz, ${entryIndex}::bigint
    from unnest(
      ${kinds}::text[], ${ids}::text[], ${written.map(({ version }) => version)}::bigint[],
      ${written.map(({ place }) => place)}::bigint[], ${written.map(({ body }) => body)}::text[],
      ${written.map(({ refersTo }) => refersTo.join(' '))}::text[]
    ) as written (kind, id, version, place, body, refers_to)
    on conflict (incident, kind, id) do update set
      version = excluded.version, place = excluded.place, body = excluded.body,
      refers_to = excluded.refers_to, changed_at = excluded.changed_at,
      entry_index = excluded.entry_index
  `.execute(tx.sql)
}

/** A record without an id is the one that says the same, or a new one with the next number. */
function withIds(
  drafts: readonly RecordDraft[],
  rows: readonly { readonly kind: string; readonly id: string; readonly body: string | null }[],
): (RecordDraft & { readonly id: string })[] {
  const used = new Set<string>()
  const numbers = new Map<string, number>()
  return drafts.map((draft) => {
    const { kind, body } = draft
    if (draft.id !== undefined) return { ...draft, id: draft.id }
    const same = rows.find((row) => row.kind === kind && row.body === body && !used.has(row.id))
    const last = numbers.get(kind) ?? highestNumber(rows.filter((row) => row.kind === kind))
    const id = same?.id ?? numberedId(kind, last + 1)
    numbers.set(kind, same === undefined ? last + 1 : last)
    used.add(id)
    return { ...draft, id }
  })
}
