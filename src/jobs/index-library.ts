/**
 * Indexes what the search does not know yet: incidents and documents taken in by an older
 * version. Acts of this one index what they say themselves, so there is nothing to do mostly.
 */
import { readCase } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { readIncidents, readLatestCase, titleAlone, type CaseRevision } from '../store/incidents.ts'
import { readFacts } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { forgetIndex, indexIncident, indexItem, readUnindexed } from '../store/search-index.ts'
import type { SearchedCase } from '../store/search-index.ts'
import type { Agent } from '../store/store.ts'
import type { Progress } from './progress.ts'
import { searchedCase } from './search-texts.ts'

/** Returns how many incidents and items were indexed. `anew`: all of them. */
export async function indexLibrary(
  library: Library,
  agent: Agent,
  progress: Progress,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<number> {
  if (anew) await library.transactWithoutEntry(agent, forgetIndex)
  const { incidents, items } = await library.read(readUnindexed)
  const total = incidents.length + items.length
  for (const [index, incident] of incidents.entries()) {
    progress({ step: 'Indexing', done: index, total, what: incident })
    await indexOne(library, agent, incident)
  }
  for (const [index, item] of items.entries()) {
    progress({ step: 'Indexing', done: incidents.length + index, total, what: item })
    await library.transactWithoutEntry(agent, async (tx) => {
      const facts = await readFacts(tx, item)
      if (facts !== undefined) await indexItem(tx, item, facts)
    })
  }
  return total
}

async function indexOne(library: Library, agent: Agent, id: string): Promise<void> {
  const read = await library.read((reader) => readLatestCase(reader, id))
  const said = read === undefined ? undefined : await readSaid(library, read)
  await library.transactWithoutEntry(agent, async (tx) => {
    const [incident] = await readIncidents(tx, id)
    const latest = await readLatestCase(tx, id)
    // Another program imported a case meanwhile, and indexed it.
    if (incident === undefined || latest?.revision !== read?.revision) return
    const unread = { ...titleAlone(incident.title), revision: latest?.revision ?? 0 }
    await indexIncident(tx, id, said ?? unread)
  })
}

/** Undefined where the case cannot be read: its title is found all the same, and fsck says why. */
async function readSaid(
  { blobs }: Library,
  { caseSha256, storySha256, revision }: CaseRevision,
): Promise<SearchedCase | undefined> {
  const textOf = async (sha256: string): Promise<string | undefined> => {
    try {
      const parts: Uint8Array[] = []
      for await (const part of blobs.read(sha256)) parts.push(part)
      return Buffer.concat(parts).toString('utf8')
    } catch {
      return undefined
    }
  }
  const { case: facts } = readCase((await textOf(caseSha256)) ?? '')
  if (facts === undefined) return undefined
  const story = await textOf(storySha256)
  return searchedCase(
    facts,
    story === undefined ? undefined : readStory(story, facts).story,
    revision,
  )
}
