/**
 * Files on their way in, and what contributors send: docs/formats/library.md, section 2c.
 * On which entries a publication relies.
 * A link's token and a tip's receipt code are kept as their hash alone.
 */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table contributor_link (
    id text primary key check (id ~ '^link-[0-9a-f]{16}$'),
    incident text not null references incident,
    token_sha256 sha256 not null unique,
    note text not null,
    most_bytes bigint not null check (most_bytes > 0),
    most_files bigint not null check (most_files > 0),
    opened_at timestamptz not null,
    expires_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    closed_at timestamptz,
    closed_entry_index bigint references custody_entry,
    check ((closed_at is null) = (closed_entry_index is null))
  )`,
  `create index contributor_link_of on contributor_link (incident)`,
  `create table tip (
    id text primary key check (id ~ '^tip-[0-9a-f]{16}$'),
    incident text not null references incident,
    link text not null references contributor_link,
    receipt_sha256 sha256 not null unique,
    state text not null check (state in ('arriving', 'waiting', 'accepted', 'declined', 'withdrawn')),
    account text not null,
    begun_at timestamptz not null
  )`,
  `create index tip_of on tip (incident, state)`,
  `create index tip_by on tip (link)`,
  `create table tip_act (
    id bigint generated always as identity primary key,
    tip text not null references tip,
    act text not null check (act in ('received', 'accepted', 'declined', 'withdrawn')),
    at timestamptz not null,
    entry_index bigint not null references custody_entry,
    unique (tip, act)
  )`,
  `create table tip_file (
    id bigint generated always as identity primary key,
    tip text not null references tip,
    sha256 sha256 not null,
    size_bytes bigint not null check (size_bytes >= 0),
    kind text not null check (kind in ('recording', 'photo', 'document', 'other')),
    media_type text not null,
    name text,
    received_at timestamptz not null,
    entry_index bigint not null references custody_entry,
    withdrawn_at timestamptz,
    bytes_left_at timestamptz,
    unique (tip, sha256),
    check (name is null or withdrawn_at is null)
  )`,
  `create table tip_contact (
    tip text primary key references tip,
    contact text not null
  )`,
  `create table upload (
    id text primary key check (id ~ '^[0-9a-f]{32}$'),
    incident text not null references incident,
    tip text references tip,
    name text not null,
    size_bytes bigint not null check (size_bytes > 0),
    said_sha256 sha256,
    begun_at timestamptz not null,
    place text not null check (place ~ '^[0-9a-f]{32}$'),
    sha256 sha256,
    kind text,
    media_type text,
    seen_before boolean,
    ended_at timestamptz,
    refused text,
    check (ended_at is null or refused is not null or (sha256 is not null and seen_before is not null))
  )`,
  `create table publication_entry (
    incident text not null,
    revision bigint not null,
    opened bigint not null references custody_entry,
    primary key (incident, revision, opened),
    foreign key (incident, revision) references publication (incident, revision)
  )`,
  `create table leaving_blob (
    sha256 sha256 primary key,
    since timestamptz not null,
    gone_at timestamptz
  )`,
  `create index upload_of on upload (incident)`,
  `create index upload_for on upload (tip)`,
]

export const uploads: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
