/** What was fetched from the web, each time it was: `record` is a blob, docs/formats/collection.md. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statement = `create table collection (
  id bigint generated always as identity primary key,
  incident text not null,
  item sha256 not null,
  record sha256 not null,
  collected_at timestamptz not null,
  entry_index bigint not null references custody_entry,
  foreign key (incident, item) references incident_item
)`

export const collection: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw(statement).execute(db)
  },
}
