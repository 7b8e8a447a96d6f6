/** A way back in for who lost a password or an authenticator app. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const recoveryLink: Migration = {
  async up(db: Kysely<unknown>) {
    await sql
      .raw(
        `create table recovery_link (
          person text primary key references sign_in_user on delete cascade,
          code_sha256 sha256 not null unique,
          made_by text not null,
          expires_at timestamptz not null
        )`,
      )
      .execute(db)
  },
}
