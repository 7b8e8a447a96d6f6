import { text } from 'node:stream/consumers'
import { readCase } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { caseDrafts, storyDraft } from '../case/record-text.ts'
import { replaceCaseRecords } from '../store/case-records.ts'
import { addCaseFiles, readCaseFiles, readLatestCase } from '../store/incidents.ts'
import { readSightings, storableName } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { StoreError } from '../store/store-error.ts'
import type { Agent, Reader } from '../store/store.ts'
import { filesOf } from './import-case.ts'

/**
 * Gives the records of their latest case to incidents that were imported before there were records:
 * each as the entry of that import says, so this is no act. An incident whose texts cannot be read
 * keeps no other from its records.
 */
export async function fillRecords(
  library: Library,
  agent: Agent,
  onError: (error: StoreError) => void,
): Promise<void> {
  for (const incident of await library.read(withoutRecords)) {
    try {
      await fill(library, agent, incident)
    } catch (error) {
      if (!(error instanceof StoreError) || !unreadable.has(error.code)) throw error
      onError(error)
    }
  }
}

const unreadable: ReadonlySet<string> = new Set([
  'blob-missing',
  'blob-damaged',
  'blobs-unavailable',
])

async function fill(library: Library, agent: Agent, incident: string): Promise<void> {
  const latest = await library.read((reader) => readLatestCase(reader, incident))
  if (latest === undefined) return
  const textOf = (sha256: string) => text(library.blobs.read(sha256))
  const { case: facts } = readCase(await textOf(latest.caseSha256))
  if (facts === undefined) return
  const markdown = await textOf(latest.storySha256)
  const drafts = [...caseDrafts(facts), storyDraft(markdown, readStory(markdown, facts).references)]
  await library.transactWithoutEntry(agent, async (tx) => {
    if ((await withoutRecords(tx, incident)).length === 0) return
    await replaceCaseRecords(tx, incident, drafts, latest)
    if ((await readCaseFiles(tx, incident, latest.revision)).size > 0) return
    const names = filesOf(facts).map(({ file }) => file)
    const files = await soleItems(tx, incident, names)
    if (files !== undefined) await addCaseFiles(tx, latest, files)
  })
}

/** By name; undefined where one came never, or as several items. */
async function soleItems(
  reader: Reader,
  incident: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const came = Map.groupBy(await readSightings(reader, incident), ({ name }) => name)
  const files = new Map<string, string>()
  for (const name of names) {
    const items = new Set(came.get(storableName(name))?.map(({ item }) => item))
    const [item] = items
    if (item === undefined || items.size > 1) return undefined
    files.set(name, item)
  }
  return files
}

async function withoutRecords({ sql }: Reader, only?: string): Promise<string[]> {
  let query = sql
    .selectFrom('case_revision')
    .select('incident')
    .distinct()
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('case_record')
            .select('id')
            .whereRef('case_record.incident', '=', 'case_revision.incident'),
        ),
      ),
    )
  if (only !== undefined) query = query.where('incident', '=', only)
  return (await query.execute()).map(({ incident }) => incident)
}
