/**
 * Two workers, a PostgreSQL server and an object store, while 40 recordings arrive, are examined,
 * put on one clock and published: every few seconds a worker is killed (-9) and started again, once
 * the server is stopped with `-m immediate`; the object store fails now and then, and for 40 seconds
 * at every request. Every job has its effect once. Part of the long programme only.
 * On two busy cores: 42 jobs in 5 minutes, 42 kills of which 33 met a job, 67 requests failed in the
 * 40 seconds and 24 else.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { takeIn } from '../../src/ingest/receive.ts'
import type { StoredAlignment } from '../../src/jobs/stored-alignment.ts'
import { ffmpeg } from '../../src/media/fixture.ts'
import { sniffFile } from '../../src/media/sniff.ts'
import { openJobQueue, type JobQueue } from '../../src/queue/job-queue.ts'
import { agent, roomy, temporaryFolder } from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { importCase, openIncident } from '../../src/store/incidents.ts'
import { readJobs, type Job } from '../../src/store/jobs.ts'
import { openLibrary } from '../../src/store/library.ts'
import { errorCode } from '../../src/store/store-error.ts'
import { repository } from '../support/command-line.ts'
import { startFaultyProxy, type Fault } from '../support/faulty-proxy.ts'
import { addressAt, objectVariables, startObjectStore } from '../support/object-store.ts'
import { createDatabase, startPostgres } from '../support/postgres.ts'

const recordings = 40
const outageMilliseconds = 40_000
const faults: readonly Fault[] = ['busy', 'broken', 'cut request', 'lost answer', 'cut answer']
const incident = 'ferry-quay'
const effects = {
  now: () => new Date(),
  randomBytes: (length: number) => Uint8Array.from(randomBytes(length)),
}

test('every job is done once in effect, whoever is killed meanwhile', async (t) => {
  const folder = await temporaryFolder()
  const files = Array.from({ length: recordings }, (_, index) => makeRecording(folder, index))
  const postgres = await startPostgres()
  const databaseUrl = await createDatabase(postgres.url, 'chaos')
  const store = await startObjectStore()
  const proxy = await startFaultyProxy(store.endpoint)
  let isOut = false
  const met = { during: 0, otherwise: 0 }
  proxy.fault = () => {
    if (!isOut && randomInt(50) > 0) return undefined
    met[isOut ? 'during' : 'otherwise'] += 1
    return faults[randomInt(faults.length)]
  }
  const objects = addressAt(proxy.endpoint, 'chaos')
  const environment = { DATABASE_URL: databaseUrl, ...objectVariables(objects) }
  const libraryFolder = join(folder, 'library')
  const library = await openLibrary(libraryFolder, {
    command: 'sightline test',
    effects,
    databaseUrl,
    objects,
  })
  // As `sightline serve --no-worker`.
  const queue = await openJobQueue(library, { tends: true })
  const workers = [worker(libraryFolder, environment), worker(libraryFolder, environment)]
  t.after(async () => {
    for (const one of workers) one.kill()
    await queue.close()
    await library.close()
    await postgres.remove()
    await proxy.close()
    await store.remove()
  })
  const startedAt = performance.now()

  const items = new Map<string, string>()
  let isAllThere = false
  const arriving = (async () => {
    await answered(() =>
      library.transact(agent, (tx) => openIncident(tx, { id: incident, title: 'The quay' })),
    )
    for (const [index, path] of files.entries()) {
      items.set(nameOf(index), await answered(() => arrive(queue, path, nameOf(index))))
      await sleep(1000)
    }
    await answered(() => importTexts(queue, items))
    isAllThere = true
  })()

  let kills = 0
  let crashes = 0
  let outage: Promise<void> | undefined
  const jobs = async (): Promise<readonly Job[]> =>
    (await answered(() => library.read((reader) => readJobs(reader, { limit: 500 })))).jobs
  let pause = 1
  for (const end = startedAt + 1_500_000; ;) {
    const victim = workers[kills % workers.length]
    await victim?.ready()
    await sleep(pause * randomInt(1500, 4000))
    const all = await jobs()
    const isOpen = ({ state }: Job): boolean => state === 'waiting' || state === 'running'
    if (isAllThere && !all.some(isOpen)) break
    // A job that was hit often is longer than the pauses on this machine.
    pause = 1 + Math.max(0, ...all.filter(isOpen).map(({ losses }) => losses))
    assert.ok(performance.now() < end, `not done: ${JSON.stringify(all.filter(isOpen))}`)
    victim?.kill()
    kills += 1
    const done = all.filter(({ state }) => state === 'done').length
    if (done >= recordings / 8) {
      outage ??= (async () => {
        isOut = true
        await sleep(outageMilliseconds)
        isOut = false
      })()
    }
    if (crashes === 0 && done >= recordings / 2) {
      await postgres.crash()
      await sleep(1000)
      await postgres.start()
      crashes += 1
    }
    victim?.start()
  }
  await Promise.all([arriving, outage])
  const seconds = (performance.now() - startedAt) / 1000

  const all = await jobs()
  assert.deepEqual(
    all.filter(({ state }) => state !== 'done').map(({ kind, reason }) => [kind, reason]),
    [],
  )
  assert.equal(all.length, recordings + 2)
  assert.equal(crashes, 1)
  const losses = all.reduce((sum, job) => sum + job.losses, 0)
  assert.ok(losses > 0, 'no kill ever met a worker at work')
  assert.ok(met.during > 20, `the store failed ${met.during} times while it was out`)
  proxy.fault = () => undefined

  const { kysely } = library.database
  const facts = await kysely.selectFrom('item_fact').select('item').execute()
  assert.equal(facts.length, recordings)
  const derivatives = await kysely.selectFrom('derivative').selectAll().execute()
  for (const item of items.values()) {
    const kinds = derivatives.filter((row) => row.item === item && row.kind !== 'still')
    assert.deepEqual(
      kinds.map(({ kind }) => kind).toSorted(),
      ['peaks', 'proxy-poster', 'proxy-stepping'],
      item,
    )
  }
  const alignments = await kysely.selectFrom('alignment').selectAll().execute()
  assert.equal(alignments.length, 1)
  const publications = await kysely.selectFrom('publication').selectAll().execute()
  assert.equal(publications.length, 1)
  const { groups, apart } = JSON.parse(alignments[0]?.result ?? '') as StoredAlignment
  const placed = groups.flatMap(({ members }) => members.map(({ footage }) => footage))
  assert.equal(new Set([...placed, ...apart.map(({ footage }) => footage)]).size, recordings)
  assert.ok(placed.length >= recordings / 2)
  const report = await checkLibrary(library)
  assert.deepEqual(report.findings, [])
  t.diagnostic(
    `${recordings} recordings, ${all.length} jobs done in ${seconds.toFixed(0)} s; ` +
      `${kills} kills, ${losses} of them met a job, 1 crash of the server; ` +
      `${met.during} requests to the object store failed while it was out, ${met.otherwise} else; ` +
      `${report.counted.entries} entries, ${derivatives.length} derivatives, ` +
      `${report.notes.length} files that nothing needs`,
  )
})

const nameOf = (index: number): string => `footage/phone-${index}.mp4`

/** Three seconds each, a quarter of a second after the one before, of one noise. */
function makeRecording(folder: string, index: number): string {
  const path = join(folder, `phone-${index}.mp4`)
  const sound =
    'anoisesrc=d=30:c=pink:r=48000:a=0.6:seed=7,tremolo=f=1.3:d=0.9,aformat=channel_layouts=mono'
  ffmpeg([
    ...'-f lavfi -i testsrc2=size=160x120:rate=10:duration=3'.split(' '),
    ...`-ss ${index / 4} -f lavfi -i ${sound}`.split(' '),
    ...'-t 3 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac'.split(' '),
    path,
  ])
  return path
}

/** The item, and the job that examines it, in one act. */
async function arrive(queue: JobQueue, path: string, name: string): Promise<string> {
  const { library } = queue
  const blob = await library.blobs.putStream(createReadStream(path), roomy)
  const sniffed = await sniffFile(path)
  await library.transact(agent, async (tx) => {
    await takeIn(tx, { incident, incidentTitle: incident }, { blob, sniffed, name })
    await queue.enqueue(tx, { kind: 'examine', incident, item: blob.sha256 })
  })
  return blob.sha256
}

/** The case, and the jobs that align and publish it, in one act. */
async function importTexts(queue: JobQueue, items: ReadonlyMap<string, string>): Promise<void> {
  const footage = [...items.keys()].map(
    (file, index) => `  - { id: phone-${index}, file: ${file}, label: Phone ${index} }`,
  )
  const facts = `format: sightline-case/1
incident:
  id: ${incident}
  title: The quay
  place: Ferry Quay, Port Ellery (invented)
  timezone: Europe/Paris
  date: 2026-06-07
footage:
${footage.join('\n')}
`
  const story = `---
title: The quay
standfirst: Forty phones recorded it.
byline: The test desk (every person, place and picture here is invented)
---

:::shows
A test picture.
:::
:::disputed
Nothing.
:::
:::unknown
Everything else.
:::

::still[One frame.]{id="one" footage="phone-3" at="2"}
`
  const { library } = queue
  const caseBlob = await library.blobs.putBytes(Buffer.from(facts))
  const storyBlob = await library.blobs.putBytes(Buffer.from(story))
  const hashes = { caseSha256: caseBlob.sha256, storySha256: storyBlob.sha256 }
  await library.transact(agent, async (tx) => {
    await importCase(tx, { incident, title: 'The quay', files: items, ...hashes })
    await queue.enqueue(tx, { kind: 'align', incident })
    await queue.enqueue(tx, { kind: 'publish', incident })
  })
}

function worker(libraryFolder: string, environment: Readonly<Record<string, string>>) {
  const main = join(repository, 'src', 'cli', 'main.ts')
  let child: ChildProcess
  let ready: Promise<unknown>
  const start = (): void => {
    child = spawn(process.execPath, [main, 'worker', '--library', libraryFolder], {
      cwd: repository,
      env: { ...process.env, NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // One that cannot start ends by itself.
    ready = Promise.race([once(child, 'exit'), once(child.stdout ?? child, 'data')])
    child.stdout?.resume()
  }
  start()
  return { start, ready: () => ready, kill: () => child.kill('SIGKILL') }
}

/**
 * Again until database and object store answer. What was being committed when it broke may have been kept: then
 * the second time says so, and finds the same.
 */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!away.has(errorCode(error) ?? '') || waits === 60) throw error
      await sleep(500)
    }
  }
}

const away: ReadonlySet<string> = new Set(['database-unavailable', 'blobs-unavailable'])
