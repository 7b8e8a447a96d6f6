/** A case that was imported is examined, aligned, published and rehashed by jobs, as commands ask for them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { openJobQueue } from '../../src/queue/job-queue.ts'
import { startWorker } from '../../src/queue/worker.ts'
import { publishStory } from '../../src/jobs/publish-story.ts'
import { openTestLibrary, spoilBlob } from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { readIncidents } from '../../src/store/incidents.ts'
import { readJobs, type Job } from '../../src/store/jobs.ts'
import type { Library } from '../../src/store/library.ts'
import {
  libraryEnvironment,
  repository,
  scratchFolder,
  sightline,
} from '../support/command-line.ts'
import { onServer } from '../support/postgres.ts'
import { writeQuayCase, writeStory } from '../support/quay-case.ts'

const work = scratchFolder('jobs')
const folder = join(work, 'library')
const quay = join(work, 'case')
const agent = { actor: 'operator', tool: 'sightline 0.0.0' }
const effects = {
  now: () => new Date(),
  randomBytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
}
const of = ['--library', folder]

before(async () => {
  writeQuayCase(quay)
  const { code, stderr } = await sightline(['import', quay, ...of])
  assert.equal(code, 0, stderr)
})

const open = (): Promise<Library> => openTestLibrary(folder, { effects })

/** Does all there is to do. */
async function doAll(): Promise<readonly Job[]> {
  const library = await open()
  try {
    const queue = await openJobQueue(library, { tends: true })
    const worker = await startWorker(queue, { retryDelaysSeconds: [] })
    const all = () => library.read((reader) => readJobs(reader, { limit: 200 }))
    for (;;) {
      const { jobs } = await all()
      if (jobs.every(({ state }) => state !== 'waiting' && state !== 'running')) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await worker.stop(30)
    await queue.close()
    return (await all()).jobs
  } finally {
    await library.close()
  }
}

test('what a command asks for is in the list until a worker has done it', async () => {
  for (const args of [['align'], ['publish']]) {
    const { code, stdout } = await sightline([
      'jobs',
      'add',
      ...args,
      '--incident',
      'ferry-quay',
      ...of,
    ])
    assert.equal(code, 0)
    assert.match(stdout, /ferry-quay {2}waiting/)
  }
  const again = await sightline(['jobs', 'add', 'align', '--incident', 'ferry-quay', ...of])
  assert.match(again.stdout, /asked for before/)
  const listed = await sightline(['jobs', '--open', '--json', ...of])
  const { jobs } = JSON.parse(listed.stdout) as { jobs: Job[] }
  assert.deepEqual(
    jobs.map(({ kind, state }) => [kind, state]),
    [
      ['publish', 'waiting'],
      ['align', 'waiting'],
    ],
  )
  const done = await doAll()
  for (const { kind, state, reason } of done) assert.equal(state, 'done', `${kind} ${reason?.code}`)
  const published = done.find(({ kind }) => kind === 'publish')
  assert.equal(published?.result?.['revision'], 1)

  const library = await open()
  try {
    // The job and the command publish the very same.
    const now = new Date(published.startedAt ?? '')
    const same = await publishStory(library, agent, quay, now, { progress: () => undefined })
    assert.deepEqual([same.unchanged, same.manifestSha256], [true, published.result?.['manifest']])
    const aligned = await library.database.kysely.selectFrom('alignment').selectAll().execute()
    assert.deepEqual(
      aligned.map(({ result_sha256 }) => result_sha256),
      [done.find(({ kind }) => kind === 'align')?.result?.['alignment']],
    )
    assert.deepEqual((await checkLibrary(library)).findings, [])
  } finally {
    await library.close()
  }
})

test('a file that changed under its name is published as the case had it, revision by revision', async () => {
  writeStory(quay, 1)
  writeFileSync(join(quay, 'documents', 'account.txt'), 'Nobody on the quay saw any children.\n')
  const imported = await sightline(['import', quay, '--json', ...of])
  assert.equal((JSON.parse(imported.stdout) as { revision: number }).revision, 2)
  // Text and story as before, one file anew.
  writeFileSync(
    join(quay, 'documents', 'account.txt'),
    'Nobody on the quay saw any children. No.\n',
  )
  const anew = await sightline(['import', quay, '--json', ...of])
  assert.equal((JSON.parse(anew.stdout) as { revision: number }).revision, 3)
  const same = await sightline(['import', quay, '--json', ...of])
  assert.equal((JSON.parse(same.stdout) as { revision: number }).revision, 3)
  const added = await sightline(['jobs', 'add', 'publish', '--incident', 'ferry-quay', ...of])
  assert.equal(added.code, 0, added.stderr)
  const [published] = await doAll()
  assert.deepEqual([published?.state, published?.inputs], ['done', { revision: 3 }])
  assert.equal(published?.result?.['revision'], 2)
})

test('a case with a quote that no document has is no matter for three tries', async () => {
  writeFileSync(join(quay, 'documents', 'account.txt'), 'Nothing of the kind.\n')
  await sightline(['import', quay, ...of])
  await sightline(['jobs', 'add', 'publish', '--incident', 'ferry-quay', ...of])
  const [failed] = await doAll()
  assert.deepEqual([failed?.state, failed?.attempts], ['quarantined', 1])
  assert.equal(failed?.reason?.code, 'case-invalid')
  const listed = await sightline(['jobs', ...of])
  assert.match(listed.stdout, /quarantined\n {4}case\.yaml:\d+:\d+: .*quote.*\[quote-not-found\]/)
  const retried = await sightline(['jobs', 'retry', String(failed?.id), ...of])
  assert.match(retried.stdout, /waiting/)
  const cancelled = await sightline(['jobs', 'cancel', String(failed?.id), ...of])
  assert.match(cancelled.stdout, /cancelled\n {4}Cancelled by operator\./)
})

test('rehashing names the file that is not what it was', async () => {
  const library = await open()
  const { sha256 } = await library.blobs.putBytes(Buffer.from('soon to be damaged'))
  await spoilBlob(library, `${sha256.slice(0, 2)}/${sha256}`, 'damaged')
  await library.close()
  await sightline(['jobs', 'add', 'fixity', ...of])
  const [fixity] = await doAll()
  const { damaged, findings, blobs } = fixity?.result ?? {}
  assert.deepEqual([fixity?.state, damaged, findings], ['done', 1, `blob-damaged ${sha256}`])
  assert.ok(Number(blobs) > 10)
})

test('what makes no sense is a usage error; an embedded library has no workers of its own', async () => {
  for (const args of [
    ['jobs', 'add', 'dance'],
    ['jobs', 'add', 'publish'],
    ['jobs', 'retry', 'one'],
    ['worker', '--concurrency', '0'],
  ]) {
    assert.equal((await sightline([...args, ...of])).code, 2, args.join(' '))
  }
  const nothing = await sightline(['jobs', 'retry', '999', ...of])
  assert.deepEqual([nothing.code, /\[no-such-job\]/.test(nothing.stderr)], [1, true])
  if (onServer) return
  const { code, stderr } = await sightline(['worker', ...of])
  assert.equal(code, 2)
  assert.match(stderr, /`sightline serve`/)
})

test('serve does the jobs itself, and with a worker beside it only serves', async () => {
  const waiting = await sightline(['jobs', 'add', 'fixity', ...of])
  assert.match(waiting.stdout, /waiting/)
  const said = await runUntil(
    ['serve', '--port', '0', '--no-example', ...of],
    /"kind":"fixity".*"event":"job-done"/,
  )
  assert.match(said, /desk {5}http/)
  if (!onServer) return
  await sightline(['jobs', 'add', 'fixity', ...of])
  const worked = await runUntil(['worker', ...of], /"kind":"fixity".*"event":"job-done"/)
  assert.match(worked, /worker {3}ready[^]*worker {3}stopped/)
})

/** Runs a command until it has said that, then stops it as an operator would; returns all it said. */
async function runUntil(args: readonly string[], awaited: RegExp): Promise<string> {
  const main = join(repository, 'src', 'cli', 'main.ts')
  const child = spawn(process.execPath, [main, ...args], {
    cwd: repository,
    env: { ...process.env, NO_COLOR: '1', ...(await libraryEnvironment(folder)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let asked = false
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
      if (!asked && awaited.test(said)) asked = child.kill('SIGTERM')
    })
  }
  await once(child, 'close')
  clearTimeout(timer)
  assert.match(said, awaited)
  assert.equal(child.exitCode, 0, said)
  return said
}

test('nothing is left over in scratch, and the log is whole', async () => {
  const library = await open()
  try {
    const { findings } = await checkLibrary(library)
    assert.ok(findings.every(({ code }) => code === 'blob-damaged'))
    assert.equal((await library.read((reader) => readIncidents(reader))).length, 1)
  } finally {
    await library.close()
  }
  assert.deepEqual(
    readdirSync(join(folder, 'scratch')).filter((name) => name.startsWith('work-')),
    [],
  )
})
