/** Which revision of the case a publication is of: an older one does not take the place of a newer. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const publicationCase: Migration = {
  async up(db: Kysely<unknown>) {
    await sql.raw('alter table publication add column case_revision bigint').execute(db)
  },
}
