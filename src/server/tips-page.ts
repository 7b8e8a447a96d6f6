/** Contributor links and tips of an incident, as the desk's pages show them. */
import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Asker } from '../access/asker.ts'
import type { ExaminedFile } from '../ingest/examine-tip.ts'
import type { UsedLink } from '../store/contributor-links.ts'
import type { Incident } from '../store/incidents.ts'
import type { Tip, TipFile } from '../store/tips.ts'
import { confirmPage } from './confirm-page.ts'
import { deskDocument } from './desk-document.ts'
import { countText, momentText, sizeText } from './shown-text.ts'

const mostListed = 100
const mostOfAccount = 300

interface TipsPage {
  readonly incident: Incident
  readonly tips: readonly Tip[]
  /** Absent for those who may not manage them. */
  readonly links?: readonly UsedLink[] | undefined
  readonly now: Date
}

export function tipsPage(asker: Asker, { incident, tips, links, now }: TipsPage): string {
  const waiting = tips.filter(({ state }) => state === 'waiting')
  const decided = tips.filter(({ state }) => state !== 'waiting').toReversed()
  return deskDocument(
    `Tips: ${incident.title}`,
    [
      h('h1', `Tips: ${incident.title}`),
      h('h2', 'What waits'),
      waiting.length === 0
        ? h(
            'div.empty',
            h(
              'p',
              links === undefined
                ? 'Nothing waits. Whoever edits this incident can open a contributor link.'
                : 'Nothing waits. Open a contributor link below, and give its address to people who may have footage.',
            ),
          )
        : tipList(waiting),
      decided.length === 0 ? undefined : h('h2', 'What was decided'),
      decided.length === 0 ? undefined : tipList(decided),
      ...(links === undefined ? [] : linksPart(incident.id, links, now.toISOString())),
      h('p', h('a', { href: '/' }, 'All incidents')),
    ],
    { asker },
  )
}

function tipList(tips: readonly Tip[]): Element {
  const more = tips.length - mostListed
  return h('div', [
    h('ul.files', tips.slice(0, mostListed).map(tipItem)),
    more > 0 ? h('p.meta', `${more} more, listed as these are decided about.`) : undefined,
  ])
}

function tipItem({ id, incident, account, files, arriving, ...tip }: Tip): Element {
  const cut = account.length > mostOfAccount
  return h('li', [
    h('h3', h('a', { href: `/incidents/${incident}/tips/${id}` }, `Tip of ${receivedText(tip)}`)),
    h('p.meta', [
      `${stateText(tip)} ${countText(files.length, 'file')}`,
      arriving === 0 ? '.' : `, ${arriving} still on the way.`,
    ]),
    account === ''
      ? undefined
      : h(
          'p.account',
          { dir: 'auto' },
          cut ? `${account.slice(0, mostOfAccount).toWellFormed()} …` : account,
        ),
  ])
}

const receivedText = ({ receivedAt, begunAt }: Pick<Tip, 'receivedAt' | 'begunAt'>): string =>
  momentText(receivedAt ?? begunAt)

function stateText({ state, decidedAt }: Pick<Tip, 'state' | 'decidedAt'>): string {
  if (state === 'arriving' || state === 'waiting') return 'Waits.'
  const said = { accepted: 'Accepted', declined: 'Declined', withdrawn: 'Withdrawn' }[state]
  return decidedAt === undefined ? `${said}.` : `${said} ${momentText(decidedAt)}.`
}

function linksPart(incident: string, links: readonly UsedLink[], now: string): Element[] {
  return [
    h('h2', 'Contributor links'),
    links.length === 0
      ? h(
          'p',
          'None yet. By such a link anyone can send footage or an account, without an account here.',
        )
      : h(
          'ul.files',
          links.toReversed().map((link) => linkItem(link, now)),
        ),
    h('p', h('a.button', { href: `/incidents/${incident}/links/new` }, 'Open a contributor link')),
  ]
}

function linkItem(link: UsedLink, now: string): Element {
  const { id, incident, note, mostFiles, mostBytes, used, openedAt, expiresAt, closedAt } = link
  const isOpen = closedAt === undefined && expiresAt > now
  const state = isOpen
    ? `Open until ${momentText(expiresAt)}.`
    : closedAt === undefined
      ? `Ended ${momentText(expiresAt)}.`
      : `Closed ${momentText(closedAt)}.`
  return h('li', [
    h('h3', note === '' ? 'Without a note' : note),
    h('p.meta', [
      `${state} Opened ${momentText(openedAt)}; ${used.files} of ${countText(mostFiles, 'file')}, `,
      `${sizeText(used.bytes)} of ${sizeText(mostBytes)} have come. `,
      h('code', id),
    ]),
    isOpen
      ? h('div.acts', [
          h(
            'a.button',
            { href: `/incidents/${incident}/links/${id}/end`, ariaLabel: `Close ${id}` },
            'Close',
          ),
        ])
      : undefined,
  ])
}

interface TipPage {
  readonly tip: Tip
  /** How to reach who sent it; absent for those who may not decide. */
  readonly contact?: string | undefined
  /** Once the sandbox has looked into the files. */
  readonly examined?: readonly ExaminedFile[]
}

export function tipPage(asker: Asker, { tip, contact, examined }: TipPage): string {
  const { id, incident, account, files, arriving } = tip
  const path = `/incidents/${incident}/tips/${id}`
  const mayDecide = asker.may('tip.decide', incident)
  const title = `Tip of ${receivedText(tip)}`
  return deskDocument(
    title,
    [
      h('h1', title),
      h('p.meta', [
        `${stateText(tip)} `,
        arriving === 0 ? '' : `${countText(arriving, 'file')} still on the way. `,
        h('code', id),
      ]),
      h('h2', 'What they say'),
      account === '' ? h('p', 'No words came.') : h('p.account', { dir: 'auto' }, account),
      h('h2', 'Files'),
      files.length === 0 ? h('p', 'None.') : fileList(files, examined),
      ...(mayDecide ? decisionPart(tip, contact, path, examined !== undefined) : []),
      h('p', h('a', { href: `/incidents/${incident}/tips` }, 'All tips of this incident')),
    ],
    { asker },
  )
}

function fileList(files: readonly TipFile[], examined?: readonly ExaminedFile[]): Element {
  const seen = new Map(examined?.map((file) => [file.sha256, file]))
  return h(
    'ul.files',
    files.map((file) => {
      const { name, sizeBytes, sha256, withdrawnAt } = file
      const { kind, mediaType } = seen.get(sha256) ?? file
      return h('li', [
        h('span', [
          // A name may be written from right to left, or mean to look like another.
          name === undefined ? 'A file, erased' : h('bdi', name),
          `, ${sizeText(sizeBytes)}`,
        ]),
        h('span.meta', [
          kind === 'other' ? 'Of no kind that is known' : `By its bytes a ${kind}`,
          `, ${mediaType}`,
        ]),
        h('code', sha256),
        findingList(seen.get(sha256)),
        examined === undefined || seen.has(sha256) || withdrawnAt !== undefined
          ? undefined
          : h(
              'p.meta',
              'Not looked into: it came meanwhile, or there were too many files, or too slow ones.',
            ),
      ])
    }),
  )
}

function findingList(file: ExaminedFile | undefined): Element | undefined {
  if (file === undefined) return undefined
  if (file.findings.length === 0) return h('p.meta', 'Looked into: nothing odd was found.')
  return h(
    'ul',
    file.findings.map(({ severity, message }) => h('li', [h('strong', severity), `: ${message}`])),
  )
}

function decisionPart(
  { state, files }: Tip,
  contact: string | undefined,
  path: string,
  isExamined: boolean,
): Element[] {
  const canExamine = !isExamined && files.some(({ withdrawnAt }) => withdrawnAt === undefined)
  const parts = [
    h('h2', 'How to reach who sent it'),
    contact === undefined
      ? h('p', 'They left nothing.')
      : h('p', [
          h('bdi', contact),
          h('span.hint', ' Keep it to yourselves; it is never published.'),
        ]),
  ]
  if (!canExamine && state !== 'waiting') return parts
  return [
    ...parts,
    h('h2', 'What becomes of it'),
    canExamine
      ? h('form', { method: 'post', action: `${path}/examination` }, [
          h('p', 'Look into the files first: in the sandbox, and nothing is recorded.'),
          h('button', { type: 'submit' }, 'Look into the files'),
        ])
      : undefined,
    state === 'waiting'
      ? h('p.acts', [
          h('a.button', { href: `${path}/acceptance` }, 'Accept …'),
          h('a.button', { href: `${path}/refusal` }, 'Decline …'),
        ])
      : undefined,
  ].filter((part) => part !== undefined)
}

/** Asks whether to accept it as it is shown here. `wrong`: why that was not done. */
export function acceptancePage(asker: Asker, tip: Tip, wrong?: string): string {
  const { id, incident, files, filesSha256, arriving } = tip
  const path = `/incidents/${incident}/tips/${id}`
  return confirmPage(asker, {
    title: 'Accept this tip?',
    content: [
      wrong === undefined ? undefined : h('p.said.wrong', { role: 'alert' }, wrong),
      h('input', { type: 'hidden', name: 'seen', value: filesSha256 }),
      h(
        'p',
        `${countText(files.length, 'file')} will be items of the incident, for good. Who sent them can no longer withdraw them.`,
      ),
      fileList(files),
      arriving === 0
        ? undefined
        : h('p', [
            h('label', [
              h('input', { type: 'checkbox', name: 'without', value: 'yes', required: true }),
              `Without the ${countText(arriving, 'file')} still on the way, refused from then on`,
            ]),
          ]),
    ],
    act: 'Accept',
    path: `${path}/acceptance`,
    back: path,
  })
}
