import type { Element, ElementContent } from 'hast'
import { h, s } from 'hastscript'
import type { Passage } from '../case/bundle.ts'
import type { RenderedPart } from '../case/exhibit.ts'
import type { FacsimilePlace, QuotePlace } from '../case/story.ts'
import { exhibitFrame } from './exhibit-frame.ts'
import { stanceMark } from './marks.ts'
import { saidBy } from './said.ts'
import { dated, momentLink, named, permalink, type StoryView } from './view.ts'

/** A document's pages as they look, with the marked passages over them and as text below. */
export function facsimileExhibit(view: StoryView, place: FacsimilePlace): Element {
  const { material } = view
  const document = material.case.documents.find((each) => each.id === place.document)
  const title = document?.title ?? place.document
  const pages = (material.exhibits.get(place.id)?.parts ?? []).filter(
    (part) => part.role === 'page',
  )
  const screen =
    pages.length > 0
      ? pages.map((page) => facsimilePage(view, place, page, title))
      : textPages(view, place)
  return exhibitFrame(view, {
    place,
    kindName: 'Document',
    screen: [h('div.facsimile', screen)],
    below: [
      h('p.treatment', [
        h('strong', named(title)),
        ...(document?.received === undefined
          ? []
          : [', received ', dated(view, document.received)]),
        place.statements.length === 0 ? '.' : '. The marked passages, word for word:',
      ]),
      place.statements.length === 0
        ? ''
        : h(
            'ol.passages',
            place.statements.map((statement) => passageItem(view, statement)),
          ),
    ],
    parts: pages,
  })
}

function pageIndex(part: RenderedPart): number {
  return part.recipe.kind === 'facsimile' ? part.recipe.parameters.page - 1 : 0
}

function facsimilePage(
  view: StoryView,
  place: FacsimilePlace,
  part: RenderedPart,
  title: string,
): Element {
  const page = pageIndex(part)
  const marked = place.statements.flatMap((statement, index) => {
    const passage = view.material.passages.get(statement)
    return passage?.page === page ? [{ number: index + 1, passage }] : []
  })
  const alt = `Page ${page + 1} of “${title}”${marked.length === 0 ? '.' : '; its marked passages stand as text below.'}`
  return h('div.sheet', [
    h('img', { src: part.path, alt, width: part.widthPixels, height: part.heightPixels }),
    s('svg.marks', { ariaHidden: 'true' }, [
      ...marked.flatMap(passageBoxes),
      ...passageNumbers(marked),
    ]),
  ])
}

interface MarkedPassage {
  readonly number: number
  readonly passage: Passage
}

const share = (value: number) => `${(value * 100).toFixed(3)}%`

function passageBoxes({ passage }: MarkedPassage): Element[] {
  return passage.boxes.map(({ x, y, width, height }) =>
    s('rect', { x: share(x), y: share(y), width: share(width), height: share(height) }),
  )
}

/** Numbers at the left of the line where a passage starts; those of one line together. */
function passageNumbers(marked: readonly MarkedPassage[]): Element[] {
  const lines: { numbers: number[]; x: number; y: number; height: number }[] = []
  for (const { number, passage } of marked) {
    const [first] = passage.boxes
    if (first === undefined) continue
    const x = Math.min(...passage.boxes.map((box) => box.x))
    const line = lines.find(({ y, height }) => Math.abs(y - first.y) < height / 2)
    if (line === undefined) lines.push({ numbers: [number], x, y: first.y, height: first.height })
    else {
      line.numbers.push(number)
      line.x = Math.min(line.x, x)
    }
  }
  return lines.map(({ numbers, x, y, height }) =>
    s(
      'text',
      { x: share(Math.max(0.03, x - 0.015)), y: share(y + height * 0.85), textAnchor: 'end' },
      numbers.join(', '),
    ),
  )
}

/** A document without pages that look like anything: its text, the passages marked. */
function textPages(view: StoryView, place: FacsimilePlace): Element[] {
  const facts = view.material.items.get(place.document)?.facts
  if (facts?.kind !== 'document') return [h('p', 'This document has no text that can be shown.')]
  return facts.pages.map((page, index) => {
    const passages = place.statements
      .flatMap((statement) => view.material.passages.get(statement) ?? [])
      .filter((passage) => passage.page === index)
      .toSorted((a, b) => a.start - b.start)
    return h('div.sheet.text-sheet', { dir: 'auto' }, markedText(page.text, passages))
  })
}

function markedText(text: string, passages: readonly Passage[]): (ElementContent | string)[] {
  const content: (ElementContent | string)[] = []
  let at = 0
  for (const { start, end } of passages) {
    if (start < at) continue
    content.push(text.slice(at, start), h('mark', text.slice(start, end)))
    at = end
  }
  return [...content, text.slice(at)]
}

function passageItem(view: StoryView, statement: string): Element {
  const said = saidBy(view.material, statement)
  const id = view.takeId(`statement-${statement}`)
  return h('li', { id }, [
    h('q', { dir: 'auto' }, said.statement.quote),
    ' ',
    permalink(id, 'this passage'),
    ...stances(view, statement),
  ])
}

/** What the statement does to which claim. */
function stances(view: StoryView, statement: string): Element[] {
  const { on } = saidBy(view.material, statement).statement
  return on.flatMap(({ claim, stance }) => {
    const text = view.material.case.claims.find((each) => each.id === claim)?.text
    return text === undefined
      ? []
      : [
          h('span.stance', [
            stanceMark(stance),
            ` ${stance}: `,
            h('a.claim-link', { href: `#claim-${claim}`, dir: 'auto' }, text),
          ]),
        ]
  })
}

/** One statement, word for word, with who says it and where. */
export function quoteExhibit(view: StoryView, place: QuotePlace): Element {
  const { statement, account, source } = saidBy(view.material, place.statement)
  const document = view.material.case.documents.find((each) => each.id === account.document)
  const { id } = place
  return h('figure.quote', { id }, [
    h('blockquote', { dir: 'auto' }, h('p', statement.quote)),
    h('figcaption', [
      h('strong', named(source.name)),
      `, ${source.kind}, `,
      dated(view, account.date),
      ...(document === undefined ? [] : [', in “', named(document.title), '”']),
      ...(account.footage === undefined || statement.from === undefined
        ? []
        : [', ', momentLink(view, { footage: account.footage, at: statement.from }, 'bare')]),
      permalink(id, 'this quote'),
      place.caption === '' ? '' : h('span.caption', { dir: 'auto' }, place.caption),
      ...stances(view, place.statement),
    ]),
  ])
}
