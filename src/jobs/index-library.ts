/**
 * Indexes what the search does not know yet: incidents and documents taken in by an older
 * version. Acts of this one index what they say themselves, so there is nothing to do mostly.
 */
import { ZodError } from 'zod'

import type { Case } from '../case/case-schema.ts'
import { readCase } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { soleId } from '../case/record-text.ts'
import { lastRecordEntry, readLivingRecords, type LivingRecord } from '../store/case-records.ts'
import { readIncidents, readLatestCase, titleAlone, type CaseRevision } from '../store/incidents.ts'
import { readFacts } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import {
  forgetIndex,
  hasEdited,
  indexIncident,
  indexItem,
  readUnindexed,
} from '../store/search-index.ts'
import type { SearchedCase } from '../store/search-index.ts'
import type { Agent } from '../store/store.ts'
import type { Progress } from './progress.ts'
import { searchedCase } from './search-texts.ts'
import { caseOf, storyOf } from './snapshot-case.ts'

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
  const { read, changed, records } = await library.read(async (reader) => ({
    read: await readLatestCase(reader, id),
    changed: await lastRecordEntry(reader, id),
    records: await readLivingRecords(reader, id),
  }))
  const revision = read?.revision ?? 0
  const recorded = records.length > 0 ? recordsSaid(records, revision) : undefined
  const said = records.length > 0 ? recorded : read && (await readSaid(library, read))
  await library.transactWithoutEntry(agent, async (tx) => {
    const [incident] = await readIncidents(tx, id)
    const latest = await readLatestCase(tx, id)
    // Another program imported a case meanwhile, and indexed it; or it was edited, and waits again.
    if (incident === undefined || latest?.revision !== read?.revision) return
    if ((await lastRecordEntry(tx, id)) !== changed) return
    const unread = { ...titleAlone(incident.title), revision }
    const isBare = recorded !== undefined && !hasFacts(records)
    await indexIncident(tx, id, isBare ? withoutFacts(unread, recorded) : (said ?? unread))
  })
}

/** Before a search: what was edited since the last one. */
export async function indexEdited(library: Library, agent: Agent): Promise<void> {
  if (!(await library.readOne(hasEdited))) return
  await indexLibrary(library, agent, () => undefined)
}

/**
 * As they are now, whatever the latest revision says. Undefined where an older version took what this
 * one does not: the title is found all the same, and so is all that other incidents say.
 */
function recordsSaid(records: readonly LivingRecord[], revision: number): SearchedCase | undefined {
  const facts = factsOf(hasFacts(records) ? records : [...records, noFacts])
  if (facts === undefined) return undefined
  const markdown = storyOf(records)
  const story = markdown === undefined ? undefined : readStory(markdown, facts).story
  return searchedCase(facts, story, revision)
}

function factsOf(records: readonly LivingRecord[]): Case | undefined {
  try {
    return caseOf(records)
  } catch (error) {
    if (error instanceof ZodError) return undefined
    throw error
  }
}

const hasFacts = (records: readonly LivingRecord[]): boolean =>
  records.some(({ kind }) => kind === soleId.incident)

/** In the place of an incident's facts until somebody has written them; nothing of it is searched. */
const noFacts: LivingRecord = {
  kind: soleId.incident,
  id: soleId.incident,
  version: 0,
  body: JSON.stringify({ id: 'unknown', title: 'Unknown', place: 'Unknown', date: '2000' }),
}

/** What was recorded before the facts were, of an incident of which the title alone is known. */
function withoutFacts(alone: SearchedCase, { texts, openQuestions }: SearchedCase): SearchedCase {
  const recorded = texts.filter(({ kind }) => kind !== 'incident')
  return { ...alone, openQuestions, texts: [...alone.texts, ...recorded] }
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
