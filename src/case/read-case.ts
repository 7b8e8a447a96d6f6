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
import { caseSchema, type Case } from './case-schema.ts'
import type { CaseProblem, CaseProblemCode } from './problem.ts'

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

type Issue = ZodError['issues'][number]

function shapeProblems(error: ZodError, locate: Locate): CaseProblem[] {
  return error.issues.map((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    const unknownKeys = issue.code === 'unrecognized_keys' ? issue.keys : []
    const at =
      unknownKeys[0] === undefined ? locate(path) : locate([...path, unknownKeys[0]], 'key')
    return problem(codeOf(issue), at, `${nameOf(path)}: ${sentenceFor(issue)}`)
  })
}

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

function nameOf(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'the case'
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part + 1}]` : `${index === 0 ? '' : '.'}${part}`,
    )
    .join('')
}

/** Every id is unique in its list, and every reference leads somewhere. */
function referenceProblems(value: Case, locate: Locate): CaseProblem[] {
  const problems: CaseProblem[] = []
  const ids = {
    footage: idsOf('footage'),
    photos: idsOf('photos'),
    documents: idsOf('documents'),
    sources: idsOf('sources'),
    accounts: idsOf('accounts'),
    statements: idsOf('statements'),
    claims: idsOf('claims'),
  }
  idsOf('observations')
  idsOf('questions')
  idsOf('events')

  type Listed =
    | 'footage'
    | 'photos'
    | 'documents'
    | 'sources'
    | 'accounts'
    | 'statements'
    | 'claims'
  function idsOf(list: Listed | 'observations' | 'questions' | 'events'): ReadonlySet<string> {
    const seen = new Set<string>()
    for (const [index, entry] of value[list].entries()) {
      if (seen.has(entry.id)) {
        const at = locate([list, index, 'id'])
        problems.push(
          problem('duplicate-id', at, `${list}: the id "${entry.id}" is used twice; rename one`),
        )
      }
      seen.add(entry.id)
    }
    return seen
  }
  function refer(
    list: Listed,
    target: string | undefined,
    path: readonly (string | number)[],
  ): void {
    if (target === undefined || ids[list].has(target)) return
    const known = [...ids[list]].join(', ') || 'none yet'
    problems.push(
      problem(
        'unknown-reference',
        locate(path),
        `${nameOf(path)}: no entry "${target}" in ${list} (there: ${known})`,
      ),
    )
  }

  refer('footage', value.incident.zero?.footage, ['incident', 'zero', 'footage'])
  for (const [i, entry] of value.footage.entries())
    refer('sources', entry.source, ['footage', i, 'source'])
  for (const [i, entry] of value.photos.entries())
    refer('sources', entry.source, ['photos', i, 'source'])
  for (const [i, entry] of value.documents.entries())
    refer('documents', entry['text-of'], ['documents', i, 'text-of'])
  for (const [i, entry] of value.accounts.entries()) {
    refer('sources', entry.source, ['accounts', i, 'source'])
    refer('documents', entry.document, ['accounts', i, 'document'])
    refer('footage', entry.footage, ['accounts', i, 'footage'])
  }
  for (const [i, entry] of value.statements.entries()) {
    refer('accounts', entry.account, ['statements', i, 'account'])
    for (const [k, on] of entry.on.entries())
      refer('claims', on.claim, ['statements', i, 'on', k, 'claim'])
    if (
      (entry.from === undefined) !== (entry.to === undefined) ||
      (entry.to ?? 1) <= (entry.from ?? 0)
    ) {
      const at = locate(['statements', i, 'from'])
      problems.push(
        problem(
          'time-range',
          at,
          `statements[${i + 1}]: give both "from" and a later "to", or neither`,
        ),
      )
    }
    const account = value.accounts.find((candidate) => candidate.id === entry.account)
    if (entry.from !== undefined && account !== undefined && account.footage === undefined) {
      const at = locate(['statements', i, 'from'])
      problems.push(
        problem(
          'time-range',
          at,
          `statements[${i + 1}]: "from" needs an account in a recording; "${account.id}" is none`,
        ),
      )
    }
  }
  for (const [i, entry] of value.observations.entries()) {
    refer('claims', entry.claim, ['observations', i, 'claim'])
    refer('footage', entry.moment?.footage, ['observations', i, 'moment', 'footage'])
  }
  for (const [i, entry] of value.questions.entries()) {
    refer('sources', entry.to, ['questions', i, 'to'])
    refer('documents', entry.document, ['questions', i, 'document'])
    refer('statements', entry.answered?.statement, ['questions', i, 'answered', 'statement'])
  }
  for (const [i, entry] of value.events.entries()) {
    refer('footage', entry.footage, ['events', i, 'footage'])
    for (const [k, source] of entry.sources.entries())
      refer('sources', source, ['events', i, 'sources', k])
  }
  for (const [i, entry] of value.anchors.entries()) {
    refer('footage', entry.a.footage, ['anchors', i, 'a', 'footage'])
    refer('footage', entry.b.footage, ['anchors', i, 'b', 'footage'])
    if (entry.a.footage === entry.b.footage) {
      const at = locate(['anchors', i, 'b', 'footage'])
      problems.push(
        problem(
          'unknown-reference',
          at,
          `anchors[${i + 1}]: an anchor joins two different recordings`,
        ),
      )
    }
  }
  return problems
}
