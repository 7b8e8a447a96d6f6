import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { deskClient, type DeskClient } from '../../test/support/desk-client.ts'
import { clockedEffects, passPhrase, signedUp } from '../../test/support/desk-people.ts'
import { emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import type { Library } from '../store/library.ts'
import { deskApp } from './app.ts'

let clock = Date.now()
let library: Library
let app: ReturnType<typeof deskApp>

before(async () => {
  const effects = clockedEffects(() => clock)
  library = await openTestLibrary(await emptyLibraryFolder(), { effects })
})
beforeEach(() => {
  clock = Date.now()
  app = deskApp(library, new Set(['localhost:4600']), { trustProxy: true })
})
after(() => library.close())

/** As the proxy in front says it. */
function from(address: string, client = deskClient(app)): DeskClient {
  return {
    ...client,
    ask: (method, path, body) => client.ask(method, path, body, { 'x-forwarded-for': address }),
  }
}

const signIn = (client: DeskClient, email: string, password = 'a wrong pass phrase') =>
  client.ask('POST', '/api/auth/sign-in/email', { email, password })

async function statuses(times: number, attempt: (turn: number) => Promise<{ status: number }>) {
  const seen: number[] = []
  for (let turn = 0; turn < times; turn += 1) seen.push((await attempt(turn)).status)
  return seen
}

const count = (seen: readonly number[], status: number): number =>
  seen.filter((one) => one === status).length

test('guessing at one account is stopped, and a neighbour signs in meanwhile', async () => {
  const [guessed, neighbour] = [
    await signedUp(library, app, 'owner'),
    await signedUp(library, app, 'editor'),
  ]
  const office = from('192.0.2.1')
  const seen = await statuses(200, () => signIn(office, guessed.email))
  assert.deepEqual([count(seen, 401), count(seen, 429)], [10, 190])
  const stopped = await signIn(office, guessed.email, passPhrase)
  assert.equal(stopped.status, 429, 'a right guess is not heard either')
  const { code, detail } = stopped.json<{ code: string; detail: string }>()
  assert.equal(code, 'too-many-requests')
  assert.match(detail, /Try again in 15 minutes/)
  assert.ok(Number(stopped.headers.get('retry-after')) > 800)

  assert.equal((await signIn(from('192.0.2.1'), neighbour.email, passPhrase)).status, 200)
  assert.equal((await signIn(from('198.51.100.1'), guessed.email, passPhrase)).status, 429)
  clock += 6 * 60_000
  assert.equal((await signIn(from('198.51.100.1'), guessed.email, passPhrase)).status, 200)
  assert.equal((await signIn(office, guessed.email, passPhrase)).status, 429)
  clock += 10 * 60_000
  assert.equal((await signIn(office, guessed.email, passPhrase)).status, 200)
})

test('guessing across many accounts from one address is stopped', async () => {
  const { email } = await signedUp(library, app, 'editor')
  const seen = await statuses(120, (turn) =>
    signIn(from('192.0.2.1'), `person-${turn}@elsewhere.example`),
  )
  assert.deepEqual([count(seen, 401), count(seen, 429)], [100, 20])
  assert.equal((await signIn(from('192.0.2.1'), email, passPhrase)).status, 429)
  assert.equal((await signIn(from('192.0.2.2'), email, passPhrase)).status, 200)
})

test('guessing one account from many addresses is slowed, and never shuts its owner out', async () => {
  const { email } = await signedUp(library, app, 'editor')
  const round = (at: number) =>
    statuses(30, (turn) => signIn(from(`2001:db8:${at}:${turn}::1`), email))
  assert.equal(count(await round(0), 401), 10)
  clock += 5 * 60_000
  assert.equal(count(await round(1), 401), 10)
  clock += 5 * 60_000
  assert.equal((await signIn(from('192.0.2.1'), email, passPhrase)).status, 200)
})

test('whoever has a good session signs in anew while others guess at their account', async () => {
  const { email, client } = await signedUp(library, app, 'editor')
  const [name = '', value = ''] =
    [...client.cookies].find(([key]) => /session_token/.test(key)) ?? []
  const seen = await statuses(30, (turn) => signIn(from(`2001:db8:0:${turn}::1`), email))
  assert.equal(count(seen, 429), 20)
  const here = deskClient(app)
  here.cookies.set(name, value)
  assert.equal((await signIn(from('2001:db8:0:1::1', here), email, passPhrase)).status, 200)

  const thief = await statuses(20, () => signIn(from('192.0.2.9', here), email))
  assert.deepEqual(
    [count(thief, 401), count(thief, 429)],
    [10, 10],
    'a stolen one guesses as little',
  )
})

test('answers do not tell whether there is such an account', async () => {
  const { email } = await signedUp(library, app, 'editor')
  const said = async (account: string) => {
    const answers: unknown[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      const { status, text, headers } = await signIn(from('192.0.2.1'), account)
      answers.push([status, text, [...headers.keys()]])
    }
    return answers
  }
  assert.deepEqual(await said(email.toUpperCase()), await said('nobody@newsroom.example'))
  assert.equal((await signIn(from('192.0.2.1'), email)).status, 429, 'however it is written')
})

test('what is no JSON is refused, whatever it is said to be', async () => {
  const answer = await app.request('http://localhost:4600/api/auth/sign-in/email', {
    method: 'POST',
    headers: { host: 'localhost:4600', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'email=a%40newsroom.example&password=x',
  })
  assert.equal(answer.status, 400)
})

test('what was refused before any password was looked at is no guess', async () => {
  const { client } = await signedUp(library, app, 'editor')
  const change = (newPassword: string) =>
    client.ask('POST', '/api/auth/change-password', { currentPassword: passPhrase, newPassword })
  assert.deepEqual([...new Set(await statuses(12, () => change('short')))], [400])
  assert.equal((await change('a longer pass phrase')).status, 200)
})
