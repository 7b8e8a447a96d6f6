/** What was published: which revision, and its bundle file by file, each a blob. */
import { sql } from 'kysely'
import type { Blob } from './blobs.ts'
import type { Library } from './library.ts'
import type { Reader, Transactor } from './store.ts'

export interface PublishedFile {
  /** Within the bundle, e.g. `media/angles.mp4`. */
  readonly path: string
  readonly sha256: string
}

/** Records the files of a publication that this transaction has added. */
export async function addPublicationFiles(
  tx: Transactor,
  publication: { readonly incident: string; readonly revision: number },
  files: readonly PublishedFile[],
): Promise<void> {
  const { incident, revision } = publication
  await tx.sql
    .insertInto('publication_file')
    .values(files.map(({ path, sha256 }) => ({ incident, revision, path, blob: sha256 })))
    .execute()
}

/** The entries that its `proof/log/` opens besides its own, ascending. */
export async function addReliedEntries(
  tx: Transactor,
  { incident, revision }: { readonly incident: string; readonly revision: number },
  entries: readonly number[],
): Promise<void> {
  if (entries.length === 0) return
  await tx.sql
    .insertInto('publication_entry')
    .values(entries.map((opened) => ({ incident, revision, opened })))
    .execute()
}

export async function readReliedEntries(
  { sql }: Reader,
  incident: string,
  revision: number,
): Promise<readonly number[]> {
  const rows = await sql
    .selectFrom('publication_entry')
    .select('opened')
    .where('incident', '=', incident)
    .where('revision', '=', revision)
    .orderBy('opened')
    .execute()
  return rows.map(({ opened }) => opened)
}

/** Revisions without any `proof/log/`: recorded by a program that ended before it signed. */
export async function readUnsealed(reader: Reader, incident: string): Promise<readonly number[]> {
  const rows = await reader.sql
    .selectFrom('publication')
    .select('revision')
    .where('incident', '=', incident)
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('publication_file')
            .select('path')
            .whereRef('publication_file.incident', '=', 'publication.incident')
            .whereRef('publication_file.revision', '=', 'publication.revision')
            .where('path', 'like', 'proof/log/%'),
        ),
      ),
    )
    .execute()
  return rows.map(({ revision }) => revision)
}

/** In the order of their paths. */
export async function readPublicationFiles(
  reader: Reader,
  incident: string,
  revision: number,
): Promise<readonly PublishedFile[]> {
  const rows = await reader.sql
    .selectFrom('publication_file')
    .select(['path', 'blob'])
    .where('incident', '=', incident)
    .where('revision', '=', revision)
    .orderBy(sql`path collate "C"`)
    .execute()
  return rows.map(({ path, blob }) => ({ path, sha256: blob }))
}

/** Files of the latest published revision by their path, those of `paths` that it has. */
export async function readLatestFiles(
  reader: Reader,
  incident: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.sql
    .selectFrom('publication_file')
    .select(['path', 'blob'])
    .where('incident', '=', incident)
    .where('path', 'in', [...paths])
    .where('revision', '=', (query) =>
      query
        .selectFrom('publication')
        .select(({ fn }) => fn.max('revision').as('latest'))
        .where('incident', '=', incident),
    )
    .execute()
  return new Map(rows.map(({ path, blob }) => [path, blob]))
}

/** One file of the latest published revision, or undefined where there is none. */
export async function readPublishedFile(
  library: Library,
  incident: string,
  path: string,
): Promise<Blob | undefined> {
  const files = await library.readOne((reader) => readLatestFiles(reader, incident, [path]))
  const sha256 = files.get(path)
  if (sha256 === undefined) return undefined
  const facts = await library.blobs.stat(sha256)
  return facts === undefined ? undefined : { sha256, sizeBytes: facts.sizeBytes }
}
