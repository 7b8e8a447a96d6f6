/**
 * The first schema. Released migrations are never edited: add another file.
 *
 * Hashes are lower-case hex text. `…_at` is a calendar moment. What is hashed
 * (records, recipes, alignments) is text in canonical JSON, byte for byte, and
 * not jsonb, which would reorder it. `entry_index` names the custody entry that
 * was written in the same transaction; a row without one cannot exist.
 */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create domain sha256 as text check (value ~ '^[0-9a-f]{64}$')`,

  `create table custody_entry (
    index bigint primary key check (index >= 0),
    commitment bytea not null unique check (octet_length(commitment) = 32),
    record text not null,
    salt bytea not null check (octet_length(salt) = 32),
    at timestamptz not null
  )`,
  `create table custody_checkpoint (
    size bigint primary key check (size >= 0),
    note text not null,
    at timestamptz not null
  )`,

  `create table incident (
    id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,99}$'),
    title text not null,
    opened_at timestamptz not null,
    entry_index bigint not null references custody_entry
  )`,
  `create table item (
    sha256 sha256 primary key,
    kind text not null check (kind in ('recording', 'photo', 'document', 'other')),
    media_type text not null,
    size_bytes bigint not null check (size_bytes >= 0),
    received_at timestamptz not null,
    entry_index bigint not null references custody_entry
  )`,
  `create table incident_item (
    incident text not null references incident,
    item sha256 not null references item,
    primary key (incident, item)
  )`,
  `create table sighting (
    id bigint generated always as identity primary key,
    incident text not null,
    item sha256 not null,
    name text not null,
    seen_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    foreign key (incident, item) references incident_item
  )`,
  `create index sighting_of on sighting (incident, item)`,
  `create table item_fact (
    item sha256 primary key references item,
    facts jsonb not null,
    probed_at timestamptz not null
  )`,
  `create table finding (
    id bigint generated always as identity primary key,
    item sha256 not null references item,
    code text not null,
    severity text not null check (severity in ('problem', 'notice')),
    message text not null,
    found_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    unique (item, code, message)
  )`,

  `create table derivative (
    recipe_sha256 sha256 not null,
    kind text not null,
    item sha256 references item,
    incident text not null references incident,
    recipe text not null,
    output_sha256 sha256 not null,
    output_bytes bigint not null check (output_bytes >= 0),
    media_type text not null,
    made_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    primary key (recipe_sha256, kind, incident)
  )`,
  `create index derivative_of_item on derivative (item, kind)`,
  `create index derivative_of_incident on derivative (incident, kind)`,

  `create table case_revision (
    id bigint generated always as identity primary key,
    incident text not null references incident,
    revision bigint not null check (revision >= 1),
    case_sha256 sha256 not null,
    story_sha256 sha256 not null,
    imported_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    unique (incident, revision)
  )`,
  `create table alignment (
    id bigint generated always as identity primary key,
    incident text not null references incident,
    inputs_sha256 sha256 not null,
    result text not null,
    result_sha256 sha256 not null,
    made_at timestamptz not null,
    entry_index bigint not null references custody_entry
  )`,
  `create index alignment_of on alignment (incident, inputs_sha256)`,
  `create table publication (
    id bigint generated always as identity primary key,
    incident text not null references incident,
    revision bigint not null check (revision >= 1),
    manifest_sha256 sha256 not null,
    content_sha256 sha256 not null,
    published_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    unique (incident, revision)
  )`,
  `create table publication_file (
    incident text not null,
    revision bigint not null,
    path text not null,
    blob sha256 not null,
    primary key (incident, revision, path),
    foreign key (incident, revision) references publication (incident, revision)
  )`,
]

export const library: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
