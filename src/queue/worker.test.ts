/** Cores that jobs wait for, and what is let go of once they have ended. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { logSize } from '../store/custody-log.ts'
import { agent } from '../store/fixture.ts'
import { readJobs } from '../store/jobs.ts'
import { StoreError } from '../store/store-error.ts'
import { ownCores } from './cores.ts'
import { examine, setting } from './fixture.ts'
import { endedJobMilliseconds, sweepJobs } from './sweep-jobs.ts'

test('jobs with media wait for a core that nobody has; the others need none', async (t) => {
  const { queue, items, work, until, job } = await setting(t)
  const takeCore = ownCores(1)
  const elsewhere = await takeCore()
  let atOnce = 0
  await work(
    {
      examine: async () => {
        assert.equal(++atOnce, 1)
        await sleep(50)
        atOnce -= 1
        return {}
      },
      fixity: async () => ({ damaged: 0 }),
    },
    { takeCore, concurrency: 3 },
  )
  const asked: number[] = []
  for (const item of items) asked.push((await queue.ask(agent, examine(item))).job.id)
  await until((await queue.ask(agent, { kind: 'fixity' })).job.id, 'done')
  for (const id of asked)
    assert.deepEqual([(await job(id)).state, (await job(id)).attempts], ['waiting', 0])
  elsewhere?.free()
  for (const id of asked) {
    const { attempts, failures, losses } = await until(id, 'done')
    assert.deepEqual([attempts, failures, losses], [1, 0, 0])
  }
})

test('a job for which there is no core for long is given to others, and done when there is one', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  let isFree = false
  await work(
    { examine: async () => ({ item: 'done' }) },
    { takeCore: async () => (isFree ? { free: () => undefined } : undefined), concurrency: 1 },
  )
  const { job } = await queue.ask(agent, examine(items[0]))
  const delivered = async (): Promise<unknown> => {
    const { rows } = await library.database.executeSql('select state from pgboss.job')
    return (rows[0] as { state: string }).state
  }
  while ((await delivered()) !== 'retry') await sleep(20)
  isFree = true
  assert.equal((await until(job.id, 'done')).attempts, 1)
})

test('what ended long ago is let go of, but for what is in quarantine; the log stays', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  await work({
    examine: async ({ job }) => {
      if (job.inputs['item'] === items[0]) throw new StoreError('blob-missing', 'It is gone.')
      return {}
    },
    fixity: async () => ({ damaged: 0 }),
  })
  const bad = await queue.ask(agent, examine(items[0]))
  const good = await queue.ask(agent, examine(items[1]))
  await until(bad.job.id, 'quarantined')
  const { endedAt = '' } = await until(good.job.id, 'done')
  const other = await queue.ask(agent, { kind: 'fixity' })
  await until(other.job.id, 'done')
  const gone = await queue.ask(agent, examine(items[2]))
  await queue.cancel(agent, gone.job.id).catch(() => undefined)
  const ids = async (): Promise<readonly number[]> =>
    (await library.read((reader) => readJobs(reader, { limit: 9 }))).jobs.map(({ id }) => id)
  const entries = await library.read(logSize)
  const after = (milliseconds: number): Date =>
    new Date(Date.parse(endedAt) + endedJobMilliseconds + milliseconds)
  assert.equal(await sweepJobs(library, agent, after(0)), 0)
  assert.equal((await ids()).length, 4)
  assert.equal(await sweepJobs(library, agent, after(1)), 1)
  assert.equal(await sweepJobs(library, agent, after(3_600_000)), 2)
  assert.deepEqual(await ids(), [bad.job.id])
  assert.equal(await library.read(logSize), entries)
  // What was done and forgotten may be asked for again.
  assert.equal((await queue.ask(agent, examine(items[1]))).isNew, true)
})

test('pg-boss lets go of deliveries that ended', async (t) => {
  const { library, queue, items, work, until } = await setting(t)
  await work({ examine: async () => ({}) })
  const { job } = await queue.ask(agent, examine(items[0]))
  await until(job.id, 'done')
  const rows = async (more = ''): Promise<number> =>
    (
      await library.database.executeSql(
        `select id from pgboss.job where name like 'sightline-%' ${more}`,
      )
    ).rows.length
  while ((await rows("and state = 'completed'")) === 0) await sleep(20)
  await library.database.executeSql(
    "update pgboss.job set created_on = created_on - interval '2 hours', started_on = started_on - interval '2 hours', completed_on = completed_on - interval '2 hours'",
  )
  await library.database.executeSql('update pgboss.queue set maintain_on = null')
  await queue.boss.supervise()
  assert.equal(await rows(), 0)
})
