/** The order in which an incident's records of a kind stand. */
import { sql as raw } from 'kysely'
import type { Reader, Transactor } from './store.ts'

interface Placed {
  readonly kind: string
  readonly id: string
  readonly place: number
}

/** Their ids, in it. */
export async function readRecordOrder(
  { sql }: Reader,
  { incident, kind }: { readonly incident: string; readonly kind: string },
): Promise<readonly string[]> {
  const rows = await sql
    .selectFrom('case_record')
    .select('id')
    .where('incident', '=', incident)
    .where('kind', '=', kind)
    .where('body', 'is not', null)
    .orderBy('place')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function placeRecords(
  tx: Transactor,
  incident: string,
  placed: readonly Placed[],
): Promise<void> {
  if (placed.length === 0) return
  await raw`
    update case_record set place = placed.place
    from unnest(
      ${placed.map(({ kind }) => kind)}::text[], ${placed.map(({ id }) => id)}::text[],
      ${placed.map(({ place }) => place)}::bigint[]
    ) as placed (kind, id, place)
    where incident = ${incident} and case_record.kind = placed.kind and case_record.id = placed.id
  `.execute(tx.sql)
}
