import type { BundleFile } from '../case/bundle.ts'
import type { RenderedExhibit } from '../case/exhibit.ts'
import { formatManifest, manifestPath } from '../custody/manifest.ts'
import { proofLogFiles } from '../custody/proof-log.ts'
import { encodeRecipe } from '../custody/recipe.ts'
import { readTree, signedCheckpoint } from '../store/checkpoints.ts'
import { openEntries } from '../store/custody-log.ts'
import { addPublication, type Publication } from '../store/incidents.ts'
import { readSightings } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { addPublicationFiles, type PublishedFile } from '../store/publications.ts'
import type { Agent, Reader } from '../store/store.ts'

const maxFileBytes = 64 * 2 ** 30

export interface SealedBundle extends Publication {
  readonly files: readonly PublishedFile[]
}

/**
 * Closes a bundle: recipes and manifest are added, the publication is recorded,
 * a checkpoint signed, and every record that the bundle relies on opened with
 * its receipt. One transaction: a publication stands with its whole proof or
 * not at all.
 */
export async function sealBundle(
  library: Library,
  agent: Agent,
  publication: {
    readonly incident: string
    readonly revision: number
    readonly contentSha256: string
  },
  bundle: readonly BundleFile[],
  exhibits: readonly RenderedExhibit[],
  relied: { readonly items: Iterable<string>; readonly alignmentEntries: readonly number[] },
): Promise<SealedBundle> {
  const parts = exhibits.flatMap((exhibit) => exhibit.parts)
  const recipes = await Promise.all(parts.map((part) => encodeRecipe(part.recipe)))
  const recipeFiles = new Map(recipes.map(({ path, text }) => [path, Buffer.from(text, 'utf8')]))
  const files: PublishedFile[] = []
  for (const file of bundle) {
    files.push({
      path: file.path,
      sha256: 'blob' in file ? file.blob : await keep(library, file.bytes),
    })
  }
  for (const [path, bytes] of recipeFiles) files.push({ path, sha256: await keep(library, bytes) })
  const manifestSha256 = await keep(library, Buffer.from(formatManifest(files), 'utf8'))

  return library.transact(agent, async (tx) => {
    const published = await addPublication(tx, { ...publication, manifestSha256 })
    const checkpoint = await signedCheckpoint(tx, library.signer)
    const entries = [
      ...(await receptionsOf(tx, publication.incident, new Set(relied.items))),
      ...parts.map((part) => part.entryIndex),
      ...relied.alignmentEntries,
      published.entryIndex,
    ]
    const opened = await openEntries(
      tx,
      [...new Set(entries)].toSorted((a, b) => a - b),
    )
    const log = await proofLogFiles({
      key: library.signer,
      checkpoint,
      tree: await readTree(tx),
      opened,
    })
    const all = [...files, { path: manifestPath, sha256: manifestSha256 }]
    for (const { path, bytes } of log) all.push({ path, sha256: await keep(library, bytes) })
    await addPublicationFiles(tx, publication, all)
    return { ...published, files: all }
  })
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
  const { sha256 } = await library.blobs.putStream(once(bytes), { maxBytes: maxFileBytes })
  return sha256
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
