import type { Nodes, Root } from 'mdast'
import type { ContainerDirective, LeafDirective, TextDirective } from 'mdast-util-directive'
import remarkDirective from 'remark-directive'
import remarkFrontmatter from 'remark-frontmatter'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { readCalendarDate } from '../time/calendar.ts'
import { DirectiveAttributes, storyFileName, type StoryReference } from './directive-attributes.ts'
import type { CaseProblem, CaseProblemCode } from './problem.ts'
import type { Place, Story } from './story.ts'

const maxStoryBytes = 4 * 1024 * 1024
/**
 * Quotes, lists and containers within each other. The parser's time grows faster than the square of how
 * many begin on one line or are open at once, and whatever walks the tree goes a call deeper for each.
 */
const mostNested = 100
const deepLine = new RegExp(
  String.raw`^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){${mostNested + 1}}`,
)
const opensContainer = /^\s*:{3,}\p{L}/u
const closesContainer = /^\s*:{3,}\s*$/u
/** A list within a list is two levels of the tree. */
const mostLevels = 3 * mostNested

type StoryList = StoryReference['list']

export type StoryLists = {
  readonly [List in StoryList]: readonly { readonly id: string }[]
}

export interface StoryReading {
  readonly story?: Story
  /** Every record that a directive names. */
  readonly references: readonly StoryReference[]
  readonly problems: readonly CaseProblem[]
}

const frontMatterSchema = z.strictObject({
  title: z.string().trim().min(1).max(300),
  standfirst: z.string().trim().min(1).max(1000),
  byline: z.string().trim().min(1).max(300),
  warning: z.string().trim().min(1).max(1000).optional(),
  corrections: z
    .array(
      z.strictObject({
        date: z
          .string()
          .refine((value) => readCalendarDate(value) !== undefined, 'is not an EDTF date'),
        text: z.string().trim().min(1).max(2000),
      }),
    )
    .default([]),
})

/** Reads `story.md` against its case: front matter, directives, references. */
export function readStory(text: string, facts: StoryLists): StoryReading {
  if (text.length > maxStoryBytes) {
    return {
      problems: [problemAt('story-shape', 1, 1, `the story is larger than ${maxStoryBytes} bytes`)],
      references: [],
    }
  }
  const deepAt = deepLineIn(text)
  if (deepAt !== undefined) return tooDeep(deepAt)
  const tree = unified()
    .use(remarkParse)
    .use(remarkFrontmatter, ['yaml'])
    .use(remarkDirective)
    .parse(text)
  if (hasLevel(tree, mostLevels)) return tooDeep(1)
  const problems: CaseProblem[] = []
  const front = readFrontMatter(tree, problems)
  const references: StoryReference[] = []
  const places = readPlaces(tree, facts, problems, references)
  if (front === undefined) return { problems, references }
  const { warning, ...rest } = front
  return {
    story: { ...rest, ...(warning === undefined ? {} : { warning }), tree, places },
    problems,
    references,
  }
}

function deepLineIn(text: string): number | undefined {
  let open = 0
  for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
    if (opensContainer.test(line)) open += 1
    else if (open > 0 && closesContainer.test(line)) open -= 1
    if (open > mostNested || deepLine.test(line)) return index + 1
  }
  return undefined
}

function tooDeep(line: number): StoryReading {
  const message = `quotes, lists and containers lie within each other more than ${mostNested} deep; take some apart`
  return { problems: [problemAt('story-shape', line, 1, message)], references: [] }
}

function hasLevel(tree: Root, most: number): boolean {
  let level: readonly Nodes[] = [tree]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true
    level = level.flatMap((node): readonly Nodes[] => ('children' in node ? node.children : []))
  }
  return false
}

function problemAt(
  code: CaseProblemCode,
  line: number,
  column: number,
  message: string,
): CaseProblem {
  return { code, file: storyFileName, line, column, message }
}

function readFrontMatter(
  tree: Root,
  problems: CaseProblem[],
): z.infer<typeof frontMatterSchema> | undefined {
  const node = tree.children[0]
  if (node?.type !== 'yaml') {
    problems.push(
      problemAt(
        'story-front-matter',
        1,
        1,
        'the story must open with front matter: "---", title, standfirst, byline, "---"',
      ),
    )
    return undefined
  }
  const lines = new LineCounter()
  const document = parseDocument(node.value, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  })
  // The front matter's text begins on the line after its opening fence.
  const shift = node.position?.start.line ?? 1
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0])
    problems.push(problemAt('story-front-matter', line + shift, col, error.message))
  }
  if (document.errors.length > 0) return undefined
  const parsed = frontMatterSchema.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : path[0]
    const offset = node.value.split('\n').findIndex((line) => line.startsWith(`${String(key)}:`))
    problems.push(
      problemAt(
        'story-front-matter',
        Math.max(offset, 0) + 1 + shift,
        1,
        `${path.join('.') || 'front matter'}: ${issue.message}`,
      ),
    )
  }
  return undefined
}

type Directive = ContainerDirective | LeafDirective | TextDirective

/** Addresses that the page gives to claims, statements and its own parts. */
const reservedIds =
  /^(?:story$|(?:claim|statement|observation|question|event|contradiction|section|about|opening|after)-)/

const columnNames = new Set(['shows', 'disputed', 'unknown'])

function readPlaces(
  tree: Root,
  facts: StoryLists,
  problems: CaseProblem[],
  references: StoryReference[],
): Map<string, Place> {
  const places = new Map<string, Place>()
  const counts = new Map<string, number>()
  visit(tree, (node) => {
    if (
      node.type !== 'containerDirective' &&
      node.type !== 'leafDirective' &&
      node.type !== 'textDirective'
    )
      return
    const attributes = new DirectiveAttributes(node)
    if (node.type === 'containerDirective' && columnNames.has(node.name)) {
      problems.push(...attributes.finish())
      return
    }
    if (node.type === 'textDirective') {
      // "at 5:12 pm" parses as a directive named 12; text stays text.
      if (node.name !== 'moment' && node.name !== 'claim') return
      readInline(node, attributes, facts)
      references.push(...attributes.references)
      problems.push(...attributes.finish())
      return
    }
    const read = node.type === 'leafDirective' ? readers[node.name] : undefined
    if (read === undefined) {
      const known = node.type === 'leafDirective' ? Object.keys(readers) : [...columnNames]
      attributes.problem('unknown-directive', `no such directive; there are ${known.join(', ')}`)
      problems.push(...attributes.problems)
      return
    }
    const count = (counts.get(node.name) ?? 0) + 1
    counts.set(node.name, count)
    const given = attributes.text('id')
    const id = given ?? `${node.name}-${count}`
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) {
      attributes.problem(
        'directive-attribute',
        `the id "${id}" must be lower-case letters, digits and hyphens`,
      )
    }
    if (reservedIds.test(id)) {
      attributes.problem(
        'directive-attribute',
        `the id "${id}" is kept for the page's own places; choose another`,
      )
    }
    if (places.has(id))
      attributes.problem('duplicate-id', `the id "${id}" is used twice in the story; rename one`)
    const base = { id, caption: plainText(node), line: attributes.line, column: attributes.column }
    places.set(id, read(attributes, base, facts))
    references.push(...attributes.references)
    node.data = { ...node.data, placeId: id }
    problems.push(...attributes.finish())
  })
  return places
}

declare module 'mdast-util-directive' {
  interface LeafDirectiveData {
    /** Key of `Story.places`. */
    placeId?: string
  }
}

function plainText(node: Directive): string {
  let text = ''
  visit(node, 'text', (child) => {
    text += child.value
  })
  return text.trim()
}

type Base = {
  readonly id: string
  readonly caption: string
  readonly line: number
  readonly column: number
}
type PlaceReader = (attributes: DirectiveAttributes, base: Base, facts: StoryLists) => Place

const readers: Readonly<Record<string, PlaceReader>> = {
  composite(attributes, base, facts) {
    const angles = attributes.list('angles')
    if (angles.length === 0) attributes.required('angles')
    if (angles.length > 9)
      attributes.problem('directive-attribute', 'at most nine angles fit one grid')
    for (const angle of angles) known(attributes, facts, 'footage', angle)
    const sound = attributes.text('sound')
    if (sound !== undefined && !angles.includes(sound)) {
      attributes.problem('unknown-reference', `sound="${sound}" is not among the angles`)
    }
    return {
      kind: 'composite',
      ...base,
      ...span(attributes, 600),
      angles,
      ...optional('sound', sound),
      ...optional('warning', attributes.text('warning')),
    }
  },
  segment: (attributes, base, facts) => ({
    kind: 'segment',
    ...base,
    footage: reference(attributes, facts, 'footage', 'footage'),
    ...span(attributes, 1800),
    ...enlargeable(attributes),
    ...optional('warning', attributes.text('warning')),
  }),
  'slow-motion': (attributes, base, facts) => ({
    kind: 'slow-motion',
    ...base,
    footage: reference(attributes, facts, 'footage', 'footage'),
    ...span(attributes, 120),
    slowdown: attributes.slowdown('speed'),
    ...enlargeable(attributes),
    ...optional('warning', attributes.text('warning')),
  }),
  still: (attributes, base, facts) => ({
    kind: 'still',
    ...base,
    footage: reference(attributes, facts, 'footage', 'footage'),
    atSeconds: attributes.seconds('at'),
    ...enlargeable(attributes),
  }),
  enlargement(attributes, base, facts) {
    const { crop, factor, kernel } = enlargeable(attributes)
    if (crop === undefined) attributes.required('crop')
    return {
      kind: 'enlargement',
      ...base,
      footage: reference(attributes, facts, 'footage', 'footage'),
      atSeconds: attributes.seconds('at'),
      crop: crop ?? { x: 0, y: 0, width: 2, height: 2 },
      factor,
      kernel,
    }
  },
  photo: (attributes, base, facts) => ({
    kind: 'photo',
    ...base,
    photo: reference(attributes, facts, 'photos', 'photo'),
  }),
  facsimile(attributes, base, facts) {
    const document = reference(attributes, facts, 'documents', 'document')
    const statements = attributes.list('statements')
    for (const statement of statements) known(attributes, facts, 'statements', statement)
    return { kind: 'facsimile', ...base, document, statements }
  },
  quote: (attributes, base, facts) => ({
    kind: 'quote',
    ...base,
    statement: reference(attributes, facts, 'statements', 'statement'),
  }),
  timeline: (_, base) => ({ kind: 'timeline', ...base }),
  claims: (_, base) => ({ kind: 'claims', ...base }),
  contradictions: (_, base) => ({ kind: 'contradictions', ...base }),
  questions: (_, base) => ({ kind: 'questions', ...base }),
}

function readInline(node: TextDirective, attributes: DirectiveAttributes, facts: StoryLists): void {
  if (node.name === 'claim') {
    known(attributes, facts, 'claims', attributes.required('id'))
    return
  }
  if (attributes.text('footage') === undefined) {
    attributes.seconds('clock')
  } else {
    reference(attributes, facts, 'footage', 'footage')
    attributes.seconds('at')
  }
}

function span(attributes: DirectiveAttributes, longestSeconds: number) {
  const fromSeconds = attributes.seconds('from')
  const toSeconds = attributes.seconds('to')
  if (toSeconds <= fromSeconds) attributes.problem('time-range', '"to" must be later than "from"')
  if (toSeconds - fromSeconds > longestSeconds) {
    attributes.problem(
      'time-range',
      `longer than ${longestSeconds} s; show a shorter part, or several`,
    )
  }
  return { fromSeconds, toSeconds }
}

function enlargeable(attributes: DirectiveAttributes) {
  const crop = attributes.region('crop')
  const factor = attributes.wholeNumber('enlarge', 1, 16)
  if (factor > 1 && crop === undefined) {
    attributes.problem(
      'directive-attribute',
      'enlarge needs crop="x,y,width,height": say what is enlarged',
    )
  }
  return { ...optional('crop', crop), factor, kernel: attributes.kernel('kernel') }
}

function reference(
  attributes: DirectiveAttributes,
  facts: StoryLists,
  list: StoryList,
  name: string,
): string {
  const id = attributes.required(name)
  if (id !== '') known(attributes, facts, list, id, name)
  return id
}

function known(
  attributes: DirectiveAttributes,
  facts: StoryLists,
  list: StoryList,
  id: string,
  name: string = list,
): void {
  const entries = facts[list]
  attributes.references.push({ list, id })
  if (entries.some((entry) => entry.id === id)) return
  const ids = entries.map((entry) => entry.id).join(', ') || 'none yet'
  attributes.problem('unknown-reference', `no ${name} "${id}" in case.yaml (there: ${ids})`)
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value })
}
