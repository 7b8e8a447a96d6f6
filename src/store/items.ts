/** Original files: received, probed, found wanting. The bytes themselves are blobs. */
import type { Selectable } from 'kysely'
import type { Finding, ItemFacts } from '../case/item-facts.ts'
import type { Blob } from './blobs.ts'
import { appendEntry } from './custody-log.ts'
import type { ItemTable } from './schema.ts'
import { indexItem } from './search-index.ts'
import { storableText } from './storable-text.ts'
import type { Reader, Transactor } from './store.ts'

export interface Item {
  readonly sha256: string
  readonly kind: ItemFacts['kind']
  readonly mediaType: string
  readonly sizeBytes: number
  /** RFC 3339. */
  readonly receivedAt: string
  /** Of the entry that received it first. */
  readonly entryIndex: number
}

/** The same bytes a second time are the same item, seen again. */
export interface Sighting {
  readonly item: string
  readonly incident: string
  /** As the sender called the file: hostile text, and never public. */
  readonly name: string
  readonly seenAt: string
  readonly entryIndex: number
}

export interface ReceivedItem {
  readonly item: Item
  readonly sighting: Sighting
  /** The library had these bytes before, in this incident or another. */
  readonly seenBefore: boolean
}

/** Records that an incident received a file whose blob is durable already. */
export async function receiveItem(
  tx: Transactor,
  received: {
    readonly incident: string
    readonly blob: Blob
    readonly kind: ItemFacts['kind']
    readonly mediaType: string
    readonly name: string
  },
): Promise<ReceivedItem> {
  const { incident, blob, kind, mediaType } = received
  const { sha256, sizeBytes } = blob
  const name = storableName(received.name)
  const known = await readItem(tx, sha256)
  const inIncident = await isInIncident(tx, incident, sha256)
  const entryIndex = inIncident
    ? await appendEntry(tx, { type: 'item-seen-again', incident, item: sha256 })
    : await appendEntry(tx, {
        type: 'item-received',
        incident,
        item: sha256,
        sizeBytes,
        mediaType: known?.mediaType ?? mediaType,
      })
  await appendEntry(tx, { type: 'item-named', item: sha256, name })
  const item = known ?? { sha256, kind, mediaType, sizeBytes, receivedAt: tx.at, entryIndex }
  if (known === undefined) {
    await tx.sql
      .insertInto('item')
      .values({
        sha256,
        kind,
        media_type: mediaType,
        size_bytes: sizeBytes,
        received_at: tx.at,
        entry_index: entryIndex,
      })
      .execute()
  }
  if (!inIncident) {
    await tx.sql.insertInto('incident_item').values({ incident, item: sha256 }).execute()
  }
  await tx.sql
    .insertInto('sighting')
    .values({ incident, item: sha256, name, seen_at: tx.at, entry_index: entryIndex })
    .execute()
  const sighting = { item: sha256, incident, name, seenAt: tx.at, entryIndex }
  return { item, sighting, seenBefore: known !== undefined }
}

export async function readItem(reader: Reader, sha256: string): Promise<Item | undefined> {
  const row = await reader.sql
    .selectFrom('item')
    .selectAll()
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  return row && toItem(row)
}

export function toItem(row: Selectable<ItemTable>): Item {
  return {
    sha256: row.sha256,
    kind: row.kind,
    mediaType: row.media_type,
    sizeBytes: row.size_bytes,
    receivedAt: row.received_at,
    entryIndex: row.entry_index,
  }
}

/** An incident's sightings, oldest first; the item of each is named by its hash. */
export async function readSightings(reader: Reader, incident: string): Promise<Sighting[]> {
  const rows = await reader.sql
    .selectFrom('sighting')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    item: row.item,
    incident: row.incident,
    name: row.name,
    seenAt: row.seen_at,
    entryIndex: row.entry_index,
  }))
}

/** Replaces what the probe says of an item. It can be probed again, so this is no act. */
export async function setFacts(tx: Transactor, item: string, facts: ItemFacts): Promise<void> {
  const values = { facts: storableJson(facts), probed_at: tx.at }
  await tx.sql
    .insertInto('item_fact')
    .values({ item, ...values })
    .onConflict((conflict) => conflict.column('item').doUpdateSet(values))
    .execute()
  await indexItem(tx, item, values.facts)
}

export async function readFacts(reader: Reader, item: string): Promise<ItemFacts | undefined> {
  const row = await reader.sql
    .selectFrom('item_fact')
    .select('facts')
    .where('item', '=', item)
    .executeTakeFirst()
  return row?.facts
}

/** Notes those findings that are not noted yet. */
export async function noteFindings(
  tx: Transactor,
  item: string,
  findings: readonly Finding[],
): Promise<void> {
  const noted = await readFindings(tx, item)
  const isNoted = ({ code, message }: Finding): boolean =>
    noted.some((known) => known.code === code && known.message === message)
  for (const { code, severity, message } of findings) {
    const finding = { code, severity, message: storableText(message) }
    if (isNoted(finding)) continue
    const entryIndex = await appendEntry(tx, { type: 'finding-noted', item, code })
    await tx.sql
      .insertInto('finding')
      .values({ item, ...finding, found_at: tx.at, entry_index: entryIndex })
      .execute()
    noted.push(finding)
  }
}

/** In the order in which they were noted. */
export async function readFindings(reader: Reader, item: string): Promise<Finding[]> {
  return reader.sql
    .selectFrom('finding')
    .select(['code', 'severity', 'message'])
    .where('item', '=', item)
    .orderBy('id')
    .execute()
}

/** Whether an incident has an item that came under a name, or has that SHA-256. */
export async function hasFile(reader: Reader, incident: string, file: string): Promise<boolean> {
  const name = storableName(file)
  const row = await reader.sql
    .selectFrom('sighting')
    .select('id')
    .where('incident', '=', incident)
    .where((row) => row.or([row('name', '=', name), row('item', '=', name)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function isInIncident(
  reader: Reader,
  incident: string,
  item: string,
): Promise<boolean> {
  const row = await reader.sql
    .selectFrom('incident_item')
    .select('item')
    .where('incident', '=', incident)
    .where('item', '=', item)
    .executeTakeFirst()
  return row !== undefined
}

const maxNameLength = 1024

export const storableName = (name: string): string => {
  const stored = storableText(name.slice(0, maxNameLength))
  return stored === '' ? '(no name)' : stored
}

const storableJson = <T>(value: T): T =>
  JSON.parse(
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'string' ? storableText(member) : member,
    ),
  ) as T
