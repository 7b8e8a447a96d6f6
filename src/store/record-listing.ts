/**
 * Lists of records as JSON, put together by the database from texts that are JSON already: an incident
 * of thousands of claims is neither parsed nor written again to be read.
 */
import { sql } from 'kysely'
import { orderKind } from '../case/record-text.ts'
import type { Reader } from './store.ts'

export interface RecordPage {
  /** `[{"id":…,"version":…,"value":{…}},…]` */
  readonly json: string
  /** `after` of the next page; absent on the last. */
  readonly next?: string
}

const item = sql<string>`
  '{"id":"' || id || '","version":' || version || ',"value":' || body || '}'`

/** Records of a kind in their order, those after the record `after`. */
export async function listRecords(
  reader: Reader,
  { incident, kind }: { readonly incident: string; readonly kind: string },
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<RecordPage | undefined> {
  let query = reader.sql
    .selectFrom('case_record')
    .where('incident', '=', incident)
    .where('kind', '=', kind)
    .where('body', 'is not', null)
    .orderBy('place')
    .orderBy('id')
    .limit(limit + 1)
    .select(['id', 'place', item.as('item')])
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(place, id) > (
        select place, id from case_record
        where incident = ${incident} and kind = ${kind} and id = ${after}
      )`,
    )
  }
  const rows = await query.execute()
  if (rows.length === 0 && after !== undefined) {
    const known = await reader.sql
      .selectFrom('case_record')
      .select('id')
      .where('incident', '=', incident)
      .where('kind', '=', kind)
      .where('id', '=', after)
      .executeTakeFirst()
    if (known === undefined) return undefined
  }
  const shown = rows.slice(0, limit)
  const json = `[${shown.map((row) => row.item).join(',')}]`
  const last = shown.at(-1)
  return rows.length > limit && last !== undefined ? { json, next: last.id } : { json }
}

/** All records: `{"claims":[…],…}`. */
export async function listCase(reader: Reader, incident: string): Promise<string> {
  const rows = await reader.sql
    .selectFrom('case_record')
    .where('incident', '=', incident)
    .where('body', 'is not', null)
    // The lists are in it.
    .where('kind', '<>', orderKind)
    .groupBy('kind')
    .orderBy('kind')
    .select(['kind', sql<string>`string_agg(${item}, ',' order by place, id)`.as('items')])
    .execute()
  return `{${rows.map(({ kind, items }) => `"${kind}":[${items}]`).join(',')}}`
}
