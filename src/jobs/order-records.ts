/**
 * Putting a list of a case into another order is an act like any edit: it says from which order it
 * was made, and every order that was given stays in the history. Undoing is giving an older one.
 */
import { createHash } from 'node:crypto'
import type { CaseList } from '../case/case-schema.ts'
import { orderDraft, orderKind } from '../case/record-text.ts'
import { readCaseRecord, writeCaseRecord } from '../store/case-records.ts'
import { appendEntry } from '../store/custody-log.ts'
import { readIncidents } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { placeRecords, readRecordOrder } from '../store/record-order.ts'
import type { Agent, Transactor } from '../store/store.ts'
import { EditError, type EditIssue } from './edit-error.ts'
import { recordsChanged } from './records-changed.ts'

export interface OrderEdit {
  readonly incident: string
  readonly list: CaseList
  /** `orderState` of the order that it was made from. */
  readonly from: string
  /** Of every record of the list, each once. */
  readonly ids: readonly string[]
}

const mostIssues = 20

/** A hash over the ids in their order: it changes where one comes, goes or is moved. */
export const orderState = (ids: readonly string[]): string => sha256Hex(JSON.stringify(ids))

/** The order that it has now is no edit. @throws EditError */
export async function orderRecords(library: Library, agent: Agent, edit: OrderEdit): Promise<void> {
  await library.transactWithoutEntry(agent, async (tx) => {
    const { incident, list, from, ids } = edit
    const now = await readRecordOrder(tx, { incident, kind: list })
    if (now.length === 0 && (await readIncidents(tx, incident)).length === 0) {
      throw new EditError('incident-missing', `There is no incident "${incident}".`)
    }
    // Sent again because the answer was lost: it is there.
    if (orderState(ids) === orderState(now)) return
    if (from !== orderState(now)) {
      throw new EditError(
        'version-conflict',
        `The ${list} were put into another order, or one came or went. Look at the order that they have now.`,
        { order: now },
      )
    }
    assertSame(ids, now)
    await write(tx, edit)
  })
}

async function write(tx: Transactor, { incident, list, ids }: OrderEdit): Promise<void> {
  const key = { incident, kind: orderKind, id: list }
  const before = await readCaseRecord(tx, key)
  const draft = orderDraft(ids)
  const entryIndex = await appendEntry(tx, {
    type: 'case-record-edited',
    incident,
    kind: orderKind,
    record: list,
    version: (before?.version ?? 0) + 1,
    bodySha256: sha256Hex(draft.body),
  })
  await placeRecords(
    tx,
    incident,
    ids.map((id, place) => ({ kind: list, id, place })),
  )
  await writeCaseRecord(tx, key, draft, before, entryIndex)
  await recordsChanged(tx, incident, [{ kind: orderKind, id: list, body: draft.body }])
}

function assertSame(ids: readonly string[], now: readonly string[]): void {
  const left = new Set(now)
  const issues: EditIssue[] = []
  const say = (at: string, message: string) => issues.push({ code: 'case-shape', at, message })
  for (const [index, id] of ids.entries()) {
    if (!left.delete(id)) say(`ids[${index + 1}]`, `"${id}" is none of them, or stands twice`)
  }
  for (const id of left) say('ids', `"${id}" is missing; name every record of the list`)
  if (issues.length === 0) return
  throw new EditError('record-invalid', 'That is no order of this list.', {
    issues: issues.slice(0, mostIssues),
  })
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
