/**
 * What is to be done by a worker, and what became of it. pg-boss, in its own schema,
 * only delivers: it may be lost as a whole and is filled again from here.
 * `case_file` says which item each file of a case revision is.
 */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table job (
    id bigint generated always as identity primary key,
    kind text not null check (kind ~ '^[a-z][a-z-]{0,31}$'),
    incident text references incident,
    inputs text not null,
    inputs_sha256 sha256 not null,
    actor text not null,
    state text not null check (state in ('waiting', 'running', 'done', 'quarantined', 'cancelled')),
    attempts bigint not null default 0,
    failures bigint not null default 0,
    losses bigint not null default 0,
    fence bigint not null default 0,
    delivery uuid,
    step text,
    share double precision check (share between 0 and 1),
    reason_code text,
    reason text,
    result text,
    asked_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz
  )`,
  `create unique index job_open on job (inputs_sha256) where state in ('waiting', 'running')`,
  `create index job_of_inputs on job (inputs_sha256, id)`,
  `create index job_of_incident on job (incident, id)`,
  `create index job_in_state on job (state, id)`,

  `create table case_file (
    incident text not null,
    revision bigint not null,
    file text not null,
    item sha256 not null references item,
    primary key (incident, revision, file),
    foreign key (incident, revision) references case_revision (incident, revision)
  )`,
]

export const job: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
