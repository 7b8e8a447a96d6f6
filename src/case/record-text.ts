import { caseLists, type Case, type RecordKind, type RecordValue } from './case-schema.ts'
import { referencesOf } from './references.ts'
import type { StoryReference } from './directive-attributes.ts'

/** The pieces that a case is kept in; the story is one of them. */
export type CaseRecordKind = RecordKind | 'story'

/** That a list was put into another order is kept as a record of this kind, under the list's name. */
export const orderKind = 'order'

/** The ids of a list's records as they were put. */
export interface OrderValue {
  readonly ids: readonly string[]
}

/** The story's text, `story.md`. */
export interface StoryValue {
  readonly markdown: string
}

/** A record as it is kept. */
export interface RecordDraft {
  readonly kind: CaseRecordKind
  /** Absent for an anchor, which a case file gives none. */
  readonly id?: string
  readonly body: string
  /** `claims/two-shots`, each once. */
  readonly refersTo: readonly string[]
}

/** There is one of each. */
export const soleId = { incident: 'incident', story: 'story' } as const

export const recordAddress = (kind: string, id: string): string => `${kind}/${id}`

/**
 * JSON with sorted names: the same value is the same text.
 * @throws TypeError for a lone surrogate, which no UTF-8 holds
 */
export function recordText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'string' && !part.isWellFormed()) {
      throw new TypeError('half of a character (a lone surrogate); remove it')
    }
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}

export function draftOf<Kind extends RecordKind>(
  kind: Kind,
  value: RecordValue<Kind>,
  id?: string,
): RecordDraft {
  const addresses = referencesOf(kind, value).map((to) => recordAddress(to.list, to.id))
  return {
    kind,
    ...(id === undefined ? {} : { id }),
    body: recordText(value),
    refersTo: [...new Set(addresses)],
  }
}

export function storyDraft(markdown: string, references: readonly StoryReference[]): RecordDraft {
  const addresses = references.map(({ list, id }) => recordAddress(list, id))
  const value: StoryValue = { markdown }
  return {
    kind: 'story',
    id: soleId.story,
    body: recordText(value),
    refersTo: [...new Set(addresses)],
  }
}

export function orderDraft(ids: readonly string[]): Pick<RecordDraft, 'body' | 'refersTo'> {
  const value: OrderValue = { ids }
  // It holds none of them back: they may be removed.
  return { body: recordText(value), refersTo: [] }
}

/** A whole case, in its order. */
export function caseDrafts(facts: Case): RecordDraft[] {
  const lists = caseLists.flatMap((list) =>
    facts[list].map((value) => draftOf(list, value, 'id' in value ? value.id : undefined)),
  )
  return [draftOf('incident', facts.incident, soleId.incident), ...lists]
}
