/** Finds words in what the library's incidents say, ranked, a page at a time. */
import { sql } from 'kysely'

import type { SearchKind } from './search-kinds.ts'
import { readSearchQuery } from './search-query.ts'
import { snippetOf, type Snippet } from './search-snippet.ts'
import type { Reader } from './store.ts'

export const searchStatuses = ['published', 'unpublished', 'open-questions'] as const
export type SearchStatus = (typeof searchStatuses)[number]

export interface SearchWish {
  /** As typed: any text. Without a word in it, incidents that pass the rest. */
  readonly words: string
  /** Ids of those that may be found. */
  readonly incidents: 'all' | readonly string[]
  readonly kind?: SearchKind
  /** Words that the incident's place has. */
  readonly place?: string
  /** Milliseconds since 1970 UTC; what may have been at that time is found. */
  readonly earliest?: number
  readonly latest?: number
  readonly status?: SearchStatus
  /** `next` of the page before. */
  readonly after?: string
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

export async function search({ sql: db }: Reader, wish: SearchWish): Promise<SearchPage> {
  const { incidents, kind, limit } = wish
  const query = readSearchQuery(wish.words)
  const place = readSearchQuery(wish.place ?? '')
  const after = wish.after === undefined ? undefined : readCursor(wish.after)
  if (query.tsquery === undefined && wish.words.trim() !== '') return { hits: [] }
  const words = query.tsquery
  let matching = db
    .selectFrom('search_text')
    .leftJoin('incident_item', 'incident_item.item', 'search_text.item')
    .innerJoin('search_incident', (join) =>
      join.on(
        'search_incident.incident',
        '=',
        sql<string>`coalesce(search_text.incident, incident_item.incident)`,
      ),
    )
    .select([
      'search_text.id as id',
      'search_incident.incident as incident',
      (words === undefined
        ? sql<number>`0::real`
        : sql<number>`ts_rank(search_text.words, ${words}::tsquery)`
      ).as('rank'),
    ])
  matching =
    words === undefined
      ? matching.where('search_text.kind', '=', kind ?? 'incident')
      : matching.where(sql<boolean>`search_text.words @@ ${words}::tsquery`)
  if (kind !== undefined) matching = matching.where('search_text.kind', '=', kind)
  if (incidents !== 'all') {
    const allowed = sql<string>`any(${incidents}::text[])`
    matching = matching.where('search_incident.incident', '=', allowed)
  }
  if (place.tsquery !== undefined) {
    matching = matching.where(sql<boolean>`search_incident.place @@ ${place.tsquery}::tsquery`)
  }
  if (wish.earliest !== undefined) {
    matching = matching.where(
      sql<boolean>`coalesce(search_text.latest, search_incident.latest) >= ${wish.earliest}`,
    )
  }
  if (wish.latest !== undefined) {
    matching = matching.where(
      sql<boolean>`coalesce(search_text.earliest, search_incident.earliest) <= ${wish.latest}`,
    )
  }
  const isPublished = sql<boolean>`exists (
    select from publication where publication.incident = search_incident.incident
  )`
  switch (wish.status) {
    case 'published':
      matching = matching.where(isPublished)
      break
    case 'unpublished':
      matching = matching.where(sql<boolean>`not ${isPublished}`)
      break
    case 'open-questions':
      matching = matching.where('open_questions', '>', 0)
      break
    case undefined:
  }
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

interface Cursor {
  readonly rank: string
  readonly id: string
  readonly incident: string
}

export const searchCursor =
  /^(?<rank>\d{1,9}(?:\.\d{1,12})?(?:e[+-]?\d{1,2})?)_(?<id>\d{1,15})_(?<incident>[a-z0-9][a-z0-9-]{0,99})$/

/** One that was not handed out begins at the beginning. */
function readCursor(text: string): Cursor | undefined {
  const { rank, id, incident } = searchCursor.exec(text)?.groups ?? {}
  if (rank === undefined || id === undefined || incident === undefined) return undefined
  return { rank, id, incident }
}
