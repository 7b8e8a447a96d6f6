import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { editRecord, openCase } from '../../src/jobs/edit-record.ts'
import { openJobQueue } from '../../src/queue/job-queue.ts'
import { startWorker } from '../../src/queue/worker.ts'
import { deskApp } from '../../src/server/app.ts'
import {
  agent,
  emptyLibraryFolder,
  openTestLibrary,
  temporaryFolder,
} from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { readJob } from '../../src/store/jobs.ts'
import { openLibrary } from '../../src/store/library.ts'
import { readPublishedFile } from '../../src/store/publications.ts'
import { createDatabase, startPostgres } from '../support/postgres.ts'

const host = 'localhost:4600'
const incident = 'pump-house'
const markdown = `---
title: Who closed the pump house
standfirst: Two accounts of one evening.
byline: The desk
---

:::shows
Nothing: nobody filmed.
:::
:::disputed
Who closed it.
:::
:::unknown
When.
:::

::claims
`

test('a case that was never a folder is written here, published, edited, searched and published again', async () => {
  const library = await openTestLibrary(await emptyLibraryFolder(), {
    effects: { now: () => new Date('2031-05-04T12:00:00Z'), randomBytes },
  })
  const queue = await openJobQueue(library, { tends: true })
  const worker = await startWorker(queue, { concurrency: 1 })
  try {
    await openCase(library, agent, {
      id: incident,
      title: 'The pump house',
      place: 'Low Mill',
      date: '2031-05-01',
    })
    const make = (kind: 'sources' | 'accounts' | 'claims' | 'statements', value: unknown) =>
      editRecord(library, agent, { incident, kind, from: 'none', value })
    await make('sources', { id: 'keeper', name: 'The keeper', kind: 'witness' })
    await make('accounts', {
      id: 'told',
      source: 'keeper',
      date: '2031-05-02',
      note: 'By telephone: I never touched it.',
    })
    await make('claims', { id: 'keeper-closed', text: 'The keeper closed the sluice.' })
    await make('statements', {
      id: 's1',
      account: 'told',
      quote: 'I never touched it.',
      on: [{ claim: 'keeper-closed', stance: 'denies' }],
    })
    await assert.rejects(queue.ask(agent, { kind: 'publish', incident }), { code: 'no-case' })
    await editRecord(library, agent, {
      incident,
      kind: 'story',
      id: 'story',
      from: 'none',
      value: { markdown },
    })

    const publish = async (): Promise<string> => {
      const { job } = await queue.ask(agent, { kind: 'publish', incident })
      for (const end = performance.now() + 120_000; ;) {
        const found = await library.read((reader) => readJob(reader, job.id))
        if (found?.state === 'done') break
        assert.ok(found?.state !== 'quarantined', JSON.stringify(found?.reason))
        assert.ok(performance.now() < end, `the job is ${found?.state}`)
        await sleep(50)
      }
      const page = await readPublishedFile(library, incident, 'index.html')
      assert.ok(page)
      return text(library.blobs.read(page.sha256))
    }
    assert.match(await publish(), /The keeper closed the sluice\./)

    const search = async (words: string): Promise<string[]> => {
      const app = deskApp(library, new Set([host]))
      const path = `/api/search?q=${encodeURIComponent(words)}`
      const answer = await app.request(path, { headers: { host } })
      const { hits } = (await answer.json()) as { hits: { kind: string }[] }
      return hits.map(({ kind }) => kind)
    }
    assert.deepEqual(await search('penstock'), [])
    const value = { id: 'keeper-closed', text: 'The keeper closed the penstock.' }
    await editRecord(library, agent, {
      incident,
      kind: 'claims',
      id: 'keeper-closed',
      from: 1,
      value,
    })
    assert.deepEqual(await search('penstock'), ['claim'])
    assert.deepEqual(await search('sluice'), [])
    const page = await publish()
    assert.match(page, /The keeper closed the penstock\./)
    assert.doesNotMatch(page, /sluice/)
    const { findings, notes } = await checkLibrary(library)
    assert.deepEqual([findings, notes], [[], []])
  } finally {
    await worker.stop(0)
    await queue.close()
    await library.close()
  }
})

test('programs that edit one record of a library on a server: each version is made once', async () => {
  const server = await startPostgres()
  after(() => server.remove())
  const folder = join(await temporaryFolder(), 'library')
  const databaseUrl = await createDatabase(server.url, 'edits')
  const open = () =>
    openLibrary(folder, {
      command: 'sightline test',
      effects: { now: () => new Date(), randomBytes },
      databaseUrl,
    })
  const libraries = [await open(), await open(), await open()]
  const [first] = libraries
  assert.ok(first)
  try {
    await openCase(first, agent, {
      id: incident,
      title: 'The pump house',
      place: 'Low Mill',
      date: '2031',
    })
    const key = { incident, kind: 'claims', id: 'c' } as const
    const edit = (library: (typeof libraries)[number], from: number | 'none', said: string) =>
      editRecord(library, agent, { ...key, from, value: { id: 'c', text: said } })
    for (let version = 0; version < 10; version++) {
      const tries = libraries.flatMap((library, program) =>
        [1, 2, 3].map((turn) =>
          edit(library, version === 0 ? 'none' : version, `${version} ${program} ${turn}`),
        ),
      )
      const results = await Promise.allSettled(tries)
      const made = results.flatMap((result) =>
        result.status === 'fulfilled' ? [result.value.version] : [],
      )
      assert.deepEqual(made, [version + 1])
      for (const result of results) {
        if (result.status === 'fulfilled') continue
        const { code } = result.reason as { readonly code: string }
        assert.equal(code, version === 0 ? 'record-exists' : 'version-conflict')
      }
    }
    assert.deepEqual((await checkLibrary(first)).findings, [])
  } finally {
    for (const library of libraries) await library.close()
  }
})
