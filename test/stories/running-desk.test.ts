/** Commands where a desk holds the library: they ask it, as they would open the library otherwise. */
import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { blobName } from '../../src/store/blobs.ts'
import { agent, bytesOf, emptyLibraryFolder, roomy, withLibrary } from '../../src/store/fixture.ts'
import { openContributorLink } from '../../src/store/contributor-links.ts'
import { openIncident } from '../../src/store/incidents.ts'
import { receiveItem } from '../../src/store/items.ts'
import type { Library } from '../../src/store/library.ts'
import { addTipFile, beginTip } from '../../src/store/tips.ts'
import { objectsFor } from '../support/object-store.ts'
import { onServer } from '../support/postgres.ts'
import { scratchFolder, sightline } from '../support/command-line.ts'
import { writeQuayCase } from '../support/quay-case.ts'
import { startDesk, type DeskProcess } from '../support/desk-process.ts'

/** One that no worker here knows: it waits. */
const laterKind = 'of-a-later-version'

let folder: string
let item: string
let desk: DeskProcess
let withFile: string
let inWords: string

before(async () => {
  folder = await emptyLibraryFolder()
  await withLibrary(folder, async (library) => {
    const blob = await library.blobs.putStream(bytesOf('a letter'), roomy)
    item = blob.sha256
    await library.transact(agent, async (tx) => {
      await openIncident(tx, { id: 'quay', title: 'The crane at the quay' })
      const file = { blob, kind: 'document', mediaType: 'text/plain', name: 'x.txt' } as const
      await receiveItem(tx, { incident: 'quay', ...file })
    })
    ;[withFile, inWords] = await twoTips(library)
    await addWaitingAndDone(library)
  })
  desk = await startDesk(folder)
})

/** A job that waits, and more of them done since than are listed at once. */
const addWaitingAndDone = (library: Library) =>
  library.transactWithoutEntry(agent, async ({ sql, at }) => {
    const job = { kind: laterKind, inputs: '{}', actor: 'test', asked_by: 'test', asked_at: at }
    for (let index = 0; index <= 201; index++) {
      const inputs_sha256 = index.toString(16).padStart(64, '0')
      const state =
        index === 0 ? { state: 'waiting' as const } : { state: 'done' as const, ended_at: at }
      await sql
        .insertInto('job')
        .values({ ...job, inputs_sha256, ...state })
        .execute()
    }
  })

/** One with a file and a way to reach whoever sent it, one of words alone. */
async function twoTips(library: Library): Promise<[string, string]> {
  const blob = await library.blobs.putStream(bytesOf('what I saw'), roomy)
  return library.transact(agent, async (tx) => {
    const expiresAt = '2099-01-01T00:00:00.000Z'
    const limits = { note: 'Of the evening', mostBytes: 1000, mostFiles: 10, expiresAt }
    const { link } = await openContributorLink(tx, { incident: 'quay', ...limits })
    const contact = 'a.name@phone.example'
    const one = await beginTip(tx, link, { account: 'I stood\nby the crane.', contact })
    const file = { kind: 'document', mediaType: 'text/plain', name: 'seen.txt' } as const
    await addTipFile(tx, one.id, { blob, ...file })
    const two = await beginTip(tx, link, { account: 'A spanner fell.', contact: '' })
    return [one.id, two.id]
  })
}

after(async () => {
  desk.process.kill('SIGKILL')
  await desk.ended
})

const run = (...args: string[]) => sightline([...args, '--library', folder])

test('where the desk answers is for those alone who may read the folder', () => {
  assert.equal(statSync(join(folder, 'serving')).mode & 0o777, 0o600)
})

test('what is searched for is found, whoever holds the library', async () => {
  const { code, stdout, stderr } = await run('search', 'crane', '--json')
  assert.equal(code, 0, stderr)
  const { hits } = JSON.parse(stdout) as { hits: { incident: string; marks: number[][] }[] }
  assert.deepEqual(
    hits.map(({ incident, marks }) => [incident, marks]),
    [['quay', [[4, 9]]]],
  )
  const refused = await run('search', 'crane', '--after', '!')
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /--after/)
})

test('a job is asked for, listed and seen done', async () => {
  const added = await run('jobs', 'add', 'examine', '--incident', 'quay', '--item', item, '--json')
  assert.equal(added.code, 0, added.stderr)
  const { id } = JSON.parse(added.stdout) as { id: number }
  for (let turn = 0; ; turn++) {
    const { stdout } = await run('jobs', '--json')
    const { jobs } = JSON.parse(stdout) as { jobs: { id: number; state: string }[] }
    const job = jobs.find((one) => one.id === id)
    if (job?.state === 'done') break
    assert.ok(turn < 60 && job?.state !== 'quarantined', stdout)
  }
  const again = await run('jobs', 'cancel', String(id))
  assert.equal(again.code, 1)
  assert.match(again.stderr, /job-ended/)
})

test('a job that still waits is listed as open, however many came and ended after it', async () => {
  const { code, stdout, stderr } = await run('jobs', '--open', '--json')
  assert.equal(code, 0, stderr)
  const { jobs } = JSON.parse(stdout) as { jobs: { kind: string; state: string }[] }
  assert.deepEqual(
    jobs.map(({ kind, state }) => [kind, state]),
    [[laterKind, 'waiting']],
  )
})

test('files go in through the desk: each examined, a bad one refused and no hindrance', async () => {
  const scratch = scratchFolder('running-desk-files')
  const good = join(scratch, '-i odd <name>.txt')
  await writeFile(good, 'Nobody on the quay saw it.')
  const empty = join(scratch, 'empty.txt')
  await writeFile(empty, '')
  const { code, stdout, stderr } = await run('ingest', '--incident', 'jetty', '--json', good, empty)
  assert.equal(code, 1, stderr)
  const { items } = JSON.parse(stdout) as {
    items: { item?: string; kind?: string; refused?: { code: string } }[]
  }
  assert.equal(items[0]?.kind, 'document')
  assert.match(items[0].item ?? '', /^[0-9a-f]{64}$/)
  assert.equal(items[1]?.refused?.code, 'empty-file')
  const again = await run('ingest', '--incident', 'jetty', good)
  assert.equal(again.code, 0, again.stderr)
  assert.match(again.stdout, /seen before/)
})

test('a file is collected by a job of the desk: refused at once, tried again, cancelled', async () => {
  const inside = await run('collect', 'https://10.0.0.1/', '--incident', 'jetty')
  assert.equal(inside.code, 1)
  assert.match(inside.stderr, /\[address-not-public\]/)
  const address = 'https://nobody.invalid/footage?key=a-secret-key'
  // With the tables on a server the command would fetch by itself.
  const collecting = onServer
    ? run('jobs', 'add', 'collect', '--address', address, '--incident', 'jetty', '--json')
    : run('collect', address, '--incident', 'jetty')
  type Shown = { id: number; kind: string; state: string; reason?: { code: string } }
  let tried: Shown | undefined
  for (let turn = 0; tried?.reason === undefined; turn++) {
    const { stdout } = await run('jobs', '--json')
    tried = (JSON.parse(stdout) as { jobs: Shown[] }).jobs.find(({ kind }) => kind === 'collect')
    assert.ok(turn < 60 && tried?.state !== 'quarantined', stdout)
  }
  assert.deepEqual([tried.state, tried.reason?.code], ['waiting', 'name-not-found'])
  const cancelled = await run('jobs', 'cancel', String(tried.id))
  assert.equal(cancelled.code, 0, cancelled.stderr)
  const { code, stdout, stderr } = await collecting
  assert.doesNotMatch(desk.stderr(), /secret|nobody/)
  if (onServer) return
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /\[job-cancelled\]/)
  assert.doesNotMatch(stderr, /secret/)
})

test('a case is imported and published through the desk, and its bundle verifies', async () => {
  const scratch = scratchFolder('running-desk-case')
  const folder = join(scratch, 'case')
  writeQuayCase(folder)
  const out = join(scratch, 'story')
  const imported = await run('import', folder, '--json')
  assert.equal(imported.code, 0, imported.stderr)
  const { revision, items } = JSON.parse(imported.stdout) as { revision: number; items: object[] }
  assert.deepEqual([revision, items.length], [1, 5])
  for (const unchanged of [false, true]) {
    const published = await run('publish', folder, '--out', out, '--json')
    assert.equal(published.code, 0, published.stderr)
    const said = JSON.parse(published.stdout) as { revision: number; unchanged: boolean }
    assert.deepEqual([said.revision, said.unchanged], [1, unchanged])
  }
  const verified = await sightline(['verify', out])
  assert.equal(verified.code, 0, verified.stdout)
  const latin = Buffer.from(
    (await readFile(join(folder, 'case.yaml'))).toString('latin1') + '# é\n',
    'latin1',
  )
  await writeFile(join(folder, 'case.yaml'), latin)
  const garbled = await run('import', folder, '--json')
  assert.match(garbled.stdout, /"code": "case-invalid"[^]*is not UTF-8/)
  await rm(join(folder, 'case.yaml'))
  const absent = await run('import', folder, '--json')
  assert.match(absent.stdout, /"code": "case-invalid"[^]*"code": "file-missing"/)
  await writeFile(join(folder, 'case.yaml'), 'format: sightline-case/1\n')
  const broken = await run('publish', folder, '--out', out)
  assert.equal(broken.code, 1)
  assert.match(broken.stderr, /case\.yaml/)
  assert.equal((await sightline(['verify', out])).code, 0)
})

test('a link is opened, used, listed and closed through the desk', async () => {
  const wish = ['--incident', 'quay', '--days', '2', '--note', 'Of the morning', '--json']
  const opened = await run('link', 'open', ...wish)
  assert.equal(opened.code, 0, opened.stderr)
  const { id, path, mostFiles } = JSON.parse(opened.stdout) as {
    id: string
    path: string
    mostFiles: number
  }
  assert.equal(mostFiles, 100)
  assert.equal((await fetch(new URL(path, desk.address))).status, 200)
  const listed = await run('link', 'list', '--incident', 'quay')
  assert.match(listed.stdout, new RegExp(`${id}  quay  open, [^]*Of the morning`))
  const closed = await run('link', 'close', id)
  assert.equal(closed.stdout, `closed   ${id}\n`)
  assert.match((await run('link', 'list')).stdout, new RegExp(`${id}  quay  closed `))
  for (const [args, code] of [
    [['link', 'close', id], 'link-unknown'],
    [['link', 'close', '../quay'], 'link-unknown'],
    [['link', 'open', '--incident', 'absent'], 'incident-unknown'],
  ] as const) {
    const { code: exit, stderr } = await run(...args)
    assert.equal(exit, 1)
    assert.match(stderr, new RegExp(code))
  }
})

test('a tip is accepted, another declined, through the desk', async () => {
  const accepted = await run('tips', 'accept', withFile, '--json')
  assert.equal(accepted.code, 0, accepted.stderr)
  const { tip, items } = JSON.parse(accepted.stdout) as {
    tip: string
    items: { incident: string; name: string; seenBefore: boolean }[]
  }
  assert.equal(tip, withFile)
  assert.deepEqual(
    items.map(({ incident, name, seenBefore }) => [incident, name, seenBefore]),
    [['quay', 'seen.txt', false]],
  )
  const declined = await run('tips', 'decline', inWords)
  assert.equal(declined.stdout, `declined ${inWords}\n`)
  for (const [args, code] of [
    [['tips', 'accept', withFile], 'tip-decided'],
    [['tips', 'show', 'tip-0000000000000000'], 'tip-unknown'],
    [['tips', 'decline', '../../quay'], 'tip-unknown'],
  ] as const) {
    const { code: exit, stderr } = await run(...args)
    assert.equal(exit, 1)
    assert.match(stderr, new RegExp(code))
  }
})

const readings = [
  ['link', 'list', '--json'],
  ['link', 'list', '--incident', 'quay'],
  ['tips', 'list', '--all', '--json'],
  ['tips', 'list', '--all', '--incident', 'quay'],
  ['jobs', '--json'],
  ['fsck'],
  ['fsck', '--json'],
]
const refusals = [
  ['link', 'list', '--incident', 'absent', '--json'],
  ['tips', 'list', '--incident', 'absent', '--json'],
  ['jobs', 'cancel', '99999', '--json'],
  ['jobs', 'retry', '99999', '--json'],
]
/** With how many pages the database has: those change where it is opened. */
const said = async (args: readonly string[]) => {
  const { code, stdout } = await run(...args)
  return { args, code, stdout: stdout.replace(/("?pages"?:?) \d+/, '$1 n') }
}
const saidByDesk: Awaited<ReturnType<typeof said>>[] = []

test('what is read through the desk is not empty', async () => {
  const showings = [withFile, inWords].map((id) => ['tips', 'show', id, '--json'])
  for (const args of [...readings, ...showings]) saidByDesk.push(await said(args))
  assert.deepEqual(
    saidByDesk.map(({ code }) => code),
    saidByDesk.map(() => 0),
  )
  assert.match(saidByDesk.find(({ args }) => args[0] === 'fsck')?.stdout ?? '', /No damage.*tips 2/)
  assert.match(saidByDesk.at(-2)?.stdout ?? '', /"mediaType"[^]*a\.name@phone\.example/)
})

test('what is not there is refused by the desk too', async () => {
  const codes = ['incident-unknown', 'incident-unknown', 'no-such-job', 'no-such-job']
  for (const [index, args] of refusals.entries()) {
    const refused = await said(args)
    saidByDesk.push(refused)
    const { error } = JSON.parse(refused.stdout) as { error: { code: string } }
    assert.deepEqual([refused.code, error.code], [1, codes[index]], args.join(' '))
  }
})

test('damage is found through the desk, as it is where the library is open', async (t) => {
  if (objectsFor(folder) !== undefined) return t.skip('files lie in an object store')
  const path = join(folder, 'blobs', blobName(item))
  const bytes = await readFile(path)
  await chmod(path, 0o600)
  await writeFile(path, 'another!')
  const { code, stdout } = await run('fsck', '--json')
  await writeFile(path, bytes)
  assert.equal(code, 3)
  const { findings } = JSON.parse(stdout) as { findings: { code: string; what: string }[] }
  assert.deepEqual(
    findings.map(({ code, what }) => [code, what]),
    [['blob-damaged', item]],
  )
})

test('a command that a running desk cannot do for it says who holds the library', async (t) => {
  if (onServer) return t.skip('several programs open a library whose tables are on a server')
  const { code, stderr } = await run('move', '--to', 'postgres://localhost/none')
  assert.equal(code, 1)
  assert.match(stderr, /sightline serve[^]*library-in-use/)
})

test('what a killed desk left behind is not believed; a desk elsewhere needs a token', async () => {
  desk.process.kill('SIGKILL')
  await desk.ended
  assert.ok(existsSync(join(folder, 'serving')))
  const { code, stdout } = await run('search', 'crane', '--json')
  assert.equal(code, 0)
  assert.match(stdout, /quay/)
  for (const there of saidByDesk) assert.deepEqual(await said(there.args), there)
  await writeFile(join(folder, 'serving'), '{"origin":"http://localhost:1"')
  assert.equal((await run('search', 'crane')).code, 0)
  for (const [environment, said] of [
    [{ SIGHTLINE_SERVER: 'http://desk.example.org' }, /no https address/],
    [{ SIGHTLINE_SERVER: 'https://desk.example.org' }, /SIGHTLINE_TOKEN/],
    [{ SIGHTLINE_SERVER: 'http://localhost:1', SIGHTLINE_TOKEN: 'x' }, /desk-unreachable/],
  ] as const) {
    const { code, stderr } = await sightline(['search', 'crane'], { environment })
    assert.notEqual(code, 0)
    assert.match(stderr, said)
  }
})
