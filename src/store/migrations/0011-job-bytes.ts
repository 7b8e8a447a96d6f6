/** How far a job is in bytes, where it counts them: all that there are may not be known. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const jobBytes: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table job add column done_bytes bigint').execute(db)
    await sql.raw('alter table job add column total_bytes bigint').execute(db)
  },
}
