import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { CaseError } from '../case/problem.ts'
import { runSandboxed } from '../media/sandbox.ts'
import { agent } from '../store/fixture.ts'
import { openIncident, readIncidents } from '../store/incidents.ts'
import { beginJob, readJob, readJobs, type Job } from '../store/jobs.ts'
import { StoreError } from '../store/store-error.ts'
import type { Transactor } from '../store/store.ts'
import { examine, setting } from './fixture.ts'
import type { JobQueue } from './job-queue.ts'
import { leasedLibrary } from './lease.ts'
import type { Attempt } from './work.ts'

test('a job is enqueued by the act that needs it, or not at all', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  await assert.rejects(
    library.transact(agent, async (tx) => {
      await openIncident(tx, { id: 'ferry', title: 'The ferry' })
      await queue.enqueue(tx, examine(items[0]))
      throw new Error('changed my mind')
    }),
    /changed my mind/,
  )
  const { jobs } = await library.read((reader) => readJobs(reader, { limit: 10 }))
  assert.deepEqual(jobs, [])
  const done: string[] = []
  await work({
    examine: async ({ job }) => {
      done.push(String(job.inputs['item']))
      return {}
    },
  })
  const kept = await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'ferry', title: 'The ferry' })
    return queue.enqueue(tx, examine(items[1]))
  })
  await until(kept.job.id, 'done')
  assert.deepEqual(done, [items[1]])
})

test('the same is asked for once while it waits, runs or is done, and upkeep each time', async (t) => {
  const { queue, items, work, until } = await setting(t)
  const first = await queue.ask(agent, examine(items[0]))
  const again = await queue.ask(agent, examine(items[0]))
  assert.deepEqual([first.isNew, again.isNew, again.job.id], [true, false, first.job.id])
  const other = await queue.ask(agent, examine(items[1]))
  assert.notEqual(other.job.id, first.job.id)
  await work({ examine: async () => ({ item: 'seen' }), fixity: async () => ({ damaged: 0 }) })
  await until(first.job.id, 'done')
  const late = await queue.ask(agent, examine(items[0]))
  assert.deepEqual([late.isNew, late.job.result], [false, { item: 'seen' }])

  const fixity = await queue.ask(agent, { kind: 'fixity' })
  await until(fixity.job.id, 'done')
  assert.equal((await queue.ask(agent, { kind: 'fixity' })).isNew, true)
})

test('what cannot be done is not asked for', async (t) => {
  const { queue, items } = await setting(t)
  const code = (request: Parameters<JobQueue['ask']>[1], expected: string) =>
    assert.rejects(queue.ask(agent, request), { code: expected })
  await code(examine('0'.repeat(64)), 'no-such-item')
  await code({ kind: 'examine', incident: 'nowhere', item: items[0] ?? '' }, 'no-such-item')
  await code({ kind: 'align', incident: 'nowhere' }, 'no-such-incident')
  await code({ kind: 'publish', incident: 'quay' }, 'no-case')
})

test('three tries, then quarantine with the reason; a person can have it tried again', async (t) => {
  const { queue, items, work, until } = await setting(t)
  let tries = 0
  let isWell = false
  await work(
    {
      examine: async () => {
        if (isWell) return { item: 'well' }
        tries += 1
        throw new StoreError('storage-full', 'No space left.')
      },
    },
    { retryDelaysSeconds: [1, 2] },
  )
  const startedAt = performance.now()
  const { job } = await queue.ask(agent, examine(items[0]))
  const quarantined = await until(job.id, 'quarantined')
  assert.equal(tries, 3)
  assert.ok(performance.now() - startedAt > 2900, 'the delays were not kept')
  assert.deepEqual(quarantined.reason, { code: 'storage-full', message: 'No space left.' })
  isWell = true
  assert.equal((await queue.retry(agent, job.id)).attempts, 0)
  const done = await until(job.id, 'done')
  assert.deepEqual([done.attempts, done.reason, done.result], [1, undefined, { item: 'well' }])
  await assert.rejects(queue.retry(agent, job.id), { code: 'job-ended' })
  await assert.rejects(queue.cancel(agent, job.id), { code: 'job-ended' })
})

test('what will not get better is tried once; an error nobody foresaw tells nothing', async (t) => {
  const { queue, items, work, until } = await setting(t)
  let tries = 0
  const problem = { code: 'case-shape', file: 'case.yaml', line: 3, column: 5 } as const
  await work(
    {
      examine: async ({ job }: Attempt) => {
        tries += 1
        if (job.inputs['item'] === items[0]) {
          throw new CaseError([{ ...problem, message: 'should be a date\0' }])
        }
        throw new Error('secret at /srv/library/keys')
      },
    },
    { retryDelaysSeconds: [] },
  )
  const bad = await queue.ask(agent, examine(items[0]))
  const { reason } = await until(bad.job.id, 'quarantined')
  assert.equal(tries, 1)
  assert.equal(reason?.code, 'case-invalid')
  assert.equal(reason.message, 'case.yaml:3:5: should be a date\uFFFD [case-shape]')
  const odd = await queue.ask(agent, examine(items[1]))
  const internal = await until(odd.job.id, 'quarantined')
  assert.equal(internal.reason?.code, 'internal')
  assert.doesNotMatch(internal.reason.message, /secret/)
})

test('a worker that comes back late writes nothing', async (t) => {
  const { library, queue, items, job } = await setting(t)
  const { job: asked } = await queue.ask(agent, examine(items[0]))
  const first = await library.transactWithoutEntry(agent, (tx) => beginJob(tx, asked, false))
  const late = leasedLibrary(library, first, new AbortController().signal)
  await late.transact(agent, (tx) => openIncident(tx, { id: 'early', title: 'In time' }))

  const second = await library.transactWithoutEntry(agent, async (tx) =>
    beginJob(tx, await job2(tx, asked.id), true),
  )
  assert.ok(second.fence > first.fence)
  const open = (tx: Transactor) => openIncident(tx, { id: 'late', title: 'Too late' })
  await assert.rejects(late.transact(agent, open), { code: 'lease-lost' })
  await assert.rejects(late.transactWithoutEntry(agent, open), { code: 'lease-lost' })
  const now = leasedLibrary(library, second, new AbortController().signal)
  await now.transact(agent, (tx) => openIncident(tx, { id: 'now', title: 'In turn' }))
  const ids = (await library.read((reader) => readIncidents(reader))).map(({ id }) => id)
  assert.deepEqual(ids, ['quay', 'early', 'now'])
  assert.deepEqual([(await job(asked.id)).losses, (await job(asked.id)).attempts], [1, 2])
})

async function job2(tx: Parameters<typeof readJob>[0], id: number): Promise<Job> {
  const found = await readJob(tx, id)
  assert.ok(found)
  return found
}

test('a job that was taken over while it ran ends without an effect', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  const went = Promise.withResolvers<Attempt>()
  const goOn = Promise.withResolvers<undefined>()
  const events: string[] = []
  await work(
    {
      examine: async (attempt) => {
        went.resolve(attempt)
        await goOn.promise
        await attempt.library.transact(agent, (tx) => openIncident(tx, { id: 'late', title: '' }))
        return { item: 'late' }
      },
    },
    { onEvent: ({ what }) => events.push(what) },
  )
  const { job } = await queue.ask(agent, examine(items[0]))
  const { job: running } = await went.promise
  await library.transactWithoutEntry(agent, (tx) => beginJob(tx, running, true))
  goOn.resolve(undefined)
  while (!events.includes('lost')) await sleep(20)
  const now = await until(job.id, 'running')
  assert.deepEqual([now.result, now.fence], [undefined, running.fence + 1])
  assert.equal((await library.read((reader) => readIncidents(reader))).length, 1)
})

test('a job that waits or runs is cancelled, and the media program that it runs ends', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  const waiting = await queue.ask(agent, examine(items[0]))
  await queue.cancel({ ...agent, actor: 'editor' }, waiting.job.id)
  const stopped = Promise.withResolvers<{ readonly code?: string }>()
  const began = Promise.withResolvers<undefined>()
  await work({
    examine: async ({ job }) => {
      assert.notEqual(job.id, waiting.job.id)
      began.resolve(undefined)
      const args = ['-re', '-f', 'lavfi', '-i', 'sine', '-t', '60', '-f', 'null', '-']
      const limits = {
        cpuSeconds: 100,
        wallSeconds: 100,
        memoryBytes: 2 ** 31,
        outputBytes: 2 ** 20,
        stdoutBytes: 2 ** 20,
      }
      await runSandboxed({ program: 'ffmpeg', args, inputs: [], limits }).catch((error) => {
        stopped.resolve(error as { readonly code?: string })
        throw error
      })
      return {}
    },
  })
  const running = await queue.ask(agent, examine(items[1]))
  await began.promise
  await sleep(300)
  const startedAt = performance.now()
  await queue.cancel(agent, running.job.id)
  assert.equal((await stopped.promise).code, 'job-cancelled')
  assert.ok(performance.now() - startedAt < 3000)
  const cancelled = await until(running.job.id, 'cancelled')
  assert.equal(cancelled.reason?.message, 'Cancelled by test.')
  assert.equal((await until(waiting.job.id, 'cancelled')).reason?.message, 'Cancelled by editor.')
  const twin = await queue.ask(agent, examine(items[1]))
  assert.equal(twin.isNew, true)
  await assert.rejects(queue.retry(agent, running.job.id), { code: 'job-open' })
  await queue.cancel(agent, twin.job.id)
  assert.equal((await library.read((reader) => readJobs(reader, { limit: 9 }))).jobs.length, 3)
})

test('a worker that stops gives back what it has not done, which is no failure', async (t) => {
  const { queue, items, work, until } = await setting(t)
  const began = Promise.withResolvers<undefined>()
  const worker = await work({
    examine: async ({ progress }) => {
      began.resolve(undefined)
      for (let done = 0; ; done += 1) {
        progress({ step: 'Waiting', done: done % 10, total: 10 })
        await sleep(10)
      }
    },
  })
  const { job } = await queue.ask(agent, examine(items[0]))
  await began.promise
  await sleep(1300)
  const { progress } = await until(job.id, 'running')
  assert.equal(progress?.step, 'Waiting')
  await worker.stop(0)
  const given = await until(job.id, 'waiting')
  assert.deepEqual([given.failures, given.losses, given.reason], [0, 0, undefined])
  await work({ examine: async () => ({ item: 'done' }) })
  assert.equal((await until(job.id, 'done')).attempts, 2)
})

test('a job whose worker vanishes again and again is let be', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  const { job } = await queue.ask(agent, examine(items[0]))
  for (let loss = 0; loss < 10; loss += 1) {
    await library.transactWithoutEntry(agent, async (tx) =>
      beginJob(tx, await job2(tx, job.id), loss > 0),
    )
  }
  await work({ examine: async () => assert.fail('it was begun') })
  assert.equal((await until(job.id, 'quarantined')).reason?.code, 'worker-lost')
})

test('an object store that is away is nothing against the job', async (t) => {
  const { queue, items, work, until } = await setting(t)
  let tries = 0
  const { job } = await queue.ask(agent, examine(items[0]))
  await work({
    examine: async () => {
      if (tries++ === 0) throw new StoreError('blobs-unavailable', 'It does not answer.')
      return { item: 'done' }
    },
  })
  const { attempts, losses, failures } = await until(job.id, 'done')
  assert.deepEqual([attempts, losses, failures], [2, 0, 0])
})

test('jobs of which pg-boss has lost all trace are delivered again', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  const { job } = await queue.ask(agent, examine(items[0]))
  await library.database.executeSql('delete from pgboss.job')
  await work({ examine: async () => ({ item: 'done' }) })
  await until(job.id, 'done')
})

test('a job of a kind that only a newer version knows is left to one', async (t) => {
  const { queue, items, work, job } = await setting(t)
  const events: string[] = []
  await work({}, { onEvent: ({ what }) => events.push(what) })
  const asked = await queue.ask(agent, examine(items[0]))
  while (!events.includes('given-back')) await sleep(20)
  const left = await job(asked.job.id)
  assert.deepEqual([left.state, left.failures, left.reason?.code], ['waiting', 0, 'kind-unknown'])
})
