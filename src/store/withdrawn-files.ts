/** Takes away the bytes of what was withdrawn, unless something else has them. */
import { sql } from 'kysely'
import type { Library } from './library.ts'
import type { Agent, Reader, Transactor } from './store.ts'

/** An intake that found the blob there may still be about to record it. */
const leaveForMilliseconds = 3_600_000

/** How many are gone. */
export async function removeWithdrawnFiles(
  library: Library,
  agent: Agent,
  now: Date,
  leaveFor = leaveForMilliseconds,
): Promise<number> {
  const before = new Date(now.getTime() - leaveFor)
  let gone = 0
  for (const sha256 of await library.read(withdrawn)) {
    // Within an act: nobody records the blob meanwhile.
    await library.transactWithoutEntry(agent, async (tx) => {
      if (await isArriving(tx, sha256)) return
      const isNeeded = await isNamedElsewhere(tx, sha256)
      if (!isNeeded && !(await library.blobs.remove(sha256, before))) return
      if (!isNeeded) gone += 1
      await tx.sql
        .updateTable('tip_file')
        .set({ bytes_left_at: tx.at })
        .where('sha256', '=', sha256)
        .where('withdrawn_at', 'is not', null)
        .execute()
      await tx.sql
        .updateTable('upload')
        .set({ sha256: null })
        .where('sha256', '=', sha256)
        .where('refused', 'is not', null)
        .execute()
    })
  }
  return gone
}

/** Files of withdrawn tips, and those that came for one when it was withdrawn. */
async function withdrawn(reader: Reader): Promise<ReadonlySet<string>> {
  const files = await reader.sql
    .selectFrom('tip_file')
    .select('sha256')
    .where('withdrawn_at', 'is not', null)
    .where('bytes_left_at', 'is', null)
    .execute()
  const refused = await reader.sql
    .selectFrom('upload')
    .select('sha256')
    .where('refused', 'is not', null)
    .where('sha256', 'is not', null)
    .execute()
  return new Set([...files, ...refused].flatMap(({ sha256 }) => sha256 ?? []))
}

async function isArriving(tx: Transactor, sha256: string): Promise<boolean> {
  const found = await tx.sql
    .selectFrom('upload')
    .select('id')
    .where('sha256', '=', sha256)
    .where('ended_at', 'is', null)
    .limit(1)
    .execute()
  return found.length > 0
}

interface Column {
  readonly table: string
  readonly column: string
}

/**
 * Every column that can hold a blob's hash is asked, also those of tables that are yet to be
 * invented: a blob that is needed must not go because a list was not kept.
 */
async function isNamedElsewhere(tx: Transactor, sha256: string): Promise<boolean> {
  const waiting = await tx.sql
    .selectFrom('tip_file')
    .select('id')
    .where('sha256', '=', sha256)
    .where('withdrawn_at', 'is', null)
    .limit(1)
    .execute()
  if (waiting.length > 0) return true
  const { rows } = await sql<Column>`
    select relname::text as table, attname::text as column
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = current_schema()::regnamespace and relkind = 'r' and attnum > 0
      and not attisdropped and format_type(atttypid, atttypmod) = 'sha256'
      and relname not in ('tip_file', 'upload')
  `.execute(tx.sql)
  for (const { table, column } of rows) {
    const named = await sql`
      select 1 from ${sql.table(table)} where ${sql.ref(column)} = ${sha256} limit 1`.execute(
      tx.sql,
    )
    if (named.rows.length > 0) return true
  }
  return false
}
