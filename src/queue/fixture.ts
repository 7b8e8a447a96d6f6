/** For tests: a library with a queue, and workers that do what the test says. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { agent, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { openIncident } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import { readJob, type Job, type JobState } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import { ownCores } from './cores.ts'
import { openJobQueue, type JobQueue } from './job-queue.ts'
import type { Work } from './work.ts'
import { startWorker, type WorkerOptions } from './worker.ts'

interface Setting {
  readonly library: Library
  readonly queue: JobQueue
  readonly items: readonly string[]
  readonly work: (
    works: Readonly<Record<string, Work>>,
    more?: WorkerOptions,
  ) => ReturnType<typeof startWorker>
  readonly job: (id: number) => Promise<Job>
  readonly when: (id: number, isSo: (job: Job) => boolean) => Promise<Job>
  readonly until: (id: number, state: JobState) => Promise<Job>
}

/** A library with one incident of three items, and its queue. */
export async function setting(t: TestContext): Promise<Setting> {
  const library = await openTestLibrary(await emptyLibraryFolder())
  const queue = await openJobQueue(library, { tends: true })
  const workers: Awaited<ReturnType<typeof startWorker>>[] = []
  t.after(async () => {
    for (const worker of workers) await worker.stop(0)
    assert.deepEqual((await checkLibrary(library)).findings, [])
    await queue.close()
    await library.close()
  })
  const items: string[] = []
  await library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'The quay' }))
  for (const text of ['one', 'two', 'three']) {
    const blob = await library.blobs.putBytes(Buffer.from(text))
    const facts = { incident: 'quay', kind: 'other', mediaType: 'text/plain', name: text } as const
    await library.transact(agent, (tx) => receiveItem(tx, { ...facts, blob }))
    items.push(blob.sha256)
  }
  const job = async (id: number): Promise<Job> => {
    const found = await library.read((reader) => readJob(reader, id))
    assert.ok(found)
    return found
  }
  const when: Setting['when'] = async (id, isSo) => {
    for (const end = performance.now() + 30_000; ; await sleep(20)) {
      const found = await job(id)
      if (isSo(found)) return found
      assert.ok(performance.now() < end, JSON.stringify(found))
    }
  }
  return {
    library,
    queue,
    items,
    job,
    work: async (works, more) => {
      const worker = await startWorker(queue, {
        works,
        concurrency: 2,
        takeCore: ownCores(2),
        ...more,
      })
      workers.push(worker)
      return worker
    },
    when,
    until: (id, state) => when(id, (found) => found.state === state),
  }
}

export const examine = (item: string | undefined) =>
  ({ kind: 'examine', incident: 'quay', item: item ?? '' }) as const
