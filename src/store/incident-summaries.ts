import type { Finding, ItemFacts } from '../case/item-facts.ts'
import type { Incident } from './incidents.ts'
import { toPublication, type Publication } from './incidents.ts'
import type { Reader } from './store.ts'

export interface IncidentSummary extends Incident {
  /** Distinct items by kind. */
  readonly items: Readonly<Record<ItemFacts['kind'], number>>
  readonly problems: readonly ItemFinding[]
  readonly notices: readonly ItemFinding[]
  /** The latest. */
  readonly publication?: Publication
}

export interface ItemFinding extends Finding {
  readonly item: string
}

export interface IncidentPage {
  readonly incidents: readonly IncidentSummary[]
  /** `after` of the next page; absent on the last. */
  readonly next?: number
}

/**
 * Some incidents with what stands in their lists, in the order of their opening:
 * those opened after the custody entry `after`, or the one named. A handful of
 * queries, however many there are.
 */
export async function readIncidentSummaries(
  reader: Reader,
  {
    after = -1,
    limit,
    id,
    among = 'all',
  }: {
    readonly after?: number
    readonly limit: number
    readonly id?: string
    /** None but these. */
    readonly among?: 'all' | readonly string[]
  },
): Promise<IncidentPage> {
  const { sql } = reader
  let query = sql
    .selectFrom('incident')
    .selectAll()
    .where('entry_index', '>', after)
    .orderBy('entry_index')
    .limit(limit + 1)
  if (id !== undefined) query = query.where('id', '=', id)
  if (among !== 'all') query = query.where('id', 'in', [...among, ''])
  const found = await query.execute()
  const rows = found.slice(0, limit)
  if (rows.length === 0) return { incidents: [] }
  const ids = rows.map((row) => row.id)
  const kinds = await sql
    .selectFrom('incident_item')
    .innerJoin('item', 'item.sha256', 'incident_item.item')
    .where('incident', 'in', ids)
    .groupBy(['incident', 'kind'])
    .select(({ fn }) => ['incident', 'kind', fn.countAll<number>().as('count')])
    .execute()
  const findings = await sql
    .selectFrom('incident_item')
    .innerJoin('finding', 'finding.item', 'incident_item.item')
    .where('incident', 'in', ids)
    .orderBy('finding.id')
    .select(['incident', 'finding.item', 'code', 'severity', 'message'])
    .execute()
  const publications = await sql
    .selectFrom('publication')
    .where('incident', 'in', ids)
    .distinctOn('incident')
    .orderBy('incident')
    .orderBy('revision', 'desc')
    .selectAll()
    .execute()
  const kindsOf = Map.groupBy(kinds, ({ incident }) => incident)
  const findingsOf = Map.groupBy(findings, ({ incident }) => incident)
  const publicationOf = new Map(publications.map((row) => [row.incident, row]))
  const incidents = rows.map((row): IncidentSummary => {
    const items = { recording: 0, photo: 0, document: 0, other: 0 }
    for (const { kind, count } of kindsOf.get(row.id) ?? []) items[kind] = count
    const all = (findingsOf.get(row.id) ?? []).map(({ item, code, severity, message }) => {
      return { item, code, severity, message }
    })
    const publication = publicationOf.get(row.id)
    return {
      id: row.id,
      title: row.title,
      openedAt: row.opened_at,
      entryIndex: row.entry_index,
      items,
      problems: all.filter(({ severity }) => severity === 'problem'),
      notices: all.filter(({ severity }) => severity === 'notice'),
      ...(publication === undefined ? {} : { publication: toPublication(publication) }),
    }
  })
  const last = incidents.at(-1)
  return found.length > limit && last !== undefined
    ? { incidents, next: last.entryIndex }
    : { incidents }
}
