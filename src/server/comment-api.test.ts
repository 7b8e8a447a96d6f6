import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { formatManifest, manifestPath } from '../custody/manifest.ts'
import { apiFor } from '../../test/support/api-for.ts'
import { nobody, rightsOf, type Asker } from '../access/asker.ts'
import { agent, fixedEffects, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { addPublication, openIncident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { addPublicationFiles } from '../store/publications.ts'
import { addCommentRoutes } from './comment-routes.ts'
import { rateLimit } from './rate-limit.ts'

const hostile = `<script>"'; drop table comment; --\u202E 😀`
let library: Library

/** What readers can see, as the bundle's data say it. */
async function publish(incident: string, revision: number, claims: string[]): Promise<void> {
  const put = async (path: string, value: unknown) => {
    const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
    const { sha256 } = await library.blobs.putBytes(bytes)
    return { path, sha256 }
  }
  const said = { claims: claims.map((id) => ({ id })), statements: [{ id: 's1' }] }
  const files = [
    await put('data/alignment.json', { recordings: [{ footage: 'a' }], apart: [{ footage: 'b' }] }),
    await put('data/claims.json', said),
  ]
  const manifest = await put(manifestPath, formatManifest(files))
  await library.transact(agent, async (tx) => {
    const contentSha256 = createHash('sha256').update(`${revision}`).digest('hex')
    const published = { incident, revision, manifestSha256: manifest.sha256, contentSha256 }
    await addPublication(tx, published)
    await addPublicationFiles(tx, published, [...files, manifest])
  })
}

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  for (const id of ['quay', 'draft', 'busy']) {
    await library.transact(agent, (tx) => openIncident(tx, { id, title: id }))
  }
  await publish('quay', 1, ['old-claim', 'two-shots'])
  await publish('quay', 2, ['two-shots'])
  await publish('busy', 1, [])
})
after(() => library.close())

const moderator: Asker = {
  kind: 'person',
  agent: { actor: 'moderator-7', tool: 'test' },
  isFresh: true,
  ...rightsOf({ installation: ['moderator'], incidents: new Map() }),
}

async function ask(asker: Asker, method: string, path: string, body?: unknown) {
  const app = apiFor(asker, (api) => addCommentRoutes(api, library))
  const answer = await app.request(`/api/incidents${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
const story = { kind: 'story' }
const idsOf = ({ body }: { readonly body: Record<string, unknown> }) =>
  (body['comments'] as { id: string }[]).map(({ id }) => id)

test('a comment waits, and readers see it once a moderator has approved it', async () => {
  const about = { kind: 'moment', footage: 'b', atSeconds: 12.480001 }
  const posted = await ask(nobody, 'POST', '/quay/comments', {
    about,
    name: hostile,
    text: hostile,
  })
  assert.equal(posted.status, 202)
  assert.equal(posted.body['state'], 'waiting')
  const id = String(posted.body['id'])
  assert.deepEqual(idsOf(await ask(nobody, 'GET', '/quay/comments')), [])
  const waiting = await ask(moderator, 'GET', '/quay/moderation')
  assert.deepEqual(idsOf(waiting), [id])
  const decisions = `/quay/moderation/${id}/decisions`
  const reason = { reason: 'Says what the footage shows.' }
  for (const decision of ['rejected', 'approved']) {
    const decided = await ask(moderator, 'POST', decisions, { decision, ...reason })
    assert.deepEqual([decided.status, decided.body['state']], [200, decision])
  }
  const shown = await ask(nobody, 'GET', '/quay/comments')
  const [comment] = shown.body['comments'] as Record<string, unknown>[]
  const { postedAt, ...said } = comment ?? {}
  assert.deepEqual(said, { id, about, name: hostile, text: hostile })
  assert.match(String(postedAt), /^2031-/)
  const whole = await ask(moderator, 'GET', `/quay/moderation/${id}`)
  assert.deepEqual(
    (whole.body['decisions'] as Record<string, unknown>[]).map(({ decision, decidedBy }) => [
      decision,
      decidedBy,
    ]),
    [
      ['rejected', 'moderator-7'],
      ['approved', 'moderator-7'],
    ],
  )
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('of two who decide at once on what they saw, one is told of the other', async () => {
  const posted = await ask(nobody, 'POST', '/quay/comments', { about: story, text: 'Twice' })
  const path = `/quay/moderation/${String(posted.body['id'])}`
  const decisions = ['approved', 'rejected'] as const
  const answers = await Promise.all(
    decisions.map((decision) => {
      const wish = { decision, reason: 'Seen waiting.', seen: 'waiting' }
      return ask(moderator, 'POST', `${path}/decisions`, wish)
    }),
  )
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((one, other) => one - other),
    [200, 409],
  )
  const told = answers.find(({ status }) => status === 409)
  assert.equal(told?.body['code'], 'comment-decided')
  const { body } = await ask(moderator, 'GET', path)
  assert.equal((body['decisions'] as object[]).length, 1)
})

test('one speaks only of what is published now, and learns of nothing else', async () => {
  for (const [about, status] of [
    [story, 202],
    [{ kind: 'claim', id: 'two-shots' }, 202],
    [{ kind: 'quote', id: 's1' }, 202],
    [{ kind: 'moment', footage: 'a', atSeconds: -0 }, 202],
    [{ kind: 'moment', footage: 'a', atSeconds: 0.1 + 0.2 }, 202],
    [{ kind: 'claim', id: 'old-claim' }, 404],
    [{ kind: 'claim', id: 's1' }, 404],
    [{ kind: 'moment', footage: 'c', atSeconds: 1 }, 404],
    [{ kind: 'moment', footage: 'a', atSeconds: 1e300 }, 400],
    [{ kind: 'person', id: 'x' }, 400],
    [{ kind: 'claim' }, 400],
    [{ kind: 'story', id: 'x' }, 400],
  ] as const) {
    const answer = await ask(nobody, 'POST', '/quay/comments', { about, text: 'x' })
    assert.equal(answer.status, status, JSON.stringify(about))
  }
  const [draft, absent] = await Promise.all(
    ['draft', 'absent'].map((incident) =>
      ask(nobody, 'POST', `/${incident}/comments`, { about: story, text: 'x' }),
    ),
  )
  assert.deepEqual([draft?.status, absent?.status], [404, 404])
  assert.equal(String(draft?.body['detail']).replace('draft', 'absent'), absent?.body['detail'])
  for (const path of ['/draft/comments', '/absent/comments']) {
    assert.equal((await ask(nobody, 'GET', path)).status, 404)
  }
})

test('a text is plain, not empty and not endless', async () => {
  for (const [text, status] of [
    ['x'.repeat(5000), 202],
    ['  a\n\nb  ', 202],
    ['x'.repeat(5001), 400],
    ['x'.repeat(40_000), 413],
    ['  ', 400],
    ['a\u0000b', 400],
    ['a\u001B[31m', 400],
    ['\ud800', 400],
    [7, 400],
  ] as const) {
    const answer = await ask(nobody, 'POST', '/quay/comments', { about: story, text })
    assert.equal(answer.status, status, String(text).slice(0, 20))
  }
  const named = { about: story, text: 'x', name: 'x'.repeat(81) }
  assert.equal((await ask(nobody, 'POST', '/quay/comments', named)).status, 400)
})

test('only moderators see what waits and decide, and a comment belongs to its incident', async () => {
  const posted = await ask(nobody, 'POST', '/quay/comments', { about: story, text: 'x' })
  const path = `/quay/moderation/${String(posted.body['id'])}`
  const decision = { decision: 'approved', reason: 'Because.' }
  assert.equal((await ask(nobody, 'GET', '/quay/moderation')).status, 401)
  assert.equal((await ask(nobody, 'GET', path)).status, 401)
  assert.equal((await ask(nobody, 'POST', `${path}/decisions`, decision)).status, 401)
  const viewer = { ...moderator, ...rightsOf({ installation: ['viewer'], incidents: new Map() }) }
  assert.equal((await ask(viewer, 'POST', `${path}/decisions`, decision)).status, 403)
  const elsewhere = path.replace('quay', 'busy')
  assert.equal((await ask(moderator, 'POST', `${elsewhere}/decisions`, decision)).status, 404)
  assert.equal(
    (await ask(moderator, 'POST', `${path}/decisions`, { decision: 'approved' })).status,
    400,
  )
})

test('that nothing waits is no answer about an incident that is not there', async () => {
  assert.equal((await ask(moderator, 'GET', '/quay/moderation')).status, 200)
  assert.equal((await ask(moderator, 'GET', '/absent/moderation')).status, 404)
})

test('many at once are kept together, each answered once it is; pages show each once', async () => {
  const app = apiFor(nobody, (api) => addCommentRoutes(api, library))
  const post = async (index: number): Promise<string> => {
    const answer = await app.request('/api/incidents/busy/comments', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ about: story, text: `comment ${index}` }),
    })
    assert.equal(answer.status, 202)
    return ((await answer.json()) as { id: string }).id
  }
  const size = async () =>
    (await library.read(({ sql }) => sql.selectFrom('custody_entry').select('index').execute()))
      .length
  const before = await size()
  const ids = await Promise.all(Array.from({ length: 300 }, (_, index) => post(index)))
  assert.ok((await size()) - before < 100, 'posts that wait for each other share an entry')
  const seen: string[] = []
  for (let after = ''; ;) {
    const page = await ask(moderator, 'GET', `/busy/moderation?limit=70${after}`)
    seen.push(...idsOf(page))
    if (typeof page.body['next'] !== 'string') break
    after = `&after=${page.body['next']}`
  }
  assert.deepEqual(seen.toSorted(), ids.toSorted())
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('fsck sees a comment, or a decision, that was changed behind the log’s back', async () => {
  const { kysely } = library.database
  const posted = await ask(nobody, 'POST', '/quay/comments', { about: story, text: 'As written.' })
  const id = String(posted.body['id'])
  for (const [changed, back] of [
    [{ body: 'Forged.' }, { body: 'As written.' }],
    [{ state: 'approved' }, { state: 'waiting' }],
  ] as const) {
    await kysely.updateTable('comment').set(changed).where('id', '=', id).execute()
    const { findings } = await checkLibrary(library)
    assert.deepEqual(
      findings.map(({ code, what }) => [code, what]),
      [['act-not-recorded', `comment ${id}`]],
    )
    await kysely.updateTable('comment').set(back).where('id', '=', id).execute()
  }
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('one place does not fill the queue, others are not held up', async () => {
  let place = 'a'
  const limits = { rate: rateLimit(fixedEffects()), addressOf: () => place }
  const app = apiFor(nobody, (api) => addCommentRoutes(api, library, limits))
  const post = async (): Promise<number> => {
    const answer = await app.request('/api/incidents/busy/comments', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ about: story, text: 'again' }),
    })
    return answer.status
  }
  const statuses: number[] = []
  for (let turn = 0; turn < 62; turn++) statuses.push(await post())
  assert.deepEqual(new Set(statuses.slice(0, 60)), new Set([202]))
  assert.deepEqual(statuses.slice(60), [429, 429])
  place = 'b'
  assert.equal(await post(), 202)
})
