/** The pages on which a contributor link is opened, and its address shown once. */
import type { Element } from 'hast'
import { h, s } from 'hastscript'
import type { Asker } from '../access/asker.ts'
import { qrCode } from '../page/qr-code.ts'
import type { ContributorLink } from '../store/contributor-links.ts'
import type { Incident } from '../store/incidents.ts'
import { deskDocument } from './desk-document.ts'
import { countText, momentText, sizeText } from './shown-text.ts'

const bytesInGigabyte = 1e9

/** As the form sends it. */
export const linkFields = ['note', 'days', 'gigabytes', 'files'] as const
export type LinkFields = Readonly<Record<(typeof linkFields)[number], string>>
export const usualLink: LinkFields = { note: '', days: '14', gigabytes: '10', files: '100' }

/** What the interface would be sent; a field that is no number it refuses. */
export const linkAsked = ({ note, days, gigabytes, files }: LinkFields) => ({
  note,
  days: Number(days),
  mostBytes: Math.round(Number(gigabytes) * bytesInGigabyte),
  mostFiles: Number(files),
})

const wrongText: Readonly<Record<string, string>> = {
  note: 'The note is too long: at most 2000 letters.',
  days: 'Days: a whole number from 1 to 366.',
  mostFiles: 'Files: a whole number from 1 to 10,000.',
  mostBytes: 'Gigabytes: more than 0, and at most 1000.',
}

/** What to put right in what was sent; `refused`: names as the interface has them. */
export const wrongLink = (refused: readonly PropertyKey[]): string =>
  [...new Set(refused)].map((name) => wrongText[String(name)] ?? '').join(' ')

/** `wrong`: what to put right in what was sent. */
export function newLinkPage(
  asker: Asker,
  { id, title }: Incident,
  filled: LinkFields,
  wrong?: string,
): string {
  const field = (
    name: 'days' | 'gigabytes' | 'files',
    label: string,
    bounds: { readonly min: number | string; readonly max: number; readonly step?: string },
  ): Element =>
    h('div', [
      h('label', { for: name }, label),
      h('input', {
        id: name,
        type: 'number',
        name,
        required: true,
        value: filled[name],
        ...bounds,
        ...describedBy(wrong),
      }),
    ])
  return deskDocument(
    'Open a contributor link',
    [
      h('h1', 'Open a contributor link'),
      h('p', `Whoever has its address can send footage or an account for “${title}”, unnamed.`),
      wrong === undefined ? undefined : h('p#wrong.said.wrong', { role: 'alert' }, wrong),
      h('form', { method: 'post', action: `/incidents/${id}/links/new` }, [
        h('div', [
          h('label', { for: 'note' }, 'Note to contributors'),
          h('p#note-hint.hint', 'They read it on top of the page. Empty: the incident’s title.'),
          h(
            'textarea#note.short',
            { name: 'note', maxLength: 2000, ariaDescribedby: 'note-hint' },
            filled.note,
          ),
        ]),
        field('days', 'Days until it ends', { min: 1, max: 366 }),
        field('files', 'Files in all, at most', { min: 1, max: 10_000 }),
        field('gigabytes', 'Gigabytes in all, at most', { min: '0.001', max: 1000, step: 'any' }),
        h('div.acts', [
          h('button.main', { type: 'submit' }, 'Open the link'),
          h('a.button', { href: `/incidents/${id}/tips` }, 'Back'),
        ]),
      ]),
    ],
    { asker },
  )
}

const describedBy = (wrong: string | undefined) =>
  wrong === undefined ? {} : { ariaDescribedby: 'wrong' }

/** The only answer in which the address stands. */
export function openedLinkPage(asker: Asker, link: ContributorLink, address: string): string {
  const { incident, expiresAt, mostFiles, mostBytes } = link
  const isLocal = new URL(address).protocol === 'http:'
  return deskDocument(
    'The link is open',
    [
      h('h1', 'The link is open'),
      h('p', [
        'Copy its address now: it is shown this once and kept nowhere. Whoever has it can send, until ',
        `${momentText(expiresAt)}, ${countText(mostFiles, 'file')} and ${sizeText(mostBytes)} in all.`,
      ]),
      h('p.receipt.address', address),
      qrImage(address),
      isLocal
        ? h(
            'p.said.wrong',
            'This address is for this machine alone: the desk was given no public name when it was started.',
          )
        : undefined,
      h('p', h('a', { href: `/incidents/${incident}/tips` }, 'To the tips of this incident')),
    ],
    { asker },
  )
}

/** Dark on light, whatever the page's colours: cameras want it so. */
function qrImage(address: string): Element {
  const { size, path } = qrCode(address)
  return s(
    'svg.qr',
    {
      viewBox: `0 0 ${size} ${size}`,
      role: 'img',
      ariaLabel: 'QR code of the address; the text above says the same',
    },
    s('path', { d: path }),
  )
}
