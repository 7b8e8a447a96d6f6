/**
 * The custody log in the database: docs/formats/custody-log.md says what an
 * entry is. An entry is appended in the transaction of the act that it records.
 */
import { sql } from 'kysely'

import type { Bytes } from '../custody/bytes.ts'
import { commitRecord, leafHash, saltLengthBytes } from '../custody/commitment.ts'
import { encodeRecord } from '../custody/record.ts'
import type { CustodyRecord } from '../custody/record.ts'
import type { Reader, Transactor } from './store.ts'

/** A record without what the transaction knows: when, who, with which tool. */
export type CustodyAct = WithoutAgent<CustodyRecord>
type WithoutAgent<T> = T extends unknown ? Omit<T, 'at' | 'actor' | 'tool'> : never

export interface CustodyEntry {
  /** From 0, contiguous. */
  readonly index: number
  /** 32 bytes, public. */
  readonly commitment: Bytes
  /** Canonical JSON, private. */
  readonly record: string
  /** 32 bytes, private. */
  readonly salt: Bytes
}

/** First entry and the one after the last. */
export interface EntryRange {
  readonly from: number
  readonly to: number
}

/**
 * Appends an entry and returns its index.
 * @throws CustodyError record-malformed
 */
export async function appendEntry(tx: Transactor, act: CustodyAct): Promise<number> {
  const record = encodeRecord({ ...act, ...tx.agent, at: tx.at })
  const salt = Uint8Array.from(tx.effects.randomBytes(saltLengthBytes))
  const commitment = await commitRecord(record, salt)
  const index = await logSize(tx)
  await tx.sql
    .insertInto('custody_entry')
    .values({
      index,
      commitment: Buffer.from(commitment),
      record,
      salt: Buffer.from(salt),
      at: tx.at,
    })
    .execute()
  tx.appended.push(index)
  return index
}

/** How many entries there are, which is the next entry's index. */
export async function logSize(reader: Reader): Promise<number> {
  const last = await reader.sql
    .selectFrom('custody_entry')
    .select('index')
    .orderBy('index', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last === undefined ? 0 : last.index + 1
}

/** The public side: leaf hashes of a range of entries, in order. */
export async function leafHashes(reader: Reader, range: EntryRange): Promise<Bytes[]> {
  const rows = await reader.sql
    .selectFrom('custody_entry')
    .select('commitment')
    .where('index', '>=', range.from)
    .where('index', '<', range.to)
    .orderBy('index')
    .execute()
  return Promise.all(rows.map((row) => leafHash(row.commitment)))
}

/** Record and salt of entries, in the order asked for; entries that do not exist are left out. */
export async function openEntries(
  reader: Reader,
  indexes: readonly number[],
): Promise<CustodyEntry[]> {
  if (indexes.length === 0) return []
  const rows = await reader.sql
    .selectFrom('custody_entry')
    .selectAll()
    .where('index', 'in', [...indexes])
    .execute()
  const byIndex = new Map(rows.map((row) => [row.index, row]))
  return indexes.flatMap((index) => {
    const row = byIndex.get(index)
    return row === undefined ? [] : [toEntry(row)]
  })
}

/** A range of entries with their private side, in order: for checking the library. */
export async function readEntries(reader: Reader, range: EntryRange): Promise<CustodyEntry[]> {
  const rows = await reader.sql
    .selectFrom('custody_entry')
    .selectAll()
    .where('index', '>=', range.from)
    .where('index', '<', range.to)
    .orderBy('index')
    .execute()
  return rows.map(toEntry)
}

/** Entries that name an incident, those after the entry `after`, in order. */
export async function readIncidentEntries(
  reader: Reader,
  incident: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<CustodyEntry[]> {
  const rows = await reader.sql
    .selectFrom('custody_entry')
    .selectAll()
    // As its index says it.
    .where(sql`substring(record from '"incident":"([a-z0-9-]+)"')`, '=', incident)
    .where('index', '>', after)
    .orderBy('index')
    .limit(limit)
    .execute()
  return rows.map(toEntry)
}

function toEntry(row: {
  index: number
  commitment: Buffer
  record: string
  salt: Buffer
}): CustodyEntry {
  return {
    index: row.index,
    commitment: Uint8Array.from(row.commitment),
    record: row.record,
    salt: Uint8Array.from(row.salt),
  }
}
