/** The pages of contributors: no account, no cookie, and all of it works without scripts. */
import type { Element } from 'hast'
import { h } from 'hastscript'
import type { ContributorLink } from '../store/contributor-links.ts'
import { grouped } from '../store/secret-code.ts'
import type { Tip } from '../store/tips.ts'
import { mostAccountLetters, mostContactLetters, type Sent } from './contribute-form.ts'
import { deskDocument } from './desk-document.ts'
import { momentText, sizeText } from './shown-text.ts'

export function contributePage(link: ContributorLink, token: string, title: string): string {
  return deskDocument(
    'Send footage or an account',
    [
      h('h1', 'Send footage or an account'),
      h('p.note', link.note === '' ? title : link.note),
      whatIsKept(),
      h(
        'form#contribute',
        {
          method: 'post',
          action: `/contribute/${token}`,
          encType: 'multipart/form-data',
          dataTips: `/contribute/${token}/tips`,
          dataEndpoint: `/contribute/${token}/uploads`,
        },
        [...fields(), filesField(link), h('button.main', { type: 'submit' }, 'Send')],
      ),
      h('section#sent', { hidden: true, ariaLabelledby: 'sent-title' }, [
        h('h2#sent-title', { tabIndex: -1 }, 'Your receipt code'),
        ...receiptText(''),
      ]),
      h('p#status', { role: 'status', ariaLive: 'polite' }),
      h('ul#list.files', { ariaLabel: 'Files' }),
      h('p', [
        `This link ends ${momentText(link.expiresAt)}. `,
        h('a', { href: '/contribute/receipt' }, 'I have a receipt code'),
      ]),
    ],
    { script: 'contribute' },
  )
}

function fields(): Element[] {
  return [
    h('div', [
      h('label', { for: 'account' }, 'What you saw or know'),
      h('p#account-hint.hint', 'In your own words. You may leave it empty and send files alone.'),
      h('textarea#account', {
        name: 'account',
        maxLength: mostAccountLetters,
        ariaDescribedby: 'account-hint',
      }),
    ]),
    h('div', [
      h('label', { for: 'contact' }, 'How to reach you'),
      h(
        'p#contact-hint.hint',
        'You may leave it empty and stay unnamed. It is kept apart, is seen by those alone who decide ' +
          'about what was sent, and is never published.',
      ),
      h('input#contact', {
        type: 'text',
        name: 'contact',
        maxLength: mostContactLetters,
        autoComplete: 'off',
        ariaDescribedby: 'contact-hint',
      }),
    ]),
  ]
}

function filesField({ mostBytes, mostFiles }: ContributorLink): Element {
  return h('div.drop', [
    h('label', { for: 'choose' }, 'Footage, photographs, documents'),
    h(
      'p#choose-hint.hint',
      `As they are: a copy that a messenger made has lost a part. By this link ${mostFiles} files and ` +
        `${sizeText(mostBytes)} in all.`,
    ),
    h('input#choose', {
      type: 'file',
      name: 'files',
      multiple: true,
      ariaDescribedby: 'choose-hint',
    }),
  ])
}

function whatIsKept(): Element {
  return h('div.kept', [
    h('div', [
      h('h2', 'What is kept'),
      h('ul', [
        h(
          'li',
          'Each file as it is, with its name and all that is in it: often place, time and device.',
        ),
        h('li', 'Its SHA-256 and the time at which it arrived.'),
        h('li', 'What you write here.'),
      ]),
    ]),
    h('div', [
      h('h2', 'What is not kept'),
      h('ul', [
        h(
          'li',
          'Your internet address, and which browser or device you use. There are no cookies.',
        ),
        h(
          'li',
          'Against abuse a scrambled form of the address is in memory for a day at most; the key to it is then gone.',
        ),
      ]),
    ]),
  ])
}

function receiptText(code: string): Element[] {
  return [
    h(
      'p',
      'Write it down now: it is shown once and kept nowhere. With it you can come back, see what became of ' +
        'what you sent, add to it or withdraw it.',
    ),
    h('p#receipt.receipt', grouped(code)),
    h('p', [
      'Where to come back: ',
      h('a', { href: '/contribute/receipt' }, 'the page for receipt codes'),
      '.',
    ]),
  ]
}

/** After a form without scripts. */
export function sentPage({ receipt, arrived, refused, hasWords }: Sent): string {
  const isNothing = arrived.length === 0 && refused.length > 0 && !hasWords
  const done = receipt === undefined ? 'Added' : 'Received'
  const title = isNothing ? 'Nothing was taken' : done
  return deskDocument(title, [
    h('h1', title),
    arrived.length === 0
      ? undefined
      : h('div', [
          h(
            'h2',
            arrived.length === 1 ? '1 file has arrived' : `${arrived.length} files have arrived`,
          ),
          h(
            'ul',
            arrived.map((name) => h('li', name)),
          ),
        ]),
    refused.length === 0
      ? undefined
      : h('div', [
          h('h2', 'Not taken'),
          h(
            'ul',
            refused.map(({ name, reason }) => h('li', `${name}: ${reason}`)),
          ),
        ]),
    ...(receipt === undefined ? [] : [h('h2', 'Your receipt code'), ...receiptText(receipt)]),
  ])
}

export function receiptPage(): string {
  return deskDocument('Come back with a receipt code', [
    h('h1', 'Come back with a receipt code'),
    h('form', { method: 'post', action: '/contribute/receipt' }, [
      h('div', [
        h('label', { for: 'receipt' }, 'Receipt code'),
        h('p#receipt-hint.hint', '24 letters; in capitals or not, with hyphens or without.'),
        h('input#receipt', {
          type: 'text',
          name: 'receipt',
          required: true,
          maxLength: 100,
          autoComplete: 'off',
          autoCapitalize: 'characters',
          spellCheck: 'false',
          ariaDescribedby: 'receipt-hint',
        }),
      ]),
      h('button.main', { type: 'submit' }, 'Show'),
    ]),
  ])
}

const states: Readonly<Record<Tip['state'], string>> = {
  arriving: 'Nothing has arrived yet.',
  waiting: 'It waits until somebody of the team has looked at it.',
  accepted: 'It was taken into the incident.',
  declined: 'It was not taken into the incident.',
  withdrawn:
    'It was withdrawn. Nobody at the desk sees words, names and contact any more; they and the files are erased within a day.',
}

export function tipPage(tip: Tip, code: string): string {
  const { state, account, files, arriving, receivedAt, decidedAt } = tip
  const receipt = h('input', { type: 'hidden', name: 'receipt', value: code })
  const isOpen = state === 'arriving' || state === 'waiting'
  return deskDocument('What you sent', [
    h('h1', 'What you sent'),
    h('p', [h('strong', states[state])]),
    h('p.meta', [
      receivedAt === undefined ? '' : `Received ${momentText(receivedAt)}. `,
      decidedAt === undefined ? '' : `Decided ${momentText(decidedAt)}. `,
      arriving === 0 ? '' : `${arriving} still on the way.`,
    ]),
    files.length === 0
      ? undefined
      : h(
          'ul.files',
          files.map(({ name, sizeBytes, sha256 }) =>
            h('li', [
              h('span', `${name ?? 'A file, erased'}, ${sizeText(sizeBytes)}`),
              h('code', sha256),
            ]),
          ),
        ),
    account === '' ? undefined : h('p.account', account),
    isOpen
      ? h('section', [
          h('h2', 'Add to it'),
          h(
            'form',
            { method: 'post', action: '/contribute/receipt/add', encType: 'multipart/form-data' },
            [
              receipt,
              ...fields(),
              h('div', [
                h('label', { for: 'choose' }, 'More files'),
                h('input#choose', { type: 'file', name: 'files', multiple: true }),
              ]),
              h('button.main', { type: 'submit' }, 'Add'),
            ],
          ),
        ])
      : undefined,
    isOpen || state === 'declined'
      ? h('section', [
          h('h2', 'Withdraw it'),
          h(
            'p',
            'At once nobody at the desk sees any more what you wrote and how to reach you; that and the files are ' +
              'erased within a day. What stays: that something was sent and withdrawn, when, and the hashes of the ' +
              'files. In the journal of the database and in backups the words stay until those are overwritten.',
          ),
          h('form', { method: 'post', action: '/contribute/receipt/withdraw' }, [
            receipt,
            h('button', { type: 'submit' }, 'Withdraw all of it'),
          ]),
        ])
      : undefined,
  ])
}

export function contributeErrorPage(detail: string): string {
  return deskDocument('That did not work', [
    h('h1', 'That did not work'),
    h('p', detail),
    h('p', h('a', { href: '/contribute/receipt' }, 'I have a receipt code')),
  ])
}
