/**
 * Who may do what. `sign_in_…` are the tables of the library that signs people in, by its own
 * names; the others are ours. A person's id is the pseudonym under which they stand in the log.
 */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const statements = [
  `create table sign_in_user (
    id text primary key check (id ~ '^p-[0-9a-f]{16}$'),
    name text not null,
    email text not null unique,
    "emailVerified" boolean not null,
    image text,
    "createdAt" timestamptz not null,
    "updatedAt" timestamptz not null,
    "twoFactorEnabled" boolean
  )`,
  `create table sign_in_session (
    id text primary key,
    "expiresAt" timestamptz not null,
    token text not null unique,
    "createdAt" timestamptz not null,
    "updatedAt" timestamptz not null,
    "ipAddress" text,
    "userAgent" text,
    "userId" text not null references sign_in_user on delete cascade
  )`,
  `create index sign_in_session_of on sign_in_session ("userId")`,
  `create table sign_in_account (
    id text primary key,
    "accountId" text not null,
    "providerId" text not null,
    "userId" text not null references sign_in_user on delete cascade,
    "accessToken" text,
    "refreshToken" text,
    "idToken" text,
    "accessTokenExpiresAt" timestamptz,
    "refreshTokenExpiresAt" timestamptz,
    scope text,
    password text,
    "createdAt" timestamptz not null,
    "updatedAt" timestamptz not null
  )`,
  `create index sign_in_account_of on sign_in_account ("userId")`,
  `create table sign_in_verification (
    id text primary key,
    identifier text not null,
    value text not null,
    "expiresAt" timestamptz not null,
    "createdAt" timestamptz not null,
    "updatedAt" timestamptz not null
  )`,
  `create index sign_in_verification_of on sign_in_verification (identifier)`,
  `create table sign_in_two_factor (
    id text primary key,
    secret text not null,
    "backupCodes" text not null,
    "userId" text not null references sign_in_user on delete cascade,
    verified boolean,
    "failedVerificationCount" integer,
    "lockedUntil" timestamptz
  )`,
  `create index sign_in_two_factor_of on sign_in_two_factor ("userId")`,
  `create table sign_in_passkey (
    id text primary key,
    name text,
    "publicKey" text not null,
    "userId" text not null references sign_in_user on delete cascade,
    "credentialID" text not null unique,
    counter bigint not null,
    "deviceType" text not null,
    "backedUp" boolean not null,
    transports text,
    "createdAt" timestamptz,
    aaguid text
  )`,
  `create index sign_in_passkey_of on sign_in_passkey ("userId")`,
  `create table sign_in_rate_limit (
    id text primary key,
    key text not null unique,
    count integer not null,
    "lastRequest" bigint not null
  )`,

  `create table person_role (
    person text not null references sign_in_user on delete cascade,
    role text not null check (role in ('owner', 'editor', 'investigator', 'moderator', 'viewer')),
    incident text references incident,
    given_at timestamptz not null,
    entry_index bigint not null references custody_entry
  )`,
  `create unique index person_role_once on person_role (person, role, coalesce(incident, ''))`,
  `create table invitation (
    code_sha256 sha256 primary key,
    role text not null check (role in ('owner', 'editor', 'investigator', 'moderator', 'viewer')),
    incident text references incident,
    made_by text not null,
    made_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create table machine_token (
    id text primary key check (id ~ '^[0-9a-f]{16}$'),
    secret_sha256 sha256 not null,
    person text not null references sign_in_user on delete cascade,
    name text not null,
    actions text not null,
    incidents text,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create index machine_token_of on machine_token (person)`,
]

export const people: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
