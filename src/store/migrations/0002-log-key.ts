/** Whose log this is: a database and a folder of keys that do not belong together are told apart. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statement = `create table log_key (
  one_row boolean primary key default true check (one_row),
  vkey text not null
)`

export const logKey: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(statement).execute(db)
  },
}
