/**
 * Moves a library's tables between its folder and a PostgreSQL server, or from
 * one server to another. The library is held alone meanwhile, checked before,
 * compared and checked after; only then does `library.json` say where they are.
 * Interrupted at any moment the tables are where they were, or where they were to go.
 */
import { markMovedAway } from './claim-database.ts'
import { copyTables } from './copy-tables.ts'
import { openEmbeddedDatabase } from './embedded-database.ts'
import type { FsckFinding } from './fsck-report.ts'
import { checkLibrary, checkLibraryTables } from './fsck.ts'
import { changeManifest, newDatabaseId } from './library-manifest.ts'
import { openLibrary, removeEmbedded } from './library.ts'
import type { Library, OpenOptions } from './library.ts'
import { openServerDatabase } from './server-database.ts'
import { databaseError } from './store-error.ts'
import { openStore, takeActsLock } from './store.ts'

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
  const library = await openLibrary(folder, { ...options, mustExist: true, alone: true })
  let result: MoveResult | undefined
  try {
    result = await moveOut(library, to, options, onProgress)
    return result
  } catch (error) {
    throw databaseError(error)
  } finally {
    const left = result?.kind === 'moved' && library.database.folder !== undefined
    await library.close(left ? () => removeEmbedded(library.folder) : undefined)
  }
}

async function moveOut(
  library: Library,
  to: string,
  { command, effects }: OpenOptions,
  onProgress: (step: MoveStep) => void,
): Promise<MoveResult> {
  const before = await checkLibrary(library, ({ step, done, total }) =>
    onProgress({ step: `Checking ${step}`, done, total }),
  )
  if (before.findings.length > 0) {
    return { kind: 'damaged', side: 'from', findings: before.findings }
  }
  const size = to === 'embedded' ? 'embedded' : 'server'
  const target =
    size === 'embedded'
      ? await openEmbeddedDatabase(library.folder)
      : await openServerDatabase(to, command, true)
  try {
    return await library.database.kysely
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (source) => {
        // The lock on the folder does not reach a copy of it on another machine.
        await takeActsLock(source)
        const databaseId = newDatabaseId(effects)
        const sums = await copyTables(
          source,
          target.kysely,
          async (sql) =>
            void (await sql.updateTable('log_key').set({ database_id: databaseId }).execute()),
          (done, total) => onProgress({ step: 'Moving rows', done, total }),
        )
        const moved = { ...library, ...openStore(target.kysely, library.folder, effects) }
        const findings = await checkLibraryTables(moved, ({ step, done, total }) =>
          onProgress({ step: `Checking ${step} there`, done, total }),
        )
        if (findings.length > 0) return { kind: 'damaged', side: 'to', findings } as const
        await markMovedAway(source)
        // The one moment at which they move: until here the folder means the other database.
        await changeManifest(library.folder, { database: size, databaseId })
        const rows = sums.reduce((sum, one) => sum + one.rows, 0)
        return { kind: 'moved', tables: sums.length, rows } as const
      })
  } finally {
    await target.close()
  }
}
