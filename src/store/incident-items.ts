import type { Selectable } from 'kysely'
import type { Finding } from '../case/item-facts.ts'
import { toItem, type Item } from './items.ts'
import type { ItemTable } from './schema.ts'
import type { Reader } from './store.ts'

export interface IncidentItem extends Item {
  /** As senders called it, oldest first: hostile text, and never public. */
  readonly names: readonly string[]
  readonly findings: readonly Finding[]
}

export interface ItemPage {
  readonly items: readonly IncidentItem[]
  /** `after` of the next page; absent on the last. */
  readonly next?: string
}

/** Changes where anything that a page of items says may have changed; undefined without the incident. */
export async function itemsState({ sql }: Reader, incident: string): Promise<string | undefined> {
  const row = await sql
    .selectFrom('incident')
    .where('id', '=', incident)
    .select((row) => [
      row
        .selectFrom('sighting')
        .select(({ fn }) => fn.max('id').as('id'))
        .as('sighting'),
      row
        .selectFrom('finding')
        .select(({ fn }) => fn.max('id').as('id'))
        .as('finding'),
    ])
    .executeTakeFirst()
  return row && `${row.sighting ?? 0}-${row.finding ?? 0}`
}

/** Some items of an incident by their hash, those after the hash `after`. */
export async function readIncidentItems(
  reader: Reader,
  incident: string,
  { after = '', limit }: { readonly after?: string; readonly limit: number },
): Promise<ItemPage> {
  const found = await itemsOf(reader, incident)
    .where('item.sha256', '>', after)
    .orderBy('item.sha256')
    .limit(limit + 1)
    .execute()
  const rows = found.slice(0, limit)
  const items = await withContents(reader, incident, rows)
  const last = rows.at(-1)?.sha256
  return found.length > limit && last !== undefined ? { items, next: last } : { items }
}

export async function readIncidentItem(
  reader: Reader,
  incident: string,
  sha256: string,
): Promise<IncidentItem | undefined> {
  const rows = await itemsOf(reader, incident).where('item.sha256', '=', sha256).execute()
  return (await withContents(reader, incident, rows))[0]
}

const itemsOf = ({ sql }: Reader, incident: string) =>
  sql
    .selectFrom('incident_item')
    .innerJoin('item', 'item.sha256', 'incident_item.item')
    .where('incident', '=', incident)
    .selectAll('item')

async function withContents(
  { sql }: Reader,
  incident: string,
  rows: readonly Selectable<ItemTable>[],
): Promise<IncidentItem[]> {
  const hashes = rows.map(({ sha256 }) => sha256)
  if (hashes.length === 0) return []
  const sightings = await sql
    .selectFrom('sighting')
    .where('incident', '=', incident)
    .where('item', 'in', hashes)
    .orderBy('id')
    .select(['item', 'name'])
    .execute()
  const findings = await sql
    .selectFrom('finding')
    .where('item', 'in', hashes)
    .orderBy('id')
    .select(['item', 'code', 'severity', 'message'])
    .execute()
  const namesOf = Map.groupBy(sightings, ({ item }) => item)
  const findingsOf = Map.groupBy(findings, ({ item }) => item)
  return rows.map((row): IncidentItem => ({
    ...toItem(row),
    names: [...new Set((namesOf.get(row.sha256) ?? []).map(({ name }) => name))],
    findings: (findingsOf.get(row.sha256) ?? []).map(({ code, severity, message }) => {
      return { code, severity, message }
    }),
  }))
}
