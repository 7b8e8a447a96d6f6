/**
 * A library's database, PostgreSQL either way: embedded in the library's folder
 * (`embedded-database.ts`), or on a server (`server-database.ts`). Same
 * migrations, same queries.
 */
import type { Kysely } from 'kysely'

import type { Schema } from './schema.ts'

export interface Database {
  readonly kysely: Kysely<Schema>
  /** Where the embedded cluster's files are; a server keeps its own. */
  readonly folder?: string
  close(): Promise<void>
}
