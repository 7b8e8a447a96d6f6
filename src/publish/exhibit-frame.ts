import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { RenderedPart } from '../case/exhibit.ts'
import type { Finding } from '../case/item-facts.ts'
import type { Place } from '../case/story.ts'
import { cutSentence } from './cuts.ts'
import { permalink, type StoryView } from './view.ts'

type Content = ElementContent | string

export interface FrameContent {
  readonly place: Place
  /** e.g. "Slow motion beside real speed". */
  readonly kindName: string
  readonly warning?: string
  /** What is looked at. */
  readonly screen: readonly Content[]
  /** Under the caption. */
  readonly below: readonly Content[]
  readonly parts: readonly RenderedPart[]
}

/** The frame all numbered exhibits share: name, warning, screen, caption, how it was made. */
export function exhibitFrame(view: StoryView, content: FrameContent): Element {
  const { place, kindName, warning, screen, below, parts } = content
  const number = view.exhibitNumbers.get(place.id)
  const name = number === undefined ? kindName : `Exhibit ${number}`
  const { id } = place
  return h(`figure.exhibit.exhibit-${place.kind}`, { id, tabIndex: -1 }, [
    h('p.exhibit-name', [h('strong', name), ' ', h('span', kindName), permalink(id, name)]),
    ...(warning === undefined ? screen : guarded(place.id, warning, screen)),
    h('figcaption', [
      place.caption === '' ? '' : h('p.caption', { dir: 'auto' }, place.caption),
      ...below,
      noticesHere(view, parts),
      parts.length === 0 ? '' : making(view, parts),
      warning === undefined
        ? ''
        : h(
            'p.after-guarded',
            { id: view.takeId(`after-${id}`), tabIndex: -1 },
            `End of ${name.toLowerCase()}.`,
          ),
    ]),
  ])
}

function guarded(placeId: string, warning: string, screen: readonly Content[]): Content[] {
  return [
    h('div.warning', [
      h('p', { dir: 'auto' }, [h('strong', 'Warning. '), warning]),
      h('p', h('a.button', { href: `#after-${placeId}` }, 'Skip this part')),
    ]),
    h('details.guarded', [h('summary', 'Show or hide this footage'), ...screen]),
  ]
}

/** What a reader must know of the originals before believing what they see. */
function noticesHere(view: StoryView, parts: readonly RenderedPart[]): Element | '' {
  const items = new Set(parts.flatMap(({ recipe }) => recipe.inputs.map(({ item }) => item)))
  const noted = new Map(
    [...view.material.items]
      .filter(([, { item }]) => items.has(item))
      .map(([id, { item }]) => [item, noticesOn(view, id)]),
  )
  const told = [...noted].flatMap(([item, notices]) => notices.map((each) => ({ item, ...each })))
  if (told.length === 0) return ''
  return h(
    'ul.notices-here',
    told.map(({ item, severity, message }) =>
      h('li', { dir: 'auto' }, [
        h('strong', severity === 'problem' ? 'Problem: ' : 'Notice: '),
        h('bdi', itemLabel(view, item)),
        `: ${message}`,
      ]),
    ),
  )
}

/** What the probe found in an original, and that a recording was cut. */
export function noticesOn(
  view: StoryView,
  id: string,
): readonly Pick<Finding, 'severity' | 'message'>[] {
  const cut = cutSentence(view.material, id)
  return [
    ...(view.material.items.get(id)?.findings ?? []),
    ...(cut === undefined ? [] : [{ severity: 'notice', message: cut } as const]),
  ]
}

function making(view: StoryView, parts: readonly RenderedPart[]): Element {
  return h('details.making', [
    h('summary', 'File, hash and recipe'),
    ...parts.map((part) => h('dl', makingRows(view, part))),
  ])
}

function makingRows(view: StoryView, part: RenderedPart): Element[] {
  const { recipe } = part
  const originals = recipe.inputs.map((input) => input.item)
  return [
    ...row('File', [h('a', { href: part.path }, part.path), ` (${sizeText(part.sizeBytes)})`]),
    ...row('Treatment', [part.treatment]),
    ...row('SHA-256', [h('code.hash', part.sha256)]),
    ...row('Recipe', [
      h(
        'a',
        { href: `proof/recipes/${part.recipeSha256}.json` },
        `${part.recipeSha256.slice(0, 12)}….json`,
      ),
      `, made with ${recipe.tool.name} ${recipe.tool.version}`,
    ]),
    ...(originals.length === 0
      ? []
      : row(
          originals.length === 1 ? 'Original' : 'Originals',
          originals.flatMap((item) => [
            h('span.original', [h('bdi', itemLabel(view, item)), ' ', h('code.hash', item)]),
          ]),
        )),
  ]
}

function row(term: string, content: readonly Content[]): Element[] {
  return [h('dt', term), h('dd', [...content])]
}

/** How readers know an original: never by its file name, which may name a person. */
export function itemLabel(view: StoryView, item: string): string {
  const { case: facts, items } = view.material
  const id = [...items].find(([, entry]) => entry.item === item)?.[0]
  return (
    facts.footage.find((each) => each.id === id)?.label ??
    facts.photos.find((each) => each.id === id)?.label ??
    facts.documents.find((each) => each.id === id)?.title ??
    'an original'
  )
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
