/**
 * Writes what is searched, in the transaction of the act that says it. What an
 * older version wrote, or an act left out, is told by `readUnindexed`.
 */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

import type { ItemFacts } from '../case/item-facts.ts'
import type { SearchKind } from './search-kinds.ts'
import { tsvectorOf, wordsVersion } from './search-words.ts'
import type { Weight } from './search-words.ts'
import { storableText } from './storable-text.ts'
import type { Reader, Transactor } from './store.ts'

export interface SearchText {
  readonly kind: SearchKind
  /** The case's id of it; empty where it has none. */
  readonly ref: string
  readonly text: string
  /** From 1, of a document that has pages. */
  readonly page?: number
  /** Milliseconds since 1970 UTC, open ends infinite; without them the incident's. */
  readonly earliest?: number
  readonly latest?: number
}

/** What a case says that can be searched. */
export interface SearchedCase {
  /** Of the case; 0 before there is one. */
  readonly revision: number
  readonly place: string
  readonly earliest: number
  readonly latest: number
  readonly openQuestions: number
  readonly texts: readonly SearchText[]
}

/** The index is made again where either changes. */
const indexVersion = wordsVersion * 1000 + 2

/** Longer texts are cut between lines or words. */
const mostUnits = 4000
const rowsAtOnce = 500

const weights: Partial<Record<SearchKind, Weight>> = {
  incident: 'A',
  claim: 'B',
  question: 'B',
  event: 'B',
}

interface Row {
  readonly kind: SearchKind
  readonly ref: string
  readonly page: number | null
  readonly text: string
  readonly earliest: number | null
  readonly latest: number | null
}

/** Replaces what is searched of an incident, and leaves what is as it was. */
export async function indexIncident(
  tx: Transactor,
  incident: string,
  { texts, revision, ...facts }: SearchedCase,
): Promise<void> {
  const before = await tx.sql
    .selectFrom('search_incident')
    .select('version')
    .where('incident', '=', incident)
    .executeTakeFirst()
  const days = { earliest: facts.earliest, latest: facts.latest }
  const rows = texts.flatMap((text) => rowsOf({ ...days, ...text }))
  const isCurrent = before?.version === indexVersion
  const kept = isCurrent ? await keepSame(tx, incident, rows) : new Set<string>()
  if (!isCurrent) await tx.sql.deleteFrom('search_text').where('incident', '=', incident).execute()
  const added = rows.filter((row) => !kept.has(keyOf(row)))
  await insertRows(tx, { incident, item: null }, added)
  const values = {
    version: indexVersion,
    revision,
    place: tsvector(tsvectorOf(storableText(facts.place), 'A')),
    earliest: facts.earliest,
    latest: facts.latest,
    open_questions: facts.openQuestions,
    sum: sumOf('incident', incident),
  }
  await tx.sql
    .insertInto('search_incident')
    .values({ incident, ...values })
    .onConflict((known) => known.column('incident').doUpdateSet(values))
    .execute()
}

/** Replaces what is searched of an item: a document's text. */
export async function indexItem(tx: Transactor, item: string, facts: ItemFacts): Promise<void> {
  await tx.sql.deleteFrom('search_text').where('item', '=', item).execute()
  if (facts.kind === 'document') {
    const hasPages = facts.pages.some(({ widthPoints }) => widthPoints !== undefined)
    const rows = facts.pages.flatMap(({ text }, index) =>
      rowsOf({ kind: 'document', ref: '', text, ...(hasPages ? { page: index + 1 } : {}) }),
    )
    await insertRows(tx, { incident: null, item }, rows)
  }
  const values = { version: indexVersion, sum: sumOf('item', item) }
  await tx.sql
    .insertInto('search_item')
    .values({ item, ...values })
    .onConflict((known) => known.column('item').doUpdateSet(values))
    .execute()
}

/** Of which the index says nothing, or what an older version or another revision said. */
export async function readUnindexed({ sql: db }: Reader): Promise<{
  readonly incidents: readonly string[]
  readonly items: readonly string[]
}> {
  const incidents = await db
    .selectFrom('incident')
    .leftJoin('search_incident', 'search_incident.incident', 'incident.id')
    .where(
      sql<boolean>`search_incident.version is distinct from ${indexVersion}
        or search_incident.revision <> (
          select coalesce(max(revision), 0) from case_revision where case_revision.incident = incident.id
        )`,
    )
    .orderBy('incident.id')
    .select('incident.id')
    .execute()
  const items = await db
    .selectFrom('item_fact')
    .leftJoin('search_item', 'search_item.item', 'item_fact.item')
    .where(sql<boolean>`search_item.version is distinct from ${indexVersion}`)
    .orderBy('item_fact.item')
    .select('item_fact.item')
    .execute()
  return { incidents: incidents.map(({ id }) => id), items: items.map(({ item }) => item) }
}

/** What it says was edited since: it is indexed anew before the next search. */
const edited = -1

export async function markEdited(tx: Transactor, incident: string): Promise<void> {
  await tx.sql
    .updateTable('search_incident')
    .set({ revision: edited })
    .where('incident', '=', incident)
    .where('revision', '<>', edited)
    .execute()
}

export async function hasEdited({ sql: db }: Reader): Promise<boolean> {
  const row = await db
    .selectFrom('search_incident')
    .select('incident')
    .where('revision', '=', edited)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Forgets the whole index, which is then made again like one that an older version wrote. */
export async function forgetIndex(tx: Transactor): Promise<void> {
  await tx.sql.deleteFrom('search_text').execute()
  await tx.sql.deleteFrom('search_incident').execute()
  await tx.sql.deleteFrom('search_item').execute()
}

/** Incidents and items whose searched texts are not those that were written. */
export async function readUnfitting({ sql: db }: Reader): Promise<readonly string[]> {
  const incidents = await db
    .selectFrom('search_incident')
    .where('sum', '<>', sumOf('incident', sql.ref('search_incident.incident')))
    .orderBy('incident')
    .select('incident as what')
    .execute()
  const items = await db
    .selectFrom('search_item')
    .where('sum', '<>', sumOf('item', sql.ref('search_item.item')))
    .orderBy('item')
    .select('item as what')
    .execute()
  return [...incidents, ...items].map(({ what }) => what)
}

/** Over the rows of one incident or item, whatever their order. */
function sumOf(owner: 'incident' | 'item', of: string | RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`(
    select md5(coalesce(string_agg(row_sum, '' order by row_sum collate "C"), ''))
    from (
      select md5(row(kind, ref, page, search_text.text, words, search_text.earliest, search_text.latest)::text)
        as row_sum
      from search_text where ${sql.ref(`search_text.${owner}`)} = ${of}
    ) as summed
  )`
}

/** Keys of rows that stay; all others of the incident are removed. */
async function keepSame(
  tx: Transactor,
  incident: string,
  rows: readonly Row[],
): Promise<ReadonlySet<string>> {
  const wanted = new Set(rows.map(keyOf))
  const kept = new Set<string>()
  const old: number[] = []
  const known = await tx.sql
    .selectFrom('search_text')
    .select(['id', 'kind', 'ref', 'page', 'text', 'earliest', 'latest'])
    .where('incident', '=', incident)
    .execute()
  for (const row of known) {
    const key = keyOf(row)
    if (wanted.has(key) && !kept.has(key)) kept.add(key)
    else old.push(row.id)
  }
  if (old.length > 0) {
    await tx.sql
      .deleteFrom('search_text')
      .where('id', '=', sql<number>`any(${old}::bigint[])`)
      .execute()
  }
  return kept
}

const keyOf = ({ kind, ref, page, text, earliest, latest }: Row): string =>
  JSON.stringify([kind, ref, page, String(earliest), String(latest), text])

function rowsOf({ kind, ref, text, page, earliest, latest }: SearchText): Row[] {
  const rest = { kind, ref, page: page ?? null, earliest: earliest ?? null, latest: latest ?? null }
  return [...piecesOf(storableText(text))].map((piece) => ({ ...rest, text: piece }))
}

function* piecesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const to =
      from + mostUnits >= text.length
        ? text.length
        : from + cutIn(text.slice(from, from + mostUnits))
    const piece = text.slice(from, to)
    if (piece.trim() !== '') yield piece
    from = to
  }
}

/** After the last paragraph, line or word that ends in the second half. */
function cutIn(text: string): number {
  const ends = [text.lastIndexOf('\n\n') + 2, text.lastIndexOf('\n') + 1, text.search(/\s\S*$/) + 1]
  const end = ends.find((at) => at > text.length / 2)
  if (end !== undefined) return end
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length
}

async function insertRows(
  tx: Transactor,
  owner: { readonly incident: string | null; readonly item: string | null },
  rows: readonly Row[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const values = rows.slice(from, from + rowsAtOnce).map((row) => ({
      ...owner,
      ...row,
      words: tsvector(tsvectorOf(row.text, owner.item === null ? (weights[row.kind] ?? 'C') : 'D')),
    }))
    await tx.sql.insertInto('search_text').values(values).execute()
  }
}

const tsvector = (words: string): RawBuilder<string> => sql<string>`${words}::tsvector`
