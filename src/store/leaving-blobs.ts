/**
 * Blobs on their way out. Whoever removes one says so in an act of its own before, so that no act
 * records it meanwhile; and for as long after as an intake may take that saw it before it went.
 */
import { sql } from 'kysely'
import type { Transaction } from 'kysely'
import type { Schema } from './schema.ts'
import { StoreError } from './store-error.ts'

/** An act needs a blob that is going, or that went after it may have been seen. */
export class BlobLeaving extends StoreError {
  readonly sha256: string
  readonly isGone: boolean
  constructor(sha256: string, isGone: boolean) {
    super(
      'blob-leaving',
      `The bytes of ${sha256} were withdrawn before and are just being removed. Add the file again in a minute.`,
    )
    this.sha256 = sha256
    this.isGone = isGone
  }
}

/** At the end of every act. @throws BlobLeaving */
export async function assertNoneLeaving(db: Transaction<Schema>): Promise<void> {
  const leaving = await db.selectFrom('leaving_blob').select(['sha256', 'gone_at']).execute()
  for (const { sha256, gone_at: goneAt } of leaving) {
    if (await isNamed(db, sha256)) throw new BlobLeaving(sha256, goneAt !== null)
  }
}

interface Column {
  readonly table: string
  readonly column: string
}

/**
 * Every column that can hold a blob's hash is asked, also those of tables that are yet to be
 * invented: a blob that is needed must not go because a list was not kept.
 */
export async function isNamed(db: Transaction<Schema>, sha256: string): Promise<boolean> {
  const waiting = await db
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
      and relname not in ('tip_file', 'upload', 'leaving_blob')
  `.execute(db)
  for (const { table, column } of rows) {
    const named = await sql`
      select 1 from ${sql.table(table)} where ${sql.ref(column)} = ${sha256} limit 1`.execute(db)
    if (named.rows.length > 0) return true
  }
  return false
}
