import { isSha256Hex } from './bytes.ts'
import { readCanonicalJson, readMembers } from './canonical-json.ts'
import { Malformed } from './finding.ts'

/** A well-formed custody record (custody-log.md, section 2): its members are checked. */
export type OpenedRecord = {
  readonly type: string
  readonly at: string
  readonly incident: string | undefined
  /** A member that the type has, as text. */
  readonly text: (name: string) => string
  /** Of alignment-made: the items. */
  readonly inputs: readonly string[]
  /** Of story-published. */
  readonly revision: number
}

type Rule = (value: unknown) => boolean

const text =
  (pattern: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

const integerFrom =
  (least: number): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least

const isMoment: Rule = (value) => {
  if (typeof value !== 'string') return false
  const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?Z$/
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (form.exec(value) ?? [])
    .slice(1)
    .map(Number)
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const lastDay = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  const isDay = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lastDay
  return isDay && hour <= 23 && minute <= 59 && second <= 59
}

const areAscendingItems: Rule = (value) =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= 1000 &&
  value.every((item: unknown, at) => isSha256Hex(item) && (at === 0 || value[at - 1] < item))

const word = text(/^[a-z][a-z0-9-]{0,63}$/)
const rules = new Map<string, Rule>([
  ['at', isMoment],
  ['actor', text(/^[a-z0-9][a-z0-9:._-]{0,63}$/)],
  ['tool', text(/^[ -~]{1,200}$/)],
  ['incident', text(/^[a-z0-9][a-z0-9-]{0,99}$/)],
  ['kind', word],
  ['code', word],
  ['link', word],
  ['tip', word],
  ['role', word],
  ['person', text(/^p-[0-9a-f]{16}$/)],
  ['within', text(/^(?:\*|[a-z0-9][a-z0-9-]{0,99})$/)],
  ['mediaType', text(/^[a-z0-9][a-z0-9.+-]{0,63}\/[a-z0-9][a-z0-9.+-]{0,63}$/)],
  ['name', (value) => typeof value === 'string' && value.length >= 1 && value.length <= 1024],
  ['sizeBytes', integerFrom(0)],
  ['revision', integerFrom(1)],
  ['version', integerFrom(1)],
  ['record', text(/^[a-z0-9][a-z0-9-]{0,63}$/)],
  ['decision', text(/^(?:approved|rejected)$/)],
  ['inputs', areAscendingItems],
  ['comments', areAscendingItems],
])

const types = new Map<string, readonly string[]>([
  ['incident-opened', ['incident']],
  ['item-received', ['incident', 'item', 'sizeBytes', 'mediaType']],
  ['item-seen-again', ['incident', 'item']],
  ['item-collected', ['incident', 'item', 'collectionSha256']],
  ['item-named', ['item', 'name']],
  ['case-imported', ['incident', 'caseSha256', 'storySha256']],
  ['case-written', ['incident', 'caseSha256', 'storySha256']],
  ['case-record-edited', ['incident', 'kind', 'record', 'version', 'bodySha256']],
  ['case-record-removed', ['incident', 'kind', 'record', 'version']],
  ['comments-posted', ['incident', 'comments']],
  ['comment-decided', ['incident', 'commentSha256', 'decision']],
  ['derivative-made', ['incident', 'kind', 'recipeSha256', 'outputSha256']],
  ['alignment-made', ['incident', 'inputs', 'resultSha256']],
  ['story-published', ['incident', 'revision', 'manifestSha256']],
  ['finding-noted', ['item', 'code']],
  ['link-opened', ['incident', 'link']],
  ['link-closed', ['incident', 'link']],
  ['tip-received', ['incident', 'link', 'tip']],
  ['tip-file-received', ['incident', 'tip', 'item', 'sizeBytes']],
  ['tip-accepted', ['incident', 'tip']],
  ['tip-declined', ['incident', 'tip']],
  ['tip-withdrawn', ['incident', 'tip']],
  ['original-read', ['incident', 'item']],
  ['role-given', ['person', 'role', 'within']],
  ['role-taken', ['person', 'role', 'within']],
  ['recovery-link-made', ['person']],
])

/** Types that name somebody or something. */
export const privateTypes: ReadonlySet<string> = new Set([
  'item-named',
  'case-record-edited',
  'case-record-removed',
  'comments-posted',
  'comment-decided',
  'original-read',
  'role-given',
  'role-taken',
  'recovery-link-made',
])

export const readRecord = (recordText: string): OpenedRecord => {
  const members = readMembers(readCanonicalJson(recordText))
  const type = members.get('type')
  const own = typeof type === 'string' ? types.get(type) : undefined
  if (typeof type !== 'string' || own === undefined) throw new Malformed('Of no known type.')
  const names = ['at', 'actor', 'tool', ...own]
  for (const name of names) {
    const isWellFormed = rules.get(name) ?? isSha256Hex
    if (!isWellFormed(members.get(name))) throw new Malformed(`Its ${name} is not well-formed.`)
  }
  if (members.size !== names.length + 1) throw new Malformed('It has members its type has not.')
  const member = (name: string): string => String(members.get(name))
  return {
    type,
    at: member('at'),
    incident: members.has('incident') ? member('incident') : undefined,
    text: member,
    inputs: (members.get('inputs') ?? []) as readonly string[],
    revision: Number(members.get('revision')),
  }
}
