import type { Statement } from '../case/case-schema.ts'
import type { Passage } from '../case/bundle.ts'
import type { DocumentPage, PageWord } from '../case/item-facts.ts'

type Selector = Pick<Statement, 'quote' | 'prefix' | 'suffix'>

export type PassageSearch =
  | { readonly kind: 'found'; readonly passage: Omit<Passage, 'document'> }
  | { readonly kind: 'not found' }
  | { readonly kind: 'ambiguous'; readonly times: number }

/**
 * Finds a verbatim quote in a document's pages (W3C TextQuoteSelector: exact,
 * prefix, suffix). White space is one space, as line breaks are the page's and
 * not the author's; everything else must agree to the letter.
 */
export function findPassage(selector: Selector, pages: readonly DocumentPage[]): PassageSearch {
  const exact = squeeze(selector.quote).text.trim()
  const prefix = squeeze(selector.prefix ?? '').text.trimStart()
  const suffix = squeeze(selector.suffix ?? '').text.trimEnd()
  const found: Omit<Passage, 'document'>[] = []
  for (const [index, page] of pages.entries()) {
    const { text, offsets } = squeeze(page.text)
    for (const at of placesOf(text, exact)) {
      const before = text.slice(0, at)
      const after = text.slice(at + exact.length)
      if (!(before.endsWith(prefix) || before.trimEnd().endsWith(prefix.trimEnd()))) continue
      if (!(after.startsWith(suffix) || after.trimStart().startsWith(suffix.trimStart()))) continue
      const start = offsets[at] ?? 0
      const end = (offsets[at + exact.length - 1] ?? start) + 1
      found.push({ page: index, start, end, boxes: [] })
    }
  }
  const [only, ...others] = found
  if (only === undefined) return { kind: 'not found' }
  if (others.length > 0) return { kind: 'ambiguous', times: found.length }
  const page = pages[only.page]
  return {
    kind: 'found',
    passage: { ...only, boxes: page === undefined ? [] : boxesOf(exact, prefix, page) },
  }
}

function* placesOf(text: string, part: string): Generator<number> {
  if (part === '') return
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) yield at
}

/** One space for each run of white space, with each character's offset in the original. */
function squeeze(text: string): { readonly text: string; readonly offsets: readonly number[] } {
  const offsets: number[] = []
  let squeezed = ''
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? ''
    const isSpace = /\s/.test(character)
    if (isSpace && squeezed.endsWith(' ')) continue
    squeezed += isSpace ? ' ' : character
    offsets.push(index)
  }
  return { text: squeezed, offsets }
}

/** Boxes around the quote's words, one a line, as fractions of the page. */
function boxesOf(exact: string, prefix: string, page: DocumentPage): Passage['boxes'] {
  const { words, widthPoints, heightPoints } = page
  if (words === undefined || widthPoints === undefined || heightPoints === undefined) return []
  const starts: number[] = []
  let text = ''
  for (const word of words) {
    starts.push(text.length)
    text += `${word.text} `
  }
  const at = [...placesOf(text, exact)].find((place) =>
    text.slice(0, place).trimEnd().endsWith(prefix.trimEnd()),
  )
  if (at === undefined) return []
  const marked = words.filter((word, index) => {
    const start = starts[index] ?? 0
    return start + word.text.length > at && start < at + exact.length
  })
  return linesOf(marked).map((line) => ({
    x: line.xMin / widthPoints,
    y: line.yMin / heightPoints,
    width: (line.xMax - line.xMin) / widthPoints,
    height: (line.yMax - line.yMin) / heightPoints,
  }))
}

type Box = Omit<PageWord, 'text'>

function linesOf(words: readonly PageWord[]): Box[] {
  const lines: Box[] = []
  for (const word of words) {
    const line = lines.at(-1)
    const middle = (word.yMin + word.yMax) / 2
    if (line !== undefined && middle > line.yMin && middle < line.yMax && word.xMin >= line.xMin) {
      lines[lines.length - 1] = {
        xMin: line.xMin,
        yMin: Math.min(line.yMin, word.yMin),
        xMax: Math.max(line.xMax, word.xMax),
        yMax: Math.max(line.yMax, word.yMax),
      }
    } else {
      lines.push({ xMin: word.xMin, yMin: word.yMin, xMax: word.xMax, yMax: word.yMax })
    }
  }
  return lines
}
