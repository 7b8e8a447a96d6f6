/** Who asked for a job, and so gave its address, is known also when another starts it again. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const jobAsker: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table job add column asked_by text').execute(db)
    await sql.raw('update job set asked_by = actor').execute(db)
    await sql.raw('alter table job alter column asked_by set not null').execute(db)
  },
}
