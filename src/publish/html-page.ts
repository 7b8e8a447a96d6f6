import type { Element, ElementContent, Root, RootContent } from 'hast'
import { h } from 'hastscript'
import rehypeStringify from 'rehype-stringify'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'
import { makeTextVisible } from './visible-text.ts'

/** Nothing from elsewhere, nothing inline, nothing sent; the page needs no more. */
const contentSecurityPolicy = [
  "default-src 'none'",
  ...['img', 'media', 'style', 'script', 'font', 'connect'].map((kind) => `${kind}-src 'self'`),
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export interface PageContent {
  readonly language: string
  readonly title: string
  readonly description: string
  /** `assets/….js`, a classic script. */
  readonly script: string
  /** JSON-LD; a data block, never run. */
  readonly structuredData?: unknown
  readonly body: readonly (RootContent | string)[]
}

/** One HTML file as UTF-8 text. */
export function htmlPage(content: PageContent): string {
  const { language, title, description, script, structuredData, body } = content
  const head = h('head', [
    h('meta', { charSet: 'utf-8' }),
    h('meta', { httpEquiv: 'Content-Security-Policy', content: contentSecurityPolicy }),
    h('title', title),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'referrer', content: 'no-referrer' }),
    h('meta', { name: 'description', content: description }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('link', { rel: 'icon', href: 'assets/icon.svg', type: 'image/svg+xml' }),
    h('link', { rel: 'stylesheet', href: 'assets/story.css' }),
    h('script', { src: script, defer: true }),
    structuredData === undefined
      ? ''
      : h('script', { type: 'application/ld+json' }, dataBlock(structuredData)),
  ])
  const page: Root = {
    type: 'root',
    children: [
      { type: 'doctype' },
      h('html', { lang: language }, [head, h('body', [...(body as ElementContent[])])]),
    ],
  }
  makeTextVisible(page)
  breakLines(page)
  return `${unified().use(rehypeStringify, { upperDoctype: true }).stringify(page)}\n`
}

/** JSON that cannot end its script element, whatever it holds. */
function dataBlock(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]|\p{Cf}/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

const blocks = new Set(
  'html head body main header footer section article figure figcaption div details ol ul li table thead tbody tr dl nav'.split(
    ' ',
  ),
)
const inline = new Set('a span bdi strong em q code time svg button'.split(' '))

/** Line breaks between blocks, so that the file can be read and compared as text. */
function breakLines(page: Root): void {
  visit(page, 'element', (node: Element) => {
    if (!blocks.has(node.tagName) || node.children.length === 0) return
    const onlyBlocks = node.children.every(
      (child) => child.type === 'element' && !inline.has(child.tagName),
    )
    if (!onlyBlocks) return
    const lineBreak: ElementContent = { type: 'text', value: '\n' }
    node.children = [lineBreak, ...node.children.flatMap((child) => [child, lineBreak])]
  })
}
