import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { deskClient, deskFor, type DeskClient } from '../../test/support/desk-client.ts'
import {
  clockedEffects,
  invitationTo,
  passPhrase,
  signedUp as signUp,
} from '../../test/support/desk-people.ts'
import type { Role } from '../access/roles.ts'
import { agent, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { openIncident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { addInvitation } from '../store/people.ts'

const password = passPhrase
let clock = Date.now()
let library: Library
let app: ReturnType<typeof deskFor>

/** The session's own times come from the system's clock; ours may run ahead of it. */
const effects = clockedEffects(() => clock)
const signedUp = (role: Role, incident?: string) => signUp(library, app, role, incident)

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder(), { effects })
  for (const id of ['quay', 'pier']) {
    await library.transact(agent, async (tx) => {
      await openIncident(tx, { id, title: id })
    })
  }
})
beforeEach(() => {
  clock = Date.now()
  // Of its own for each test: attempts are counted by it.
  app = deskFor(library)
})
after(() => library.close())

const signIn = (client: DeskClient, email: string, word = password) => {
  return client.ask('POST', '/api/auth/sign-in/email', { email, password: word })
}

test('without an owner whoever is at this machine does everything; with one, nobody does', async () => {
  const client = deskClient(app)
  assert.equal((await client.ask('GET', '/api/me')).json<{ kind: string }>().kind, 'local')
  assert.equal((await client.ask('GET', '/api/incidents')).status, 200)
  await deskClient(app).ask('POST', '/api/invitations/accept', {
    code: await invitationTo(library, 'viewer'),
    name: 'Early',
    email: 'early@newsroom.example',
    password,
  })
  const { people } = (await client.ask('GET', '/api/people')).json<{ people: { id: string }[] }>()
  const link = await client.ask('POST', `/api/people/${people[0]?.id}/recovery-links`, {})
  assert.deepEqual([link.status, link.json<{ code: string }>().code], [409, 'no-owner'])
  const owner = await signedUp('owner')
  assert.equal((await client.ask('GET', '/api/me')).json<{ kind: string }>().kind, 'nobody')
  assert.equal((await client.ask('GET', '/api/incidents')).status, 401)
  assert.equal((await owner.client.ask('GET', '/api/incidents')).status, 200)
})

test('an invitation gives its role once, to one, and only within its incident', async () => {
  const viewer = await signedUp('viewer', 'quay')
  const list = (await viewer.client.ask('GET', '/api/incidents')).json<{ incidents: object[] }>()
  assert.deepEqual(
    list.incidents.map((one) => (one as { id: string }).id),
    ['quay'],
  )
  assert.equal((await viewer.client.ask('GET', '/api/incidents/quay')).status, 200)
  assert.equal((await viewer.client.ask('GET', '/api/incidents/pier')).status, 404)
  assert.equal((await viewer.client.ask('GET', '/api/people')).status, 403)

  const code = await invitationTo(library, 'editor')
  const accept = (who: number) =>
    deskClient(app).ask('POST', '/api/invitations/accept', {
      code,
      name: 'Twice',
      email: `twice-${who}@newsroom.example`,
      password,
    })
  const both = await Promise.all([accept(1), accept(2)])
  assert.deepEqual(new Set(both.map(({ status }) => status)), new Set([200, 410]))
  const again = await accept(3)
  assert.deepEqual([again.status, again.json<{ code: string }>().code], [410, 'invitation-void'])
  const known = await library.read(({ sql }) =>
    sql.selectFrom('sign_in_user').select('email').where('name', '=', 'Twice').execute(),
  )
  assert.equal(known.length, 1)
})

test('a person who is signed in takes a further role by a link', async () => {
  const viewer = await signedUp('viewer', 'quay')
  const code = await invitationTo(library, 'editor', 'pier')
  const accepted = await viewer.client.ask('POST', '/api/invitations/accept', { code })
  assert.deepEqual(accepted.json(), { role: 'editor', incident: 'pier' })
  assert.equal((await viewer.client.ask('GET', '/api/incidents/pier')).status, 200)
})

test('roles are given and taken by owners who just signed in, and the last owner stays', async () => {
  const owner = await signedUp('owner')
  const other = await signedUp('viewer', 'quay')
  const roles = `/api/people/${other.id}/roles`
  const grant = { role: 'editor', incident: 'pier' }
  assert.equal((await other.client.ask('PUT', roles, grant)).status, 403)
  assert.equal((await owner.client.ask('PUT', roles, grant)).status, 204)
  assert.equal((await owner.client.ask('PUT', roles, grant)).status, 204)
  assert.equal((await other.client.ask('GET', '/api/incidents/pier')).status, 200)
  clock += 11 * 60_000
  const late = await owner.client.ask('DELETE', roles, grant)
  assert.deepEqual(
    [late.status, late.json<{ code: string }>().code],
    [403, 'reauthentication-required'],
  )
  clock = Date.now()
  assert.equal((await owner.client.ask('DELETE', roles, grant)).status, 204)
  assert.equal((await owner.client.ask('DELETE', roles, grant)).status, 404)
  assert.equal((await other.client.ask('GET', '/api/incidents/pier')).status, 404)
  assert.equal((await owner.client.ask('PUT', roles, { role: 'king' })).status, 400)
  assert.equal((await owner.client.ask('PUT', roles, { ...grant, incident: 'no' })).status, 404)

  const all = (await owner.client.ask('GET', '/api/people')).json<{
    people: { id: string; grants: { role: string; incident?: string }[] }[]
  }>()
  const owners = all.people.filter(({ grants }) => grants.some(({ role }) => role === 'owner'))
  for (const [index, { id }] of owners.filter(({ id }) => id !== owner.id).entries()) {
    const taken = await owner.client.ask('DELETE', `/api/people/${id}/roles`, { role: 'owner' })
    assert.equal(taken.status, 204, String(index))
  }
  const last = await owner.client.ask('DELETE', `/api/people/${owner.id}/roles`, { role: 'owner' })
  assert.deepEqual([last.status, last.json<{ code: string }>().code], [409, 'last-owner'])
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('while the database does not answer, who is signed in and who signs in hear that', async () => {
  const { client, email } = await signedUp('editor')
  const refused = Object.assign(new Error('secret of the inside'), { code: 'ECONNREFUSED' })
  const kysely = library.database.kysely.withPlugin({
    transformQuery: () => {
      throw refused
    },
    transformResult: ({ result }) => Promise.resolve(result),
  })
  const without = deskClient(deskFor({ ...library, database: { ...library.database, kysely } }))
  const asked = [
    await without.ask('POST', '/api/auth/sign-in/email', { email, password }),
    await without.ask('GET', '/api/auth/passkey/generate-authenticate-options'),
  ]
  for (const [name, value] of client.cookies) without.cookies.set(name, value)
  asked.push(await without.ask('GET', '/api/incidents'))
  asked.push(await without.ask('GET', '/people'))
  assert.deepEqual(
    asked.map(({ status }) => status),
    [503, 503, 503, 503],
  )
  assert.ok(asked.every(({ text }) => !text.includes('secret')))
  assert.equal((await client.ask('GET', '/api/incidents')).status, 200, 'still signed in')
})

test('a session is new at each sign-in, ends at once where it is revoked, and does not come from outside', async () => {
  const { client, email } = await signedUp('editor')
  const [name = '', first = ''] =
    [...client.cookies].find(([key]) => /session_token/.test(key)) ?? []
  assert.equal((await signIn(client, email)).status, 200)
  const second = client.cookies.get(name) ?? ''
  assert.notEqual(second, first)
  const thief = deskClient(app)
  thief.cookies.set(name, first)
  assert.equal((await thief.ask('GET', '/api/incidents')).status, 401, 'the old session is over')
  // Fixation: a token that somebody planted is not taken over by who signs in with it.
  const planted = deskClient(app)
  planted.cookies.set(name, 'planted.signature')
  assert.equal((await signIn(planted, email)).status, 200)
  assert.notEqual(planted.cookies.get(name), 'planted.signature')

  const sessions = (await client.ask('GET', '/api/auth/list-sessions')).json<{ token: string }[]>()
  assert.equal(sessions.length, 2)
  const mine = decodeURIComponent(second).split('.')[0]
  const other = sessions.find(({ token }) => token !== mine)
  await client.ask('POST', '/api/auth/revoke-session', { token: other?.token })
  assert.equal((await planted.ask('GET', '/api/incidents')).status, 401)
  assert.equal((await client.ask('GET', '/api/incidents')).status, 200)
  assert.equal((await client.ask('POST', '/api/auth/sign-out', {})).status, 200)
  thief.cookies.set(name, second)
  assert.equal((await thief.ask('GET', '/api/incidents')).status, 401, 'signed out is out')
})

test('who signed in long ago still sees their sessions and ends them', async () => {
  const { client, email, id } = await signedUp('editor')
  const other = deskClient(app)
  assert.equal((await signIn(other, email)).status, 200)
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString()
  await sql`update sign_in_session set "createdAt" = ${anHourAgo} where "userId" = ${id}`.execute(
    library.database.kysely,
  )
  const listed = await client.ask('GET', '/api/auth/list-sessions')
  assert.equal(listed.status, 200, listed.text)
  assert.equal(listed.json<object[]>().length, 2)
  assert.equal((await client.ask('POST', '/api/auth/revoke-other-sessions', {})).status, 200)
  assert.equal((await other.ask('GET', '/api/incidents')).status, 401)
  const options = await client.ask('GET', '/api/auth/passkey/generate-register-options')
  assert.equal(options.json<{ code: string }>().code, 'reauthentication-required')
})

test('what signing in refuses is a problem like any other', async () => {
  const { client, email } = await signedUp('editor')
  for (const [path, sent, status, code] of [
    ['sign-in/email', { email, password: 'wrong' }, 401, 'invalid-email-or-password'],
    ['sign-in/email', { email: 5 }, 400, 'validation-error'],
    ['two-factor/verify-totp', { code: '000000' }, 400, 'totp-not-enabled'],
    ['change-password', { currentPassword: 'x', newPassword: 'short' }, 400, 'password-too-short'],
  ] as const) {
    const answer = await client.ask('POST', `/api/auth/${path}`, sent)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', path)
    const said = answer.json<{ status: number; code: string; detail: string }>()
    assert.deepEqual([answer.status, said.status, said.code], [status, status, code])
    assert.notEqual(said.detail, '')
  }
})

test('cookies are for the server alone, and a page elsewhere cannot use them', async () => {
  const { client, email } = await signedUp('owner')
  const answer = await signIn(client, email)
  const cookie = answer.headers.getSetCookie().find((line) => line.includes('session_token')) ?? ''
  assert.match(cookie, /HttpOnly/i)
  assert.match(cookie, /SameSite=Lax/i)
  const invite = { role: 'viewer', validHours: 1 }
  const crossSite = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  assert.equal((await client.ask('POST', '/api/invitations', invite, crossSite)).status, 403)
  const elsewhere = await client.ask(
    'POST',
    '/api/auth/sign-in/email',
    { email, password },
    crossSite,
  )
  assert.equal(elsewhere.status, 403)
  assert.equal((await client.ask('POST', '/api/invitations', invite)).status, 201)
})

/** RFC 6238, by hand. */
function totp(secret: Buffer, at: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = text
    .replace(/=+$/, '')
    .split('')
    .map((letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    )
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}

test('with an authenticator app a password alone opens nothing, and a backup code opens once', async () => {
  const { client, email } = await signedUp('editor')
  const enabled = await client.ask('POST', '/api/auth/two-factor/enable', { password })
  assert.equal(enabled.status, 200, enabled.text)
  const { totpURI, backupCodes } = enabled.json<{ totpURI: string; backupCodes: string[] }>()
  const secret = fromBase32(new URL(totpURI).searchParams.get('secret') ?? '')
  const verify = (with_: DeskClient, code: string) =>
    with_.ask('POST', '/api/auth/two-factor/verify-totp', { code })
  assert.equal((await verify(client, totp(secret, Date.now()))).status, 200)

  const device = deskClient(app)
  const half = await signIn(device, email)
  assert.equal(half.json<{ twoFactorRedirect?: boolean }>().twoFactorRedirect, true)
  assert.equal((await device.ask('GET', '/api/incidents')).status, 401)
  assert.equal((await verify(device, '000000')).status, 401)
  assert.equal((await device.ask('GET', '/api/incidents')).status, 401)
  assert.equal((await verify(device, totp(secret, Date.now()))).status, 200)
  assert.equal((await device.ask('GET', '/api/incidents')).status, 200)

  const [code = ''] = backupCodes
  for (const status of [200, 401]) {
    const without = deskClient(app)
    await signIn(without, email)
    const answer = await without.ask('POST', '/api/auth/two-factor/verify-backup-code', { code })
    assert.equal(answer.status, status, answer.text)
  }
})

test('by a link of an owner somebody sets a new password, without the old one and the app', async () => {
  const owner = await signedUp('owner')
  const editor = await signedUp('editor')
  const { token } = (
    await editor.client.ask('POST', '/api/tokens', { name: 't', actions: ['incident.read'] })
  ).json<{ token: string }>()
  const enabled = await editor.client.ask('POST', '/api/auth/two-factor/enable', { password })
  const { totpURI } = enabled.json<{ totpURI: string }>()
  const code = totp(fromBase32(new URL(totpURI).searchParams.get('secret') ?? ''), Date.now())
  await editor.client.ask('POST', '/api/auth/two-factor/verify-totp', { code })

  const links = `/api/people/${editor.id}/recovery-links`
  assert.equal((await editor.client.ask('POST', links, {})).status, 403)
  const make = async (who = owner): Promise<string> => {
    const made = await who.client.ask('POST', links, {})
    assert.equal(made.status, 201, made.text)
    return made.json<{ path: string }>().path.split('#')[1] ?? ''
  }
  const recover = (by: string, word = 'another long pass phrase') =>
    deskClient(app).ask('POST', '/api/recovery-links/accept', { code: by, password: word })
  const isVoid = async (by: string): Promise<void> => {
    const answer = await recover(by)
    assert.deepEqual([answer.status, answer.json<{ code: string }>().code], [410, 'recovery-void'])
  }
  const earlier = await make()
  const link = await make()
  await isVoid(earlier)
  const short = await recover(link, 'eleven char')
  assert.equal(short.status, 400)
  assert.match(short.text, /too short: 12 characters/)
  assert.equal((await editor.client.ask('GET', '/api/incidents')).status, 200, 'nothing yet')
  const both = await Promise.all([recover(link), recover(link)])
  assert.deepEqual(new Set(both.map(({ status }) => status)), new Set([204, 410]))

  assert.equal((await editor.client.ask('GET', '/api/incidents')).status, 401, 'sessions end')
  const back = deskClient(app)
  assert.equal((await signIn(back, editor.email)).status, 401)
  const answer = await signIn(back, editor.email, 'another long pass phrase')
  assert.equal(answer.json<{ twoFactorRedirect?: boolean }>().twoFactorRedirect, undefined)
  const me = (await back.ask('GET', '/api/me')).json<{ person: string; hasTwoFactor: boolean }>()
  assert.deepEqual([me.person, me.hasTwoFactor], [editor.id, false])
  assert.equal((await back.ask('GET', '/api/incidents')).status, 200)
  const script = await deskClient(app).ask('GET', '/api/incidents', undefined, {
    authorization: `Bearer ${token}`,
  })
  assert.equal(script.status, 200)

  const late = await make()
  clock += 25 * 3_600_000
  await isVoid(late)
  clock = Date.now()
  const other = await signedUp('owner')
  const ofOther = await make(other)
  const roles = `/api/people/${other.id}/roles`
  assert.equal((await owner.client.ask('DELETE', roles, { role: 'owner' })).status, 204)
  await isVoid(ofOther)
  const absent = await owner.client.ask('POST', '/api/people/p-0000000000000000/recovery-links', {})
  assert.equal(absent.status, 404)
  assert.deepEqual((await checkLibrary(library)).findings, [])
  const kept = await library.read(({ sql }) =>
    sql.selectFrom('recovery_link').selectAll().execute(),
  )
  assert.ok(!JSON.stringify(kept).includes(ofOther))
})

test('a token does what it was made for, where, until it is revoked or expires', async () => {
  const { client } = await signedUp('editor')
  const made = await client.ask('POST', '/api/tokens', {
    name: 'nightly',
    actions: ['incident.read', 'item.read'],
    incidents: ['quay'],
    validDays: 2,
  })
  assert.equal(made.status, 201, made.text)
  const { token, id } = made.json<{ token: string; id: string }>()
  const script = deskClient(app)
  const ask = (method: string, path: string, body?: unknown, text = token) =>
    script.ask(method, path, body, { authorization: `Bearer ${text}` })
  assert.equal((await ask('GET', '/api/incidents/quay')).status, 200)
  assert.equal((await ask('GET', '/api/incidents/quay/items')).status, 200)
  // Its name has no case (RFC 9110 section 11.1), and who comes without is told it.
  const lower = await script.ask('GET', '/api/me', undefined, { authorization: `bearer ${token}` })
  assert.equal(lower.json<{ kind: string }>().kind, 'token')
  const nobody = await script.ask('GET', '/api/incidents/quay')
  assert.deepEqual([nobody.status, nobody.headers.get('www-authenticate')], [401, 'Bearer'])
  assert.equal((await ask('GET', '/api/incidents/pier')).status, 404)
  assert.equal((await ask('GET', '/api/people')).status, 403)
  assert.equal((await ask('GET', '/api/tokens')).status, 403)
  assert.equal((await ask('POST', '/api/auth/change-password', {})).status, 403)
  const list = (await ask('GET', '/api/incidents')).json<{ incidents: { id: string }[] }>()
  assert.deepEqual(
    list.incidents.map((one) => one.id),
    ['quay'],
  )
  for (const wrong of [`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, 'x', '']) {
    assert.equal((await ask('GET', '/api/incidents/quay', undefined, wrong)).status, 401, wrong)
  }
  const kept = await library.read(({ sql }) =>
    sql.selectFrom('machine_token').selectAll().execute(),
  )
  assert.ok(!JSON.stringify(kept).includes(token.split('_')[2] ?? '-'))
  clock += 3 * 24 * 3_600_000
  assert.equal((await ask('GET', '/api/incidents/quay')).status, 401, 'expired')
  clock = Date.now()
  assert.equal((await ask('GET', '/api/incidents/quay')).status, 200)
  assert.equal((await client.ask('DELETE', `/api/tokens/${id}`)).status, 204)
  assert.equal((await ask('GET', '/api/incidents/quay')).status, 401, 'revoked')
})

test('a token loses what its person loses', async () => {
  const owner = await signedUp('owner')
  const editor = await signedUp('editor', 'quay')
  const { token } = (
    await editor.client.ask('POST', '/api/tokens', { name: 't', actions: ['incident.read'] })
  ).json<{ token: string }>()
  const ask = () =>
    deskClient(app).ask('GET', '/api/incidents/quay', undefined, {
      authorization: `Bearer ${token}`,
    })
  assert.equal((await ask()).status, 200)
  await owner.client.ask('DELETE', `/api/people/${editor.id}/roles`, {
    role: 'editor',
    incident: 'quay',
  })
  assert.equal((await ask()).status, 404)
})

test('what the sign-in library could also do is not served', async () => {
  const { client } = await signedUp('owner')
  for (const [method, path] of [
    ['POST', '/api/auth/sign-up/email'],
    ['POST', '/api/auth/update-user'],
    ['POST', '/api/auth/change-email'],
    ['POST', '/api/auth/delete-user'],
    ['POST', '/api/auth/update-session'],
    ['GET', '/api/auth/get-session'],
    ['POST', '/api/auth/request-password-reset'],
    ['GET', '/api/auth/error'],
    ['POST', '/api/auth/sign-in/social'],
  ] as const) {
    const answer = await client.ask(method, path, method === 'POST' ? {} : undefined)
    assert.equal(answer.status, 404, path)
  }
})

test('who lost the right to invite has no invitations left, nor has this machine once it is owned', async () => {
  const owner = await signedUp('owner')
  const other = await signedUp('owner')
  const made = await other.client.ask('POST', '/api/invitations', { role: 'owner' })
  const code = made.json<{ path: string }>().path.split('#')[1] ?? ''
  const local = randomBytes(32).toString('hex')
  await library.transactWithoutEntry({ ...agent, actor: 'operator' }, (tx) =>
    addInvitation(tx, local, { role: 'owner' }, 24),
  )
  const roles = `/api/people/${other.id}/roles`
  assert.equal((await owner.client.ask('DELETE', roles, { role: 'owner' })).status, 204)
  for (const void_ of [code, local]) {
    const answer = await other.client.ask('POST', '/api/invitations/accept', { code: void_ })
    assert.equal(answer.json<{ code: string }>().code, 'invitation-void')
  }
})

test('who is invited cannot take the place of somebody whose roles were taken', async () => {
  const owner = await signedUp('owner')
  const gone = await signedUp('editor')
  const roles = `/api/people/${gone.id}/roles`
  assert.equal((await owner.client.ask('DELETE', roles, { role: 'editor' })).status, 204)
  clock += 3_600_000
  const code = await invitationTo(library, 'viewer')
  clock = Date.now()
  await library.transactWithoutEntry(agent, ({ sql }) =>
    sql
      .updateTable('sign_in_user')
      .set({ createdAt: new Date(clock - 3_600_000).toISOString() })
      .where('id', '=', gone.id)
      .execute(),
  )
  const answer = await deskClient(app).ask('POST', '/api/invitations/accept', {
    code,
    name: 'Somebody else',
    email: gone.email,
    password,
  })
  assert.equal(answer.json<{ code: string }>().code, 'person-exists')
  const left = await library.read(({ sql }) =>
    sql.selectFrom('sign_in_user').select('name').where('id', '=', gone.id).execute(),
  )
  assert.equal(left.length, 1)
})

test('signing in anew with an authenticator app ends the session before', async () => {
  const { client, email } = await signedUp('editor')
  const enabled = await client.ask('POST', '/api/auth/two-factor/enable', { password })
  const { totpURI } = enabled.json<{ totpURI: string }>()
  const secret = fromBase32(new URL(totpURI).searchParams.get('secret') ?? '')
  const verify = () =>
    client.ask('POST', '/api/auth/two-factor/verify-totp', { code: totp(secret, Date.now()) })
  assert.equal((await verify()).status, 200)
  const before = new Map(client.cookies)
  await signIn(client, email)
  assert.equal((await verify()).status, 200)
  const thief = deskClient(app)
  for (const [name, value] of before) thief.cookies.set(name, value)
  assert.equal((await thief.ask('GET', '/api/incidents')).status, 401)
  assert.equal((await client.ask('GET', '/api/incidents')).status, 200)
})

test('nobody fills the memory with a body that is larger than anything asked for', async () => {
  const client = deskClient(app)
  for (const path of ['/api/invitations/accept', '/api/auth/sign-in/email']) {
    const answer = await client.ask('POST', path, { code: 'x'.repeat(100_000) })
    assert.equal(answer.status, 413, path)
  }
})
