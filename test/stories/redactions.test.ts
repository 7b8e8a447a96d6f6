/** A redaction that is recorded and that nothing applies: what is not published, and what is. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { CaseError } from '../../src/case/problem.ts'
import { editRecord } from '../../src/jobs/edit-record.ts'
import { importCase } from '../../src/jobs/import-case.ts'
import { publishCase } from '../../src/jobs/publish-story.ts'
import { snapshotCase } from '../../src/jobs/snapshot-case.ts'
import { storedCase } from '../../src/jobs/stored-case.ts'
import { deskApp } from '../../src/server/app.ts'
import {
  agent,
  emptyLibraryFolder,
  openTestLibrary,
  temporaryFolder,
} from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import type { Library } from '../../src/store/library.ts'
import { writeQuayCase, writeStory } from '../support/quay-case.ts'

const incident = 'ferry-quay'
const host = 'localhost:4600'
const now = new Date('2026-06-20T12:00:00Z')
const canary = 'canary-of-a-boy'
let library: Library
let folder: string
let plain: string

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  folder = join(await temporaryFolder(), incident)
  writeQuayCase(folder)
  plain = readFileSync(join(folder, 'case.yaml'), 'utf8')
})
after(() => library.close())

/** Takes the folder in with these redactions, and publishes it. */
async function publish(...redactions: readonly object[]) {
  const all = redactions.map((each, index) => ({
    id: `hide-${index + 1}`,
    reason: `face of a minor ${canary}`,
    'asked-by': `The mother of ${canary}`,
    note: canary,
    ...each,
  }))
  writeFileSync(join(folder, 'case.yaml'), `${plain}redactions: ${JSON.stringify(all)}\n`)
  const quiet = { progress: () => undefined }
  const imported = await importCase(library, agent, folder, quiet)
  return publishCase(library, agent, imported, now, quiet.progress)
}

async function refused(publishing: Promise<unknown>): Promise<string[]> {
  const error = await publishing.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof CaseError, String(error))
  return error.problems.map(({ code, message }) => {
    assert.equal(code, 'redaction-not-applied')
    const [, exhibit, redaction] = /^\S+: "(\S+)" would .* redaction "(\S+)"/.exec(message) ?? []
    return `${exhibit} ${redaction}`
  })
}

const rough = (value: string | number | undefined) =>
  typeof value === 'number' ? Math.round(value * 50) / 50 + 0 : value

const region = { x: 0.6, y: 0.1, width: 0.2, height: 0.3 }

test('whatever shows or lets hear what a redaction hides is not published', async () => {
  const publications = async () =>
    (await library.read(({ sql }) => sql.selectFrom('publication').selectAll().execute())).length
  assert.deepEqual(
    await refused(
      publish(
        { footage: 'quay', action: 'cover', from: 1.5, to: 2, region },
        // Slow motion shows 0 to 160 of 320 pixels, and nothing of what lies right of them.
        { footage: 'quay', action: 'cover', from: 4, to: 5, region },
        { footage: 'quay', action: 'cover', from: 4, to: 5, region: { ...region, x: 0.3 } },
        { footage: 'quay', action: 'silence', from: 4.5, to: 4.6 },
        { footage: 'bridge', action: 'cover', from: 2, to: 9, region },
        { footage: 'bridge', action: 'silence' },
        { photo: 'gate', action: 'cover', region },
        { document: 'release', action: 'cover', page: 1, region },
        { document: 'account', action: 'cover', region },
      ),
    ),
    [
      // The other angle does not run yet.
      'angles hide-1',
      'slow hide-3',
      'slow hide-4',
      'one hide-5',
      'gate hide-7',
      'release hide-8',
    ],
  )
  assert.equal(await publications(), 0)
})

test('what nothing published touches goes no further than the case', async () => {
  const story = await publish(
    { footage: 'quay', action: 'cover', from: 7, to: 8, region },
    { footage: 'bridge', action: 'silence', from: 0, to: 9 },
    { document: 'account', action: 'cover', region },
  )
  assert.equal(story.unchanged, false)
  for (const { path, sha256 } of story.files) {
    const bytes = await buffer(library.blobs.read(sha256))
    assert.ok(!bytes.includes(canary), path)
    assert.ok(!/hide-\d/.test(bytes.toString('latin1')), path)
  }
  const { findings } = await checkLibrary(library)
  assert.deepEqual(findings, [])
})

test('a redaction that is recorded while a story is made keeps it from being published', async () => {
  writeStory(folder, 1)
  const quiet = { progress: () => undefined }
  const imported = await importCase(library, agent, folder, quiet)
  const value = {
    id: 'late',
    footage: 'quay',
    action: 'cover',
    region,
    reason: 'face of a minor',
    'asked-by': 'The desk',
  }
  const edit = { incident, kind: 'redactions' as const, from: 'none' as const, value }
  await editRecord(library, agent, edit)
  await assert.rejects(publishCase(library, agent, imported, now, quiet.progress), {
    code: 'superseded',
    message: /"late"/,
  })
  const { revision } = await snapshotCase(library, agent, incident)
  const stored = await storedCase(library, agent, { incident, revision }, quiet.progress)
  assert.deepEqual(await refused(publishCase(library, agent, stored, now, quiet.progress)), [
    'angles late',
  ])
})

test('exhibits and moments are as the story and the clock say', async () => {
  const app = deskApp(library, new Set([host]))
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const url = `/api/incidents/${incident}/${path}`
    const answer = await app.request(url, { headers: { host, ...headers } })
    const text = await answer.text()
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? '',
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, never>,
    }
  }
  interface Exhibit {
    readonly id: string
    readonly kind: string
    readonly shows: readonly { readonly id: string; readonly item: string; interval?: object }[]
    readonly [member: string]: unknown
  }
  const exhibits = (await get('exhibits')).body['exhibits'] as unknown as Exhibit[]
  assert.deepEqual(
    exhibits.map(({ id, kind, shows }) => [id, kind, shows.map((each) => each.id)]),
    [
      ['angles', 'composite', ['quay', 'bridge']],
      ['slow', 'slow-motion', ['quay']],
      ['one', 'still', ['bridge']],
      ['gate', 'photo', ['gate']],
      ['release', 'facsimile', ['release']],
      ['quote-1', 'quote', ['account']],
    ],
  )
  const [angles, slow, one] = exhibits
  assert.deepEqual(angles?.['onClock'], { fromSeconds: 1, toSeconds: 2.5 })
  assert.deepEqual(slow?.shows[0]?.interval, { fromSeconds: 4, toSeconds: 5 })
  assert.equal(slow?.['speed'], 0.5)
  assert.deepEqual(slow?.['enlargement'], {
    crop: { x: 0, y: 0, width: 160, height: 90 },
    factor: 2,
    kernel: 'neighbor',
  })
  assert.deepEqual(one?.shows[0]?.interval, { fromSeconds: 3.25, toSeconds: 3.25 })
  assert.match(slow?.shows[0]?.item ?? '', /^[0-9a-f]{64}$/)
  const lines = readFileSync(join(folder, 'story.md'), 'utf8').split('\n')
  for (const { kind, line, column } of exhibits) {
    const text = lines[Number(line) - 1]?.slice(Number(column) - 1)
    assert.ok(text?.startsWith(`::${kind}`), text)
  }

  interface Moment {
    readonly key: string
    readonly id: string
    readonly interval?: { readonly fromSeconds: number; readonly toSeconds: number }
    readonly onClock?: { fromSeconds: number; toSeconds: number; plusMinusSeconds: number }
    readonly on: readonly { readonly kind: string; readonly id: string }[]
  }
  const first = await get('moments?limit=2')
  const moments = (body: Record<string, never>) => body['moments'] as unknown as Moment[]
  const pages = [first.body]
  for (let page = first.body; page['next'] !== undefined;) {
    page = (await get(`moments?limit=2&after=${encodeURIComponent(page['next'])}`)).body
    pages.push(page)
  }
  const all = pages.flatMap(moments)
  assert.deepEqual(all, moments((await get('moments')).body))
  // A grid's angles by their own times, roughly: what sound says of the clock is not exact.
  const gridTimes = all
    .filter(({ on }) => on[0]?.id === 'angles')
    .map(({ id, interval }) => [id, interval?.fromSeconds, interval?.toSeconds].map(rough))
  assert.deepEqual(gridTimes, [
    ['quay', 1, 2.5],
    ['bridge', -1.5, 0],
  ])
  assert.deepEqual(
    all
      .filter(({ on }) => on[0]?.id !== 'angles')
      .map(({ key, on }) => `${key} ${on.map(({ id }) => id).join()}`),
    [
      'footage/quay#xywh=share:0.6,0.1,0.2,0.3 late',
      'footage/quay#t=4,5&xywh=pixel:0,0,160,90 slow',
      'footage/quay#t=7,8&xywh=share:0.6,0.1,0.2,0.3 hide-1',
      'footage/bridge#t=0,9 hide-2',
      'footage/bridge#t=3.25,3.25 one',
      'photos/gate gate',
      'documents/release children,release',
      'documents/account nobody-saw,quote-1',
      'documents/account#xywh=share:0.6,0.1,0.2,0.3 hide-3',
    ],
  )
  for (const { on, onClock } of all) {
    if (on[0]?.id !== 'angles') continue
    assert.deepEqual([onClock?.fromSeconds, onClock?.toSeconds].map(rough), [1, 2.5])
    assert.ok((onClock?.plusMinusSeconds ?? -1) >= 0)
  }
  const bridge = all.find(({ key }) => key.startsWith('footage/bridge#t=3.25'))
  // It began 2.5 s after the other.
  assert.ok(Math.abs((bridge?.onClock?.fromSeconds ?? 0) - 5.75) < 0.1, JSON.stringify(bridge))

  const whole = await get('moments')
  assert.equal((await get('moments', { 'if-none-match': whole.etag })).status, 304)
  const again = { kind: 'redactions' as const, id: 'late', from: 1, value: undefined }
  await editRecord(library, agent, { incident, ...again })
  assert.equal((await get('moments', { 'if-none-match': whole.etag })).status, 200)
  assert.equal((await get('moments?after=footage/none')).status, 400)
})

test('what was to be covered at the desk does not end by a folder that does not know of it', async () => {
  const quiet = { progress: () => undefined }
  const take = () => importCase(library, agent, folder, quiet)
  const value = {
    id: 'desk',
    footage: 'quay',
    action: 'silence',
    reason: 'a name is called',
    'asked-by': 'The desk',
  }
  const of = { incident, kind: 'redactions' as const }
  await editRecord(library, agent, { ...of, from: 'none', value })
  writeStory(folder, 0)
  const lost = { code: 'case-invalid', message: /"desk".*\[redaction-lost\]/ }
  await assert.rejects(take(), lost)
  const { records } = await listed('redactions')
  assert.ok(records.some(({ id }) => id === 'desk'))

  const told = readFileSync(join(folder, 'case.yaml'), 'utf8')
  const all = records.map((record) => record.value)
  writeFileSync(join(folder, 'case.yaml'), `${plain}redactions: ${JSON.stringify(all)}\n`)
  await take()
  writeFileSync(join(folder, 'case.yaml'), told)
  await assert.rejects(take(), lost)
  await editRecord(library, agent, { ...of, id: 'desk', from: 1, value: undefined })
  await take()
  const after = await listed('redactions')
  assert.ok(!after.records.some(({ id }) => id === 'desk'))
})

async function listed(
  list: string,
): Promise<{ records: readonly { readonly id: string; readonly value: object }[] }> {
  const app = deskApp(library, new Set([host]))
  const answer = await app.request(`/api/incidents/${incident}/${list}`, { headers: { host } })
  return (await answer.json()) as Awaited<ReturnType<typeof listed>>
}
