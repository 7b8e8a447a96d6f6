import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { deskClient, deskFor, type DeskClient } from '../../test/support/desk-client.ts'
import { signedUp as signUp } from '../../test/support/desk-people.ts'
import type { Role } from '../access/roles.ts'
import { labFetch } from '../egress/fixture.ts'
import { ownCores } from '../queue/cores.ts'
import { openJobQueue, type JobQueue } from '../queue/job-queue.ts'
import { collecting } from '../queue/work.ts'
import { startWorker, type Worker } from '../queue/worker.ts'
import { agent, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { openIncident } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { StoreError } from '../store/store-error.ts'
import { deskApp } from './app.ts'

interface ShownJob {
  readonly id: number
  readonly state: string
  readonly incident?: string
  readonly progress?: { readonly step: string }
  readonly reason?: { readonly code: string }
  readonly result?: Readonly<Record<string, unknown>>
}

/** At this address a server says nothing. */
const unanswered = '/silence'

let library: Library
let queue: JobQueue
let worker: Worker
let goOn = Promise.withResolvers<undefined>()
const items: string[] = []
const effects = {
  now: () => new Date(),
  randomBytes: (length: number) => Uint8Array.from(randomBytes(length)),
}

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder(), { effects })
  for (const id of ['quay', 'pier']) {
    await library.transact(agent, (tx) => openIncident(tx, { id, title: id }))
    const blob = await library.blobs.putBytes(Buffer.from(id))
    const facts = { incident: id, kind: 'other', mediaType: 'text/plain', name: id } as const
    await library.transact(agent, (tx) => receiveItem(tx, { ...facts, blob }))
    items.push(blob.sha256)
  }
  queue = await openJobQueue(library, { tends: true })
  worker = await startWorker(queue, {
    works: {
      examine: async ({ job, progress }) => {
        if (job.incident === 'pier') throw new StoreError('blob-missing', 'It is gone.')
        progress({ step: 'Looking', done: 1, total: 4 })
        await goOn.promise
        return { item: String(job.inputs['item']) }
      },
      fixity: async () => ({ damaged: 0 }),
      collect: collecting({
        fetch: await labFetch((asking, response) =>
          asking.url?.startsWith(unanswered) === true ? undefined : response.end('a letter'),
        ),
      }),
    },
    concurrency: 1,
    takeCore: ownCores(1),
  })
})
after(async () => {
  goOn.resolve(undefined)
  await worker.stop(0)
  await queue.close()
  await library.close()
})

const desk = (): DeskClient => deskClient(deskFor(library, queue))

async function asked(client: DeskClient, path: string, status = 202): Promise<ShownJob> {
  const answer = await client.ask('POST', path)
  assert.equal(answer.status, status, answer.text)
  return answer.json<ShownJob>()
}

async function until(client: DeskClient, id: number, state: string): Promise<ShownJob> {
  for (const end = performance.now() + 20_000; ;) {
    const job = (await client.ask('GET', `/api/jobs/${id}`)).json<ShownJob>()
    if (job.state === state) return job
    assert.ok(performance.now() < end, `job ${id} is ${job.state}, not ${state}`)
    await sleep(20)
  }
}

test('a job is asked for once, followed as it goes on, and found when it is done', async () => {
  const client = desk()
  const path = `/api/incidents/quay/items/${items[0] ?? ''}/examine`
  const job = await asked(client, path)
  assert.equal((await asked(client, path, 200)).id, job.id)
  await until(client, job.id, 'running')
  const following = client.ask('GET', `/api/jobs/${job.id}/events`)
  for (let looks = 0; looks < 100; looks += 1) {
    const now = (await client.ask('GET', `/api/jobs/${job.id}`)).json<ShownJob>()
    if (now.progress?.step === 'Looking') break
    await sleep(30)
  }
  await sleep(600)
  const stopping = new AbortController()
  const other = deskApp(library, new Set(['localhost:4600']), { queue, stopping: stopping.signal })
  const left = deskClient(other).ask('GET', `/api/jobs/${job.id}/events`)
  stopping.abort()
  assert.doesNotMatch(
    (await left).text,
    /"state":"done"/,
    'a desk that stops leaves no answer open',
  )
  goOn.resolve(undefined)
  const followed = await following
  assert.match(followed.headers.get('content-type') ?? '', /^text\/event-stream/)
  const told = [...followed.text.matchAll(/^data: (.*)$/gm)].map(
    ([, data = '']) => JSON.parse(data) as ShownJob,
  )
  assert.ok(told.some(({ progress }) => progress?.step === 'Looking'))
  assert.equal(told.at(-1)?.state, 'done')
  assert.deepEqual(told.at(-1)?.result, { item: items[0] })
  const ids = [...followed.text.matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id)
  const last = { 'last-event-id': ids.at(-1) ?? '' }
  const events = `/api/jobs/${job.id}/events`
  assert.equal((await client.ask('GET', events, undefined, last)).status, 204)
  assert.match((await client.ask('GET', events)).text, /"state":"done"/)
  assert.equal((await client.ask('POST', `/api/jobs/${job.id}/cancel`)).status, 409)
})

test('quarantine has its reason, and retry and cancel their answers', async () => {
  const client = desk()
  const job = await asked(client, `/api/incidents/pier/items/${items[1] ?? ''}/examine`)
  const { reason } = await until(client, job.id, 'quarantined')
  assert.equal(reason?.code, 'blob-missing')
  const retried = await client.ask('POST', `/api/jobs/${job.id}/retry`)
  assert.equal(retried.status, 202)
  assert.equal(retried.json<ShownJob>().reason, undefined)
  await until(client, job.id, 'quarantined')
  const { jobs } = (await client.ask('GET', '/api/jobs?state=quarantined')).json<{
    jobs: ShownJob[]
  }>()
  assert.deepEqual(
    jobs.map(({ id }) => id),
    [job.id],
  )
  for (const [path, status, code] of [
    ['/api/jobs/999/retry', 404, 'not-found'],
    ['/api/incidents/quay/align', 404, 'no-case'],
    ['/api/incidents/quay/publish', 404, 'no-case'],
    [`/api/incidents/quay/items/${items[1] ?? ''}/examine`, 404, 'no-such-item'],
    ['/api/jobs/one/retry', 404, 'not-found'],
  ] as const) {
    const answer = await client.ask('POST', path)
    assert.deepEqual([answer.status, answer.json<{ code: string }>().code], [status, code], path)
  }
})

test('pages of jobs follow each other', async () => {
  const client = desk()
  const all = (await client.ask('GET', '/api/jobs')).json<{ jobs: ShownJob[] }>().jobs
  const first = (await client.ask('GET', '/api/jobs?limit=1')).json<{
    jobs: ShownJob[]
    next: number
  }>()
  const rest = (await client.ask('GET', `/api/jobs?before=${first.next}`)).json<{
    jobs: ShownJob[]
  }>()
  assert.deepEqual([...first.jobs, ...rest.jobs], all)
})

const signedUp = async (role: Role, incident?: string): Promise<DeskClient> =>
  (await signUp(library, deskFor(library, queue), role, incident)).client

/** Of no address, in no job. `events`: of one that has ended. */
async function assertOnlyHost(client: DeskClient, id: number, events?: 'events'): Promise<void> {
  const own = [`/api/jobs/${id}`, ...(events === undefined ? [] : [`/api/jobs/${id}/${events}`])]
  for (const at of [...own, '/api/jobs', '/jobs']) {
    const { status, text } = await client.ask('GET', at)
    assert.equal(status, 200)
    assert.match(text, /news\.example/)
    assert.doesNotMatch(text, /secret/)
  }
  const seen = (await client.ask('GET', `/api/jobs/${id}`)).json<{ inputs: object }>()
  assert.deepEqual(seen.inputs, { host: 'news.example' })
}

test('a file from the web is a job, whose address only those see who asked for it', async () => {
  const owner = await signedUp('owner')
  const asking = await signedUp('investigator', 'quay')
  const other = await signedUp('editor')
  const path = '/api/incidents/quay/collect'
  const address = 'https://news.example/share/secret.txt?key=secret'
  const answer = await asking.ask('POST', path, { address })
  assert.equal(answer.status, 202, answer.text)
  const { id } = answer.json<ShownJob>()
  const done = await until(asking, id, 'done')
  assert.equal(done.result?.['address'], address)
  // The same act had asked for its examination.
  const item = String(done.result?.['item'])
  const examine = await asked(asking, `/api/incidents/quay/items/${item}/examine`, 200)
  await until(asking, examine.id, 'done')
  for (const client of [owner, other]) await assertOnlyHost(client, id, 'events')
  for (const [odd, status, code] of [
    ['https://me:hidden@news.example/', 422, 'address-unsupported'],
    ['https://169.254.169.254/', 422, 'address-not-public'],
    ['x'.repeat(9000), 400, 'request-malformed'],
    ['x'.repeat(20_000), 413, 'too-large'],
  ] as const) {
    const refused = await asking.ask('POST', path, { address: odd })
    assert.deepEqual([refused.status, refused.json<{ code: string }>().code], [status, code])
    assert.doesNotMatch(refused.text, /hidden/)
  }
  const nowhere = await other.ask('POST', '/api/incidents/nowhere/collect', { address })
  assert.equal(nowhere.json<{ code: string }>().code, 'no-such-incident')
})

test('who may see, ask for and stop a job is the gate’s to say', async () => {
  goOn = Promise.withResolvers()
  const owner = await signedUp('owner')
  const fixity = await asked(owner, '/api/fixity')
  const editor = await signedUp('editor', 'quay')
  const viewer = await signedUp('viewer')
  const nobody = desk()
  const seen = (await editor.ask('GET', '/api/jobs')).json<{ jobs: ShownJob[] }>().jobs
  assert.ok(seen.length > 0 && seen.every(({ incident }) => incident === 'quay'))
  const [ofQuay] = seen
  const investigator = await signedUp('investigator')
  for (const what of ['cancel', 'retry']) {
    const answer = await investigator.ask('POST', `/api/jobs/${fixity.id}/${what}`)
    assert.equal(answer.status, 403, what)
  }
  const all = (await owner.ask('GET', '/api/jobs')).json<{ jobs: ShownJob[] }>().jobs
  const ofPier = all.find(({ incident }) => incident === 'pier')
  const status = async (client: DeskClient, method: string, path: string): Promise<number> =>
    (await client.ask(method, path)).status

  for (const path of ['', '/events']) {
    assert.equal(await status(owner, 'GET', `/api/jobs/${ofPier?.id}${path}`), 200)
    assert.equal(await status(editor, 'GET', `/api/jobs/${ofQuay?.id}${path}`), 200)
    assert.equal(await status(editor, 'GET', `/api/jobs/${ofPier?.id}${path}`), 404)
    assert.equal(await status(editor, 'GET', `/api/jobs/${fixity.id}${path}`), 403)
    assert.equal(await status(viewer, 'GET', `/api/jobs/${ofQuay?.id}${path}`), 403)
    assert.equal(await status(nobody, 'GET', `/api/jobs/${ofQuay?.id}${path}`), 401)
  }
  for (const act of ['cancel', 'retry']) {
    assert.equal(await status(editor, 'POST', `/api/jobs/${ofQuay?.id}/${act}`), 409)
    assert.equal(await status(editor, 'POST', `/api/jobs/${ofPier?.id}/${act}`), 404)
    assert.equal(await status(editor, 'POST', `/api/jobs/${fixity.id}/${act}`), 403)
    assert.equal(await status(viewer, 'POST', `/api/jobs/${ofQuay?.id}/${act}`), 403)
  }
  assert.equal(await status(editor, 'POST', '/api/fixity'), 403)
  assert.equal(await status(viewer, 'POST', '/api/incidents/quay/align'), 403)
  assert.equal(await status(viewer, 'POST', '/api/incidents/quay/publish'), 403)
  assert.equal(await status(nobody, 'GET', '/api/jobs'), 401)
})

test('who follows a job and loses the role is told no more', async () => {
  const app = deskFor(library, queue)
  const owner = await signUp(library, app, 'owner')
  const left = await signUp(library, app, 'investigator', 'quay')
  const stays = await signUp(library, app, 'editor')
  const address = { address: `https://news.example${unanswered}` }
  const asking = await owner.client.ask('POST', '/api/incidents/quay/collect', address)
  const { id } = asking.json<ShownJob>()
  const follow = ({ client }: typeof left) => client.ask('GET', `/api/jobs/${id}/events`)
  const following = [left, stays].map(follow)
  await until(owner.client, id, 'running')
  const grant = { role: 'investigator', incident: 'quay' }
  const taken = await owner.client.ask('DELETE', `/api/people/${left.id}/roles`, grant)
  assert.equal(taken.status, 204)
  assert.equal((await owner.client.ask('POST', `/api/jobs/${id}/cancel`)).status, 200)
  const told = (await Promise.all(following)).map(({ text }) => /"state":"cancelled"/.test(text))
  assert.deepEqual(told, [false, true])
})

test('who cancels a job and starts it again sees no more of its address, who gave it no less', async () => {
  await signedUp('owner')
  const asking = await signedUp('investigator', 'quay')
  const other = await signedUp('editor', 'quay')
  const address = `https://news.example${unanswered}?key=secret`
  const { id } = (
    await asking.ask('POST', '/api/incidents/quay/collect', { address })
  ).json<ShownJob>()
  const act = async (what: string): Promise<void> => {
    const { status, text } = await other.ask('POST', `/api/jobs/${id}/${what}`)
    assert.ok(status < 300, text)
    assert.doesNotMatch(text, /secret/)
    const ended = what === 'cancel' ? 'events' : undefined
    await assertOnlyHost(other, id, ended)
    for (const at of [`/api/jobs/${id}`, '/api/jobs', '/jobs']) {
      const seen = await asking.ask('GET', at)
      assert.ok(seen.text.includes(address), `${what}: ${at}`)
    }
  }
  for (const what of ['cancel', 'retry', 'cancel']) await act(what)
  assert.match((await other.ask('GET', '/jobs')).text, /asked for by [^<]*, started again by /)
})
