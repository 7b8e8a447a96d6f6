import { h } from 'hastscript'
import type { Asker } from '../access/asker.ts'
import { deskDocument, type Content } from './desk-document.ts'

/**
 * Asks once more before an act. It stands where the act is sent to, so that whoever has to sign in
 * again for it comes back here.
 */
export function confirmPage(
  asker: Asker,
  {
    title,
    content,
    act,
    path,
    back,
  }: {
    readonly title: string
    readonly content: readonly Content[]
    /** On the button. */
    readonly act: string
    readonly path: string
    /** Where nothing is done. */
    readonly back: string
  },
): string {
  return deskDocument(
    title,
    [
      h('h1', title),
      h('form', { method: 'post', action: path }, [
        ...content,
        h('div.acts', [
          h('button.main', { type: 'submit' }, act),
          h('a.button', { href: back }, 'Back, do nothing'),
        ]),
      ]),
    ],
    { asker },
  )
}
