/** The pages on which people sign in, are let in, and see to their own account. */
import { h } from 'hastscript'
import type { Hono } from 'hono'
import { actions, roles } from '../access/roles.ts'
import { longestPassword, shortestPassword } from '../access/sign-in.ts'
import { readPageScript } from '../jobs/page-scripts.ts'
import { deskDocument, type Content } from './desk-document.ts'
import { page, type GateEnv } from './gate.ts'

const status = h('p#status', { role: 'status', ariaLive: 'polite' })
const noScript = h('noscript', h('p', 'This page needs scripts; published stories do not.'))

const field = (
  label: string,
  name: string,
  properties: Record<string, string | number | boolean> = {},
): Content => h('p', h('label', [label, ' ', h('input', { name, required: true, ...properties })]))

const email = field('E-mail', 'email', { type: 'email', autoComplete: 'username' })
const submit = (label: string): Content => h('p', h('button', { type: 'submit' }, label))

const newPassword = (name: string): Content =>
  field(`New password, ${shortestPassword} characters or more`, name, {
    type: 'password',
    autoComplete: 'new-password',
    minLength: shortestPassword,
    maxLength: longestPassword,
  })
const currentPassword = (name: string, label = 'Password'): Content =>
  field(label, name, { type: 'password', autoComplete: 'current-password' })

/** Without its script a password must not go out as a part of the address. */
const sentByScript = { method: 'post' } as const

/** `isAgain`: somebody who is signed in, and for long enough that an act asks who they are. */
const signIn = (isAgain: boolean): readonly Content[] => [
  h('h1', isAgain ? 'Sign in again' : 'Sign in'),
  isAgain
    ? h('p', 'You signed in more than ten minutes ago. For this act, show once more who you are.')
    : undefined,
  noScript,
  h('form#password', sentByScript, [email, currentPassword('password'), submit('Sign in')]),
  h('form#code', { ...sentByScript, hidden: true }, [
    field('Code', 'code', { id: 'code-field', autoComplete: 'one-time-code', maxLength: 40 }),
    submit('Go on'),
  ]),
  h('div#passkey'),
  status,
  h(
    'p',
    'No account? Someone who owns this installation can send you an invitation; or, should you have lost your password or authenticator app, a link with which to set a new password.',
  ),
]

const welcome = [
  h('h1', 'Welcome'),
  h('p', 'This link makes you a member of this installation. It works once.'),
  noScript,
  h('form#accept', sentByScript, [
    field('Your name', 'name', { autoComplete: 'name', maxLength: 100 }),
    email,
    newPassword('password'),
    submit('Accept the invitation'),
  ]),
  h(
    'p',
    'Your name and address stay in this installation. In the custody log you stand under a pseudonym.',
  ),
  status,
]

const recover = [
  h('h1', 'A new password'),
  h(
    'p',
    'This link is for you alone, and works once. It ends all your sessions, and takes your authenticator app away: set one up anew afterwards. Passkeys and tokens stay.',
  ),
  noScript,
  h('form#recover', sentByScript, [newPassword('password'), submit('Set the password')]),
  status,
]

const account = [
  h('h1', 'Your account'),
  noScript,
  status,
  h('p#nobody', { hidden: true }, [
    'Nobody needs to sign in here: this installation has no owner yet, and answers to this machine only. ',
    'The line “owner” that Sightline prints at its start has a link that makes you the owner.',
  ]),
  h('div#account', [
    h('p#who'),
    h('div#sign-out'),
    h('h2', 'Passkeys'),
    h('ul#passkeys'),
    h('form#new-passkey', [
      field('Name of the device', 'name', { maxLength: 100 }),
      submit('Add a passkey'),
    ]),
    h('h2', 'Authenticator app'),
    h('p#totp-state'),
    h('form#totp-on', sentByScript, [currentPassword('password'), submit('Set one up')]),
    h('div#totp-secret'),
    h('form#totp-check', { ...sentByScript, hidden: true }, [
      field('Code that the app shows', 'code', {
        id: 'totp-code',
        inputMode: 'numeric',
        autoComplete: 'one-time-code',
        pattern: '[0-9]{6}',
      }),
      submit('Check it'),
    ]),
    h('form#totp-off', { ...sentByScript, hidden: true }, [
      currentPassword('password'),
      submit('Take it away'),
    ]),
    h('h2', 'Password'),
    h('form#change-password', sentByScript, [
      currentPassword('current', 'Password until now'),
      newPassword('new'),
      submit('Change it'),
    ]),
    h('h2', 'Sessions'),
    h('ul#sessions'),
    h('div#sessions-others'),
    h('h2', 'Tokens'),
    h('p', 'For the command line and scripts: each may do some of what you may.'),
    h('ul#tokens'),
    h('form#new-token', [
      field('Name', 'name', { maxLength: 100 }),
      h('fieldset', [
        h('legend', 'What it may do'),
        ...actions.map((action) =>
          h('label.choice', [
            h('input', { type: 'checkbox', name: 'action', value: action }),
            action,
          ]),
        ),
      ]),
      field('Only in these incidents (empty: all)', 'incidents', { required: false }),
      field('Days', 'days', { type: 'number', min: 1, max: 366, value: '90' }),
      submit('Make a token'),
    ]),
    h('div#made-token'),
  ]),
]

const grantFields = [
  h(
    'p',
    h('label', [
      'Role ',
      h(
        'select',
        { name: 'role' },
        [...roles].reverse().map((role) => h('option', role)),
      ),
    ]),
  ),
  field('Only in this incident (empty: everywhere)', 'incident', { required: false }),
]

const people = [
  h('h1', 'People'),
  noScript,
  status,
  h('p#nobody', { hidden: true }, 'There is nobody here yet. Invite an owner first: yourself.'),
  h('ul#people.incidents'),
  h('h2', 'Invite somebody'),
  h('form#invite', [
    ...grantFields,
    field('Hours', 'hours', { type: 'number', min: 1, max: 720, value: '72' }),
    submit('Make a link'),
  ]),
  h('div#link', { tabIndex: -1 }),
  h('ul#invitations'),
  h('h2', 'Give a role'),
  h('form#give', [
    h('p', h('label', ['To ', h('select#person', { name: 'person', required: true })])),
    ...grantFields,
    submit('Give it'),
  ]),
]

const anyone = { to: 'anyone' } as const
const pages = [
  ['/sign-in', 'Sign in', signIn, 'sign-in', anyone],
  ['/welcome', 'Welcome', () => welcome, 'sign-in', anyone],
  ['/recover', 'A new password', () => recover, 'sign-in', anyone],
  ['/account', 'Your account', () => account, 'account', anyone],
  ['/people', 'People', () => people, 'people', { to: 'people.manage' }],
] as const

export function addSignInPages(app: Hono<GateEnv>): void {
  for (const [path, title, content, script, access] of pages) {
    page(app, 'GET', path, access, async (context) => {
      const asker = await context.get('identify')()
      const isAgain = context.req.query('again') === '1' && asker.kind === 'person'
      return context.html(deskDocument(title, content(isAgain), { asker, script }))
    })
  }
  for (const name of ['sign-in', 'account', 'people'] as const) {
    page(app, 'GET', `/scripts/${name}.js`, anyone, async (context) => {
      const script = await readPageScript(name)
      return context.body(script as Uint8Array<ArrayBuffer>, 200, {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'no-cache',
      })
    })
  }
}
