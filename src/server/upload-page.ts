import { h } from 'hastscript'
import type { Asker } from '../access/asker.ts'
import type { Incident } from '../store/incidents.ts'
import { deskDocument } from './desk-document.ts'

/** Where the team adds files to an incident. */
export function uploadPage(asker: Asker, { id, title }: Incident): string {
  return deskDocument(
    `Add files to ${title}`,
    [
      h('h1', `Add files to ${title}`),
      h('p', [
        'Footage, photographs and documents are kept as they are, under their SHA-256, which is computed ',
        'here before they are sent and compared there when they have arrived. A connection that breaks is ',
        'gone on with; after this page was closed, choose the same files again.',
      ]),
      h('noscript', [
        h('p', [
          'Sending from this page needs scripts. Without: ',
          h('code', `sightline ingest --incident ${id} <files>`),
          '.',
        ]),
      ]),
      h('form#files', { hidden: true, dataEndpoint: `/api/incidents/${id}/uploads` }, [
        h('div.drop', [
          h('label', { for: 'choose' }, 'Files'),
          h('input#choose', { type: 'file', multiple: true }),
          h('label', { for: 'choose-folder' }, 'Or a whole folder'),
          h('input#choose-folder', { type: 'file', multiple: true, webkitdirectory: true }),
          h('p.hint', 'Or drop files and folders anywhere on this page.'),
        ]),
        h('p#unfinished', { hidden: true }),
      ]),
      h('p#status', { role: 'status', ariaLive: 'polite' }),
      h('ul#list.files', { ariaLabel: 'Files' }),
      h('p', h('a', { href: '/' }, 'All incidents')),
    ],
    { asker, script: 'upload' },
  )
}
