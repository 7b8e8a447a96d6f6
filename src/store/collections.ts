/** That an item came from the web, and how: the record of it is a blob. */
import { appendEntry } from './custody-log.ts'
import type { Transactor } from './store.ts'

/** Records a fetch whose item the incident has and whose record is durable already. */
export async function addCollection(
  tx: Transactor,
  {
    incident,
    item,
    record,
  }: { readonly incident: string; readonly item: string; readonly record: string },
): Promise<void> {
  const entryIndex = await appendEntry(tx, {
    type: 'item-collected',
    incident,
    item,
    collectionSha256: record,
  })
  await tx.sql
    .insertInto('collection')
    .values({ incident, item, record, collected_at: tx.at, entry_index: entryIndex })
    .execute()
}
