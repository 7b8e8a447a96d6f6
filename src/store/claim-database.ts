/**
 * Whether a database is the library's: its log is signed by the folder's key, and
 * it is the one that `library.json` means. A log must never go on in two places.
 */
import type { Kysely } from 'kysely'

import type { Schema } from './schema.ts'
import { StoreError } from './store-error.ts'

export interface Claim {
  readonly vkey: string
  readonly databaseId: string
}

/** In a database whose tables have gone elsewhere, in place of its id. */
const movedAway = 'moved'

/** @throws StoreError `library-mismatch`; `isNew`: the first to open it has it */
export async function claimDatabase(
  kysely: Kysely<Schema>,
  { vkey, databaseId }: Claim,
  isNew: boolean,
): Promise<void> {
  if (isNew) {
    await kysely
      .insertInto('log_key')
      .values({ vkey, database_id: databaseId })
      .onConflict((already) => already.doNothing())
      .execute()
  }
  const claimed = await readClaim(kysely)
  if (claimed === undefined) {
    throw new StoreError(
      'library-mismatch',
      'That database has tables and no library in them: a move or a first start did not come to its ' +
        'end there. Name the database that the library was made with.',
    )
  }
  if (claimed.vkey === vkey) return
  throw new StoreError(
    'library-mismatch',
    'The database belongs to another library than the folder: its log is signed by another key. ' +
      'Use the folder, or a copy of it, with which that database was made.',
  )
}

/** Of a database on a server: it may have been left, or not yet be moved into. @throws StoreError */
export async function assertCurrent(
  kysely: Pick<Kysely<Schema>, 'selectFrom'>,
  databaseId: string,
): Promise<void> {
  const claimed = await readClaim(kysely)
  if (claimed?.databaseId === databaseId) return
  throw new StoreError(
    'library-mismatch',
    claimed?.databaseId === movedAway
      ? 'The tables of the library were moved out of this database. Ask who moved them where they are now.'
      : 'The tables of the library are not in this database: `library.json` means another. Name that one; ' +
          'where they were moved, take `library.json` from the folder with which that was done.',
  )
}

/** No act goes on there, and no copy of the folder opens it again. */
export async function markMovedAway(kysely: Pick<Kysely<Schema>, 'updateTable'>): Promise<void> {
  await kysely.updateTable('log_key').set({ database_id: movedAway }).execute()
}

export async function readClaim(
  kysely: Pick<Kysely<Schema>, 'selectFrom'>,
): Promise<Claim | undefined> {
  const row = await kysely.selectFrom('log_key').selectAll().executeTakeFirst()
  return row && { vkey: row.vkey, databaseId: row.database_id }
}
