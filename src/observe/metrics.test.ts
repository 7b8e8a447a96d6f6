import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { openIncident } from '../store/incidents.ts'
import { createMetrics } from './metrics.ts'
import { watchedLibrary } from './watched-library.ts'

test('acts, blobs and the log are counted; an act that fails is one', async () => {
  const metrics = createMetrics()
  const library = watchedLibrary(await openTestLibrary(await emptyLibraryFolder()), metrics)
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'quay', title: 'Quay' })
  })
  await assert.rejects(
    library.transact(agent, async () => {
      throw new Error('no')
    }),
    /no/,
  )
  await library.blobs.putStream(bytesOf('four', 'five5'), roomy)
  await library.blobs.putBytes(new Uint8Array(3))
  const text = await metrics.text()
  for (const line of [
    'sightline_acts_total{outcome="done"} 1',
    'sightline_acts_total{outcome="failed"} 1',
    'sightline_act_seconds_count 2',
    'sightline_acts_open 0',
    'sightline_blobs_taken_total 2',
    'sightline_blob_bytes_taken_total 12',
    'sightline_custody_entries 1',
    'sightline_database_connections{state="waiting"} 0',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), line)
  }
  await library.close()
  assert.doesNotMatch(await metrics.text(), /^sightline_custody_entries \d/m)
})

test('a gauge of others is read when asked, and does not hold up the rest', async () => {
  const metrics = createMetrics()
  let jobs = 2
  let asked = 0
  metrics.gauge('sightline_jobs', 'Jobs', ['kind', 'state'], async () =>
    jobs === 0 ? [] : [{ labels: { kind: 'ingest', state: 'active' }, value: jobs }],
  )
  metrics.gauge('sightline_stuck', 'Never answers', [], () => {
    asked++
    return new Promise(() => undefined)
  })
  const begun = performance.now()
  const [text] = await Promise.all([metrics.text(), metrics.text(), metrics.text()])
  assert.match(text, /^sightline_jobs\{kind="ingest",state="active"\} 2$/m)
  assert.doesNotMatch(text, /^sightline_stuck \d/m)
  assert.ok(performance.now() - begun < 4000)
  jobs = 0
  assert.doesNotMatch(await metrics.text(), /^sightline_jobs\{/m)
  assert.equal(asked, 1, 'one question at a time')
})
