import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Case } from '../case/case-schema.ts'
import { CaseError, type CaseProblem } from '../case/problem.ts'
import { caseFileName, readCase, type CaseReading } from '../case/read-case.ts'
import { storyFileName } from '../case/directive-attributes.ts'
import { readStory } from '../case/read-story.ts'
import { caseDrafts, recordText, storyDraft } from '../case/record-text.ts'
import type { Story } from '../case/story.ts'
import { IngestError } from '../ingest/ingest-error.ts'
import { receiveFile } from '../ingest/receive.ts'
import { examineItem, type ExaminedItem } from '../ingest/examine-item.ts'
import { lastRecordEntry, readEditedRecords, replaceCaseRecords } from '../store/case-records.ts'
import {
  importCase as recordImport,
  openIncident,
  readCaseFiles,
  readIncidents,
  readLatestCase,
} from '../store/incidents.ts'
import { isInIncident } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { indexIncident } from '../store/search-index.ts'
import type { Agent, Reader } from '../store/store.ts'
import type { Progress } from './progress.ts'
import { searchedCase } from './search-texts.ts'

const maxTextBytes = 4 * 1024 * 1024

export interface ImportedCase {
  readonly case: Case
  readonly story: Story
  readonly locate: CaseReading['locate']
  readonly revision: number
  readonly caseSha256: string
  readonly storySha256: string
  /** By the case's id of footage, photo or document. */
  readonly items: ReadonlyMap<string, ExaminedItem>
}

export interface CaseListener {
  readonly progress: Progress
  /** Called once an item is durable: its acknowledgement. */
  readonly received?: (
    id: string,
    item: { readonly sha256: string; readonly seenBefore: boolean },
  ) => void
}

/**
 * Takes a case folder in: reads and checks `case.yaml` and `story.md`, receives
 * every file they name, examines it, records the revision. Doing it again does
 * only what is missing.
 * @throws CaseError with every problem at once, before anything is written
 */
export async function importCase(
  library: Library,
  agent: Agent,
  folder: string,
  listener: CaseListener,
): Promise<ImportedCase> {
  const caseText = await readText(folder, caseFileName)
  const storyText = await readText(folder, storyFileName)
  const checked = checkCase(caseText, storyText)
  const { facts, locate, story } = checked
  await library.read((reader) => assertRedactionsKept(reader, facts))
  const items = await receiveAll(library, agent, folder, facts, locate, listener)
  const files = new Map(
    filesOf(facts).map((entry) => [entry.file, items.get(entry.id)?.sha256 ?? '']),
  )
  const recorded = await recordCase(library, agent, { caseText, storyText, files }, checked)
  return { case: facts, story, locate, items, ...recorded }
}

interface CaseTexts {
  readonly caseText: string
  readonly storyText: string
  /** The item that each path in the case is. */
  readonly files: ReadonlyMap<string, string>
}

/**
 * The same for a case whose files the incident has already. Returns the revision.
 * @throws CaseError with every problem at once, before anything is written
 */
export async function importTexts(
  library: Library,
  agent: Agent,
  incident: string,
  texts: CaseTexts,
): Promise<number> {
  const checked = checkCase(texts.caseText, texts.storyText)
  const { facts, locate } = checked
  const problems: CaseProblem[] = []
  const say = (path: readonly (string | number)[], message: string): void => {
    problems.push({ code: 'file-missing', file: caseFileName, ...locate(path), message })
  }
  if (facts.incident.id !== incident) {
    say(['incident', 'id'], `is not "${incident}", into which the case was sent`)
  }
  await library.read(async (reader) => {
    for (const { file, path } of filesOf(facts)) {
      const item = texts.files.get(file)
      if (item === undefined) say(path, `${file}: it was not said which item this is`)
      else if (!(await isInIncident(reader, incident, item))) {
        say(path, `${file}: the incident has no item ${item}; upload it first`)
      }
    }
  })
  if (problems.length > 0) throw new CaseError(problems)
  // What the case does not name is none of its files.
  const named = new Map(filesOf(facts).map(({ file }) => [file, texts.files.get(file) ?? '']))
  return (await recordCase(library, agent, { ...texts, files: named }, checked)).revision
}

/** @throws CaseError with every problem at once */
function checkCase(caseText: string, storyText: string) {
  const { case: facts, problems: caseProblems, locate } = readCase(caseText)
  if (facts === undefined) throw new CaseError(caseProblems)
  const { story, references, problems: storyProblems } = readStory(storyText, facts)
  const problems = [...caseProblems, ...storyProblems]
  if (story === undefined || problems.length > 0) throw new CaseError(problems)
  return { facts, locate, story, references }
}

/** What somebody asked at the desk to be covered does not end because a folder knows nothing of it. */
async function assertRedactionsKept(reader: Reader, { incident, redactions }: Case): Promise<void> {
  const said = new Set(redactions.map(recordText))
  const edited = await readEditedRecords(reader, incident.id, 'redactions')
  const problems = edited.flatMap(({ id, body }): CaseProblem[] => {
    if (said.has(body)) return []
    const message =
      `the redaction "${id}" was recorded at the desk and is not here in the same words; ` +
      'put it here as the desk has it, or edit or remove it there first'
    return [{ code: 'redaction-lost', file: caseFileName, line: 1, column: 1, message }]
  })
  if (problems.length > 0) throw new CaseError(problems)
}

async function recordCase(
  library: Library,
  agent: Agent,
  { caseText, storyText, files }: CaseTexts,
  { facts, story, references }: ReturnType<typeof checkCase>,
) {
  const put = (text: string) => library.blobs.putBytes(Buffer.from(text, 'utf8'))
  const { sha256: caseSha256 } = await put(caseText)
  const { sha256: storySha256 } = await put(storyText)
  const { id, title } = facts.incident
  const known = await library.read(async (reader) => {
    const latest = await readLatestCase(reader, id)
    const same = latest?.caseSha256 === caseSha256 && latest.storySha256 === storySha256
    // What was edited since is replaced by what the folder says.
    const changed = (await lastRecordEntry(reader, id)) ?? Infinity
    if (!same || changed > latest.entryIndex) return undefined
    const held = await readCaseFiles(reader, id, latest.revision)
    const sameFiles = [...files].every(([file, item]) => held.get(file) === item)
    return sameFiles ? latest.revision : undefined
  })
  const revision =
    known ??
    (await library.transact(agent, async (tx) => {
      const [incident] = await readIncidents(tx, id)
      if (incident === undefined) await openIncident(tx, { id, title })
      await assertRedactionsKept(tx, facts)
      const hashes = { caseSha256, storySha256, files }
      const imported = await recordImport(tx, { incident: id, title, ...hashes })
      const drafts = [...caseDrafts(facts), storyDraft(storyText, references)]
      await replaceCaseRecords(tx, id, drafts, imported)
      await indexIncident(tx, id, searchedCase(facts, story, imported.revision))
      return imported.revision
    }))
  return { caseSha256, storySha256, revision }
}

interface CaseFileEntry {
  readonly id: string
  readonly file: string
  readonly path: readonly (string | number)[]
}

export function filesOf(facts: Case): CaseFileEntry[] {
  return (['footage', 'photos', 'documents'] as const).flatMap((list) =>
    facts[list].map(({ id, file }, index) => ({ id, file, path: [list, index, 'file'] })),
  )
}

async function receiveAll(
  library: Library,
  agent: Agent,
  folder: string,
  facts: Case,
  locate: CaseReading['locate'],
  { progress, received }: CaseListener,
): Promise<Map<string, ExaminedItem>> {
  const files = filesOf(facts)
  const sha256ById = new Map<string, string>()
  const problems: CaseProblem[] = []
  for (const [index, entry] of files.entries()) {
    progress({ step: 'Receiving', done: index, total: files.length, what: entry.file })
    try {
      const { item, seenBefore } = await receiveFile(library, agent, {
        incident: facts.incident.id,
        incidentTitle: facts.incident.title,
        path: join(folder, entry.file),
        name: entry.file,
        within: folder,
        again: 'is nothing new',
      })
      sha256ById.set(entry.id, item.sha256)
      received?.(entry.id, { sha256: item.sha256, seenBefore })
    } catch (error) {
      // One bad file never stops the others; all are reported together.
      if (!(error instanceof IngestError)) throw error
      const at = locate(entry.path)
      const code = error.code === 'outside-case-folder' ? 'file-path' : 'file-missing'
      problems.push({ code, file: caseFileName, ...at, message: `${entry.file}: ${error.message}` })
    }
  }
  if (problems.length > 0) throw new CaseError(problems)

  const items = new Map<string, ExaminedItem>()
  for (const [index, { id, file }] of files.entries()) {
    const step = { step: 'Examining', done: index, total: files.length, what: file }
    progress(step)
    const sha256 = sha256ById.get(id) ?? ''
    const examined = await examineItem(
      library,
      agent,
      { incident: facts.incident.id, sha256, name: file },
      (share) => progress({ ...step, done: index + share }),
    )
    items.set(id, examined)
  }
  return items
}

/** @throws CaseError for what is not there, too large or not UTF-8 */
export async function readText(folder: string, file: string): Promise<string> {
  const missing = (message: string): CaseError =>
    new CaseError([{ code: 'file-missing', file, line: 1, column: 1, message }])
  const bytes = await readFile(join(folder, file)).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw missing(
      `cannot be read (${reason}); a case folder holds ${caseFileName} and ${storyFileName}`,
    )
  })
  if (bytes.length > maxTextBytes) throw missing(`is larger than ${maxTextBytes} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw missing('is not UTF-8; save it as UTF-8')
  }
}
