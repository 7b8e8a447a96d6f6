/** The only owner lost the password: whoever may work on the library makes a way back in. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emptyLibraryFolder } from '../../src/store/fixture.ts'
import { sightline } from '../support/command-line.ts'
import { startDesk, type DeskProcess } from '../support/desk-process.ts'
import { passPhrase } from '../support/desk-people.ts'

const email = 'ada@newsroom.example'
const folder = await emptyLibraryFolder()
const run = (...args: string[]) => sightline([...args, '--library', folder])
let desk: DeskProcess

after(() => desk.process.kill('SIGKILL'))

const post = (path: string, body: object) =>
  fetch(new URL(path, desk.address), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: desk.address.origin },
    body: JSON.stringify(body),
  })
const signIn = async (password: string) =>
  (await post('/api/auth/sign-in/email', { email, password })).status

async function stopDesk(): Promise<void> {
  desk.process.kill('SIGTERM')
  await desk.ended
}

/** What the command's output says. */
async function recovered(): Promise<string> {
  const { code, stdout, stderr } = await run('people', 'recover', 'Ada@Newsroom.example')
  assert.equal(code, 0, stderr)
  const link = /^address {2}\/recover#(?<code>[0-9a-f]{64}) on this desk/m.exec(stdout)
  return link?.groups?.['code'] ?? assert.fail(stdout)
}

test('a way back in for the owner, with the desk running and without it', async () => {
  assert.match((await run('people', 'list')).stdout, /^nobody yet/)
  desk = await startDesk(folder)
  const invited = /welcome#(?<code>[0-9a-f]{64})/.exec(desk.stdout())?.groups?.['code']
  const who = { name: 'Ada\u202e Quill', email, password: passPhrase }
  assert.equal((await post('/api/invitations/accept', { code: invited, ...who })).status, 200)

  const listed = await run('people', 'list')
  assert.match(
    listed.stdout,
    /^p-[0-9a-f]{16} {2}ada@newsroom\.example {2}Ada\\u\{202e\} Quill: owner\n$/,
  )
  const unknown = await run('people', 'recover', 'bo@newsroom.example')
  assert.equal(unknown.code, 1)
  assert.match(unknown.stderr, /\[person-unknown\]/)

  const byDesk = await recovered()
  const first = { code: byDesk, password: 'a second long pass phrase' }
  assert.equal((await post('/api/recovery-links/accept', first)).status, 204)
  assert.equal(await signIn(passPhrase), 401)
  assert.equal(await signIn(first.password), 200)
  const there = await run('people', 'list', '--json')
  await stopDesk()

  const here = await run('people', 'list', '--json')
  assert.equal(here.stdout, there.stdout)
  const byLibrary = await recovered()
  desk = await startDesk(folder)
  const second = { code: byLibrary, password: 'a third long pass phrase' }
  assert.equal((await post('/api/recovery-links/accept', second)).status, 204)
  assert.equal(await signIn(second.password), 200)
  await stopDesk()
  assert.equal((await run('fsck')).code, 0)
})
