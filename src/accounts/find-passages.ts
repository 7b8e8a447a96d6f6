import type { Passage } from '../case/bundle.ts'
import type { Case } from '../case/case-schema.ts'
import type { ItemFacts } from '../case/item-facts.ts'
import type { CaseProblem } from '../case/problem.ts'
import { caseFileName, type Locate } from '../case/read-case.ts'
import { findPassage, type PassageSearch } from './find-passage.ts'

/**
 * Where every statement's quote stands in its document, by statement; a quote
 * that does not stand there to the letter is a problem where it is written.
 */
export function findPassages(
  facts: Case,
  factsOf: (id: string) => ItemFacts | undefined,
  locate: Locate,
): { readonly passages: ReadonlyMap<string, Passage>; readonly problems: readonly CaseProblem[] } {
  const passages = new Map<string, Passage>()
  const problems: CaseProblem[] = []
  for (const [index, statement] of facts.statements.entries()) {
    const account = facts.accounts.find((entry) => entry.id === statement.account)
    // What is said in a recording has no text to check against.
    if (account === undefined || account.footage !== undefined) continue
    const { document } = account
    const where = document === undefined ? `the note of account "${account.id}"` : `"${document}"`
    const pages =
      document === undefined ? [{ text: account.note ?? '' }] : pagesOf(factsOf(document))
    const search: PassageSearch = findPassage(statement, pages)
    if (search.kind !== 'found') {
      const message =
        search.kind === 'ambiguous'
          ? `the quote stands ${search.times} times in ${where}; add prefix or suffix to say which`
          : `the quote does not stand in ${where}; copy it to the letter`
      problems.push({
        code: 'quote-not-found',
        file: caseFileName,
        ...locate(['statements', index, 'quote']),
        message,
      })
    } else if (document !== undefined) passages.set(statement.id, { document, ...search.passage })
  }
  return { passages, problems }
}

function pagesOf(facts: ItemFacts | undefined) {
  return facts?.kind === 'document' ? facts.pages : []
}
