import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase, startPostgres } from '../../test/support/postgres.ts'
import { agent, temporaryFolder } from '../store/fixture.ts'
import { beginJob, readJob, type Job } from '../store/jobs.ts'
import { openLibrary, type Library } from '../store/library.ts'
import { moveLibrary } from '../store/move-library.ts'
import { openJobQueue, type JobQueue } from './job-queue.ts'
import { startWorker } from './worker.ts'

const effects = {
  now: () => new Date(),
  randomBytes: (length: number) => Uint8Array.from(randomBytes(length)),
}

test('jobs move with the tables, and are done where they have come to', async (t) => {
  const postgres = await startPostgres()
  t.after(() => postgres.remove())
  const url = await createDatabase(postgres.url, 'moved')
  const folder = join(await temporaryFolder(), 'library')
  const options = (databaseUrl?: string) => ({
    command: 'sightline test',
    effects,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  const use = async <T>(
    databaseUrl: string | undefined,
    work: (queue: JobQueue, library: Library) => Promise<T>,
  ): Promise<T> => {
    const library = await openLibrary(folder, options(databaseUrl))
    const queue = await openJobQueue(library, { tends: true })
    try {
      return await work(queue, library)
    } finally {
      await queue.close()
      await library.close()
    }
  }
  const done = (databaseUrl: string | undefined, id: number): Promise<Job> =>
    use(databaseUrl, async (queue, library) => {
      const works = { fixity: async () => ({ damaged: 0 }) }
      const worker = await startWorker(queue, { works, concurrency: 1 })
      for (const end = performance.now() + 30_000; ;) {
        const job = await library.read((reader) => readJob(reader, id))
        if (job?.state === 'done') {
          await worker.stop(1)
          return job
        }
        assert.ok(performance.now() < end, `job ${id} is ${job?.state}`)
        await sleep(20)
      }
    })
  const move = async (to: string, from?: string) => {
    const moved = await moveLibrary(folder, { to }, options(from), () => undefined)
    assert.equal(moved.kind, 'moved')
  }

  const waiting = await use(undefined, (queue) => queue.ask(agent, { kind: 'fixity' }))
  await move(url)
  assert.equal((await done(url, waiting.job.id)).attempts, 1)

  // A worker had begun it, and is no more.
  const begun = await use(url, async (queue, library) => {
    const { job } = await queue.ask(agent, { kind: 'fixity' })
    await library.transactWithoutEntry(agent, (tx) => beginJob(tx, job, false))
    return job
  })
  assert.ok(begun.id > waiting.job.id)
  await move('embedded', url)
  const { attempts, losses } = await done(undefined, begun.id)
  assert.deepEqual([attempts, losses], [2, 1])

  // A database that it comes back to holds deliveries of then: they mean nothing any more.
  const again = await use(undefined, (queue) => queue.ask(agent, { kind: 'fixity' }))
  await postgres.query(url, 'drop schema public cascade; create schema public')
  await move(url)
  assert.equal((await done(url, again.job.id)).attempts, 1)
})
