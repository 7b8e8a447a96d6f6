import {
  LineCounter,
  isCollection,
  isMap,
  isNode,
  isScalar,
  parseDocument,
  type Document,
} from 'yaml'
import type { ZodError } from 'zod'
import { nameOf, shapeIssues, type CaseIssue, type CasePath } from './case-issues.ts'
import {
  caseLists,
  caseSchema,
  type Case,
  type CaseList,
  type RecordKind,
  type RecordValue,
} from './case-schema.ts'
import type { CaseProblem, CaseProblemCode } from './problem.ts'
import { recordIssues, type KnownRecords } from './references.ts'

export const caseFileName = 'case.yaml'

/** YAML aliases can grow a small file without bound; a case needs none. */
const maxAliases = 100
const maxCaseBytes = 4 * 1024 * 1024

/** Where the value (or the key) at a path stands, for problems found later. */
export type Locate = (
  path: readonly (string | number)[],
  of?: 'key' | 'value',
) => { readonly line: number; readonly column: number }

export interface CaseReading {
  /** Absent when a problem stands in the way of reading it at all. */
  readonly case?: Case
  readonly problems: readonly CaseProblem[]
  readonly locate: Locate
}

/** Reads `case.yaml`: shape, ids and references; every problem with line and column. */
export function readCase(text: string): CaseReading {
  const lines = new LineCounter()
  if (text.length > maxCaseBytes) {
    return unreadable(`is larger than ${maxCaseBytes} bytes; split notes into documents`)
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  })
  const locate: Locate = (path, of = 'value') => positionOf(document, lines, path, of)
  const problems: CaseProblem[] = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0])
    return problem('yaml-syntax', { line, column: col }, `${error.message}; correct the YAML here`)
  })
  if (problems.length > 0) return { problems, locate }

  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: maxAliases })
  } catch {
    return unreadable('expands too far through aliases; write the values out')
  }
  const parsed = caseSchema.safeParse(value)
  if (!parsed.success) return { problems: shapeProblems(parsed.error, locate), locate }
  return { case: parsed.data, problems: referenceProblems(parsed.data, locate), locate }
}

function unreadable(message: string): CaseReading {
  const start = { line: 1, column: 1 }
  return { problems: [problem('yaml-syntax', start, `the file ${message}`)], locate: () => start }
}

function problem(
  code: CaseProblemCode,
  at: { readonly line: number; readonly column: number },
  message: string,
): CaseProblem {
  return { code, file: caseFileName, line: at.line, column: at.column, message }
}

/** The deepest node that exists on the way to `path`. */
function positionOf(
  document: Document,
  lines: LineCounter,
  path: readonly (string | number)[],
  of: 'key' | 'value',
) {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const part of path) {
    if (!isCollection(node)) break
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part)
      if (pair === undefined) break
      offset = startOf(pair.key) ?? offset
      node = pair.value
      if (isScalar(node) && of === 'value') offset = startOf(node) ?? offset
    } else {
      node = node.get(part, true)
      offset = startOf(node) ?? offset
    }
  }
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

function shapeProblems(error: ZodError, locate: Locate): CaseProblem[] {
  return shapeIssues(error).map(({ code, path, unknownKey, says }) => {
    const at = unknownKey === undefined ? locate(path) : locate([...path, unknownKey], 'key')
    return problem(code, at, `${nameOf(path)}: ${says}`)
  })
}

/** Every id is unique in its list, one of a file in all three, and every reference leads somewhere. */
function referenceProblems(value: Case, locate: Locate): CaseProblem[] {
  const found = (path: CasePath, issue: CaseIssue): CaseProblem => {
    const whole = [...path, ...issue.path]
    return problem(issue.code, locate(whole), `${nameOf(whole)}: ${issue.says}`)
  }
  const accounts = new Map(value.accounts.map((account) => [account.id, account]))
  const ids = new Map<CaseList, ReadonlySet<string>>()
  const problems: CaseProblem[] = []
  for (const list of caseLists) {
    if (list === 'anchors') continue
    const seen = new Set<string>()
    for (const [index, { id }] of value[list].entries()) {
      if (seen.has(id)) {
        const at = locate([list, index, 'id'])
        const message = `${list}: the id "${id}" is used twice; rename one`
        problems.push(problem('duplicate-id', at, message))
      }
      seen.add(id)
    }
    ids.set(list, seen)
  }
  const known: KnownRecords = {
    has: (list, id) => ids.get(list)?.has(id) === true,
    account: (id) => accounts.get(id),
    hint: (list) => ` (there: ${[...(ids.get(list) ?? [])].join(', ') || 'none yet'})`,
  }
  const check = <Kind extends RecordKind>(kind: Kind, each: RecordValue<Kind>, path: CasePath) =>
    problems.push(...recordIssues(kind, each, known).map((issue) => found(path, issue)))
  check('incident', value.incident, ['incident'])
  for (const list of caseLists) {
    for (const [index, each] of value[list].entries()) check(list, each, [list, index])
  }
  return problems
}
