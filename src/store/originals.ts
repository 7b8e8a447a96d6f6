/** Who took the unredacted original of an item: each time an entry in the log. */
import { appendEntry } from './custody-log.ts'
import type { Reader, Transactor } from './store.ts'

/** Whether the incident has the item; its size, type and name as a sender called it. */
export async function readOriginalFacts(
  { sql }: Reader,
  incident: string,
  item: string,
): Promise<{ readonly sizeBytes: number; readonly mediaType: string } | undefined> {
  const row = await sql
    .selectFrom('incident_item')
    .innerJoin('item', 'item.sha256', 'incident_item.item')
    .select(['size_bytes', 'media_type'])
    .where('incident', '=', incident)
    .where('incident_item.item', '=', item)
    .executeTakeFirst()
  return row && { sizeBytes: row.size_bytes, mediaType: row.media_type }
}

export async function noteReading(tx: Transactor, incident: string, item: string): Promise<number> {
  return appendEntry(tx, { type: 'original-read', incident, item })
}
