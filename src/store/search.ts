/** Finds words in what the library's incidents say, ranked, a page at a time. */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

import type { SearchKind } from './search-kinds.ts'
import { readSearchQuery } from './search-query.ts'
import { snippetOf, type Snippet } from './search-snippet.ts'
import type { Reader } from './store.ts'

export const searchStatuses = ['published', 'unpublished', 'open-questions'] as const
export type SearchStatus = (typeof searchStatuses)[number]

export type Incidents = 'all' | readonly string[]

export interface SearchWish {
  /** As typed: any text. Without a word in it, incidents that pass the rest. */
  readonly words: string
  /** Ids of those whose cases may be found. */
  readonly incidents: Incidents
  /** Ids of those whose documents' own text may be. */
  readonly documentsOf: Incidents
  readonly kind?: SearchKind | undefined
  /** Words that the incident's place has. */
  readonly place?: string | undefined
  /** Milliseconds since 1970 UTC; what may have been at that time is found. */
  readonly earliest?: number | undefined
  readonly latest?: number | undefined
  readonly status?: SearchStatus | undefined
  /** `next` of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface SearchHit extends Snippet {
  readonly incident: string
  readonly title: string
  readonly kind: SearchKind
  /** The case's id of it. */
  readonly ref?: string
  /** SHA-256, where it is a document's own text. */
  readonly item?: string
  /** From 1. */
  readonly page?: number
  readonly isPublished: boolean
}

export interface SearchPage {
  readonly hits: readonly SearchHit[]
  /** Absent on the last. */
  readonly next?: string
}

export async function search(reader: Reader, wish: SearchWish): Promise<SearchPage> {
  const { sql: db } = reader
  const { kind, limit } = wish
  const query = readSearchQuery(wish.words)
  const after = wish.after === undefined ? undefined : readCursor(wish.after)
  if (query.tsquery === undefined && wish.words.trim() !== '') return { hits: [] }
  const words = query.tsquery
  const { cases, documents } = await eligible(reader, wish)
  const inDays = sql<boolean>`${wish.earliest === undefined ? sql`true` : sql`search_text.latest >= ${wish.earliest}`}
    and ${wish.latest === undefined ? sql`true` : sql`search_text.earliest <= ${wish.latest}`}`
  const ofCase = sql<boolean>`${among('search_text.incident', cases)} and ${inDays}`
  let matching =
    words === undefined
      ? db
          .selectFrom('search_text')
          .where('search_text.kind', '=', kind ?? 'incident')
          .where('search_text.incident', 'is not', null)
          .where(ofCase)
          .select(['search_text.id as id', sql<string>`search_text.incident`.as('incident')])
          .select(sql<number>`0::real`.as('rank'))
      : db
          .selectFrom('search_text')
          .leftJoin('incident_item', 'incident_item.item', 'search_text.item')
          .where(sql<boolean>`search_text.words @@ ${words}::tsquery`)
          .where(
            sql<boolean>`case when search_text.item is null then ${ofCase}
              else ${among('incident_item.incident', documents)} and incident_item.incident is not null end`,
          )
          .select('search_text.id as id')
          .select(
            sql<string>`coalesce(search_text.incident, incident_item.incident)`.as('incident'),
          )
          .select(sql<number>`ts_rank(search_text.words, ${words}::tsquery, 1)`.as('rank'))
  if (kind !== undefined) matching = matching.where('search_text.kind', '=', kind)
  let ranked = db
    .selectFrom(matching.as('matching'))
    .select(['id', 'incident', sql<string>`rank::text`.as('rank')])
    .orderBy('matching.rank', 'desc')
    .orderBy('id', 'desc')
    .orderBy('incident')
    .limit(limit + 1)
  if (after !== undefined) {
    ranked = ranked.where(
      sql<boolean>`(matching.rank, id) < (${after.rank}::real, ${after.id}::bigint)
        or (matching.rank = ${after.rank}::real and id = ${after.id}::bigint and incident > ${after.incident})`,
    )
  }
  const found = await ranked.execute()
  const chosen = found.slice(0, limit)
  const last = chosen.at(-1)
  if (last === undefined) return { hits: [] }
  const texts = await db
    .selectFrom('search_text')
    .where('id', '=', sql<number>`any(${chosen.map(({ id }) => id)}::bigint[])`)
    .select(['id', 'kind', 'ref', 'item', 'page', 'text'])
    .execute()
  const titles = await db
    .selectFrom('incident')
    .where('id', '=', sql<string>`any(${chosen.map(({ incident }) => incident)}::text[])`)
    .select([
      'id',
      'title',
      sql<boolean>`exists (select from publication where publication.incident = incident.id)`.as(
        'isPublished',
      ),
    ])
    .execute()
  const textOf = new Map(texts.map((row) => [row.id, row]))
  const titleOf = new Map(titles.map((row) => [row.id, row]))
  const hits = chosen.flatMap(({ id, incident }): SearchHit[] => {
    const row = textOf.get(id)
    const of = titleOf.get(incident)
    if (row === undefined || of === undefined) return []
    const { kind, ref, item, page, text } = row
    return [
      {
        incident,
        title: of.title,
        kind,
        ...(ref === '' ? {} : { ref }),
        ...(item === null ? {} : { item }),
        ...(page === null ? {} : { page }),
        isPublished: of.isPublished,
        ...snippetOf(text, query.marksIn(text)),
      },
    ]
  })
  return found.length > limit
    ? { hits, next: `${last.rank}_${last.id}_${last.incident}` }
    : { hits }
}

interface Eligible {
  readonly cases: Incidents
  /** The incidents whose documents' own text may be found: it has no days but theirs. */
  readonly documents: Incidents
}

/** Asked first and apart: in one query with the words PostgreSQL would guess badly at what comes first. */
async function eligible({ sql: db }: Reader, wish: SearchWish): Promise<Eligible> {
  const { incidents, documentsOf, status, earliest, latest } = wish
  const place = readSearchQuery(wish.place ?? '').tsquery
  if ([place, status, earliest, latest].every((filter) => filter === undefined)) {
    return { cases: incidents, documents: documentsOf }
  }
  let query = db.selectFrom('search_incident').select(['incident', 'earliest', 'latest'])
  if (place !== undefined) query = query.where(sql<boolean>`place @@ ${place}::tsquery`)
  const isPublished = sql<boolean>`exists (
    select from publication where publication.incident = search_incident.incident
  )`
  switch (status) {
    case 'published':
      query = query.where(isPublished)
      break
    case 'unpublished':
      query = query.where(sql<boolean>`not ${isPublished}`)
      break
    case 'open-questions':
      query = query.where('open_questions', '>', 0)
      break
    case undefined:
  }
  const rows = await query.execute()
  const within = (allowed: Incidents, few: typeof rows): string[] => {
    const ids = few.map(({ incident }) => incident)
    if (allowed === 'all') return ids
    const may = new Set(allowed)
    return ids.filter((id) => may.has(id))
  }
  const inDays = rows.filter(
    (row) => row.latest >= (earliest ?? -Infinity) && row.earliest <= (latest ?? Infinity),
  )
  return { cases: within(incidents, rows), documents: within(documentsOf, inDays) }
}

const among = (column: string, incidents: Incidents): RawBuilder<boolean> =>
  incidents === 'all' ? sql`true` : sql`${sql.ref(column)} = any(${incidents}::text[])`

interface Cursor {
  readonly rank: string
  readonly id: string
  readonly incident: string
}

export const searchCursor =
  /^(?<rank>\d{1,9}(?:\.\d{1,12})?(?:e-[0-2]?\d)?)_(?<id>\d{1,15})_(?<incident>[a-z0-9][a-z0-9-]{0,99})$/

/** One that was not handed out begins at the beginning. */
function readCursor(text: string): Cursor | undefined {
  const { rank, id, incident } = searchCursor.exec(text)?.groups ?? {}
  if (rank === undefined || id === undefined || incident === undefined) return undefined
  return { rank, id, incident }
}
