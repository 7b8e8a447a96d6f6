/** Something wrong in a file of a case folder, said to the person who wrote it. */
export interface CaseProblem {
  readonly code: CaseProblemCode
  /** File within the case folder, e.g. `case.yaml`. */
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units as editors count. */
  readonly column: number
  /** Names the thing, the reason and the remedy. */
  readonly message: string
}

export type CaseProblemCode =
  | 'yaml-syntax'
  | 'case-shape'
  | 'duplicate-id'
  | 'unknown-reference'
  | 'date-not-edtf'
  | 'time-range'
  | 'file-path'
  | 'file-missing'
  | 'story-front-matter'
  | 'unknown-directive'
  | 'directive-attribute'
  | 'story-shape'
  | 'quote-not-found'
  | 'moment-outside-recording'
  | 'not-on-the-clock'
  | 'cut-within-exhibit'
  | 'redaction-not-applied'
  | 'redaction-lost'

export class CaseError extends Error {
  override readonly name = 'CaseError'
  readonly code = 'case-invalid'
  readonly problems: readonly CaseProblem[]

  constructor(problems: readonly CaseProblem[]) {
    super(problems.map(problemLine).join('\n'))
    this.problems = problems
  }
}

/** `case.yaml:12:5: message [code]`, the form editors and terminals can follow. */
export function problemLine(problem: CaseProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message} [${problem.code}]`
}
