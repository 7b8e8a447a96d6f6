/**
 * Moves a library's tables between its folder and a PostgreSQL server, or from
 * one server to another. The library is held alone meanwhile, checked before,
 * compared and checked after; only then does `library.json` say where they are.
 * Interrupted at any moment the tables are where they were, or where they were to go.
 */
import { resolve } from 'node:path'

import { copyTables } from './copy-tables.ts'
import type { Database } from './database.ts'
import { openEmbeddedDatabase } from './embedded-database.ts'
import type { FsckFinding } from './fsck-report.ts'
import { checkLibrary, checkLibraryTables } from './fsck.ts'
import { movedAway, openLibrary, removeEmbedded, setDatabaseSize } from './library.ts'
import type { OpenOptions } from './library.ts'
import { openServerDatabase } from './server-database.ts'
import { databaseError } from './store-error.ts'
import { openStore } from './store.ts'

interface MoveStep {
  readonly step: string
  readonly done: number
  readonly total: number
}

export type MoveResult =
  | { readonly kind: 'moved'; readonly tables: number; readonly rows: number }
  /** Damage, and where it was found; nothing was moved. */
  | {
      readonly kind: 'damaged'
      readonly side: 'from' | 'to'
      readonly findings: readonly FsckFinding[]
    }

/**
 * `to`: the address of an empty database, or `embedded`. `options.databaseUrl`: where the
 * tables are now, if on a server.
 * @throws StoreError as openLibrary, of either side
 */
export async function moveLibrary(
  folder: string,
  to: string,
  options: OpenOptions,
  onProgress: (step: MoveStep) => void,
): Promise<MoveResult> {
  const result = await move(folder, to, options, onProgress)
  // Its last file is closed; until this is through, the next start does it.
  if (result.kind === 'moved' && to !== 'embedded') await removeEmbedded(resolve(folder))
  return result
}

async function move(
  folder: string,
  to: string,
  options: OpenOptions,
  onProgress: (step: MoveStep) => void,
): Promise<MoveResult> {
  const library = await openLibrary(folder, { ...options, mustExist: true, alone: true })
  let target: Database | undefined
  try {
    const before = await checkLibrary(library, ({ step, done, total }) =>
      onProgress({ step: `Checking ${step}`, done, total }),
    )
    if (before.findings.length > 0) {
      return { kind: 'damaged', side: 'from', findings: before.findings }
    }
    target =
      to === 'embedded'
        ? await openEmbeddedDatabase(library.folder)
        : await openServerDatabase(to, options.command, true)
    const sums = await copyTables(library.database.kysely, target.kysely, (done, total) =>
      onProgress({ step: 'Moving rows', done, total }),
    )
    const moved = { ...library, ...openStore(target.kysely, library.folder, options.effects) }
    const findings = await checkLibraryTables(moved, ({ step, done, total }) =>
      onProgress({ step: `Checking ${step} there`, done, total }),
    )
    if (findings.length > 0) return { kind: 'damaged', side: 'to', findings }
    await setDatabaseSize(library.folder, to === 'embedded' ? 'embedded' : 'server')
    await leave(library.database)
    const rows = sums.reduce((sum, one) => sum + one.rows, 0)
    return { kind: 'moved', tables: sums.length, rows }
  } catch (error) {
    throw databaseError(error)
  } finally {
    await target?.close()
    await library.close()
  }
}

/** A server's database is its operator's to drop, but opens as a library no more. */
async function leave({ kysely, folder }: Database): Promise<void> {
  if (folder === undefined) {
    await kysely.updateTable('log_key').set({ vkey: movedAway }).execute()
  }
}
