/** What a hit may be: a part of a case, or a document's own text. */
export const searchKinds = [
  'incident',
  'claim',
  'statement',
  'question',
  'event',
  'account',
  'observation',
  'source',
  'footage',
  'photo',
  'document',
  'story',
] as const
export type SearchKind = (typeof searchKinds)[number]
