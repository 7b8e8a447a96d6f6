/**
 * Whose log this is, and which database: keys of another library, and a database that its tables
 * were moved from or not yet to, are told apart from the right ones.
 */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statement = `create table log_key (
  one_row boolean primary key default true check (one_row),
  vkey text not null,
  database_id text not null
)`

export const logKey: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(statement).execute(db)
  },
}
