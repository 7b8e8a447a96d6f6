import { isSha256Hex } from './bytes.ts'
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts'
import { CustodyError } from './custody-error.ts'

/** What every record says. `at` is RFC 3339 in UTC; `actor` is a role or pseudonym, never a name. */
type Act = { readonly at: string; readonly actor: string; readonly tool: string }

/** docs/formats/custody-log.md, section 2. Items and …Sha256 are lower-case hexadecimal. */
export type CustodyRecord = Act &
  (
    | { readonly type: 'incident-opened'; readonly incident: string }
    | {
        readonly type: 'item-received'
        readonly incident: string
        readonly item: string
        readonly sizeBytes: number
        readonly mediaType: string
      }
    | { readonly type: 'item-seen-again'; readonly incident: string; readonly item: string }
    | {
        readonly type: 'item-collected'
        readonly incident: string
        readonly item: string
        readonly collectionSha256: string
      }
    | { readonly type: 'item-named'; readonly item: string; readonly name: string }
    | {
        readonly type: 'case-imported'
        readonly incident: string
        readonly caseSha256: string
        readonly storySha256: string
      }
    | {
        readonly type: 'case-written'
        readonly incident: string
        readonly caseSha256: string
        readonly storySha256: string
      }
    | {
        readonly type: 'case-record-edited'
        readonly incident: string
        readonly kind: string
        readonly record: string
        readonly version: number
        readonly bodySha256: string
      }
    | {
        readonly type: 'case-record-removed'
        readonly incident: string
        readonly kind: string
        readonly record: string
        readonly version: number
      }
    | {
        readonly type: 'comments-posted'
        readonly incident: string
        readonly comments: readonly string[]
      }
    | {
        readonly type: 'comment-decided'
        readonly incident: string
        readonly commentSha256: string
        readonly decision: 'approved' | 'rejected'
      }
    | {
        readonly type: 'derivative-made'
        readonly incident: string
        readonly kind: string
        readonly recipeSha256: string
        readonly outputSha256: string
      }
    | {
        readonly type: 'alignment-made'
        readonly incident: string
        readonly inputs: readonly string[]
        readonly resultSha256: string
      }
    | {
        readonly type: 'story-published'
        readonly incident: string
        readonly revision: number
        readonly manifestSha256: string
      }
    | { readonly type: 'finding-noted'; readonly item: string; readonly code: string }
    | {
        readonly type: 'link-opened' | 'link-closed'
        readonly incident: string
        readonly link: string
      }
    | {
        readonly type: 'tip-received'
        readonly incident: string
        readonly link: string
        readonly tip: string
      }
    | {
        readonly type: 'tip-file-received'
        readonly incident: string
        readonly tip: string
        readonly item: string
        readonly sizeBytes: number
      }
    | {
        readonly type: 'tip-accepted' | 'tip-declined' | 'tip-withdrawn'
        readonly incident: string
        readonly tip: string
      }
    | { readonly type: 'original-read'; readonly incident: string; readonly item: string }
    | {
        readonly type: 'role-given' | 'role-taken'
        readonly person: string
        readonly role: string
        readonly within: string
      }
    | { readonly type: 'recovery-link-made'; readonly person: string }
  )

type Check = (value: unknown) => boolean

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

const integerFrom =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least

const isAt: Check = (value) => {
  if (typeof value !== 'string') return false
  const match = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/.exec(value)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return year >= 1 && days !== undefined && day >= 1 && day <= days
}

const isItemList: Check = (value) =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= 1000 &&
  value.every(
    (item: unknown, index) => isSha256Hex(item) && (index === 0 || value[index - 1] < item),
  )

const slug = matches(/^[a-z][a-z0-9-]{0,63}$/)
const members = {
  at: isAt,
  actor: matches(/^[a-z0-9][a-z0-9:._-]{0,63}$/),
  tool: matches(/^[ -~]{1,200}$/),
  incident: matches(/^[a-z0-9][a-z0-9-]{0,99}$/),
  item: isSha256Hex,
  inputs: isItemList,
  kind: slug,
  code: slug,
  link: slug,
  tip: slug,
  mediaType: matches(/^[a-z0-9][a-z0-9.+-]{0,63}\/[a-z0-9][a-z0-9.+-]{0,63}$/),
  sizeBytes: integerFrom(0),
  revision: integerFrom(1),
  version: integerFrom(1),
  record: matches(/^[a-z0-9][a-z0-9-]{0,63}$/),
  comments: isItemList,
  decision: (value: unknown) => value === 'approved' || value === 'rejected',
  name: (value: unknown) => typeof value === 'string' && value.length >= 1 && value.length <= 1024,
  person: matches(/^p-[0-9a-f]{16}$/),
  role: slug,
  /** An incident, or `*`: the installation. */
  within: matches(/^(?:\*|[a-z0-9][a-z0-9-]{0,99})$/),
  collectionSha256: isSha256Hex,
  caseSha256: isSha256Hex,
  storySha256: isSha256Hex,
  recipeSha256: isSha256Hex,
  outputSha256: isSha256Hex,
  resultSha256: isSha256Hex,
  manifestSha256: isSha256Hex,
  bodySha256: isSha256Hex,
  commentSha256: isSha256Hex,
} satisfies Record<string, Check>

type Member = keyof typeof members

const membersOfType = new Map<string, readonly Member[]>([
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
] satisfies [CustodyRecord['type'], Member[]][])

const checkRecord = (value: unknown): CustodyRecord => {
  const refuse = (what: string): never => {
    throw new CustodyError('record-malformed', what)
  }
  if (typeof value !== 'object' || value === null) return refuse('A record is an object.')
  const record = new Map<string, unknown>(Object.entries(value))
  const type = record.get('type')
  const own = typeof type === 'string' ? membersOfType.get(type) : undefined
  if (own === undefined) return refuse('A record has a known type.')
  const expected: readonly Member[] = ['at', 'actor', 'tool', ...own]
  for (const name of expected) {
    if (!members[name](record.get(name))) return refuse(`The record's ${name} is not well-formed.`)
  }
  if (record.size !== expected.length + 1) return refuse(`A ${String(type)} has other members.`)
  return value as CustodyRecord
}

/** A record of these types names somebody or something and is never opened in public. */
export const isPrivateRecord = ({ type }: CustodyRecord): boolean => privateTypes.has(type)

const privateTypes: ReadonlySet<CustodyRecord['type']> = new Set([
  'item-named',
  // Ids are chosen by people, and may name one.
  'case-record-edited',
  'case-record-removed',
  // What a reader wrote and nobody showed is nobody's business.
  'comments-posted',
  'comment-decided',
  'original-read',
  'role-given',
  'role-taken',
  'recovery-link-made',
])

/**
 * The record's text, as it is committed to and stored.
 * @throws CustodyError record-malformed, not-canonical
 */
export const encodeRecord = (record: CustodyRecord): string => canonicalJson(checkRecord(record))

/** @throws CustodyError record-malformed */
export const parseRecord = (text: string): CustodyRecord => {
  try {
    return checkRecord(parseCanonicalJson(text))
  } catch (cause) {
    if (cause instanceof CustodyError && cause.code === 'record-malformed') throw cause
    throw new CustodyError('record-malformed', 'The record is not canonical JSON.', { cause })
  }
}
