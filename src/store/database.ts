/**
 * A library's database, PostgreSQL either way: embedded in the library's folder
 * (`embedded-database.ts`), or on a server (`server-database.ts`). Same
 * migrations, same queries.
 */
import type { Kysely } from 'kysely'
import type pg from 'pg'

import type { ExecuteSql } from './pool-statements.ts'
import type { Schema } from './schema.ts'

export interface Database {
  readonly kysely: Kysely<Schema>
  /** For what brings its own statements; never awaited inside a transaction. */
  readonly executeSql: ExecuteSql
  /** Where the embedded cluster's files are; a server keeps its own. */
  readonly folder?: string
  /** Open to PostgreSQL, idle of those, and how many wait for one. */
  connections(): { readonly open: number; readonly idle: number; readonly waiting: number }
  close(): Promise<void>
}

export const connectionsOf = (pool: pg.Pool): ReturnType<Database['connections']> => ({
  open: pool.totalCount,
  idle: pool.idleCount,
  waiting: pool.waitingCount,
})
