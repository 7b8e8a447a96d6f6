import type { BundleFile } from '../case/bundle.ts'
import type { Redaction } from '../case/case-schema.ts'
import type { RenderedPart } from '../case/exhibit.ts'
import { recordText } from '../case/record-text.ts'
import { formatManifest, manifestPath } from '../custody/manifest.ts'
import { proofLogFiles } from '../custody/proof-log.ts'
import { encodeRecipe } from '../custody/recipe.ts'
import { readLivingRecords } from '../store/case-records.ts'
import { readTree, signedCheckpoint } from '../store/checkpoints.ts'
import { openEntries } from '../store/custody-log.ts'
import { addPublication, readPublications, type Publication } from '../store/incidents.ts'
import { readSightings } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import {
  addPublicationFiles,
  addReliedEntries,
  readPublicationFiles,
  readReliedEntries,
  readUnsealed,
  type PublishedFile,
} from '../store/publications.ts'
import type { Agent, Reader, Transactor } from '../store/store.ts'
import { JobError } from './job-error.ts'

/** What a bundle relies on besides its exhibits. */
export interface Reliance {
  readonly parts: readonly RenderedPart[]
  /** SHA-256 of every original the case names. */
  readonly items: readonly string[]
  /** Of the custody entries that record the alignment. */
  readonly alignmentEntries: readonly number[]
}

/**
 * Records a publication with every file of its bundle but `proof/log/`: recipes
 * and manifest are added here.
 */
export async function recordPublication(
  library: Library,
  agent: Agent,
  {
    redactions,
    ...publication
  }: {
    readonly incident: string
    readonly revision: number
    readonly contentSha256: string
    readonly caseRevision: number
    /** Of that case: none has been recorded since. */
    readonly redactions: readonly Redaction[]
  },
  bundle: readonly BundleFile[],
  reliance: Reliance,
): Promise<Publication> {
  const files: PublishedFile[] = []
  for (const file of bundle) {
    const sha256 = 'blob' in file ? file.blob : await keep(library, file.bytes)
    files.push({ path: file.path, sha256 })
  }
  const recipes = await Promise.all(reliance.parts.map((part) => encodeRecipe(part.recipe)))
  for (const [path, text] of new Map(recipes.map((recipe) => [recipe.path, recipe.text]))) {
    files.push({ path, sha256: await keep(library, Buffer.from(text, 'utf8')) })
  }
  const manifestSha256 = await keep(library, Buffer.from(formatManifest(files), 'utf8'))
  return library.transact(agent, async (tx) => {
    await assertNewest(tx, publication)
    await assertRedactionsKnown(tx, publication.incident, redactions)
    const published = await addPublication(tx, { ...publication, manifestSha256 })
    await addPublicationFiles(tx, publication, [
      ...files,
      { path: manifestPath, sha256: manifestSha256 },
    ])
    await addReliedEntries(tx, publication, await reliedEntries(tx, publication.incident, reliance))
    return published
  })
}

/** Work on an older case may end after that on a newer one: what was taken out must not come back. */
async function assertNewest(
  tx: Transactor,
  { incident, caseRevision }: { readonly incident: string; readonly caseRevision: number },
): Promise<void> {
  const last = (await readPublications(tx, incident)).at(-1)
  if (last?.caseRevision === undefined || last.caseRevision <= caseRevision) return
  throw new JobError(
    'superseded',
    `"${incident}" was published meanwhile as case revision ${last.caseRevision} says; revision ` +
      `${caseRevision} is older and is not published any more.`,
  )
}

/** What somebody asked to be covered while the exhibits were made must not go out all the same. */
async function assertRedactionsKnown(
  tx: Transactor,
  incident: string,
  known: readonly Redaction[],
): Promise<void> {
  const bodies = new Set(known.map(recordText))
  const recorded = await readLivingRecords(tx, incident, ['redactions'])
  const missed = recorded.filter(({ body }) => !bodies.has(body)).map(({ id }) => `"${id}"`)
  if (missed.length === 0) return
  throw new JobError(
    'superseded',
    `Redactions of "${incident}" were recorded or edited meanwhile: ${missed.join(', ')}. ` +
      'Publish it again; what they cover is looked for then.',
  )
}

/**
 * Closes a recorded publication, unless that has been done: signs a checkpoint
 * and opens every record that the bundle relies on, with its receipt. Apart from
 * the recording, so that nothing is ever signed over entries that a rollback
 * takes back; a job that was interrupted between the two does this when it is
 * run again. Returns all files of the bundle.
 */
export async function sealPublication(
  library: Library,
  agent: Agent,
  publication: Publication,
  reliance: Reliance,
): Promise<readonly PublishedFile[]> {
  const { incident, revision } = publication
  const isOpen = await library.read(async (reader) =>
    (await readUnsealed(reader, incident)).includes(revision),
  )
  if (isOpen) await seal(library, agent, publication, reliance)
  return library.read((reader) => readPublicationFiles(reader, incident, revision))
}

/** The same for what was recorded before and never closed. */
export async function sealEarlier(
  library: Library,
  agent: Agent,
  publications: readonly Publication[],
): Promise<void> {
  const [first] = publications
  if (first === undefined) return
  const open = await library.read((reader) => readUnsealed(reader, first.incident))
  for (const publication of publications) {
    if (open.includes(publication.revision)) await seal(library, agent, publication)
  }
}

/** `reliance`: of what was recorded by a version that did not keep on which entries it relies. */
async function seal(
  library: Library,
  agent: Agent,
  publication: Publication,
  reliance?: Reliance,
): Promise<void> {
  const { incident, revision, entryIndex } = publication
  const signed = await library.transactWithoutEntry(agent, async (tx) => {
    const kept = await readReliedEntries(tx, incident, revision)
    const entries =
      kept.length === 0 && reliance ? await reliedEntries(tx, incident, reliance) : kept
    // Older versions did not keep it; a story may also rely on nothing but its own entry.
    if (entries.length === 0 && reliance === undefined) return undefined
    const checkpoint = await signedCheckpoint(tx, library.signer)
    const opened = await openEntries(tx, [...entries, entryIndex])
    return { checkpoint, opened, tree: await readTree(tx) }
  })
  if (signed === undefined) return
  const files: PublishedFile[] = []
  for (const { path, bytes } of await proofLogFiles({ key: library.signer, ...signed })) {
    files.push({ path, sha256: await keep(library, bytes) })
  }
  await library.transactWithoutEntry(agent, async (tx) => {
    // Somebody else may have closed it meanwhile.
    if (!(await readUnsealed(tx, incident)).includes(revision)) return
    await addPublicationFiles(tx, publication, files)
  })
}

async function reliedEntries(
  reader: Reader,
  incident: string,
  { parts, items, alignmentEntries }: Reliance,
): Promise<readonly number[]> {
  const entries = [
    ...(await receptionsOf(reader, incident, new Set(items))),
    ...parts.map((part) => part.entryIndex),
    ...alignmentEntries,
  ]
  return [...new Set(entries)].toSorted((a, b) => a - b)
}

/** The entries that record this incident's first reception of each item. */
async function receptionsOf(
  reader: Reader,
  incident: string,
  items: ReadonlySet<string>,
): Promise<readonly number[]> {
  const first = new Map<string, number>()
  for (const { item, entryIndex } of await readSightings(reader, incident)) {
    if (items.has(item) && !first.has(item)) first.set(item, entryIndex)
  }
  return [...first.values()]
}

async function keep(library: Library, bytes: Uint8Array): Promise<string> {
  const { sha256 } = await library.blobs.putBytes(bytes)
  return sha256
}
