import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { deskClient, deskFor, type DeskClient } from '../../test/support/desk-client.ts'
import { clockedEffects, signedUp } from '../../test/support/desk-people.ts'
import type { Role } from '../access/roles.ts'
import { openJobQueue, type JobQueue } from '../queue/job-queue.ts'
import { addComments, readComment, readDecisions } from '../store/comments.ts'
import { openContributorLink, readLinksWithUse } from '../store/contributor-links.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { openIncident } from '../store/incidents.ts'
import { addJob, readJob } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import { addTipFile, beginTip, readTip } from '../store/tips.ts'
import { deskApp } from './app.ts'

const minute = 60_000
const hostileName = '<b>x\u202Egpj.exe'

let library: Library
let queue: JobQueue
let app: ReturnType<typeof deskFor>
let now = Date.now()
let tip: string
const clients = new Map<Role, DeskClient>()
let comments = 0

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder(), {
    effects: clockedEffects(() => now),
  })
  queue = await openJobQueue(library, { tends: false })
  app = deskFor(library, queue)
  await library.transact(agent, async (tx) => {
    for (const id of ['quay', 'pier']) await openIncident(tx, { id, title: `On the ${id}` })
  })
  for (const role of ['owner', 'editor', 'investigator', 'moderator', 'viewer'] as const) {
    clients.set(role, (await signedUp(library, app, role)).client)
  }
})
after(async () => {
  assert.deepEqual((await checkLibrary(library)).findings, [])
  await queue.close()
  await library.close()
})

/** A tip of one file waits. */
beforeEach(async () => {
  const blob = await library.blobs.putStream(bytesOf('A leaflet.'), roomy)
  tip = await library.transact(agent, async (tx) => {
    const wish = { note: '', mostBytes: 1000, mostFiles: 9, expiresAt: '2040-01-01T00:00:00.000Z' }
    const { link } = await openContributorLink(tx, { incident: 'quay', ...wish })
    const { id } = await beginTip(tx, link, { account: 'Words <i>', contact: 'the kiosk' })
    const file = { blob, kind: 'document', mediaType: 'text/plain', name: hostileName } as const
    await addTipFile(tx, id, file)
    return id
  })
})

const as = (role: Role): DeskClient => clients.get(role) ?? deskClient(app)
const form = (fields: Record<string, string>) => new URLSearchParams(fields)
const navOf = (text: string): string[] =>
  [...(/<nav aria-label="Desk">(.*?)<\/nav>/.exec(text)?.[1] ?? '').matchAll(/>([^<]+)<\/a>/g)].map(
    ([, label]) => label ?? '',
  )

test('the header leads only to what its reader may open', async () => {
  const seen = async (client: DeskClient, path = '/account') =>
    navOf((await client.ask('GET', path)).text)
  assert.deepEqual(await seen(as('owner')), ['Jobs', 'People', 'Account'])
  assert.deepEqual(await seen(as('editor')), ['Jobs', 'Account'])
  assert.deepEqual(await seen(as('viewer')), ['Account'])
  assert.deepEqual(await seen(as('viewer'), '/people'), ['Account'], 'also where it refuses')
  const signIn = await deskClient(app).ask('GET', '/sign-in')
  assert.deepEqual(navOf(signIn.text), ['Sign in'])
  assert.ok(!signIn.text.includes('role="search"'))
})

test('a form of an older browser, which says only its origin, is known as our own', async () => {
  const shown = await as('moderator').ask('GET', '/incidents/quay/tips')
  // By `no-referrer` it would say `Origin: null`.
  assert.equal(shown.headers.get('referrer-policy'), 'same-origin')
  const path = `/incidents/quay/tips/${tip}/examination`
  const send = (headers: Record<string, string>) =>
    app.request(`http://localhost:4600${path}`, { method: 'POST', headers })
  const host = { host: 'localhost:4600' }
  const elsewhere = await send({ ...host, origin: 'null' })
  assert.equal(elsewhere.status, 403)
  assert.match(await elsewhere.text(), /sent from another page than the desk’s own/)
  const own = await send({ ...host, origin: 'http://localhost:4600' })
  assert.equal(own.headers.get('location'), `/sign-in?next=${encodeURIComponent(path)}`)
})

test('the first page leads to tips and comments those who may open them', async () => {
  const first = async (role: Role) => (await as(role).ask('GET', '/')).text
  assert.match(await first('moderator'), /quay\/tips".*quay\/comments"/)
  assert.ok(!(await first('moderator')).includes('/upload'))
  assert.ok(!(await first('investigator')).includes('/comments'))
  assert.ok(!(await first('viewer')).includes('/incidents/'))
})

test('how to reach who sent a tip is told to those who may decide about it, and a name reads as it is', async () => {
  const path = `/incidents/quay/tips/${tip}`
  const decider = await as('moderator').ask('GET', path)
  assert.equal(decider.headers.get('cache-control'), 'no-store')
  assert.match(decider.text, /<bdi>the kiosk<\/bdi>/)
  assert.match(decider.text, /<bdi>&#x3C;b>x⟨U\+202E⟩gpj\.exe<\/bdi>/)
  assert.match(decider.text, /Words &#x3C;i>/)
  const reader = await as('investigator').ask('GET', path)
  assert.equal(reader.status, 200)
  assert.ok(!/kiosk|acceptance|refusal|examination/.test(reader.text))
  const lists = await as('moderator').ask('GET', '/incidents/quay/tips')
  assert.ok(!/kiosk|links\/new/.test(lists.text), 'links are for those who may open them')
  for (const absent of [`/incidents/pier/tips/${tip}`, '/incidents/absent/tips']) {
    assert.equal((await as('owner').ask('GET', absent)).status, 404, absent)
  }
})

test('a tip is accepted once, after it was asked', async () => {
  const path = `/incidents/quay/tips/${tip}`
  const asked = await as('editor').ask('GET', `${path}/acceptance`)
  assert.match(asked.text, /1 file will be items/)
  const unseen = await as('editor').ask('POST', `${path}/acceptance`, form({}))
  assert.equal(unseen.status, 409)
  const done = await as('editor').ask('POST', `${path}/acceptance`, form({ seen: seenIn(asked) }))
  assert.deepEqual([done.status, done.headers.get('location')], [303, path])
  assert.match((await as('editor').ask('GET', path)).text, /Accepted \d/)
  for (const act of ['acceptance', 'refusal']) {
    const again = await as('editor').ask('POST', `${path}/${act}`, form({}))
    assert.equal(again.status, 409)
    assert.match(again.text, /has been accepted already/)
    assert.equal((await as('editor').ask('GET', `${path}/${act}`)).status, 409)
  }
  assert.equal((await library.read((reader) => readTip(reader, { id: tip })))?.state, 'accepted')
})

const seenIn = ({ text }: { readonly text: string }): string =>
  /name="seen" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? 'nothing'

test('a file that comes after the question is no item until it was shown', async () => {
  const path = `/incidents/quay/tips/${tip}/acceptance`
  const api = `/api${path}`
  const asked = await as('editor').ask('GET', path)
  const seen = seenIn(asked)
  const blob = await library.blobs.putStream(bytesOf('A second leaflet.'), roomy)
  const name = 'second.txt'
  const file = { blob, kind: 'document', mediaType: 'text/plain', name } as const
  await library.transact(agent, (tx) => addTipFile(tx, tip, file))
  assert.ok(!asked.text.includes(name))

  const refused = await as('editor').ask('POST', api, { seen })
  assert.deepEqual([refused.status, refused.json<{ code: string }>().code], [409, 'tip-changed'])
  const again = await as('editor').ask('POST', path, form({ seen }))
  assert.equal(again.status, 409)
  assert.match(again.text, /role="alert">Files have come[^]*2 files will be items[^]*second\.txt/)
  const waits = await library.read((reader) => readTip(reader, { id: tip }))
  assert.deepEqual([waits?.state, waits?.filesSha256], ['waiting', seenIn(again)])
  const done = await as('editor').ask('POST', path, form({ seen: seenIn(again) }))
  assert.equal(done.status, 303)
})

test('a link is opened by a form that says what is wrong; its address stands in one answer', async () => {
  const sent = { note: 'Evening <b>', days: '900', gigabytes: '0', files: '2.5' }
  const path = '/incidents/quay/links/new'
  const wrong = await as('editor').ask('POST', path, form(sent))
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /Days: a whole.*Gigabytes: more.*Files: a whole/)
  assert.match(wrong.text, /value="900"/)
  assert.match(wrong.text, /Evening &#x3C;b>/)

  const right = { ...sent, days: '2', gigabytes: '0.5', files: '3' }
  const opened = await as('editor').ask('POST', path, form(right))
  assert.equal(opened.status, 200)
  assert.equal(opened.headers.get('cache-control'), 'no-store')
  const [, token = ''] = /localhost:4600\/contribute\/([A-Z]{28})/.exec(opened.text) ?? []
  assert.equal((await deskClient(app).ask('GET', `/contribute/${token}`)).status, 200)
  const link = (await library.read((reader) => readLinksWithUse(reader, ['quay']))).at(-1)
  assert.deepEqual([link?.mostBytes, link?.mostFiles], [5e8, 3])
  const listed = await as('editor').ask('GET', '/incidents/quay/tips')
  assert.ok(listed.text.includes(link?.id ?? '-') && !listed.text.includes(token))

  const end = `/incidents/pier/links/${link?.id}/end`
  assert.equal((await as('editor').ask('POST', end)).status, 404, 'of another incident')
  const closed = await as('editor').ask('POST', end.replace('pier', 'quay'))
  assert.equal(closed.headers.get('location'), '/incidents/quay/tips')
})

test('contributors are sent to the desk’s public name', async () => {
  const host = 'localhost:4600'
  const publicUrl = { origin: 'https://desk.example.org', host: 'desk.example.org' }
  const named = deskApp(library, new Set([host]), { publicUrl })
  const { cookies } = as('editor')
  const answer = await named.request(`http://${host}/incidents/quay/links/new`, {
    method: 'POST',
    headers: { host, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
    body: form({ note: '', days: '1', gigabytes: '1', files: '1' }),
  })
  assert.match(await answer.text(), /https:\/\/desk\.example\.org\/contribute\/[A-Z]{28}/)
})

async function newComment(): Promise<string> {
  const id = (comments += 1).toString(16).padStart(32, '0')
  const said = { id, incident: 'quay', about: { kind: 'story' }, text: 'Hm <u>' } as const
  await library.transact(agent, (tx) => addComments(tx, [said]))
  return id
}

test('a comment is decided on with a reason, and what another decided meanwhile is not overwritten unseen', async () => {
  const id = await newComment()
  const path = `/incidents/quay/comments/${id}`
  const list = await as('moderator').ask('GET', '/incidents/quay/comments')
  assert.match(list.text, /Hm &#x3C;u>/)
  const send = (role: Role, fields: Record<string, string>) =>
    as(role).ask('POST', path, form(fields))
  const mute = await send('moderator', { seen: 'waiting', decision: 'approved', reason: ' ' })
  assert.equal(mute.status, 400)
  assert.match(mute.text, /reason: must not be empty/)
  const first = await send('moderator', { seen: 'waiting', decision: 'rejected', reason: 'A name' })
  assert.equal(first.headers.get('location'), '/incidents/quay/comments?decided=rejected')
  const late = await send('editor', { seen: 'waiting', decision: 'approved', reason: 'Fine' })
  assert.equal(late.status, 409)
  assert.match(late.text, /has been rejected meanwhile.*A name.*>Fine<\/textarea>/s)
  assert.equal((await library.read((reader) => readComment(reader, 'quay', id)))?.state, 'rejected')
  await send('editor', { seen: 'rejected', decision: 'approved', reason: 'Fine' })
  const decisions = await library.read((reader) => readDecisions(reader, id))
  assert.deepEqual(
    decisions.map(({ reason }) => reason),
    ['A name', 'Fine'],
  )
})

test('what somebody typed is not lost when they were signed out meanwhile', async () => {
  const path = `/incidents/quay/comments/${await newComment()}`
  const fields = { seen: 'waiting', decision: 'approved', reason: 'Fair <i>' }
  const unsent = await deskClient(app).ask('POST', path, form(fields))
  assert.equal(unsent.status, 401)
  assert.match(unsent.text, /signed out.*>Fair &#x3C;i></s)
  const hidden = /name="(\w+)" value="([^"]*)"/g
  const kept = [...unsent.text.matchAll(hidden)].map(([, name, value]) => [name, value])
  assert.deepEqual(Object.fromEntries(kept), fields)
  assert.ok(unsent.text.includes(`action="${path}"`))
  const again = await as('moderator').ask('POST', path, form(fields))
  assert.equal(again.headers.get('location'), '/incidents/quay/comments?decided=approved')
})

test('who signed in long ago signs in again to publish once more, and comes back', async () => {
  const { job } = await library.transactWithoutEntry(agent, (tx) =>
    addJob(tx, { kind: 'publish', incident: 'quay', inputs: {}, basis: [], repeats: false }),
  )
  const path = `/jobs/${job.id}`
  const listed = async (role: Role) => (await as(role).ask('GET', '/jobs')).text
  assert.ok((await listed('editor')).includes(`${path}/cancel`))
  assert.ok(!(await listed('investigator')).includes(`${path}/cancel`), 'as they may not publish')
  assert.equal((await as('investigator').ask('POST', `${path}/cancel`)).status, 403)
  const cancelled = await as('editor').ask('POST', `${path}/cancel`)
  assert.equal(cancelled.headers.get('location'), `/jobs?before=${job.id + 1}`)
  assert.match((await as('editor').ask('POST', `${path}/cancel`)).text, /That did not work/)

  now += 11 * minute
  for (const method of ['GET', 'POST']) {
    const stale = await as('editor').ask(method, `${path}/retry`)
    const next = encodeURIComponent(`${path}/retry`)
    assert.equal(stale.headers.get('location'), `/sign-in?next=${next}&again=1`)
  }
  const again = await as('editor').ask('GET', '/sign-in?again=1')
  assert.match(again.text, /<h1>Sign in again/)
  now -= 11 * minute
  const asked = await as('editor').ask('GET', `${path}/retry`)
  assert.match(asked.text, /Publish the story: quay/)
  await as('editor').ask('POST', `${path}/retry`)
  assert.equal((await library.read((reader) => readJob(reader, job.id)))?.state, 'waiting')
})

test('a search can be passed on, and says what is wrong with its dates', async () => {
  const address = '/search?q=quay&place=&from=&status=unpublished'
  const found = await as('viewer').ask('GET', address)
  assert.match(found.text, /<mark>quay<\/mark>/)
  assert.match(found.text, /<strong>incident<\/strong>/)
  const nobody = await deskClient(app).ask('GET', address)
  assert.equal(nobody.headers.get('location'), `/sign-in?next=${encodeURIComponent(address)}`)
  const wrong = await as('viewer').ask('GET', '/search?q=%22%3E%3Cb%3E&to=tomorrow')
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /to: is not an EDTF date/)
  assert.match(wrong.text, /value="&#x22;><b>"/)
  const none = await as('viewer').ask('GET', '/search?q=absent')
  assert.match(none.text, /Try fewer words/)
})
