/** better-auth answers as its routes are described; passkeys are tried in test/e2e/sign-in.test.ts. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { signInBasePath } from '../access/sign-in.ts'
import { emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import type { Library } from '../store/library.ts'
import { deskClient, deskFor } from '../../test/support/desk-client.ts'
import { clockedEffects, passPhrase, signedUp } from '../../test/support/desk-people.ts'
import { signInExchanges } from './sign-in-schemas.ts'

let library: Library

before(async () => {
  const effects = clockedEffects(Date.now)
  library = await openTestLibrary(await emptyLibraryFolder(), { effects })
})
after(() => library.close())

test('what better-auth answers is what the interface says that it answers', async () => {
  const app = deskFor(library)
  const { client, email } = await signedUp(library, app, 'owner')
  const password = passPhrase
  const asked: [keyof typeof signInExchanges, object?][] = [
    ['/list-sessions'],
    ['/passkey/generate-register-options'],
    ['/passkey/generate-authenticate-options'],
    ['/passkey/list-user-passkeys'],
    ['/two-factor/enable', { password }],
    [
      '/change-password',
      { currentPassword: password, newPassword: `${password}!`, revokeOtherSessions: true },
    ],
    ['/revoke-other-sessions', {}],
    ['/sign-out', {}],
  ]
  for (const [path, body] of asked) {
    const { answer, body: described } = signInExchanges[path]
    assert.equal(described === undefined, body === undefined, path)
    described?.parse(body)
    const said = await client.ask(body === undefined ? 'GET' : 'POST', signInBasePath + path, body)
    assert.equal(said.status, 200, `${path} ${said.text}`)
    assert.ok(answer.safeParse(said.json()).success, `${path} ${said.text}`)
  }
  const again = deskClient(app)
  const said = await again.ask('POST', `${signInBasePath}/sign-in/email`, {
    email,
    password: `${password}!`,
  })
  signInExchanges['/sign-in/email'].answer.parse(said.json())
})
