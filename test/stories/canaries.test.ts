/**
 * What must not come out: words planted in all that is private, through every way in, and looked for
 * in every byte that somebody gets who has not signed in, in the log and in the metrics.
 *
 * Public on purpose, and so no canary: a source's public name, credits, titles and labels, claims,
 * quotes with the words around them, observations with their notes and who made them, events that are
 * published with theirs, the whole pages of a document that an exhibit shows.
 *
 * What a new way in plants is looked for by itself, and a new route is asked by itself.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { labFetch } from '../../src/egress/fixture.ts'
import { collectFile } from '../../src/ingest/collect.ts'
import { manifestPath } from '../../src/custody/manifest.ts'
import { openJobQueue } from '../../src/queue/job-queue.ts'
import { deskApp } from '../../src/server/app.ts'
import { agent, openTestLibrary } from '../../src/store/fixture.ts'
import type { Library } from '../../src/store/library.ts'
import { addInvitation } from '../../src/store/people.ts'
import { asking, type Answer } from '../support/asking.ts'
import { newCanaries, type Canary, type Found } from '../support/canaries/canaries.ts'
import { markedPdf, markedPhoto, markRecording } from '../support/canaries/marked-files.ts'
import {
  onlyHashed,
  plantThroughDesk,
  type Desk,
  type Ids,
} from '../support/canaries/through-the-desk.ts'
import { scratchFolder, sightline } from '../support/command-line.ts'
import { startDesk, type DeskProcess } from '../support/desk-process.ts'
import { writeQuayCase } from '../support/quay-case.ts'

const scratch = scratchFolder('canaries')
const folder = join(scratch, 'library')
const caseFolder = join(scratch, 'case')
const out = join(scratch, 'story')
/** May come out nowhere. */
const kept = newCanaries()
/** What strangers send with their requests: may stand in the answer to them, and in no log. */
const sent = newCanaries()
const plant = (where: string, like?: (word: string) => string): string => kept.plant(where, like)

const published = 'ferry-quay'
const unpublished = plant('id of an incident that is not published', (word) => word.toLowerCase())

async function run(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await sightline([...args, '--library', folder])
  assert.ok(code === 0 || code === 3, `${args[0]}: ${stdout}${stderr}`)
  return stdout + stderr
}

/** A case with something private wherever its format has room for it, published. */
async function caseFolderPublished(): Promise<void> {
  writeQuayCase(caseFolder)
  const inCase = (...names: readonly string[]): string => join(caseFolder, ...names)
  const quay = plant('folder and name of a recording', (word) => `${word}/VID ${word}.mp4`)
  mkdirSync(join(inCase('footage', quay), '..'))
  markRecording(inCase('footage', 'quay.mp4'), inCase('footage', quay), kept, 'MP4')
  // Called something else than it is, which is a notice.
  const bridge = plant('name of a recording of another kind', (word) => `${word}.mov`)
  markRecording(inCase('footage', 'bridge.webm'), inCase('footage', 'bridge.mkv'), kept, 'Matroska')
  renameSync(inCase('footage', 'bridge.mkv'), inCase('footage', bridge))
  const gate = plant('name of a photo of another kind', (word) => `${word}.png`)
  markedPhoto(inCase('photos', gate), kept, 'JPEG')
  const release = plant('name of a document', (word) => `${word}.pdf`)
  const words = ['Port Ellery Police', 'Two children were in the vehicle at the time.']
  markedPdf(inCase('documents', release), words, kept, 'PDF')
  const account = plant('name of a text', (word) => `${word}.txt`)
  writeFileSync(
    inCase('documents', account),
    `My name is ${plant('a document’s text beside what is quoted')}.\nNobody on the quay saw any children.\n`,
  )
  const number = (where: string): string =>
    plant(where, () => String(100_000_000 + Math.floor(Math.random() * 900_000_000)))
  const facts = readFileSync(inCase('case.yaml'), 'utf8')
    .replace(
      'file: footage/quay.mp4, label: Quay',
      `file: "footage/${quay}", label: Quay, source: witness-a, note: ${plant('note of a recording')}, position: { x: ${number('position of a phone, x')}, y: ${number('position of a phone, y')} }`,
    )
    .replace('footage/bridge.webm', `footage/${bridge}`)
    .replace('photos/gate.png', `photos/${gate}`)
    .replace('documents/release.pdf', `documents/${release}`)
    .replace('documents/account.txt', `documents/${account}`)
    .replace(
      'claims:\n',
      `  - { id: told, source: witness-a, date: 2026-06-09, note: "The gate was shut. ${plant('note of an account beside what is quoted')}" }\nclaims:\n`,
    ).concat(`  - { id: shut, account: told, quote: The gate was shut. }
observations:
  - { id: seen, claim: two-children, by: The test desk, date: 2026-06-10, judgement: not visible, note: Public. }
events:
  - { id: bang, label: ${plant('a rejected sound')}, footage: quay, at: 5, kind: impulsive sound, decision: rejected, by: ${plant('who rejected a sound')}, note: ${plant('note of a rejected sound')} }
  - { id: thud, label: ${plant('a sound nobody decided on')}, footage: quay, at: 6, kind: impulsive sound, note: ${plant('note of a sound nobody decided on')} }
# ${plant('comment in case.yaml')}
`)
  writeFileSync(inCase('case.yaml'), facts)
  const story = readFileSync(inCase('story.md'), 'utf8')
    .replace('byline:', `# ${plant('comment in the story’s head')}\nbyline:`)
    .concat(`\n<!-- ${plant('comment in the story')} -->\n`)
  writeFileSync(inCase('story.md'), story)
  await run('publish', caseFolder, '--out', out)
}

/** Into the published incident and another one, under the names that senders gave. */
async function filesOfSenders(): Promise<void> {
  const names = ['WhatsApp from', '-i', '<b>', '"; drop table'].map((start, index) =>
    plant(`name of a sender’s file, ${index + 1}`, (word) => `${start} ${word}.jpg`),
  )
  for (const [index, name] of names.entries()) {
    markedPhoto(join(scratch, name), kept, `a sender’s photo ${index + 1}`)
    const incident = index < 2 ? published : unpublished
    await run('ingest', '--incident', incident, join(scratch, name))
  }
}

async function fetchedFromTheWeb(library: Library): Promise<void> {
  const [cookie, text] = [plant('a header of a web server'), plant('text of a web page')]
  const fetch = await labFetch((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': cookie }).end(text)
  })
  const path = plant('path of a web address')
  const address = `https://news.example/${path}?key=${plant('key in a web address')}`
  await collectFile(
    library,
    agent,
    { incident: published, address },
    { fetch, effects: library.effects },
  )
}

/** Keys, and of the log what no receipt has opened. */
async function secretsOfTheLibrary(library: Library): Promise<void> {
  const seed = readFileSync(join(folder, 'keys', 'log-signer'), 'utf8').trim()
  kept.watch('the key that signs the log, as text', seed)
  kept.watch('the key that signs the log', Buffer.from(seed, 'hex'))
  const rows = await library.database.kysely
    .selectFrom('custody_entry')
    .select(['index', 'salt', 'record'])
    .where('record', 'like', '%"type":"item-named"%')
    .execute()
  assert.ok(rows.length > 8)
  for (const { index, salt } of rows) kept.watch(`salt of entry ${index}`, salt)
}

interface Owner {
  readonly cookie: string
  readonly email: string
  readonly person: string
}

/** Of somebody who accepts an invitation. */
async function accepts(desk: DeskProcess, code: string, who: string): Promise<Owner> {
  const email = plant(`address of ${who}`, (word) => `${word.toLowerCase()}@newsroom.example`)
  const said = { code, name: plant(`name of ${who}`), email, password: plant(`password of ${who}`) }
  const answer = await asking(
    desk,
    'POST',
    '/api/invitations/accept',
    JSON.stringify(said),
    jsonType,
  )
  assert.equal(answer.status, 200, answer.text)
  const cookies = (answer.headers['set-cookie'] ?? []).filter((line) => !/max-age=0/i.test(line))
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
  for (const pair of cookie.split('; '))
    kept.watch(`session of ${who}`, pair.split('=')[1]?.split('.')[0] ?? '')
  const me = await asking(desk, 'GET', '/api/me', '', { cookie })
  return { cookie, email, person: (JSON.parse(me.text) as { person: string }).person }
}

const jsonType = { 'content-type': 'application/json' }

function askedOf(desk: DeskProcess, cookie: string): Desk['ask'] {
  return async (who, method, path, body, headers) => {
    const isJson = typeof body === 'object' && !(body instanceof Uint8Array)
    const answer = await asking(desk, method, path, isJson ? JSON.stringify(body) : body, {
      ...(isJson ? jsonType : {}),
      ...(who === 'owner' ? { cookie } : {}),
      ...headers,
    })
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
    return answer
  }
}

async function people(desk: DeskProcess, code: string): Promise<Owner> {
  const owner = await accepts(desk, code, 'the owner')
  const ask = async (path: string, body: object): Promise<unknown> =>
    JSON.parse((await askedOf(desk, owner.cookie)('owner', 'POST', path, body)).text)
  const wish = { name: plant('name of a machine’s access'), actions: ['incident.read'] }
  const { token } = (await ask('/api/tokens', wish)) as { token: string }
  kept.watch('token of a machine', token.split('_').at(-1) ?? '')
  const invite = async (which: string): Promise<string> => {
    const { path } = (await ask('/api/invitations', { role: 'viewer' })) as { path: string }
    const invited = /[0-9a-f]{64}/.exec(path)?.[0] ?? ''
    kept.watch(`code of ${which}`, invited)
    return invited
  }
  await invite('an invitation')
  await accepts(desk, await invite('an invitation that was used'), 'somebody invited')
  const enabled = await ask('/api/auth/two-factor/enable', {
    password: kept.all.find(({ planted }) => planted === 'password of the owner')?.bytes.toString(),
  })
  const { totpURI, backupCodes } = enabled as { totpURI: string; backupCodes: string[] }
  kept.watch('secret of an authenticator app', new URL(totpURI).searchParams.get('secret') ?? '')
  kept.watch('backup code', backupCodes[0] ?? '')
  kept.watch('key of sign-in', readFileSync(join(folder, 'keys', 'sign-in'), 'utf8').trim())
  return owner
}

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** Every route with what stands in for its parameters: what there is, and what there is not. */
function addressesOf(routes: readonly string[], owner: Owner, ids: Ids): readonly string[] {
  const values: Readonly<Record<string, readonly string[]>> = {
    incident: [published, unpublished, 'absent'],
    person: [owner.person],
    path: ['index.html', 'nothing'],
    token: ['A'.repeat(28)],
    job: ['1', '2', '9999'],
    id: ['quay', 'children', 'later', 'protected', 'a'.repeat(64)],
    ...ids,
  }
  return routes.flatMap((route) => {
    const plain = route.replaceAll(/(:\w+)\{(?:[^{}]|\{[^{}]*\})*\}/g, '$1')
    const names = [...plain.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
    return names.reduce<readonly string[]>(
      (paths, name) =>
        (values[name] ?? ['1', 'a'.repeat(64)]).flatMap((value) =>
          paths.map((path) => path.replace(`:${name}`, value)),
        ),
      [plain],
    )
  })
}

test('of all that is private nothing comes out', async (t) => {
  await caseFolderPublished()
  await filesOfSenders()
  const code = randomBytes(32).toString('hex')
  kept.watch('code of the owner’s invitation', code)
  const library = await openTestLibrary(folder, {
    effects: {
      now: () => new Date(),
      randomBytes: (length) => Uint8Array.from(randomBytes(length)),
    },
  })
  let routes: readonly string[]
  try {
    await fetchedFromTheWeb(library)
    await assertInside(library, kept.all)
    await secretsOfTheLibrary(library)
    await library.transactWithoutEntry(agent, (tx) => addInvitation(tx, code, { role: 'owner' }, 1))
    const queue = await openJobQueue(library, { tends: false })
    routes = deskApp(library, new Set(), { queue })
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`)
    await queue.close()
  } finally {
    await library.close()
  }

  const found: Found[] = []
  const look = (where: string, bytes: Uint8Array | string): void => {
    found.push(...kept.findIn(where, bytes))
  }
  const environment = {
    SIGHTLINE_LOG: 'debug',
    SIGHTLINE_SECRET_OF_A_TEST: plant('the environment'),
  }
  const answers = new Map<number, number>()
  const note = (where: string, { status, raw }: Answer): void => {
    answers.set(status, (answers.get(status) ?? 0) + 1)
    // Whoever asks for an address knows it: a redirect says it again.
    const echo = where.includes(unpublished)
    look(`the answer to ${where}`, echo ? raw.toString('latin1').replaceAll(unpublished, '') : raw)
  }
  const logs: string[] = []
  const metrics: string[] = []
  const end = async (desk: DeskProcess): Promise<void> => {
    metrics.push(await (await fetch(desk.metrics ?? '')).text())
    desk.process.kill('SIGTERM')
    assert.equal(await desk.ended, 0)
    // The owner's link is for whoever starts it, on their terminal.
    logs.push(desk.stdout().replaceAll(/^(?:library|owner) .*$/gm, ''), desk.stderr())
  }

  const desk = await startDesk(folder, ['--metrics-port', '0'], environment)
  t.after(() => desk.process.kill('SIGKILL'))
  kept.watch('code of the owner’s link', /^owner .*?([0-9a-f]{64})/m.exec(desk.stdout())?.[1] ?? '')
  const owner = await people(desk, code)
  const before = kept.all.length
  const ask = askedOf(desk, owner.cookie)
  const brought = await plantThroughDesk({ ask, kept, scratch, published, unpublished })
  const throughDesk = kept.all.slice(before)
  const stranger = (): Record<string, string> => ({
    cookie: `better-auth.session=${sent.plant('cookie')}`,
    'user-agent': sent.plant('user agent'),
    referer: `https://${sent.plant('referer', (word) => word.toLowerCase())}.example/`,
    'x-forwarded-for': sent.plant('X-Forwarded-For'),
    'x-request-id': sent.plant('X-Request-Id'),
  })
  for (const route of new Set(addressesOf(routes, owner, brought.ids))) {
    const [method = '', path = ''] = route.split(' ')
    if (method === 'GET') {
      note(route, await asking(desk, method, path))
      note(route, await asking(desk, method, `${path}?after=x&limit=0`, '', stranger()))
    } else {
      const json = { 'content-type': 'application/json' }
      note(route, await asking(desk, method, path, '{}', json))
      note(route, await asking(desk, method, path, `{"${sent.plant('a body')}`, json))
    }
  }
  for (const path of filesIn(out).map((file) => relative(out, file))) {
    look(`the bundle’s ${path}`, readFileSync(join(out, path)))
    look('the bundle’s names', path)
  }
  const story = (path: string): Promise<Answer> =>
    asking(desk, 'GET', `/stories/${published}/${path}`)
  const { text: manifest } = await story(manifestPath)
  for (const [, path = ''] of manifest.matchAll(/^[0-9a-f]{64} [ *](.+)$/gm)) {
    const answer = await story(path)
    assert.equal(answer.status, 200, path)
    note(`/stories/${published}/${path}`, answer)
  }
  // Who has a link or a receipt knows what they sent, and nothing else.
  const { token, receipt, known } = brought.contribution
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const [where, answer] of [
    ['a link', await asking(desk, 'GET', `/contribute/${token}`)],
    ['a receipt', await asking(desk, 'POST', '/contribute/receipt', `receipt=${receipt}`, form)],
    ...(await Promise.all(
      brought.ids.upload.map(
        async (id) =>
          [
            `upload ${id}`,
            await asking(desk, 'GET', `/contribute/${token}/uploads/${id}`),
          ] as const,
      ),
    )),
  ] as const) {
    answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1)
    const others = kept.findIn(`the answer to whoever has ${where}`, answer.raw)
    found.push(...others.filter(({ canary }) => !known.has(canary)))
  }
  const bearer = { authorization: `Bearer sightline_${sent.plant('a token')}` }
  const wrong = { email: owner.email, password: sent.plant('a wrong password') }
  const json = { 'content-type': 'application/json' }
  for (const [where, answer] of [
    ['a wrong token', await asking(desk, 'GET', '/api/incidents', '', bearer)],
    ['a wrong host', await asking(desk, 'GET', '/', '', { host: sent.plant('a host') })],
    [
      'a wrong path',
      await asking(desk, 'GET', `/${sent.plant('a path')}?${sent.plant('a query')}`),
    ],
    [
      'a wrong password',
      await asking(desk, 'POST', '/api/auth/sign-in/email', JSON.stringify(wrong), json),
    ],
    ['a strange method', await asking(desk, 'PROPFIND', '/', '', stranger())],
    [
      'a request from elsewhere',
      await asking(desk, 'POST', '/api/tokens', '{}', {
        origin: 'https://x.example',
        'sec-fetch-site': 'cross-site',
      }),
    ],
  ] as const) {
    note(where, answer)
  }
  await end(desk)
  const again = await openTestLibrary(folder)
  try {
    await assertInside(again, throughDesk)
  } finally {
    await again.close()
  }

  // An error of the server’s own, with what it quotes.
  writeFileSync(join(folder, 'keys', 'sign-in'), plant('a damaged key of sign-in'))
  const damaged = await startDesk(folder, ['--metrics-port', '0'], environment)
  const session = { cookie: owner.cookie }
  note(
    'a session while the key is damaged',
    await asking(damaged, 'GET', '/api/incidents', '', session),
  )
  note('a page while the key is damaged', await asking(damaged, 'GET', '/', '', session))
  await end(damaged)

  for (const [where, texts] of Object.entries({ log: logs, metrics })) {
    for (const text of texts) {
      look(`the ${where}`, text)
      found.push(...sent.findIn(`the ${where}`, text))
    }
  }
  const verified = await sightline(['verify', out, '--json'])
  assert.equal(verified.code, 0, verified.stdout)
  look('what verify says', verified.stdout + verified.stderr)
  look('what fsck says', await run('fsck', '--json'))

  assert.deepEqual(found, [])
  assert.match(metrics.join(''), /status="500"/)
  assert.match(logs.join(''), /"event":"request-failed"/)
  for (const status of [200, 400, 401, 404, 421, 500]) {
    assert.ok(
      (answers.get(status) ?? 0) > 0,
      `no answer was ${status}: ${[...answers.keys()].join()}`,
    )
  }
  console.log(
    `${kept.all.length} canaries kept and ${sent.all.length} sent; ${[...answers.values()].reduce((a, b) => a + b)} answers, ${logs.join('').split('\n').length} lines of log`,
  )
  assert.ok(kept.all.length > 40)
})

/** All of it is there: what is looked for elsewhere could be found. */
async function assertInside(library: Library, planted: readonly Canary[]): Promise<void> {
  const dump = await allRows(library)
  const inside = [...filesIn(folder), ...filesIn(caseFolder)].map((path) => readFileSync(path))
  const missing = planted.filter(
    ({ planted, bytes }) =>
      !onlyHashed.test(planted) && ![dump, ...inside].some((part) => part.includes(bytes)),
  )
  assert.deepEqual(
    missing.map(({ planted }) => planted),
    [],
    'planted, and not there',
  )
}

async function allRows(library: Library): Promise<Buffer> {
  const tables = await library.database.kysely.introspection.getTables()
  const texts: string[] = []
  for (const { schema = 'public', name } of tables) {
    const rows = await library.database.kysely
      .withSchema(schema)
      .selectFrom(name as 'incident')
      .selectAll()
      .execute()
    texts.push(JSON.stringify(rows))
  }
  return Buffer.from(texts.join('\n'))
}
