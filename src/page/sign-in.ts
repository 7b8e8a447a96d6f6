/** The script of the pages on which people sign in or accept an invitation. */
import { startAuthentication } from '@simplewebauthn/browser'
import type { Wish } from '../client/api-client.ts'
import { ask, button, byId, made, onSubmit, say, tell } from './desk-form.ts'

/** Only a page of ours. */
function onwards(): void {
  const next = new URLSearchParams(location.search).get('next') ?? '/'
  const there = new URL(next, location.origin)
  location.assign(there.origin === location.origin ? there.href : '/')
}

function signInPage(): void {
  onSubmit('password', async (field, form) => {
    const { twoFactorRedirect } = await ask('POST /auth/sign-in/email', {
      body: { email: field('email'), password: field('password') },
    })
    if (twoFactorRedirect !== true) return onwards()
    form.hidden = true
    byId('passkey', HTMLElement).hidden = true
    byId('code', HTMLFormElement).hidden = false
    byId('code-field', HTMLInputElement).focus()
    return say('Now the code of your authenticator app, or one of your backup codes.')
  })
  onSubmit('code', async (field) => {
    const code = field('code').replaceAll(/\s/g, '')
    const kind = /^\d{6}$/.test(code) ? 'verify-totp' : 'verify-backup-code'
    await ask(`POST /auth/two-factor/${kind}`, { body: { code } })
    onwards()
  })
  const passkeys = byId('passkey', HTMLElement)
  if (!('PublicKeyCredential' in window)) return
  passkeys.append(
    button('Sign in with a passkey', async () => {
      const optionsJSON = await ask('GET /auth/passkey/generate-authenticate-options')
      // What the device did not check is refused by the desk.
      const asked = { ...optionsJSON, userVerification: 'required' } as const
      const response = await startAuthentication({ optionsJSON: asked }).catch(() => {
        throw new Error('No passkey was given. It must ask for a PIN, a finger or a face.')
      })
      await ask('POST /auth/passkey/verify-authentication', { body: { response } })
      onwards()
    }),
  )
}

/** That of the page's address; without one the form is of no use. */
function codeFor(form: HTMLFormElement): string | undefined {
  const code = location.hash.slice(1)
  if (/^[0-9a-f]{64}$/.test(code)) return code
  form.hidden = true
  say('This link is not whole. Copy all of it, or ask for a new one.', true)
  return undefined
}

async function welcomePage(): Promise<void> {
  const form = byId('accept', HTMLFormElement)
  const code = codeFor(form)
  if (code === undefined) return
  const accept = async (
    who: Omit<Wish<'POST /invitations/accept'>['body'], 'code'>,
  ): Promise<void> => {
    await ask('POST /invitations/accept', { body: { code, ...who } })
    location.assign('/account')
  }
  const me = await ask('GET /me')
  if (me.kind === 'person') {
    form.replaceWith(
      made('p', `You are signed in as ${me.name ?? ''}. `),
      button('Accept the invitation', () => accept({})),
    )
    return
  }
  onSubmit('accept', (field) =>
    accept({ name: field('name'), email: field('email'), password: field('password') }),
  )
}

function recoverPage(): void {
  const code = codeFor(byId('recover', HTMLFormElement))
  if (code === undefined) return
  onSubmit('recover', async (field, form) => {
    await ask('POST /recovery-links/accept', { body: { code, password: field('password') } })
    const link = made('a', 'Sign in')
    link.href = '/sign-in'
    form.replaceWith(made('p', 'The new password is set. ', link))
    link.focus()
  })
}

if (document.getElementById('accept') !== null) welcomePage().catch(tell)
else if (document.getElementById('recover') !== null) recoverPage()
else signInPage()
