import type { Element, ElementContent, Root, RootContent } from 'hast'
import type { Nodes, Parents, Root as MarkdownRoot, RootContent as MarkdownContent } from 'mdast'
import type { ContainerDirective, LeafDirective, TextDirective } from 'mdast-util-directive'
import rehypeSanitize, { defaultSchema, type Options as Schema } from 'rehype-sanitize'
import remarkRehype, { type Options } from 'remark-rehype'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'
import type { MomentAddress } from './moments.ts'
import { momentLink, type StoryView } from './view.ts'

type State = { readonly all: (node: Parents) => ElementContent[] }

/** Stands where an exhibit will; no Markdown can write it, since raw HTML is dropped. */
const placeholderTag = 'div'

const columnNames = ['shows', 'disputed', 'unknown'] as const
export type ColumnName = (typeof columnNames)[number]

/**
 * What Markdown may become. No pictures (they would be fetched from elsewhere:
 * exhibits are the only pictures), no ids, no styles, three schemes.
 */
const schema: Schema = {
  ...defaultSchema,
  tagNames:
    'p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong del a br hr div span bdi'.split(
      ' ',
    ),
  attributes: {
    a: ['href', 'title', 'dataT', ['className', 'moment', 'claim-link']],
    div: ['dataPlace'],
    ol: ['start'],
    span: [['className', 'at', 'moment']],
  },
  protocols: { href: ['http', 'https', 'mailto'] },
  ancestors: {},
  required: {},
  strip: ['script', 'style'],
}

export interface Prose {
  readonly columns: ReadonlyMap<ColumnName, readonly ElementContent[]>
  /** The story's body, with `<div data-place>` where exhibits stand. */
  readonly body: Root
}

/** The story's Markdown as sanitised HTML; the three opening columns apart. */
export function proseOf(view: StoryView): Prose {
  const columns = new Map<ColumnName, readonly ElementContent[]>()
  const rest: MarkdownContent[] = []
  for (const node of view.material.story.tree.children) {
    const name = node.type === 'containerDirective' ? columnName(node.name) : undefined
    if (name === undefined || node.type !== 'containerDirective') rest.push(node)
    else columns.set(name, elementsOf(toHtml(view, { type: 'root', children: node.children })))
  }
  return { columns, body: toHtml(view, { type: 'root', children: rest }) }
}

function columnName(name: string): ColumnName | undefined {
  return columnNames.find((each) => each === name)
}

function elementsOf(root: Root): ElementContent[] {
  return root.children.filter((node): node is ElementContent => isElementContent(node))
}

function isElementContent(node: RootContent): node is ElementContent {
  return node.type === 'element' || node.type === 'text' || node.type === 'comment'
}

function toHtml(view: StoryView, tree: MarkdownRoot): Root {
  const { definitions } = definitionsOf(view.material.story.tree)
  const options: Options = {
    handlers: {
      image: (_state: State, node: { alt?: string | null }) => ({
        type: 'text',
        value: node.alt ?? '',
      }),
      imageReference: (_state: State, node: { alt?: string | null }) => ({
        type: 'text',
        value: node.alt ?? '',
      }),
      leafDirective: (state: State, node: LeafDirective) => leaf(state, node),
      containerDirective: (state: State, node: ContainerDirective) => state.all(node),
      textDirective: (state: State, node: TextDirective) => inline(view, state, node),
    },
  }
  // Link definitions may stand anywhere in the file, also outside a column.
  const whole: MarkdownRoot = { type: 'root', children: [...tree.children, ...definitions] }
  return unified().use(remarkRehype, options).use(rehypeSanitize, schema).runSync(whole)
}

function definitionsOf(tree: MarkdownRoot): { definitions: MarkdownContent[] } {
  const definitions: MarkdownContent[] = []
  visit(tree, 'definition', (node) => void definitions.push(node))
  return { definitions }
}

function leaf(state: State, node: LeafDirective): Element | ElementContent[] {
  const place: unknown = (node.data as { placeId?: unknown } | undefined)?.placeId
  if (typeof place !== 'string') return state.all(node)
  return {
    type: 'element',
    tagName: placeholderTag,
    properties: { dataPlace: place },
    children: [],
  }
}

function inline(view: StoryView, state: State, node: TextDirective): ElementContent[] {
  const { attributes } = node
  const content = state.all(node)
  if (node.name === 'claim') {
    const id = attributes?.['id'] ?? ''
    const known = view.material.case.claims.some((claim) => claim.id === id)
    if (!known) return content
    return [
      {
        type: 'element',
        tagName: 'a',
        properties: { className: ['claim-link'], href: `#claim-${id}` },
        children: content,
      },
    ]
  }
  const address = node.name === 'moment' ? momentAddress(attributes ?? {}) : undefined
  if (address !== undefined) return [momentLink(view, address, content)]
  // "at 5:12 pm" parses as a directive named 12: text stays text.
  const label: ElementContent[] = content.length === 0 ? [] : [text('['), ...content, text(']')]
  return [text(`:${node.name}`), ...label]
}

function momentAddress(
  attributes: Readonly<Record<string, string | null | undefined>>,
): MomentAddress | undefined {
  const clock = Number.parseFloat(attributes['clock'] ?? '')
  if (Number.isFinite(clock)) return { clock }
  const footage = attributes['footage'] ?? undefined
  const at = Number.parseFloat(attributes['at'] ?? '')
  return footage === undefined || !Number.isFinite(at) ? undefined : { footage, at }
}

function text(value: string): ElementContent {
  return { type: 'text', value }
}

/** The words in a node, without its markup. */
export function wordsOf(node: Nodes | ElementContent | Root): string {
  let words = ''
  visit(node as Root, 'text', (child) => {
    words += child.value
  })
  return words
}
