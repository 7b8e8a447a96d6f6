import { caseSchema, caseLists, type Case } from '../case/case-schema.ts'
import { storyFileName } from '../case/directive-attributes.ts'
import { CaseError } from '../case/problem.ts'
import { caseFileName } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { soleId, type StoryValue } from '../case/record-text.ts'
import { writeCase } from '../case/write-case.ts'
import { lastRecordEntry, readLivingRecords, type LivingRecord } from '../store/case-records.ts'
import { importCase, readCaseFiles, readLatestCase, type CaseRevision } from '../store/incidents.ts'
import { readSightings } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { indexIncident } from '../store/search-index.ts'
import type { Agent, Reader } from '../store/store.ts'
import { filesOf } from './import-case.ts'
import { searchedCase } from './search-texts.ts'

/** As `readCase` reads at most. */
const maxTextBytes = 4 * 1024 * 1024

/**
 * The revision that says what the records say: the latest, or a new one where they were edited since.
 * @throws CaseError `file-missing` where facts or story are not there yet
 */
export async function snapshotCase(
  library: Library,
  agent: Agent,
  incident: string,
): Promise<CaseRevision> {
  for (;;) {
    const { latest, changed, records } = await library.read(async (reader) => {
      const latest = await readLatestCase(reader, incident)
      const changed = await lastRecordEntry(reader, incident)
      const isCurrent = latest !== undefined && (changed ?? 0) <= latest.entryIndex
      const records = isCurrent ? undefined : await readLivingRecords(reader, incident)
      return { latest, changed, records }
    })
    if (records === undefined && latest !== undefined) return latest
    const facts = caseOf(records ?? [])
    const markdown = storyOf(records ?? [])
    if (markdown === undefined) {
      throw missing(storyFileName, 'no story has been written yet; write one')
    }
    const files = await library.read((reader) => itemsOfFiles(reader, facts, latest))
    const { story } = readStory(markdown, facts)
    const put = (text: string) => library.blobs.putBytes(Buffer.from(text, 'utf8'))
    const caseBlob = await put(fitting(caseFileName, writeCase(facts)))
    const storyBlob = await put(fitting(storyFileName, markdown))
    try {
      return await library.transact(agent, async (tx) => {
        const now = await readLatestCase(tx, incident)
        const isAsRead = now?.entryIndex === latest?.entryIndex
        if (!isAsRead || (await lastRecordEntry(tx, incident)) !== changed) {
          throw new EditedMeanwhile()
        }
        const revision = await importCase(tx, {
          incident,
          title: facts.incident.title,
          caseSha256: caseBlob.sha256,
          storySha256: storyBlob.sha256,
          files,
          fromRecords: true,
        })
        await indexIncident(tx, incident, searchedCase(facts, story, revision.revision))
        return revision
      })
    } catch (error) {
      if (!(error instanceof EditedMeanwhile)) throw error
    }
  }
}

async function itemsOfFiles(
  reader: Reader,
  facts: Case,
  earlier: CaseRevision | undefined,
): Promise<Map<string, string>> {
  const itemOf = await readItemOfFile(reader, facts.incident.id, earlier)
  return new Map(
    filesOf(facts).map(({ file }) => {
      const item = itemOf(file)
      if (item !== undefined) return [file, item]
      throw missing(caseFileName, `no item of the incident came as ${file}; add the file`)
    }),
  )
}

/** As the revision before says, else the last that came under the name, else the one of that hash. */
export async function readItemOfFile(
  reader: Reader,
  incident: string,
  earlier: CaseRevision | undefined,
): Promise<(file: string) => string | undefined> {
  const known = earlier && (await readCaseFiles(reader, incident, earlier.revision))
  const sightings = await readSightings(reader, incident)
  // A file may be called like another's hash: what is named by its hash is that.
  const came = new Map([
    ...sightings.map(({ name, item }) => [name, item] as const),
    ...sightings.map(({ item }) => [item, item] as const),
  ])
  return (file) => {
    const before = known?.get(file)
    // Only what is an item of this incident.
    return before !== undefined && came.has(before) ? before : came.get(file)
  }
}

class EditedMeanwhile extends Error {}

/** The case that an incident's records make, as far as it is there. */
export async function readRecordedCase(
  reader: Reader,
  incident: string,
): Promise<Case | undefined> {
  const records = await readLivingRecords(reader, incident)
  return records.some(({ kind }) => kind === soleId.incident) ? caseOf(records) : undefined
}

export function caseOf(records: readonly LivingRecord[]): Case {
  const byKind = Map.groupBy(records, ({ kind }) => kind)
  const values = (kind: string): unknown[] =>
    (byKind.get(kind) ?? []).map(({ body }) => JSON.parse(body) as unknown)
  const [facts] = values(soleId.incident)
  if (facts === undefined) {
    throw missing(
      caseFileName,
      'the incident has no facts yet; give at least title, place and date',
    )
  }
  return caseSchema.parse({
    format: 'sightline-case/1',
    incident: facts,
    ...Object.fromEntries(caseLists.map((list) => [list, values(list)])),
  })
}

export function storyOf(records: readonly LivingRecord[]): string | undefined {
  const story = records.find(({ kind }) => kind === soleId.story)
  return story && (JSON.parse(story.body) as StoryValue).markdown
}

function fitting(file: string, text: string): string {
  if (Buffer.byteLength(text) <= maxTextBytes) return text
  throw missing(file, `would be larger than ${maxTextBytes} bytes; move long notes into documents`)
}

function missing(file: string, message: string): CaseError {
  return new CaseError([{ code: 'file-missing', file, line: 1, column: 1, message }])
}
