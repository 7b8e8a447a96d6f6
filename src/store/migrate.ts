/** Brings a database's tables up to date, the same on both sizes of database. */
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'

import { library } from './migrations/0001-library.ts'
import { logKey } from './migrations/0002-log-key.ts'
import { collection } from './migrations/0003-collection.ts'
import { job } from './migrations/0004-job.ts'
import { search } from './migrations/0005-search.ts'
import { people } from './migrations/0006-people.ts'
import { caseRecords } from './migrations/0007-case-records.ts'
import { uploads } from './migrations/0008-uploads.ts'
import { publicationCase } from './migrations/0009-publication-case.ts'
import { attemptsInMemory } from './migrations/0010-attempts-in-memory.ts'
import { jobBytes } from './migrations/0011-job-bytes.ts'
import { jobAsker } from './migrations/0012-job-asker.ts'
import { recoveryLink } from './migrations/0013-recovery-link.ts'
import { erasedTraces } from './migrations/0014-erased-traces.ts'
import type { Schema } from './schema.ts'
import { StoreError } from './store-error.ts'

const migrations = {
  '0001-library': library,
  '0002-log-key': logKey,
  '0003-collection': collection,
  '0004-job': job,
  '0005-search': search,
  '0006-people': people,
  '0007-case-records': caseRecords,
  '0008-uploads': uploads,
  '0009-publication-case': publicationCase,
  '0010-attempts-in-memory': attemptsInMemory,
  '0011-job-bytes': jobBytes,
  '0012-job-asker': jobAsker,
  '0013-recovery-link': recoveryLink,
  '0014-erased-traces': erasedTraces,
}

/**
 * Runs what is missing, in one transaction under a lock of the database's own, so that several
 * programs may start at once. @throws StoreError `library-too-new`
 */
export async function migrate(kysely: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  const known = new Set(Object.keys(migrations))
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(kysely)
  const newer = done.rows.find(({ name }) => !known.has(name))
  if (newer === undefined) throw error
  throw new StoreError(
    'library-too-new',
    `The library was written by a newer version of Sightline (migration ${newer.name}). Install that version.`,
    { cause: error },
  )
}
