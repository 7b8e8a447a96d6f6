/**
 * What is searched: short texts with their words, folded and paired by store/search-words.ts, so
 * that every database finds the same. All of it can be made again from the cases and the facts.
 *
 * The embedded database has no autovacuum that would empty an index's pending list: `fastupdate` off.
 */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table search_incident (
    incident text primary key references incident,
    version int not null,
    revision bigint not null,
    place tsvector not null,
    earliest double precision not null,
    latest double precision not null,
    open_questions int not null,
    sum text not null
  )`,
  `create table search_item (
    item sha256 primary key references item,
    version int not null,
    sum text not null
  )`,
  `create table search_text (
    id bigint generated always as identity primary key,
    incident text references incident,
    item sha256 references item,
    kind text not null,
    ref text not null,
    page int,
    text text not null,
    words tsvector not null,
    earliest double precision,
    latest double precision,
    check ((incident is null) <> (item is null))
  )`,
  `create index search_text_words on search_text using gin (words) with (fastupdate = off)`,
  `create index search_text_of_incident on search_text (incident, kind)`,
  `create index search_text_of_item on search_text (item)`,
  `create index incident_of_item on incident_item (item)`,
]

export const search: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
