/** `sightline move`, as an operator types it: to a server and an object store, and back. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { scratchFolder, sightline } from '../support/command-line.ts'
import { objectVariables, startObjectStore, testKeys } from '../support/object-store.ts'
import type { ObjectServer } from '../support/object-store.ts'
import { createDatabase, startPostgres } from '../support/postgres.ts'
import type { PostgresServer } from '../support/postgres.ts'

const work = scratchFolder('move')
const library = join(work, 'library')
let postgres: PostgresServer
let objects: ObjectServer
before(async () => {
  ;[postgres, objects] = await Promise.all([startPostgres(), startObjectStore()])
})
after(async () => {
  await postgres.remove()
  await objects.remove()
})

/** Its library is named by the environment alone, so that no test setting moves it elsewhere. */
const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  sightline([...args], {
    environment: {
      SIGHTLINE_BLOBS: '',
      DATABASE_URL: '',
      ...environment,
      SIGHTLINE_LIBRARY: library,
    },
  })

test('tables and files move, say what to set, and no key is shown', async () => {
  const note = join(work, 'note.txt')
  writeFileSync(note, 'The gate was open at five.\n')
  const ingested = await run(['ingest', '--incident', 'pier', '--', note])
  assert.equal(ingested.code, 0, ingested.stderr)
  const url = await createDatabase(postgres.url, 'moved')
  const { SIGHTLINE_BLOBS: place = '', ...way } = objectVariables(objects.address('desk'))
  const both = { ...way, DATABASE_URL: url, SIGHTLINE_BLOBS: place }

  const moved = await run(['move', '--to', url, '--blobs', place], way)
  assert.equal(moved.code, 0, moved.stderr)
  assert.match(moved.stdout, /^moved {4}\d+ tables, \d+ rows; both sides checked$/m)
  assert.match(moved.stdout, /^moved {4}\d+ files, \d+ bytes; each read back$/m)
  assert.match(moved.stdout, /^next {5}set DATABASE_URL/m)
  assert.match(moved.stdout, /^next {5}set SIGHTLINE_BLOBS/m)

  const again = await run(['move', '--to', url, '--blobs', place], both)
  assert.deepEqual([again.code, again.stderr], [0, ''])
  assert.match(again.stdout, /^there {4}everything is there already; nothing was moved$/m)

  const lost = await run(['fsck'], { ...way, DATABASE_URL: url })
  assert.equal(lost.code, 1)
  assert.match(lost.stderr, /are in an object store[^]*\[library-mismatch\]/)
  const seen = await run(['ingest', '--incident', 'pier', '--', note], both)
  assert.equal(seen.code, 0, seen.stderr)

  const back = await run(['move', '--to', 'embedded', '--blobs', 'folder', '--json'], both)
  assert.equal(back.code, 0, back.stderr)
  const { kind, left } = JSON.parse(back.stdout) as { kind: string; left: boolean }
  assert.deepEqual([kind, left], ['moved', false])
  const checked = await run(['fsck'])
  assert.equal(checked.code, 0, checked.stdout)
  assert.doesNotMatch(checked.stdout, /note:/)
  for (const { stdout, stderr } of [moved, again, lost, seen, back, checked]) {
    assert.ok(!`${stdout}${stderr}`.includes(testKeys.secretAccessKey))
    assert.ok(!`${stdout}${stderr}`.includes(testKeys.accessKeyId))
  }
})

test('what is wrong with the object store is told by its reason', async () => {
  const good = objectVariables(objects.address('elsewhere'))
  const { SIGHTLINE_BLOBS: place = '', ...way } = good
  const told = [
    [{ ...way, SIGHTLINE_BLOBS: 'footage' }, 'blobs-address-malformed'],
    [{ ...good, AWS_SECRET_ACCESS_KEY: '' }, 'blobs-refused'],
    [{ ...good, AWS_ENDPOINT_URL_S3: 'objects:9000' }, 'blobs-address-malformed'],
  ] as const
  for (const [environment, code] of told) {
    const { code: exit, stderr } = await run(['fsck'], environment)
    assert.equal(exit, 1, stderr)
    assert.match(stderr, new RegExp(`\\[${code}\\]`))
  }
  const refused = await run(['move', '--blobs', place], { ...way, AWS_SECRET_ACCESS_KEY: 'no' })
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /\[blobs-refused\]/)
  const nothing = await run(['move'])
  assert.equal(nothing.code, 2)
  assert.match(nothing.stderr, /--to for the tables, --blobs for the files/)
})
