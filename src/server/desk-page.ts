import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Asker } from '../access/asker.ts'
import type { IncidentPage, IncidentSummary } from '../store/incident-summaries.ts'
import { deskDocument } from './desk-document.ts'
import type { ProblemError } from './problem.ts'
import { countText } from './shown-text.ts'

/**
 * The desk's first page: the incidents, what was published of each, what stands in the way.
 * `isFurther`: not the first of several pages.
 */
export function deskPage(
  asker: Asker,
  { incidents, next }: IncidentPage,
  isFurther: boolean,
): string {
  return deskDocument(
    'Incidents',
    [
      h('h1', 'Incidents'),
      incidents.length > 0
        ? h(
            'ul.incidents',
            incidents.map((incident) => incidentItem(asker, incident)),
          )
        : isFurther
          ? h('p', 'There are no more incidents.')
          : emptyLibrary(),
      isFurther ? h('p', h('a', { href: '/' }, 'The first incidents')) : undefined,
      next === undefined
        ? undefined
        : h('p', h('a', { href: `/?after=${next}`, rel: 'next' }, 'More incidents')),
    ],
    { asker },
  )
}

/** Where somebody goes on with an incident: only to what they may open. */
function incidentLinks(asker: Asker, id: string): Element | undefined {
  const links = (
    [
      ['item.add', 'upload', 'Add files'],
      ['tip.read', 'tips', 'Tips'],
      ['comment.moderate', 'comments', 'Comments'],
    ] as const
  ).filter(([action]) => asker.may(action, id))
  if (links.length === 0) return undefined
  return h(
    'nav',
    { ariaLabel: `Incident ${id}` },
    links.map(([, path, label]) => h('a', { href: `/incidents/${id}/${path}` }, label)),
  )
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

/** By the code of those that say nothing of their own to a person. */
const errors: Readonly<Record<string, readonly [title: string, text: string]>> = {
  'not-allowed': [
    'Not allowed',
    'Your role does not allow this. Ask an owner of this installation.',
  ],
  'not-found': [
    'Nothing here',
    'There is no page at this address. The incident may not be published yet.',
  ],
  internal: [
    'That did not work',
    'The desk met an error and has written it to its log. Nothing was changed.',
  ],
  unavailable: [
    'Not just now',
    'The database or the object store does not answer. Try again in a moment.',
  ],
}

/** What could not be shown or done. Whether there is such a thing the page does not tell. */
export function errorPage(
  asker: Asker,
  { code, message }: Pick<ProblemError, 'code' | 'message'>,
): string {
  const [title, text] = errors[code] ?? ['That did not work', message]
  return deskDocument(
    title,
    [h('h1', title), h('p', text), h('p', h('a', { href: '/' }, 'All incidents'))],
    { asker },
  )
}

function incidentItem(asker: Asker, incident: IncidentSummary): Element {
  const { id, title, items, problems, notices, publication } = incident
  return h('li', { id }, [
    h('h2', publication === undefined ? title : h('a', { href: `/stories/${id}/` }, title)),
    h('p.meta', [
      `${countText(items.recording, 'recording')}, ${countText(items.photo, 'photo')}, ${countText(items.document, 'document')}`,
      items.other === 0 ? '' : `, ${countText(items.other, 'unreadable file')}`,
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
    incidentLinks(asker, id),
    problems.length + notices.length === 0
      ? undefined
      : h('details', [
          h(
            'summary',
            `${countText(problems.length, 'problem')}, ${countText(notices.length, 'notice')} about its files`,
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
