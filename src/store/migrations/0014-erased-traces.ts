/** PostgreSQL keeps what was changed or deleted in a table's file until that is written anew. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const erasedTraces: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table tip add column traces_erased_at timestamptz').execute(db)
  },
}
