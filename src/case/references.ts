/**
 * What one record of a case says of others: that they exist, and are of the kind
 * that it needs. A case file is checked by it whole, an edit record by record.
 */
import type { CaseIssue, CasePath } from './case-issues.ts'
import type { Account, CaseList, RecordKind, RecordValue } from './case-schema.ts'

export interface CaseReference {
  readonly list: CaseList
  readonly id: string
  /** Where in the record it stands. */
  readonly path: CasePath
}

/** The other records, as far as they are asked for. */
export interface KnownRecords {
  has(list: CaseList, id: string): boolean
  account(id: string): Account | undefined
  /** After a reference that leads nowhere, e.g. ` (there: a, b)`. */
  hint(list: CaseList): string
}

export function referencesOf<Kind extends RecordKind>(
  kind: Kind,
  value: RecordValue<Kind>,
): CaseReference[] {
  return references[kind](value).filter((each) => each !== undefined)
}

type Found = readonly (CaseReference | undefined)[]

function to(
  list: CaseList,
  id: string | undefined,
  ...path: (string | number)[]
): CaseReference | undefined {
  return id === undefined ? undefined : { list, id, path }
}

const references: { readonly [Kind in RecordKind]: (value: RecordValue<Kind>) => Found } = {
  incident: ({ zero }) => [to('footage', zero?.footage, 'zero', 'footage')],
  footage: ({ source }) => [to('sources', source, 'source')],
  photos: ({ source }) => [to('sources', source, 'source')],
  documents: (value) => [to('documents', value['text-of'], 'text-of')],
  sources: () => [],
  accounts: ({ source, document, footage }) => [
    to('sources', source, 'source'),
    to('documents', document, 'document'),
    to('footage', footage, 'footage'),
  ],
  statements: ({ account, on }) => [
    to('accounts', account, 'account'),
    ...on.map(({ claim }, index) => to('claims', claim, 'on', index, 'claim')),
  ],
  claims: () => [],
  observations: ({ claim, moment }) => [
    to('claims', claim, 'claim'),
    to('footage', moment?.footage, 'moment', 'footage'),
  ],
  questions: (value) => [
    to('sources', value.to, 'to'),
    to('documents', value.document, 'document'),
    to('statements', value.answered?.statement, 'answered', 'statement'),
  ],
  events: ({ footage, sources }) => [
    to('footage', footage, 'footage'),
    ...sources.map((source, index) => to('sources', source, 'sources', index)),
  ],
  anchors: ({ a, b }) => [
    to('footage', a.footage, 'a', 'footage'),
    to('footage', b.footage, 'b', 'footage'),
  ],
  redactions: ({ footage, photo, document }) => [
    to('footage', footage, 'footage'),
    to('photos', photo, 'photo'),
    to('documents', document, 'document'),
  ],
}

/** The lists whose ids stand for a file: one id is of one of them. */
const itemLists = ['footage', 'photos', 'documents'] as const

/** Where else a record's id must not stand. */
export function otherLists(kind: RecordKind): readonly CaseList[] {
  return itemLists.some((list) => list === kind) ? itemLists.filter((list) => list !== kind) : []
}

/** What is wrong with a record of good shape, seen beside the others. */
export function recordIssues<Kind extends RecordKind>(
  kind: Kind,
  value: RecordValue<Kind>,
  known: KnownRecords,
): CaseIssue[] {
  const dangling = referencesOf(kind, value)
    .filter(({ list, id }) => !known.has(list, id))
    .map(({ list, id, path }): CaseIssue => ({
      code: 'unknown-reference',
      path,
      says: `no entry "${id}" in ${list}${known.hint(list)}`,
    }))
  return [...dangling, ...doubleIssues(kind, value, known), ...ownIssues(kind, value, known)]
}

function doubleIssues<Kind extends RecordKind>(
  kind: Kind,
  value: RecordValue<Kind>,
  known: KnownRecords,
): CaseIssue[] {
  if (!('id' in value)) return []
  const { id } = value
  return otherLists(kind)
    .filter((list) => known.has(list, id))
    .map((list): CaseIssue => ({
      code: 'duplicate-id',
      path: ['id'],
      says: `"${id}" is an id in ${list} too; an id is of one file: rename one`,
    }))
}

function ownIssues<Kind extends RecordKind>(
  kind: Kind,
  value: RecordValue<Kind>,
  known: KnownRecords,
): CaseIssue[] {
  if (kind === 'statements') return spokenIssues(value as RecordValue<'statements'>, known)
  if (kind !== 'anchors') return []
  const { a, b } = value as RecordValue<'anchors'>
  const says = 'an anchor joins two different recordings'
  return a.footage === b.footage
    ? [{ code: 'unknown-reference', path: ['b', 'footage'], says }]
    : []
}

function spokenIssues(
  { account: id, from, to }: RecordValue<'statements'>,
  known: KnownRecords,
): CaseIssue[] {
  const issues: CaseIssue[] = []
  const wrong = (says: string) => issues.push({ code: 'time-range', path: ['from'], says })
  if ((from === undefined) !== (to === undefined) || (to ?? 1) <= (from ?? 0)) {
    wrong('give both "from" and a later "to", or neither')
  }
  const account = known.account(id)
  if (from !== undefined && account !== undefined && account.footage === undefined) {
    wrong(`needs an account in a recording; "${account.id}" is none`)
  }
  return issues
}
