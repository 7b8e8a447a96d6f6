import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { sql } from 'kysely'

import { createDatabase, startPostgres } from '../../test/support/postgres.ts'
import type { PostgresServer } from '../../test/support/postgres.ts'
import { signedCheckpoint } from './checkpoints.ts'
import { copyTables } from './copy-tables.ts'
import { writeCaseRecord, type CaseRecord } from './case-records.ts'
import { addComments, decideComment, readComment } from './comments.ts'
import { appendEntry, logSize, readEntries } from './custody-log.ts'
import { agent, bytesOf, fixedEffects, roomy, temporaryFolder } from './fixture.ts'
import { checkLibrary } from './fsck.ts'
import { openIncident, readIncidents } from './incidents.ts'
import { noteFindings, readSightings, receiveItem, setFacts } from './items.ts'
import { openLibrary } from './library.ts'
import type { Library } from './library.ts'
import { moveLibrary } from './move-library.ts'
import { openServerDatabase } from './server-database.ts'

let server: PostgresServer
let full: string
before(async () => {
  server = await startPostgres()
  full = join(await temporaryFolder(), 'full')
  await use(full, undefined, fill)
})
after(() => server.remove())

let databases = 0
const newDatabase = () => createDatabase(server.url, `test_${++databases}`)

async function copyOfFull(): Promise<string> {
  const folder = join(await temporaryFolder(), 'library')
  await cp(full, folder, { recursive: true })
  return folder
}

const options = (databaseUrl: string | undefined) => ({
  command: 'sightline test',
  effects: { ...fixedEffects(), randomBytes },
  ...(databaseUrl === undefined ? {} : { databaseUrl }),
})

const move = (folder: string, to: string, from?: string) =>
  moveLibrary(folder, { to }, options(from), () => undefined)

async function use<T>(
  folder: string,
  databaseUrl: string | undefined,
  work: (library: Library) => Promise<T>,
): Promise<T> {
  const library = await openLibrary(folder, options(databaseUrl))
  try {
    return await work(library)
  } finally {
    await library.close()
  }
}

const hostile = [
  "'; drop table item; --",
  '\\N',
  '{"a",null}',
  '\t\n\r',
  'ا‮b',
  '😀',
  '𝟙'.repeat(300),
]

/** 200 incidents with an item each, names and facts of every awkward kind, a checkpoint. */
async function fill(library: Library): Promise<void> {
  for (let index = 0; index < 200; index++) {
    const incident = `incident-${index}`
    const name = hostile[index % hostile.length] ?? ''
    const blob = await library.blobs.putStream(bytesOf(`item ${index}`), roomy)
    await library.transact(agent, async (tx) => {
      await openIncident(tx, { id: incident, title: name })
      await receiveItem(tx, { incident, blob, kind: 'other', mediaType: 'text/plain', name })
      await noteFindings(tx, blob.sha256, [
        { code: 'unrecognised-content', severity: 'problem', message: `${name} null NULL \\x00` },
      ])
      await setFacts(tx, blob.sha256, { kind: 'other', mediaType: `x/${name}` })
      const record = { incident, kind: 'claims', id: 'claim' }
      const texts = [JSON.stringify(name), JSON.stringify({ name })]
      let before: CaseRecord | undefined
      for (const [version, body] of texts.entries()) {
        const bodySha256 = createHash('sha256').update(body).digest('hex')
        const edit = { incident, kind: 'claims', record: 'claim', version: version + 1, bodySha256 }
        const entryIndex = await appendEntry(tx, { type: 'case-record-edited', ...edit })
        const draft = { body, refersTo: index % 2 === 0 ? [] : ['claims/claim', 'sources/a'] }
        before = await writeCaseRecord(tx, record, draft, before, entryIndex)
      }
      const id = createHash('md5').update(incident).digest('hex')
      const about = { kind: 'moment', footage: 'a', atSeconds: -index / 3 } as const
      await addComments(tx, [{ id, incident, about, name, text: name }])
      const comment = await readComment(tx, incident, id)
      const decision = { decision: 'rejected', reason: name } as const
      if (comment !== undefined && index % 3 === 0) await decideComment(tx, comment, decision)
    })
  }
  await library.transactWithoutEntry(agent, (tx) => signedCheckpoint(tx, library.signer))
}

/** All that a caller can read. */
const contents = (library: Library) =>
  library.read(async (reader) => ({
    incidents: await readIncidents(reader),
    sightings: await readSightings(reader, 'incident-4'),
    entries: await readEntries(reader, { from: 0, to: await logSize(reader) }),
    facts: await reader.sql.selectFrom('item_fact').selectAll().orderBy('item').execute(),
    findings: await reader.sql.selectFrom('finding').selectAll().orderBy('id').execute(),
    records: await reader.sql.selectFrom('case_record').selectAll().orderBy('incident').execute(),
    versions: await reader.sql
      .selectFrom('case_record_version')
      .selectAll()
      .orderBy('incident')
      .execute(),
    comments: await reader.sql.selectFrom('comment').selectAll().orderBy('id').execute(),
    decisions: await reader.sql
      .selectFrom('comment_decision')
      .selectAll()
      .orderBy('comment')
      .execute(),
    checkpoints: await reader.sql.selectFrom('custody_checkpoint').selectAll().execute(),
    searched: await reader.sql.selectFrom('search_text').selectAll().orderBy('id').execute(),
  }))

async function countTables({ database }: Library): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_tables
    where schemaname = current_schema() and tablename not like 'kysely_%'`.execute(database.kysely)
  return rows[0]?.count ?? 0
}

test('there and back, everything is as it was, and new acts go on where the old ended', async () => {
  const folder = await copyOfFull()
  const original = await use(folder, undefined, contents)
  const tables = await use(folder, undefined, countTables)
  const url = await newDatabase()
  const moved = await move(folder, url)
  assert.deepEqual([moved.kind, moved.kind === 'moved' && moved.tables], ['moved', tables])
  assert.equal(existsSync(join(folder, 'database')), false)
  await use(folder, url, async (library) => {
    assert.deepEqual(await contents(library), original)
    const blob = await library.blobs.putStream(bytesOf('item 7'), roomy)
    await library.transact(agent, async (tx) => {
      await openIncident(tx, { id: 'later', title: 'later' })
      const item = { blob, kind: 'other', mediaType: 'text/plain', name: 'again' } as const
      await receiveItem(tx, { incident: 'later', ...item })
    })
  })
  const second = await newDatabase()
  assert.equal((await move(folder, second, url)).kind, 'moved')
  assert.equal((await move(folder, 'embedded', second)).kind, 'moved')
  await use(folder, undefined, async (library) => {
    const back = await contents(library)
    assert.deepEqual(back.incidents.length, 201)
    assert.deepEqual(back.entries.slice(0, original.entries.length), original.entries)
    for (const table of [
      'facts',
      'findings',
      'records',
      'versions',
      'comments',
      'decisions',
    ] as const) {
      assert.deepEqual(back[table], original[table])
    }
    assert.deepEqual(
      [back.records.length, back.versions.length, back.comments.length],
      [200, 200, 200],
    )
    const { findings, notes } = await checkLibrary(library)
    assert.deepEqual([findings, notes], [[], []])
  })
})

test('a copy of the folder on another machine loses nothing, and is told where it stands', async () => {
  const folder = await copyOfFull()
  const [url, second] = [await newDatabase(), await newDatabase()]
  await move(folder, url)
  const copy = join(await temporaryFolder(), 'library')
  await cp(folder, copy, { recursive: true })
  const open = (id: string) => (library: Library) =>
    library.transact(agent, (tx) => openIncident(tx, { id, title: id }))
  await use(copy, url, async (other) => {
    const acts = Array.from({ length: 40 }, (_, index) => open(`other-${index}`)(other))
    const settled = Promise.allSettled(acts)
    assert.equal((await move(folder, second, url)).kind, 'moved')
    const kept = (await settled).flatMap(({ status }, index) =>
      status === 'fulfilled' ? [`other-${index}`] : [],
    )
    await assert.rejects(open('late')(other), {
      code: 'library-mismatch',
      message: /moved out of this database/,
    })
    const ids = await use(folder, second, (library) =>
      library.read(async (reader) => (await readIncidents(reader)).map(({ id }) => id)),
    )
    assert.deepEqual(ids.filter((id) => id.startsWith('other')).toSorted(), kept.toSorted())
    assert.ok(!ids.includes('late'))
  })
  await assert.rejects(use(copy, url, contents), { message: /moved out of this database/ })
  await assert.rejects(use(folder, url, contents), { message: /moved out of this database/ })
  await assert.rejects(use(copy, second, contents), { message: /means another/ })
})

test('a copy that never became the library’s is none', async () => {
  const folder = await copyOfFull()
  const [first, second] = [await newDatabase(), await newDatabase()]
  const original = await use(folder, undefined, contents)
  // As where a move is ended between the copy and its last step.
  await use(folder, undefined, async ({ database }) => {
    const target = await openServerDatabase(first, 'test', true)
    await database.kysely.transaction().execute((source) =>
      copyTables(
        source,
        target.kysely,
        async (sql) => void (await sql.updateTable('log_key').set({ database_id: 'x' }).execute()),
        () => undefined,
      ),
    )
    await target.close()
  })
  await move(folder, second)
  await assert.rejects(use(folder, first, contents), { code: 'library-mismatch' })
  assert.deepEqual(await use(folder, second, contents), original)
})

test('a database that is not empty, or a library that somebody has open, is left alone', async () => {
  const folder = await copyOfFull()
  const taken = await newDatabase()
  await move(await copyOfFull(), taken)
  await assert.rejects(move(folder, taken), { code: 'library-mismatch', message: /already/ })
  const foreign = await newDatabase()
  await server.query(foreign, 'create table orders (id int)')
  await assert.rejects(move(folder, foreign), { code: 'database-unsuitable' })
  await assert.rejects(move(folder, 'postgres://nobody@127.0.0.1:1/x'), {
    code: 'database-unavailable',
  })
  const url = await newDatabase()
  await use(folder, undefined, async () => {
    await assert.rejects(move(folder, url), { code: 'library-in-use' })
  })
  await move(folder, url)
  await use(folder, url, async () => {
    await assert.rejects(move(folder, 'embedded', url), { code: 'library-in-use' })
  })
  await use(folder, url, contents)
})

test('a damaged library is not moved, and each damage is named', async () => {
  const folder = await copyOfFull()
  await use(folder, undefined, ({ database }) =>
    database.kysely.updateTable('item').set({ media_type: 'x/y' }).execute(),
  )
  const url = await newDatabase()
  const result = await move(folder, url)
  assert.equal(result.kind, 'damaged')
  assert.equal(result.findings[0]?.code, 'act-not-recorded')
  await use(folder, undefined, contents)
})

test('killed at any moment, the tables are where they were or where they were to go', async (t) => {
  const original = await use(full, undefined, contents)
  const program = `
    import { moveLibrary } from ${JSON.stringify(import.meta.resolve('./move-library.ts'))}
    import { fixedEffects } from ${JSON.stringify(import.meta.resolve('./fixture.ts'))}
    const [folder, to, databaseUrl] = process.argv.slice(1)
    const options = { command: 'sightline move', effects: fixedEffects() }
    await moveLibrary(folder, { to }, databaseUrl ? { ...options, databaseUrl } : options, ({ step }) => {
      process.stdout.write(step + '\\n')
    })`
  const found = { here: 0, there: 0 }
  for (const [index, milliseconds] of [0, 60, 150, 300, 700, 1500].entries()) {
    const folder = await copyOfFull()
    const url = await newDatabase()
    const back = index % 2 === 1
    if (back) await move(folder, url)
    const args = back ? [folder, 'embedded', url] : [folder, url]
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    child.stdout.on('data', (said: Buffer) => {
      if (said.includes('Moving')) setTimeout(() => child.kill('SIGKILL'), milliseconds)
    })
    await exited
    await sleep(20)
    const manifest = JSON.parse(await readFile(join(folder, 'library.json'), 'utf8')) as object
    const onServer = 'database' in manifest && manifest.database === 'server'
    found[onServer === back ? 'here' : 'there']++
    await use(folder, onServer ? url : undefined, async (library) => {
      assert.deepEqual(await contents(library), original)
      const { findings, notes } = await checkLibrary(library)
      assert.deepEqual([findings, notes], [[], []])
    })
  }
  t.diagnostic(JSON.stringify(found))
})

test('the act in which tables move may be idle for as long as files are copied', async () => {
  const folder = await copyOfFull()
  const [url, further] = [await newDatabase(), await newDatabase()]
  await move(folder, url)
  // The last that a move does in its act; in a schema that is not moved.
  await server.query(
    url,
    `create schema watch;
     create function watch.idle() returns trigger language plpgsql as $$ begin
       if current_setting('idle_in_transaction_session_timeout') <> '0' then
         raise exception 'would be cut after %', current_setting('idle_in_transaction_session_timeout');
       end if;
       return new;
     end $$;
     create trigger watch before update on log_key for each row execute function watch.idle()`,
  )
  assert.equal((await move(folder, further, url)).kind, 'moved')
})
