/** The script of `/account`: what a person may change about how they sign in. */
import { startRegistration } from '@simplewebauthn/browser'
import type { Schemas } from '../client/api-types.ts'
import { ask, button, byId, made, onSubmit, say, shownDate, tell } from './desk-form.ts'
import { qrCode } from './qr-code.ts'

const list = (id: string): HTMLElement => byId(id, HTMLElement)

async function show(): Promise<void> {
  const me = await ask('GET /me')
  if (me.kind !== 'person') {
    byId('account', HTMLElement).hidden = true
    byId('nobody', HTMLElement).hidden = false
    return
  }
  list('who').textContent = `${me.name ?? ''}, ${me.email ?? ''}`
  const has = me.hasTwoFactor === true
  byId('totp-on', HTMLFormElement).hidden = has
  byId('totp-off', HTMLFormElement).hidden = !has
  list('totp-state').textContent = has
    ? 'An authenticator app is set up: after your password you are asked for its code.'
    : 'Not set up. A stolen password alone would be enough.'
  await Promise.all([showSessions(), showPasskeys(), showTokens()])
}

async function showSessions(): Promise<void> {
  const sessions = await ask('GET /auth/list-sessions')
  list('sessions').replaceChildren(
    ...sessions.map(({ token, createdAt, userAgent, ipAddress }) =>
      made(
        'li',
        `Signed in ${shownDate(createdAt)}${from(ipAddress)}. ${userAgent ?? ''} `,
        button('End it', async () => {
          await ask('POST /auth/revoke-session', { body: { token } })
          await show()
        }),
      ),
    ),
  )
}

/** Kept of IPv6 are the 64 bits of a network alone; those of this machine (`::1`) are zeros. */
function from(address: string | null | undefined): string {
  if (!address) return ''
  const network = address.replace(/(:0+){4}$/, '::/64')
  return /^[0:]+:\/64$/.test(network) ? ' from this machine' : ` from ${network}`
}

async function showPasskeys(): Promise<void> {
  const passkeys = await ask('GET /auth/passkey/list-user-passkeys')
  list('passkeys').replaceChildren(
    ...passkeys.map(({ id, name, createdAt }) =>
      made(
        'li',
        `${name ?? 'Passkey'}, made ${shownDate(createdAt)} `,
        button('Remove', async () => {
          await ask('POST /auth/passkey/delete-passkey', { body: { id } })
          await show()
        }),
      ),
    ),
  )
}

async function showTokens(): Promise<void> {
  const { tokens } = await ask('GET /tokens')
  list('tokens').replaceChildren(
    ...tokens.map(({ id, name, actions, incidents, expiresAt, usedAt }) =>
      made(
        'li',
        `${name}: ${actions.join(', ')}${incidents === undefined ? '' : ` in ${incidents.join(', ')}`}; ` +
          `until ${shownDate(expiresAt)}${usedAt === undefined ? '' : `, used ${shownDate(usedAt)}`} `,
        button('Revoke', async () => {
          await ask('DELETE /tokens/{id}', { path: { id } })
          await show()
        }),
      ),
    ),
  )
}

/** Dark on light, whatever the page's colours: cameras want it so. */
function qrImage(text: string): SVGElement {
  const { size, path: squares } = qrCode(text)
  const namespace = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(namespace, 'svg')
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`)
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', 'QR code for the authenticator app; the text below says the same')
  svg.setAttribute('class', 'qr')
  const path = document.createElementNS(namespace, 'path')
  path.setAttribute('d', squares)
  svg.append(path)
  return svg
}

onSubmit('totp-on', async (field, form) => {
  const { totpURI, backupCodes } = await ask('POST /auth/two-factor/enable', {
    body: { password: field('password') },
  })
  form.hidden = true
  list('totp-secret').replaceChildren(
    qrImage(totpURI),
    made(
      'p',
      'Or type into the app: ',
      made('code', new URL(totpURI).searchParams.get('secret') ?? ''),
    ),
    made('p', 'Backup codes, each good once, for when the app is lost. Write them down now:'),
    made('ul', ...backupCodes.map((code) => made('li', made('code', code)))),
  )
  byId('totp-check', HTMLFormElement).hidden = false
  byId('totp-code', HTMLInputElement).focus()
})
onSubmit('totp-check', async (field, form) => {
  await ask('POST /auth/two-factor/verify-totp', { body: { code: field('code') } })
  form.hidden = true
  list('totp-secret').replaceChildren()
  await show()
  say('The authenticator app is set up.')
})
onSubmit('totp-off', async (field) => {
  await ask('POST /auth/two-factor/disable', { body: { password: field('password') } })
  await show()
  say('The authenticator app is no longer asked for.')
})
onSubmit('change-password', async (field, form) => {
  await ask('POST /auth/change-password', {
    body: {
      currentPassword: field('current'),
      newPassword: field('new'),
      revokeOtherSessions: true,
    },
  })
  form.reset()
  await show()
  say('The password is changed, and every other session has ended.')
})
onSubmit('new-passkey', async (field, form) => {
  const options = await ask('GET /auth/passkey/generate-register-options')
  const pubKeyCredParams = [...options.pubKeyCredParams]
  const optionsJSON = { ...options, pubKeyCredParams }
  const response = await startRegistration({ optionsJSON }).catch(() => {
    throw new Error('No passkey was made. The device must ask for a PIN, a finger or a face.')
  })
  const name = field('name')
  await ask('POST /auth/passkey/verify-registration', { body: { response, name } })
  form.reset()
  await show()
  say('The passkey is kept.')
})
onSubmit('new-token', async (field, form) => {
  // What the form offers; of anything else the server says what is wrong.
  const actions = [...form.querySelectorAll<HTMLInputElement>('input[name=action]:checked')].map(
    ({ value }) => value as Schemas['Token']['actions'][number],
  )
  const incidents = field('incidents')
    .split(/[\s,]+/)
    .filter((id) => id !== '')
  const { token } = await ask('POST /tokens', {
    body: {
      name: field('name'),
      actions,
      validDays: Number(field('days')),
      ...(incidents.length === 0 ? {} : { incidents }),
    },
  })
  form.reset()
  await show()
  list('made-token').replaceChildren(made('p', 'The token, shown this once: ', made('code', token)))
})
byId('sessions-others', HTMLElement).append(
  button('End all other sessions', async () => {
    await ask('POST /auth/revoke-other-sessions', { body: {} })
    await show()
    say('All other sessions have ended.')
  }),
)
byId('sign-out', HTMLElement).append(
  button('Sign out', async () => {
    await ask('POST /auth/sign-out', { body: {} })
    location.assign('/sign-in')
  }),
)

show().catch(tell)
