import type { DocumentPage, PageWord } from '../case/item-facts.ts'

const mostWordsOnPage = 20_000

interface OpenPage {
  readonly widthPoints: number
  readonly heightPoints: number
  readonly words: PageWord[]
  text: string
  /** What goes before the next word. */
  gap: string
}

/**
 * Reads `pdftotext -bbox-layout`: XHTML of page, flow, block, line and word.
 * The words are a stranger's; nothing but these five elements is looked at. In
 * the text, words are parted by a space, lines by a line end, blocks by two.
 */
export function readPdfPages(xhtml: string): readonly DocumentPage[] {
  const pages: DocumentPage[] = []
  let page: OpenPage | undefined
  const element = /<(\/?)(page|block|line|word)\b([^<>]*)>(?:([^<>]*)<\/word>)?/g
  for (const [, closing, name, attributes = '', content = ''] of xhtml.matchAll(element)) {
    if (name === 'page') {
      if (page !== undefined) pages.push(closed(page))
      page =
        closing === '/'
          ? undefined
          : {
              widthPoints: numberIn(attributes, 'width'),
              heightPoints: numberIn(attributes, 'height'),
              words: [],
              text: '',
              gap: '',
            }
    } else if (page === undefined || closing === '/') {
      continue
    } else if (name === 'block') {
      page.gap = page.text === '' ? '' : '\n\n'
    } else if (name === 'line') {
      if (page.gap === ' ') page.gap = '\n'
    } else {
      addWord(page, attributes, content)
    }
  }
  if (page !== undefined) pages.push(closed(page))
  return pages
}

function addWord(page: OpenPage, attributes: string, content: string): void {
  const text = unescaped(content)
  if (text === '' || page.words.length >= mostWordsOnPage) return
  page.words.push({
    text,
    xMin: numberIn(attributes, 'xMin'),
    yMin: numberIn(attributes, 'yMin'),
    xMax: numberIn(attributes, 'xMax'),
    yMax: numberIn(attributes, 'yMax'),
  })
  page.text += page.gap + text
  page.gap = ' '
}

function closed(page: OpenPage): DocumentPage {
  const { widthPoints, heightPoints, words, text } = page
  return { text, widthPoints, heightPoints, words }
}

function numberIn(attributes: string, name: string): number {
  const value = Number(new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1])
  return Number.isFinite(value) ? value : 0
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function unescaped(text: string): string {
  return text
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal)
      if (name !== undefined) return entities[String(name)] ?? whole
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : ''
    })
    .trim()
}
