/** How often somebody tried to sign in, and from which address, is kept in memory only. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const attemptsInMemory: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('drop table sign_in_rate_limit').execute(db)
  },
}
