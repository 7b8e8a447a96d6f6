/**
 * One edit of one record of a case is one act: it says which version it was made
 * from, is checked for shape and references against the records that it names or
 * that name it, and leaves what was there before.
 */
import { createHash } from 'node:crypto'
import { storyFileName, storyLists } from '../case/directive-attributes.ts'
import { nameOf, shapeIssues, type CaseIssue } from '../case/case-issues.ts'
import {
  recordSchemas,
  type Account,
  type RecordKind,
  type RecordValue,
} from '../case/case-schema.ts'
import { readStory, type StoryLists } from '../case/read-story.ts'
import {
  draftOf,
  recordAddress,
  recordText,
  soleId,
  storyDraft,
  type CaseRecordKind,
  type RecordDraft,
  type StoryValue,
} from '../case/record-text.ts'
import { otherLists, recordIssues, referencesOf, type KnownRecords } from '../case/references.ts'
import {
  nextNumberedId,
  readCaseRecord,
  readLivingRecords,
  readNamedRecords,
  readReferrers,
  writeCaseRecord,
  type CaseRecord,
  type RecordKey,
} from '../store/case-records.ts'
import { appendEntry } from '../store/custody-log.ts'
import { openIncident, readIncidents } from '../store/incidents.ts'
import { hasFile } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Reader, Transactor } from '../store/store.ts'
import { EditError, type EditIssue } from './edit-error.ts'
import { recordsChanged } from './records-changed.ts'

export interface RecordEdit {
  readonly incident: string
  readonly kind: CaseRecordKind
  /** Absent for a new record: its own id, or for an anchor the next number. */
  readonly id?: string
  /** The version that it was made from, or that there was none. Saying the same again changes nothing. */
  readonly from: number | 'none'
  /** Undefined to remove it. */
  readonly value: unknown
}

/** @throws EditError */
export async function editRecord(
  library: Library,
  agent: Agent,
  edit: RecordEdit,
): Promise<CaseRecord> {
  const shaped = edit.value === undefined ? undefined : wellShaped(edit.kind, edit.value)
  const { incident, kind, id } = edit
  if (shaped !== undefined && id !== undefined) {
    const known = await library.readOne((reader) => readCaseRecord(reader, { incident, kind, id }))
    // Sent again because the answer was lost: the version that it made is there.
    const isMade =
      typeof edit.from === 'number' &&
      known?.version === edit.from + 1 &&
      known.changedBy === agent.actor
    const isThere = known?.version === edit.from || isMade
    if (known !== undefined && isThere && known.body === recordText(shaped.value)) return known
  }
  return library.transact(agent, (tx) => editInAct(tx, edit, shaped))
}

/** Opens an incident of which no more than its title is known yet. @throws EditError */
export async function openBare(
  library: Library,
  agent: Agent,
  incident: { readonly id: string; readonly title: string },
): Promise<void> {
  await library.transact(agent, async (tx) => {
    await requireNew(tx, incident.id)
    await openIncident(tx, incident)
  })
}

/** Opens an incident with its first facts, in one act. @throws EditError */
export async function openCase(
  library: Library,
  agent: Agent,
  value: unknown,
): Promise<CaseRecord> {
  const shaped = wellShaped('incident', value)
  const { id, title } = shaped.value as RecordValue<'incident'>
  return library.transact(agent, async (tx) => {
    await requireNew(tx, id)
    await openIncident(tx, { id, title })
    return editInAct(tx, { incident: id, kind: 'incident', from: 'none', value }, shaped)
  })
}

async function requireNew(tx: Transactor, id: string): Promise<void> {
  if ((await readIncidents(tx, id)).length === 0) return
  throw new EditError('incident-exists', `There is an incident "${id}"; choose another id.`)
}

/** What a schema has read; its kind goes with it. */
type Shaped =
  | { readonly kind: 'story'; readonly value: StoryValue }
  | { [Kind in RecordKind]: { readonly kind: Kind; readonly value: RecordValue<Kind> } }[RecordKind]

/** @throws EditError `record-invalid` */
function wellShaped(kind: CaseRecordKind, value: unknown): Shaped {
  if (kind === 'story') {
    const { markdown } = Object(value) as { readonly markdown?: unknown }
    if (typeof markdown === 'string' && markdown.isWellFormed())
      return { kind, value: { markdown } }
    throw invalid([{ code: 'case-shape', path: ['markdown'], says: 'is not text' }])
  }
  const read = recordSchemas[kind].safeParse(value)
  if (!read.success) throw invalid(shapeIssues(read.error))
  try {
    recordText(read.data)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw invalid([{ code: 'case-shape', path: [], says: `holds ${error.message}` }])
  }
  return { kind, value: read.data } as Shaped
}

function toDraft(shaped: Exclude<Shaped, { readonly kind: 'story' }>): RecordDraft {
  return draftOf<RecordKind>(shaped.kind, shaped.value)
}

async function editInAct(
  tx: Transactor,
  { incident, kind, id: named, from }: RecordEdit,
  shaped: Shaped | undefined,
): Promise<CaseRecord> {
  const id = named ?? (await newId(tx, incident, kind, shaped))
  const key = { incident, kind, id }
  const before = await readCaseRecord(tx, key)
  if (before === undefined && (await readIncidents(tx, incident)).length === 0) {
    throw new EditError('incident-missing', `There is no incident "${incident}".`)
  }
  assertVersion(key, before, from)
  const draft = shaped === undefined ? undefined : await checked(tx, key, shaped, before)
  if (draft === undefined) await assertUnused(tx, key)
  const version = (before?.version ?? 0) + 1
  const entry = { incident, kind, record: id, version }
  const entryIndex = await appendEntry(
    tx,
    draft === undefined
      ? { type: 'case-record-removed', ...entry }
      : { type: 'case-record-edited', ...entry, bodySha256: sha256Hex(draft.body) },
  )
  const record = await writeCaseRecord(tx, key, draft, before, entryIndex)
  await recordsChanged(tx, incident, [{ kind, id, body: record.body ?? null }])
  return record
}

async function newId(
  reader: Reader,
  incident: string,
  kind: CaseRecordKind,
  shaped: Shaped | undefined,
): Promise<string> {
  if (kind === 'incident' || kind === 'story') return soleId[kind]
  const { id } = Object(shaped?.value) as { readonly id?: string }
  return id ?? nextNumberedId(reader, incident, kind)
}

function assertVersion(
  { kind, id }: RecordKey,
  before: CaseRecord | undefined,
  from: number | 'none',
): void {
  const what = recordAddress(kind, id)
  const exists = before?.body !== undefined
  if (from === 'none') {
    if (!exists) return
    throw new EditError('record-exists', `${what} exists; edit it, or choose another id.`, {
      current: before,
    })
  }
  if (before === undefined) throw new EditError('record-missing', `There is no ${what}.`)
  if (before.version === from && exists) return
  const done = exists ? 'edited' : 'removed'
  throw new EditError(
    'version-conflict',
    `${what} was ${done} by ${before.changedBy} at ${before.changedAt}: that is version ` +
      `${before.version}, yours is made from ${from}. Look at both, then edit the current one.`,
    { current: before },
  )
}

async function checked(
  tx: Transactor,
  key: RecordKey,
  shaped: Shaped,
  before: CaseRecord | undefined,
): Promise<RecordDraft> {
  if (shaped.kind === 'story') return checkedStory(tx, key.incident, shaped.value)
  const draft = toDraft(shaped)
  const own = Object(shaped.value) as { readonly id?: string; readonly file?: string }
  const expected = key.kind === 'incident' ? key.incident : key.id
  if (own.id !== undefined && own.id !== expected) {
    const says = `is "${own.id}", and this is "${expected}"; an id does not change: remove this one and make another`
    throw invalid([{ code: 'case-shape', path: ['id'], says }])
  }
  const references = referencesOf<RecordKind>(shaped.kind, shaped.value)
  const names = [
    ...references.map(({ list, id }) => ({ kind: list, id })),
    ...otherLists(shaped.kind).map((list) => ({ kind: list, id: key.id })),
  ]
  // A record may name itself, and be new.
  const known = knownRecords(await readNamedRecords(tx, key.incident, names), key)
  const issues = recordIssues<RecordKind>(shaped.kind, shaped.value, known)
  if (own.file !== undefined && own.file !== fileOf(before)) {
    if (!(await hasFile(tx, key.incident, own.file))) {
      const says = `the incident has no item that came as "${own.file}" or has that SHA-256; add the file first`
      issues.push({ code: 'file-missing', path: ['file'], says })
    }
  }
  if (issues.length > 0) throw invalid(issues)
  if (shaped.kind === 'accounts') await assertStillHold(tx, key, shaped.value)
  return draft
}

function knownRecords(
  found: readonly { readonly kind: string; readonly id: string; readonly body: string }[],
  self: RecordKey,
): KnownRecords {
  const bodies = new Map(found.map(({ kind, id, body }) => [recordAddress(kind, id), body]))
  bodies.set(recordAddress(self.kind, self.id), '')
  return {
    has: (list, id) => bodies.has(recordAddress(list, id)),
    account: (id) => {
      const body = bodies.get(recordAddress('accounts', id))
      return body === undefined ? undefined : (JSON.parse(body) as Account)
    },
    hint: () => '',
  }
}

function fileOf(record: CaseRecord | undefined): string | undefined {
  if (record?.body === undefined) return undefined
  return (JSON.parse(record.body) as { readonly file?: string }).file
}

/** What is said in a recording needs an account in one. */
async function assertStillHold(tx: Transactor, key: RecordKey, account: Account): Promise<void> {
  const known: KnownRecords = { has: () => true, account: () => account, hint: () => '' }
  const issues = (await readReferrers(tx, key, mostNamed)).flatMap(({ kind, id, body }) => {
    if (kind !== 'statements') return []
    const statement = JSON.parse(body) as RecordValue<'statements'>
    return recordIssues(kind, statement, known).map(({ code, path, says }): EditIssue => ({
      code,
      at: `${recordAddress(kind, id)} ${nameOf(path)}`,
      message: says,
    }))
  })
  if (issues.length === 0) return
  throw new EditError('record-invalid', 'Statements would no longer hold.', { issues })
}

const mostNamed = 10_000
const mostShown = 20

async function assertUnused(tx: Transactor, key: RecordKey): Promise<void> {
  const referrers = (await readReferrers(tx, key, mostShown)).filter(
    ({ kind, id }) => kind !== key.kind || id !== key.id,
  )
  if (referrers.length === 0) return
  const issues = referrers.map(({ kind, id }): EditIssue => ({
    code: 'unknown-reference',
    at: recordAddress(kind, id),
    message: `refers to ${recordAddress(key.kind, key.id)}; change or remove it first`,
  }))
  const names = referrers.map(({ kind, id }) => recordAddress(kind, id)).join(', ')
  const what = recordAddress(key.kind, key.id)
  throw new EditError('record-in-use', `${what} is referred to by ${names}.`, { issues })
}

async function checkedStory(
  reader: Reader,
  incident: string,
  { markdown }: StoryValue,
): Promise<RecordDraft> {
  const found = Map.groupBy(
    await readLivingRecords(reader, incident, storyLists),
    ({ kind }) => kind,
  )
  const lists = Object.fromEntries(
    storyLists.map((list) => [list, found.get(list) ?? []]),
  ) as unknown as StoryLists
  const { references, problems } = readStory(markdown, lists)
  if (problems.length === 0) return storyDraft(markdown, references)
  const issues = problems.map(({ code, line, column, message }): EditIssue => ({
    code,
    at: `${storyFileName}:${line}:${column}`,
    message,
  }))
  throw new EditError('record-invalid', 'The story cannot stand like this.', { issues })
}

function invalid(issues: readonly CaseIssue[]): EditError {
  return new EditError('record-invalid', 'The record cannot stand like this.', {
    issues: issues.map(({ code, path, says }) => ({
      code,
      at: path.length === 0 ? '' : nameOf(path),
      message: says,
    })),
  })
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
