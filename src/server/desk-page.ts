import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import rehypeStringify from 'rehype-stringify'
import { unified } from 'unified'
import type { IncidentPage, IncidentSummary } from '../store/incident-summaries.ts'

/**
 * The desk's first page: the incidents, what was published of each, what stands in the way.
 * `isFurther`: not the first of several pages. `mayAdd`: whether who asks may add files to it.
 */
export function deskPage(
  { incidents, next }: IncidentPage,
  isFurther: boolean,
  mayAdd: (incident: string) => boolean,
): string {
  return deskDocument('Incidents', [
    h('h1', 'Incidents'),
    incidents.length > 0
      ? h(
          'ul.incidents',
          incidents.map((incident) => incidentItem(incident, mayAdd(incident.id))),
        )
      : isFurther
        ? h('p', 'There are no more incidents.')
        : emptyLibrary(),
    isFurther ? h('p', h('a', { href: '/' }, 'The first incidents')) : undefined,
    next === undefined
      ? undefined
      : h('p', h('a', { href: `/?after=${next}`, rel: 'next' }, 'More incidents')),
  ])
}

function emptyLibrary(): Element {
  return h('div.empty', [
    h('p', 'This library holds no incident yet.'),
    h('p', [
      'Bring one in with ',
      h('code', './sightline import <case folder>'),
      ', or publish one with ',
      h('code', './sightline publish <case folder> --out <folder>'),
      '.',
    ]),
  ])
}

const errors = {
  403: ['Not allowed', 'Your role does not allow this. Ask an owner of this installation.'],
  404: ['Nothing here', 'There is no page at this address. The incident may not be published yet.'],
  500: [
    'That did not work',
    'The desk met an error and has written it to its log. Nothing was changed.',
  ],
  503: ['Not just now', 'The database or the object store does not answer. Try again in a moment.'],
} as const

export const isPageError = (status: number): status is keyof typeof errors => status in errors

export function errorPage(status: keyof typeof errors): string {
  const [title, text] = errors[status]
  return deskDocument(title, [
    h('h1', title),
    h('p', text),
    h('p', h('a', { href: '/' }, 'All incidents')),
  ])
}

function incidentItem(incident: IncidentSummary, mayAdd: boolean): Element {
  const { id, title, items, problems, notices, publication } = incident
  return h('li', { id }, [
    h('h2', publication === undefined ? title : h('a', { href: `/stories/${id}/` }, title)),
    h('p.meta', [
      `${count(items.recording, 'recording')}, ${count(items.photo, 'photo')}, ${count(items.document, 'document')}`,
      items.other === 0 ? '' : `, ${count(items.other, 'unreadable file')}`,
    ]),
    publication === undefined
      ? h('p', 'No story published yet.')
      : h('p', [
          `Story, revision ${publication.revision}, published `,
          h(
            'time',
            { dateTime: publication.publishedAt },
            publication.publishedAt.slice(0, 16).replace('T', ' '),
          ),
          ' UTC. ',
          h('a', { href: `/stories/${id}/` }, 'Open the story'),
          ' · ',
          h('a', { href: `/stories/${id}/verify.html` }, 'Verify it'),
        ]),
    mayAdd ? h('p', h('a', { href: `/incidents/${id}/upload` }, 'Add files')) : undefined,
    problems.length + notices.length === 0
      ? undefined
      : h('details', [
          h(
            'summary',
            `${count(problems.length, 'problem')}, ${count(notices.length, 'notice')} about its files`,
          ),
          h(
            'ul',
            [...problems, ...notices].map(({ item, message }) =>
              h('li', [h('code', item.slice(0, 12)), ` ${message}`]),
            ),
          ),
        ]),
  ])
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** A page of the desk; `script`: its address. */
export function deskDocument(
  title: string,
  content: readonly (ElementContent | undefined)[],
  script?: string,
): string {
  const tree = h(null, [
    { type: 'doctype' },
    h('html', { lang: 'en' }, [
      h('head', [
        h('meta', { charSet: 'utf-8' }),
        h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        h('title', `${title} – Sightline`),
        h('link', { rel: 'stylesheet', href: '/desk.css' }),
        script === undefined ? undefined : h('script', { src: script, defer: true }),
      ]),
      h('body', [
        h('a.skip', { href: '#main' }, 'Skip to content'),
        h('header', [
          h('a', { href: '/' }, 'Sightline'),
          h('nav', { ariaLabel: 'Desk' }, [
            h('a', { href: '/people' }, 'People'),
            h('a', { href: '/account' }, 'Account'),
          ]),
        ]),
        h(
          'main#main',
          { tabIndex: -1 },
          content.filter((node) => node !== undefined),
        ),
      ]),
    ]),
  ])
  return unified().use(rehypeStringify).stringify(tree)
}
