import { createHash } from 'node:crypto'
import type { Element, ElementContent, Root } from 'hast'
import { h } from 'hastscript'
import rehypeStringify from 'rehype-stringify'
import { unified } from 'unified'
import type { CalendarClaim } from '../align/calendar-time.ts'
import { version } from '../jobs/version.ts'
import type { ImpulsePicture } from './align-impulse-pictures.ts'
import { alignPicture } from './align-page-picture.ts'
import { spectrogramFigures } from './align-page-spectrograms.ts'
import { alignPageStyle } from './align-page-style.ts'
import {
  aloneTable,
  apartTable,
  impulsesTable,
  linksTable,
  membersTable,
  piecesTable,
  rejectedTable,
} from './align-page-tables.ts'
import { namesOf, type AlignReport, type Names, type ReportGroup } from './align-report.ts'
import { calendarText } from './align-text.ts'

/** Its one style, by its hash; pictures within the page; no script, no request. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(alignPageStyle).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** More links than this are folded; they print all the same. */
const mostOpenLinks = 30

/** What `--html` writes: one file, the same for the same report and pictures. */
export function alignPage(report: AlignReport, pictures: readonly ImpulsePicture[]): string {
  const names = namesOf(report)
  const page: Root = {
    type: 'root',
    children: [
      { type: 'doctype' },
      h('html', { lang: 'en' }, [
        h('head', [
          h('meta', { charSet: 'utf-8' }),
          h('meta', { httpEquiv: 'Content-Security-Policy', content: contentSecurityPolicy }),
          h('title', 'Recordings on one clock'),
          h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
          h('meta', { name: 'referrer', content: 'no-referrer' }),
          h('meta', { name: 'color-scheme', content: 'light dark' }),
          h('style', alignPageStyle),
        ]),
        h('body', [
          h('main', [
            opening(report),
            ...report.groups.map((group, index) =>
              groupSection(report, pictures, group, index, names),
            ),
            ...apartSection(report, names),
            howToRead(),
          ]),
        ]),
      ]),
    ],
  }
  return `${unified().use(rehypeStringify, { upperDoctype: true }).stringify(page)}\n`
}

function opening({ groups, apart }: AlignReport): Element {
  const placed = groups.reduce((sum, { members }) => sum + members.length, 0)
  const all = placed + apart.length
  const standfirst =
    groups.length === 0
      ? `None of ${all} recordings shares a clock with another.`
      : `${placed} of ${counted(all, 'recording')} stand on ${groups.length === 1 ? 'one clock' : `${groups.length} separate clocks`}${apart.length === 0 ? '' : `; ${apart.length} ${apart.length === 1 ? 'stands' : 'stand'} apart`}. Each place is given with its error.`
  return h('header', [
    h('p.dateline', 'Alignment by sound'),
    h('h1', 'Recordings on one clock'),
    h('p.standfirst', standfirst),
  ])
}

function groupSection(
  report: AlignReport,
  pictures: readonly ImpulsePicture[],
  { members, links, calendar }: ReportGroup,
  index: number,
  names: Names,
): Element {
  const impulses = report.impulses.filter(({ group }) => group === index)
  const used = links.filter(({ accepted }) => accepted)
  const rejected = links.filter(({ accepted }) => !accepted)
  const id = `group-${index + 1}`
  const place = { names, section: `group ${index + 1}` }
  return h('section', { ariaLabelledBy: id }, [
    h('h2', { id }, [`Group ${index + 1} `, h('span.count', counted(members.length, 'recording'))]),
    ...(calendar === undefined ? [] : calendarClaim('Clock zero', calendar, names)),
    alignPicture(report, index, names),
    ...membersTable(report, members, place),
    ...piecesTable(members, place),
    ...(impulses.some(({ corroborated }) => corroborated)
      ? [
          ...impulsesTable(impulses, place),
          ...spectrogramFigures(
            pictures.filter(({ impulse }) => impulse.group === index),
            impulses.filter(({ corroborated }) => corroborated).length,
            names,
          ),
        ]
      : []),
    ...(impulses.some(({ corroborated }) => !corroborated) ? aloneTable(impulses, place) : []),
    ...(used.length === 0
      ? []
      : [
          h('details', { open: used.length <= mostOpenLinks }, [
            h('summary', `${counted(used.length, 'link')} between recordings`),
            ...linksTable(used, place),
          ]),
        ]),
    ...(rejected.length === 0 ? [] : rejectedTable(rejected, place)),
  ])
}

function apartSection({ apart }: AlignReport, names: Names): Element[] {
  if (apart.length === 0) return []
  return [
    h('section', { ariaLabelledBy: 'apart' }, [
      h('h2', { id: 'apart' }, ['Apart ', h('span.count', counted(apart.length, 'recording'))]),
      ...apartTable(apart, { names, section: 'apart' }),
      ...apart.flatMap(({ id, calendar }) =>
        calendar === undefined ? [] : calendarClaim(`Zero of ${names.get(id)}`, calendar, names),
      ),
    ]),
  ]
}

function calendarClaim(what: string, calendar: CalendarClaim, names: Names): ElementContent[] {
  const { at, error, why, evidence } = calendarText(calendar)
  return [
    h('p.claim', [h('bdi', what), ': ', h('strong', at), ' ', h('strong', error), `, ${why}.`]),
    h(
      'ul.evidence',
      evidence.map(({ recording, text, contradicts }) =>
        h('li', { className: contradicts ? ['against'] : undefined }, [
          h('bdi', names.get(recording) ?? ''),
          `: ${text}`,
        ]),
      ),
    ),
  ]
}

function howToRead(): Element {
  return h('footer', [
    h(
      'p',
      'Clock = offset + rate × own time. Clock zero is the own zero of the recording that starts first; the drift is the rate’s distance from 1, in millionths. Groups share no sound with each other and have a clock each.',
    ),
    h(
      'p',
      'Errors are 95 % half-widths against the first recording of the group; to compare two others, add theirs. Sound needs a second for about 343 m, so no place is finer than the phones’ distance allows; where their positions are not known, the error rests on how far apart the sounds themselves lie. “Before” may be said only where intervals do not overlap.',
    ),
    h('p.note', `Made by Sightline ${version}. Nothing here was confirmed by a person.`),
  ])
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
