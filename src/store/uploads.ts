/**
 * Files on their way in: a row from the first word of it until a while after its
 * end, so that whoever sends it can ask what became of it. Its bytes lie in
 * `uploads/<id>` until they are a blob. No act: the log hears of what arrived.
 */
import type { ExpressionBuilder, Selectable } from 'kysely'
import type { ItemFacts } from '../case/item-facts.ts'
import { storableName } from './items.ts'
import type { Schema, UploadTable } from './schema.ts'
import type { Reader, Transactor } from './store.ts'

export interface Upload {
  readonly id: string
  readonly incident: string
  readonly tip?: string
  /** As the sender calls the file: hostile text. */
  readonly name: string
  readonly sizeBytes: number
  readonly saidSha256?: string
  readonly begunAt: string
  /** Which `uploads/` has its bytes: each machine of a library has its own. */
  readonly place: string
  /** All bytes are there, with this hash. */
  readonly whole?: {
    readonly sha256: string
    readonly kind: ItemFacts['kind']
    readonly mediaType: string
  }
  readonly end?: { readonly seenBefore: boolean } | { readonly refused: string }
}

export async function addUpload(
  tx: Transactor,
  upload: Pick<Upload, 'id' | 'incident' | 'tip' | 'name' | 'sizeBytes' | 'saidSha256' | 'place'>,
): Promise<void> {
  await tx.sql
    .insertInto('upload')
    .values({
      id: upload.id,
      incident: upload.incident,
      tip: upload.tip ?? null,
      name: storableName(upload.name),
      size_bytes: upload.sizeBytes,
      said_sha256: upload.saidSha256 ?? null,
      begun_at: tx.at,
      place: upload.place,
      sha256: null,
      kind: null,
      media_type: null,
      seen_before: null,
      ended_at: null,
      refused: null,
    })
    .execute()
}

export async function readUpload({ sql }: Reader, id: string): Promise<Upload | undefined> {
  const row = await sql.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toUpload(row)
}

/** Those on their way. */
export async function readUnfinished({ sql }: Reader): Promise<Upload[]> {
  const rows = await sql.selectFrom('upload').selectAll().where('ended_at', 'is', null).execute()
  return rows.map(toUpload)
}

/** Of one that was announced as longer than it is: no longer was known. */
export async function settleUpload(tx: Transactor, id: string, sizeBytes: number): Promise<void> {
  await tx.sql.updateTable('upload').set({ size_bytes: sizeBytes }).where('id', '=', id).execute()
}

/** False where it was withdrawn or dropped meanwhile. */
export async function markWhole(
  tx: Transactor,
  id: string,
  { sha256, kind, mediaType }: NonNullable<Upload['whole']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx.sql
    .updateTable('upload')
    .set({ sha256, kind, media_type: mediaType })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function endUpload(
  tx: Transactor,
  id: string,
  end: NonNullable<Upload['end']>,
): Promise<void> {
  const how = 'refused' in end ? { refused: end.refused } : { seen_before: end.seenBefore }
  await tx.sql
    .updateTable('upload')
    .set({ ...how, ended_at: tx.at })
    .where('id', '=', id)
    .execute()
}

export async function forgetUpload(tx: Transactor, id: string): Promise<void> {
  await tx.sql.deleteFrom('upload').where('id', '=', id).execute()
}

/** Those that ended before a moment, but for those whose bytes are still to be taken away. */
export async function forgetUploadsBefore(tx: Transactor, at: string): Promise<void> {
  await tx.sql
    .deleteFrom('upload')
    .where('ended_at', '<', at)
    .where((is) => is.or([is('refused', 'is', null), is('sha256', 'is', null)]))
    .execute()
}

/** Of an upload: it is on its way, or was refused and the sweep has not been. */
export const holdsBytes = (is: ExpressionBuilder<Schema, 'upload'>) =>
  is.or([
    is('ended_at', 'is', null),
    is.and([is('refused', 'is not', null), is('upload.sha256', 'is not', null)]),
  ])

/** Bytes of an incident: its items, what waits for it, is on its way, or has not left yet. */
export async function readIncidentBytes({ sql }: Reader, incident: string): Promise<number> {
  const items = await sql
    .selectFrom('incident_item')
    .innerJoin('item', 'item.sha256', 'incident_item.item')
    .where('incident', '=', incident)
    .select(({ fn }) => fn.sum('size_bytes').as('bytes'))
    .executeTakeFirst()
  const waiting = await sql
    .selectFrom('tip_file')
    .innerJoin('tip', 'tip.id', 'tip_file.tip')
    .where('tip.incident', '=', incident)
    .where('tip.state', '<>', 'accepted')
    .where('bytes_left_at', 'is', null)
    .select(({ fn }) => fn.sum('size_bytes').as('bytes'))
    .executeTakeFirst()
  const arriving = await sql
    .selectFrom('upload')
    .where('incident', '=', incident)
    .where(holdsBytes)
    .select(({ fn }) => fn.sum('size_bytes').as('bytes'))
    .executeTakeFirst()
  return [items, waiting, arriving].reduce((sum, row) => sum + Number(row?.bytes ?? 0), 0)
}

function toUpload(row: Selectable<UploadTable>): Upload {
  const { sha256, kind, media_type: mediaType } = row
  const isWhole = sha256 !== null && kind !== null && mediaType !== null
  return {
    id: row.id,
    incident: row.incident,
    ...(row.tip === null ? {} : { tip: row.tip }),
    name: row.name,
    sizeBytes: row.size_bytes,
    ...(row.said_sha256 === null ? {} : { saidSha256: row.said_sha256 }),
    begunAt: row.begun_at,
    place: row.place,
    ...(isWhole ? { whole: { sha256, kind, mediaType } } : {}),
    ...(row.ended_at === null
      ? {}
      : {
          end:
            row.refused === null
              ? { seenBefore: row.seen_before === true }
              : { refused: row.refused },
        }),
  }
}
