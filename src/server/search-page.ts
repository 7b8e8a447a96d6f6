/** `/search`: what `/api/search` finds, as a page whose address can be passed on. */
import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Hono } from 'hono'
import type { Asker } from '../access/asker.ts'
import type { Library } from '../store/library.ts'
import type { SearchHit, SearchPage } from '../store/search.ts'
import { searchStatuses } from '../store/search.ts'
import { searchKinds } from '../store/search-kinds.ts'
import { malformedRequest } from './api-schemas.ts'
import { searchAs, searchQuery } from './api-search.ts'
import { deskDocument } from './desk-document.ts'
import { page, type GateEnv } from './gate.ts'

type Asked = Readonly<Record<string, string>>

export function addSearchPage(app: Hono<GateEnv>, library: Library): void {
  page(app, 'GET', '/search', { to: 'incident.read', isList: true }, async (context) => {
    const asker = context.get('asker')
    // A form sends the fields that were left empty too.
    const filled = Object.entries(context.req.query()).filter(([, value]) => value.trim() !== '')
    const asked = Object.fromEntries(filled)
    if (filled.length === 0) return context.html(searchPage(asker, asked))
    const wish = searchQuery.safeParse(asked)
    if (!wish.success) {
      const { message } = malformedRequest(wish.error)
      return context.html(searchPage(asker, asked, { wrong: message }), 400)
    }
    return context.html(searchPage(asker, asked, await searchAs(library, asker, wish.data)))
  })
}

function searchPage(
  asker: Asker,
  asked: Asked,
  found?: SearchPage | { readonly wrong: string },
): string {
  const words = asked['q'] ?? ''
  return deskDocument(
    words === '' ? 'Search' : `Search: ${words}`,
    [
      h('h1', 'Search'),
      found !== undefined && 'wrong' in found
        ? h('p#wrong.said.wrong', { role: 'alert' }, found.wrong)
        : undefined,
      filterForm(asked),
      found === undefined
        ? h(
            'div.empty',
            h('p', 'Words that must all be there; "in this order" in quotation marks; -not.'),
          )
        : 'wrong' in found
          ? undefined
          : results(asked, found),
    ],
    { asker, words },
  )
}

const statusText: Readonly<Record<(typeof searchStatuses)[number], string>> = {
  published: 'published',
  unpublished: 'not published',
  'open-questions': 'with open questions',
}

function filterForm(asked: Asked): Element {
  const text = (name: string, label: string, hint = ''): Element =>
    h('div', [
      h('label', { for: `by-${name}` }, label),
      h('input', { id: `by-${name}`, name, value: asked[name] ?? '', placeholder: hint }),
    ])
  const choice = (name: string, label: string, options: readonly (readonly [string, string])[]) =>
    h('div', [
      h('label', { for: `by-${name}` }, label),
      h('select', { id: `by-${name}`, name }, [
        h('option', { value: '' }, 'any'),
        ...options.map(([value, shown]) =>
          h('option', { value, selected: asked[name] === value }, shown),
        ),
      ]),
    ])
  const { incident } = asked
  return h('form', { action: '/search' }, [
    text('q', 'Words'),
    h('div.filters', [
      text('place', 'Place'),
      text('from', 'From', '2026-05'),
      text('to', 'To', '2026-05-17'),
      choice(
        'status',
        'Incidents',
        searchStatuses.map((status) => [status, statusText[status]]),
      ),
      choice(
        'kind',
        'Kind',
        searchKinds.map((kind) => [kind, kind]),
      ),
    ]),
    incident === undefined
      ? undefined
      : h('p', [
          h('input', { type: 'hidden', name: 'incident', value: incident }),
          `Only in the incident ${incident}. `,
          h('a', { href: addressOf(asked, { incident: undefined }) }, 'In all incidents'),
        ]),
    h('button.main', { type: 'submit' }, 'Search'),
  ])
}

function results(asked: Asked, { hits, next }: SearchPage): Element {
  return h('section', { ariaLabelledby: 'found' }, [
    h('h2#found', hits.length === 0 ? 'Nothing found' : 'Found'),
    hits.length === 0
      ? h('div.empty', [
          h('p', 'Nothing of what you may read has all of that. Try fewer words or filters.'),
          h('p', [
            'What just came in is found once its job has ended; the text of a document, once it was examined.',
          ]),
        ])
      : h(
          'ul.files',
          hits.map((hit) => hitItem(asked, hit)),
        ),
    asked['after'] === undefined
      ? undefined
      : h('p', h('a', { href: addressOf(asked, { after: undefined }) }, 'The first results')),
    next === undefined
      ? undefined
      : h('p', h('a', { href: addressOf(asked, { after: next }), rel: 'next' }, 'More results')),
  ])
}

function hitItem(asked: Asked, hit: SearchHit): Element {
  const { incident, title, kind, ref, item, page: pageNumber, isPublished } = hit
  return h('li', [
    h('p.account', { dir: 'auto' }, markedText(hit)),
    h('p.meta', [
      h('strong', kind),
      ref === undefined ? '' : ` ${ref}`,
      pageNumber === undefined ? '' : `, page ${pageNumber}`,
      ' in ',
      h('bdi', title),
      '. ',
      item === undefined ? '' : h('code', item.slice(0, 12)),
    ]),
    h('p.acts', [
      isPublished ? h('a', { href: `/stories/${incident}/` }, 'The story') : undefined,
      asked['incident'] === undefined
        ? h('a', { href: addressOf(asked, { incident, after: undefined }) }, [
            'Only in ',
            h('bdi', title),
          ])
        : undefined,
    ]),
  ])
}

function markedText({ text, marks, isCutBefore, isCutAfter }: SearchHit): (string | Element)[] {
  const parts: (string | Element)[] = [isCutBefore ? '… ' : '']
  let at = 0
  for (const [from, to] of marks) {
    parts.push(text.slice(at, from), h('mark', text.slice(from, to)))
    at = to
  }
  return [...parts, text.slice(at), isCutAfter ? ' …' : '']
}

/** Of the same search with some of it changed. */
function addressOf(asked: Asked, changes: Readonly<Record<string, string | undefined>>): string {
  const all = Object.entries({ ...asked, ...changes })
  const said = all.filter((pair): pair is [string, string] => pair[1] !== undefined)
  return `/search?${new URLSearchParams(said).toString()}`
}
