/**
 * A case piece by piece, as it is edited, with what each piece said before; what readers wrote.
 * `body` is JSON with sorted names, kept as text byte for byte, null where the record was removed.
 */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table case_record (
    incident text not null references incident,
    kind text not null check (kind ~ '^[a-z][a-z-]{0,63}$'),
    id text not null check (id ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
    version bigint not null check (version >= 1),
    place bigint not null,
    body text,
    refers_to text[] not null,
    changed_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    primary key (incident, kind, id)
  )`,
  `create index case_record_in_order on case_record (incident, kind, place, id) where body is not null`,
  `create index case_record_changed on case_record (incident, entry_index)`,
  `create index case_record_referred_to on case_record using gin (refers_to)`,
  `create table case_record_version (
    incident text not null,
    kind text not null,
    id text not null,
    version bigint not null check (version >= 1),
    body text,
    changed_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    primary key (incident, kind, id, version),
    foreign key (incident, kind, id) references case_record
  )`,

  `create table comment (
    id text primary key check (id ~ '^[0-9a-f]{32}$'),
    incident text not null references incident,
    about_kind text not null check (about_kind in ('story', 'claim', 'moment', 'quote')),
    about_id text,
    about_microseconds bigint,
    name text,
    body text not null,
    sha256 sha256 not null,
    state text not null check (state in ('waiting', 'approved', 'rejected')),
    posted_at timestamptz not null,
    entry_index bigint not null references custody_entry
  )`,
  `create index comment_in_order on comment (incident, state, entry_index, id)`,
  `create table comment_decision (
    comment text not null references comment,
    decision text not null check (decision in ('approved', 'rejected')),
    reason text not null,
    decided_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    primary key (comment, entry_index)
  )`,

  // A name in a record has its quotes escaped, so that only the member itself is found.
  `create index custody_entry_of_incident
    on custody_entry (substring(record from '"incident":"([a-z0-9-]+)"'), index)`,
]

export const caseRecords: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
