import type { ZodError } from 'zod'
import type { CaseProblemCode } from './problem.ts'

export type CasePath = readonly (string | number)[]

/** Something wrong at a place in a case, or in one record of it. */
export interface CaseIssue {
  readonly code: CaseProblemCode
  readonly path: CasePath
  /** A key that stands at `path` and does not belong there. */
  readonly unknownKey?: string
  /** The reason and the remedy. */
  readonly says: string
}

/** `statements[2].on[1].claim`, as people count. */
export function nameOf(path: CasePath): string {
  if (path.length === 0) return 'the case'
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part + 1}]` : `${index === 0 ? '' : '.'}${part}`,
    )
    .join('')
}

/** What a schema refused. */
export function shapeIssues(error: ZodError): CaseIssue[] {
  return error.issues.map((issue) => {
    const [unknownKey] = issue.code === 'unrecognized_keys' ? issue.keys : []
    return {
      code: codeOf(issue),
      path: issue.path.filter((part) => typeof part !== 'symbol'),
      ...(unknownKey === undefined ? {} : { unknownKey }),
      says: sentenceFor(issue),
    }
  })
}

type Issue = ZodError['issues'][number]

function codeOf(issue: Issue): CaseProblemCode {
  const params = issue.code === 'custom' ? issue.params : undefined
  const code: unknown = params?.['code']
  return code === 'date-not-edtf' || code === 'time-range' || code === 'file-path'
    ? code
    : 'case-shape'
}

function sentenceFor(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ')
    return `${keys} is not known here; remove it or check its spelling (docs/formats/case-folder.md)`
  }
  if (issue.code === 'invalid_type' && issue.message.includes('undefined')) {
    return `is missing; add it (expected ${issue.expected})`
  }
  return issue.message.replace(/^Invalid input: /, '')
}
