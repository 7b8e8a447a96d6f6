/**
 * Rechecks a whole library: in goes an open library, out comes every damage by
 * name. Nothing is changed or repaired, and nothing stops at the first finding.
 * What it cannot see is said in docs/formats/library.md.
 */
import { sql } from 'kysely'

import { checkBlobs } from './fsck-blobs.ts'
import { checkLog } from './fsck-log.ts'
import type { FsckCount, FsckFinding, FsckProgress, FsckReport, Report } from './fsck-report.ts'
import { checkRows } from './fsck-rows.ts'
import type { NeededBlob } from './fsck-rows.ts'
import { checkSearch } from './fsck-search.ts'
import type { Library } from './library.ts'
import { checkPages } from './page-checksums.ts'
import { StoreError, errorCode } from './store-error.ts'

export async function checkLibrary(
  library: Library,
  onProgress: (progress: FsckProgress) => void = () => undefined,
): Promise<FsckReport> {
  const findings: FsckFinding[] = []
  const report: Report = (code, what, message) => findings.push({ code, what, message })
  const counted = emptyCount()

  onProgress({ step: 'database', done: 0, total: 1 })
  counted.pages = await checkDatabaseFiles(library, report)
  onProgress({ step: 'database', done: 1, total: 1 })

  const needed = await checkTables(library, counted, report, onProgress)

  const checked = await checkBlobs(
    library.blobs,
    needed ?? [],
    async () => (await neededBlobs(library)) ?? needed ?? [],
    report,
    (done, total) => onProgress({ step: 'blobs', done, total }),
  )
  counted.blobs = checked.blobs
  counted.blobBytes = checked.blobBytes
  // Without the tables nobody knows what is needed.
  const notes = checked.notes.filter(
    ({ code }) => needed !== undefined || code !== 'blob-unreferenced',
  )
  const searched = needed === undefined ? [] : await library.read(checkSearch)
  return { findings, notes: [...notes, ...searched], counted }
}

const emptyCount = (): FsckCount => ({
  pages: 0,
  blobs: 0,
  blobBytes: 0,
  entries: 0,
  checkpoints: 0,
  incidents: 0,
  items: 0,
  sightings: 0,
  findings: 0,
  collections: 0,
  derivatives: 0,
  caseRevisions: 0,
  caseRecords: 0,
  comments: 0,
  alignments: 0,
  publications: 0,
  links: 0,
  tips: 0,
})

/** A server's files are not here: `pg_amcheck` and its checksums look after them. */
async function checkDatabaseFiles({ database }: Library, report: Report): Promise<number> {
  if (database.folder === undefined) return 0
  await sql`checkpoint`.execute(database.kysely)
  const { pages, damaged } = await checkPages(database.folder)
  for (const { file, page } of damaged) {
    report('page-damaged', `database/${file}`, `Page ${page} does not have its checksum.`)
  }
  return pages
}

/** The same of the tables alone. */
export async function checkLibraryTables(
  library: Library,
  onProgress: (progress: FsckProgress) => void,
): Promise<readonly FsckFinding[]> {
  const findings: FsckFinding[] = []
  const report: Report = (code, what, message) => findings.push({ code, what, message })
  await checkTables(library, emptyCount(), report, onProgress)
  return findings
}

/**
 * The blobs that some row relies on; undefined where the database cannot be read. What else is wrong
 * with the tables is not told here.
 */
export async function neededBlobs(library: Library): Promise<readonly NeededBlob[] | undefined> {
  const unheard: Report = () => undefined
  return checkTables(library, emptyCount(), unheard, () => undefined)
}

/** Undefined where the database cannot be read. */
async function checkTables(
  library: Library,
  counted: FsckCount,
  report: Report,
  onProgress: (progress: FsckProgress) => void,
): Promise<NeededBlob[] | undefined> {
  try {
    return await library.read(async (reader) => {
      const log = await checkLog(reader, library.signer, report, (done, total) =>
        onProgress({ step: 'log', done, total }),
      )
      counted.entries = log.entries
      counted.checkpoints = log.checkpoints
      return checkRows(reader, log.records, counted, report)
    })
  } catch (error) {
    // PostgreSQL's class XX: internal error, data corrupted, index corrupted.
    const code = errorCode(error) ?? ''
    if (error instanceof StoreError || !code.startsWith('XX')) throw error
    report('database-unreadable', 'database', `A table cannot be read (PostgreSQL error ${code}).`)
    return undefined
  }
}
