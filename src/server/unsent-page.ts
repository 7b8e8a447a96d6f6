/** Words typed into a form of the desk that were sent after their writer had been signed out. */
import { h } from 'hastscript'
import { nobody } from '../access/asker.ts'
import { deskDocument } from './desk-document.ts'
import type { GateContext } from './gate.ts'
import { fieldsOf } from './page-request.ts'
import { ProblemError } from './problem.ts'

const typed = ['reason', 'note']

/** Gives them back, to be sent again. Undefined where nothing was typed that would be lost. */
export async function unsentPage(context: GateContext): Promise<string | undefined> {
  if (context.req.method !== 'POST') return undefined
  const fields = await fieldsOf(context).catch((error: unknown) => {
    if (error instanceof ProblemError) return new URLSearchParams()
    throw error
  })
  const words = typed.flatMap((name) => fields.get(name)?.trim() || [])
  if (words.length === 0) return undefined
  const signIn = h('a', { href: '/sign-in', target: '_blank' }, 'Sign in in another tab')
  return deskDocument(
    'Not sent yet',
    [
      h('h1', 'Not sent yet'),
      h('p', 'You are signed out, so nothing was done. What you typed is still here:'),
      ...words.map((text) => h('p.account', { dir: 'auto' }, text)),
      h('p', [signIn, ', come back to this page and send it.']),
      h('form', { method: 'post', action: context.req.path }, [
        ...[...fields].map(([name, value]) => h('input', { type: 'hidden', name, value })),
        h('div.acts', h('button.main', { type: 'submit' }, 'Send it')),
      ]),
    ],
    { asker: nobody },
  )
}
