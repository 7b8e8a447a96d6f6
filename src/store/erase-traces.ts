/** Words, names and contact that were withdrawn leave the files of their tables. */
import { sql } from 'kysely'
import type { Library } from './library.ts'
import { databaseError, errorCode } from './store-error.ts'
import type { Agent } from './store.ts'

/** Somebody reads those tables for long, such as a backup; whoever comes after would wait with us. */
const lockNotAvailable = '55P03'

/**
 * Writes the tables anew without what is no row any more: PostgreSQL leaves that where it was until then, and
 * the embedded one has nobody who would tidy up. Its write-ahead log, which goes round, keeps it longer.
 * Where the tables are held it is for the next time.
 */
export async function eraseTraces(library: Library, agent: Agent): Promise<void> {
  const rows = await library.read((reader) =>
    reader.sql
      .selectFrom('tip')
      .select('id')
      .where('state', '=', 'withdrawn')
      .where('traces_erased_at', 'is', null)
      .execute(),
  )
  if (rows.length === 0) return
  const isDone = await library.database.kysely.connection().execute(async (connection) => {
    await sql`set lock_timeout = '2s'`.execute(connection)
    try {
      await sql`vacuum (full) tip, tip_contact, tip_file, upload`.execute(connection)
      return true
    } catch (error) {
      if (errorCode(error) === lockNotAvailable) return false
      throw databaseError(error)
    } finally {
      await sql`reset lock_timeout`.execute(connection)
    }
  })
  if (!isDone) return
  const ids = rows.map(({ id }) => id)
  await library.transactWithoutEntry(agent, (tx) =>
    tx.sql.updateTable('tip').set({ traces_erased_at: tx.at }).where('id', 'in', ids).execute(),
  )
}
