/** Files from the web by jobs: kept once, stopped with their process, refused or tried again. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { EgressError } from '../egress/egress-error.ts'
import { fetchInProcess } from '../egress/fetch-in-process.ts'
import { labFetch } from '../egress/fixture.ts'
import { agent } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { beginJob, readJobs } from '../store/jobs.ts'
import { removeWithdrawnFiles } from '../store/withdrawn-files.ts'
import { setting } from './fixture.ts'
import { shownTo } from './shown-job.ts'
import { collecting, type Work } from './work.ts'

const address = 'https://news.example/quay.txt?key=secret'
const request = { kind: 'collect', incident: 'quay', address } as const

async function collectSetting(t: TestContext) {
  const made = await setting(t)
  const events: string[] = []
  return {
    ...made,
    events,
    work: (collect: Work) =>
      made.work(
        { collect, examine: async () => ({ item: 'seen' }) },
        { retryDelaysSeconds: [1, 1], onEvent: ({ what }) => events.push(what) },
      ),
    collections: () => made.library.database.kysely.selectFrom('collection').selectAll().execute(),
  }
}

const collect = async (answer: Parameters<typeof labFetch>[0]): Promise<Work> =>
  collecting({ fetch: await labFetch(answer) })

test('a job fetches a file, says how far it is, keeps it and has it examined', async (t) => {
  const { library, queue, work, when, until, collections } = await collectSetting(t)
  const goOn = Promise.withResolvers<undefined>()
  await work(
    await collect(async (asked, response) => {
      if (asked.url?.startsWith('/quay') === true) {
        return response.writeHead(302, { location: '/share/the%20secret.txt?token=secret' }).end()
      }
      response.writeHead(200, { 'content-length': 10 }).write('12345')
      await goOn.promise
      return response.end('67890')
    }),
  )
  const asked = await queue.ask(agent, request)
  const running = await when(asked.job.id, ({ progress }) => progress?.doneBytes === 5)
  assert.deepEqual(running.progress, { step: 'Fetching', share: 0.5, doneBytes: 5, totalBytes: 10 })
  const twin = await queue.ask(agent, request)
  assert.deepEqual([twin.isNew, twin.job.id], [false, asked.job.id])
  goOn.resolve(undefined)
  const done = await until(asked.job.id, 'done')
  const [collection] = await collections()
  assert.deepEqual(done.result, {
    item: collection?.item,
    name: 'the secret.txt',
    sizeBytes: 10,
    mediaType: 'text/plain',
    seenBefore: 0,
    collectionSha256: collection?.record,
    address: 'https://news.example/share/the%20secret.txt?token=secret',
  })
  const { jobs } = await library.read((reader) => readJobs(reader, { limit: 9 }))
  const [examine] = jobs
  assert.deepEqual([examine?.kind, examine?.inputs], ['examine', { item: collection?.item }])
  assert.doesNotMatch(JSON.stringify(shownTo('other', done)), /secret|https/)
  assert.deepEqual(shownTo('other', done).inputs, { host: 'news.example' })
  assert.deepEqual(shownTo('other', done).result, {
    item: collection?.item,
    sizeBytes: 10,
    mediaType: 'text/plain',
    seenBefore: 0,
    collectionSha256: collection?.record,
    host: 'news.example',
  })
  assert.equal(shownTo(agent.actor, done), done)

  const again = await queue.ask(agent, request)
  assert.equal(again.isNew, true)
  assert.equal((await until(again.job.id, 'done')).result?.['seenBefore'], 1)
  assert.equal((await collections()).length, 2)
})

test('a network that fails is tried again; what a server or the address says is not', async (t) => {
  const { queue, work, until, collections } = await collectSetting(t)
  let asks = 0
  await work(
    await collect((asked, response) => {
      if (asked.url === '/gone') return response.writeHead(404).end()
      if (asked.url === '/inside') {
        return response.writeHead(302, { location: 'https://10.0.0.1/' }).end()
      }
      if (asked.url === '/large')
        return response.writeHead(200, { 'content-length': 2 ** 43 }).end()
      return ++asks < 3 ? asked.socket.destroy() : response.end('at last')
    }),
  )
  const ask = async (path: string): Promise<number> => {
    const wish = { ...request, address: `https://news.example${path}` }
    return (await queue.ask(agent, wish)).job.id
  }
  const broken = await ask('/broken')
  for (const [path, code] of [
    ['/gone', 'refused-by-server'],
    ['/inside', 'address-not-public'],
    ['/large', 'too-large'],
  ] as const) {
    const { reason, attempts } = await until(await ask(path), 'quarantined')
    assert.deepEqual([reason?.code, attempts], [code, 1])
  }
  assert.equal((await until(broken, 'done')).failures, 2)
  assert.equal((await collections()).length, 1)
})

test('an error of another area gives no job back, whatever it calls itself', async (t) => {
  const { queue, work, until } = await collectSetting(t)
  const codes = ['lease-lost', 'worker-stopping', 'kind-unknown', 'blobs-unavailable']
  await work(({ job }) => {
    const code = new URL(String(job.inputs['address'])).pathname.slice(1)
    return Promise.reject(new EgressError(code as 'too-slow', 'Taken over.'))
  })
  for (const code of codes) {
    const { job } = await queue.ask(agent, { ...request, address: `https://news.example/${code}` })
    assert.equal((await until(job.id, 'quarantined')).reason?.code, code)
  }
})

test('an address that says itself what it is is refused before there is a job', async (t) => {
  const { library, queue } = await collectSetting(t)
  for (const [odd, code] of [
    ['https://me:secret@news.example/', 'address-unsupported'],
    ['http://news.example/', 'address-unsupported'],
    ['https://127.0.0.1/', 'address-not-public'],
    ['\ud800', 'address-unsupported'],
  ] as const) {
    await assert.rejects(queue.ask(agent, { ...request, address: odd }), { code })
  }
  await assert.rejects(queue.ask(agent, { ...request, incident: 'pier' }), {
    code: 'no-such-incident',
  })
  const { jobs } = await library.read((reader) => readJobs(reader, { limit: 9 }))
  assert.deepEqual(jobs, [])
})

/** Process groups that this program began as groups of their own. */
const groups = (): readonly number[] =>
  execFileSync('ps', ['-o', 'pid=,pgid=', '--ppid', String(process.pid)])
    .toString()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, group]) => (pid !== undefined && pid === group ? [pid] : []))

test('to cancel a job ends its process, which hangs, and frees it for another', async (t) => {
  const { queue, work, until, collections } = await collectSetting(t)
  const begun = Promise.withResolvers<number>()
  await work(
    collecting({
      fetch: (...asked) => {
        const before = groups()
        const fetching = fetchInProcess(...asked)
        const group = groups().find((each) => !before.includes(each))
        assert.ok(group !== undefined)
        process.kill(-group, 'SIGSTOP')
        begun.resolve(group)
        return fetching
      },
    }),
  )
  const { job } = await queue.ask(agent, request)
  const group = await begun.promise
  await queue.cancel(agent, job.id)
  while (groups().includes(group)) await sleep(20)
  assert.equal((await until(job.id, 'cancelled')).reason?.code, 'job-cancelled')
  const { isNew } = await queue.ask(agent, request)
  assert.equal(isNew, true)
  assert.deepEqual(await collections(), [])
})

test('a worker that ends after the act has done the job, and one that comes late keeps nothing', async (t) => {
  const { library, queue, events, work, until, collections } = await collectSetting(t)
  const fetching = await collect((_, response) => response.end('once'))
  await work(async (attempt) => {
    if (attempt.job.inputs['address'] === address) {
      await fetching(attempt)
      throw new Error('and then it lost the database')
    }
    await library.transactWithoutEntry(agent, (tx) => beginJob(tx, attempt.job, true))
    return fetching(attempt)
  })
  const { job } = await queue.ask(agent, request)
  const done = await until(job.id, 'done')
  const [collection, ...others] = await collections()
  assert.deepEqual([done.attempts, done.result?.['item'], others], [1, collection?.item, []])

  const late = await queue.ask(agent, { ...request, address: 'https://news.example/late' })
  while (!events.includes('lost')) await sleep(20)
  assert.equal((await until(late.job.id, 'running')).attempts, 2)
  assert.equal((await collections()).length, 1)
  // Its record; its bytes are those of the first.
  const later = new Date(Date.now() + 2 * 3_600_000)
  assert.equal(await removeWithdrawnFiles(library, agent, later), 1)
  assert.deepEqual((await checkLibrary(library)).notes, [])
})
