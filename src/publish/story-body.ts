import type { Element, ElementContent, Root, RootContent } from 'hast'
import { h } from 'hastscript'
import type { Place } from '../case/story.ts'
import { claimsTable } from './claims-table.ts'
import { contradictionCards } from './contradictions.ts'
import { facsimileExhibit, quoteExhibit } from './document-exhibits.ts'
import { compositeExhibit, segmentExhibit, slowMotionExhibit } from './moving-exhibits.ts'
import { wordsOf } from './prose.ts'
import { PublishError } from './publish-error.ts'
import { questionList } from './questions.ts'
import { enlargementExhibit, photoExhibit, stillExhibit } from './still-exhibits.ts'
import { timeline } from './timeline.ts'
import { permalink, type StoryView } from './view.ts'

/** The story with its exhibits at their places, headings in order below the page's own. */
export function storyBody(view: StoryView, prose: Root): RootContent[] {
  const depths: number[] = []
  return prose.children.map((node) => {
    if (node.type !== 'element') return node
    const depth = headingDepth(node)
    if (depth === undefined) return withExhibits(view, node)
    while ((depths.at(-1) ?? 0) >= depth) depths.pop()
    depths.push(depth)
    return heading(view, Math.min(depths.length + 1, 6), node.children, wordsOf(node))
  })
}

function headingDepth(node: Element): number | undefined {
  const depth = /^h([1-6])$/.exec(node.tagName)?.[1]
  return depth === undefined ? undefined : Number(depth)
}

function heading(
  view: StoryView,
  level: number,
  children: readonly ElementContent[],
  words: string,
): Element {
  const id = view.takeId(`section-${slug(words)}`) ?? nextFree(view, `section-${slug(words)}`)
  return h(`h${level}`, { id, dir: 'auto' }, [...children, ' ', permalink(id, 'this section')])
}

function nextFree(view: StoryView, id: string): string | undefined {
  for (let n = 2; n < 100; n += 1) {
    const free = view.takeId(`${id}-${n}`)
    if (free !== undefined) return free
  }
  return undefined
}

function slug(words: string): string {
  const letters = words.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return letters.slice(0, 48).replaceAll(/^-+|-+$/g, '') || 'untitled'
}

function withExhibits(view: StoryView, node: Element): Element {
  const placeId = node.properties['dataPlace']
  if (typeof placeId === 'string') return exhibitAt(view, placeId)
  return {
    ...node,
    children: node.children.map((child) =>
      child.type === 'element' ? withExhibits(view, child) : child,
    ),
  }
}

function exhibitAt(view: StoryView, placeId: string): Element {
  const place = view.material.story.places.get(placeId)
  if (place === undefined) {
    throw new PublishError(
      'exhibit-missing',
      `the story has no exhibit "${placeId}"; read it again from story.md`,
    )
  }
  return exhibit(view, place)
}

function exhibit(view: StoryView, place: Place): Element {
  switch (place.kind) {
    case 'composite':
      return compositeExhibit(view, place)
    case 'segment':
      return segmentExhibit(view, place)
    case 'slow-motion':
      return slowMotionExhibit(view, place)
    case 'still':
      return stillExhibit(view, place)
    case 'enlargement':
      return enlargementExhibit(view, place)
    case 'photo':
      return photoExhibit(view, place)
    case 'facsimile':
      return facsimileExhibit(view, place)
    case 'quote':
      return quoteExhibit(view, place)
    case 'timeline':
      return list(place, timeline(view))
    case 'contradictions':
      return list(place, contradictionCards(view))
    case 'questions':
      return list(place, questionList(view))
    case 'claims':
      return h('div.list', { id: place.id }, claimsTable(view, place.caption))
  }
}

function list(place: Place, content: Element): Element {
  return h('div.list', { id: place.id }, [
    place.caption === '' ? '' : h('p.list-caption', { dir: 'auto' }, place.caption),
    content,
  ])
}

/** What the story did not place: a reader finds every claim, question and event on every page. */
export function unplacedLists(view: StoryView): Element[] {
  const { tables, case: facts, story } = view.material
  const placed = new Set([...story.places.values()].map((place) => place.kind))
  const lists = [
    { kind: 'timeline', title: 'Events', count: facts.events.length, make: () => timeline(view) },
    {
      kind: 'claims',
      title: 'Claims',
      count: tables.claims.length,
      make: () => claimsTable(view, ''),
    },
    {
      kind: 'contradictions',
      title: 'Contradictions',
      count: tables.contradictions.length,
      make: () => contradictionCards(view),
    },
    {
      kind: 'questions',
      title: 'Open questions',
      count: tables.questions.length,
      make: () => questionList(view),
    },
  ] as const
  return lists.flatMap(({ kind, title, count, make }) =>
    placed.has(kind) || count === 0
      ? []
      : [
          h('section.unplaced', [
            heading(view, 2, [{ type: 'text', value: title }], title),
            make(),
          ]),
        ],
  )
}
