/** Readers sent to the object store, a real one: with what address, and who gets none. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { deskClient, type DeskClient } from '../../test/support/desk-client.ts'
import { clockedEffects, signedUp } from '../../test/support/desk-people.ts'
import { startObjectStore, type ObjectServer } from '../../test/support/object-store.ts'
import { canonicalJson } from '../custody/canonical-json.ts'
import { createLog } from '../observe/log.ts'
import { createMetrics, type Metrics } from '../observe/metrics.ts'
import { logSize, readEntries } from '../store/custody-log.ts'
import { addDerivative } from '../store/derivatives.ts'
import { agent, bytesOf, openTestLibrary, roomy, temporaryFolder } from '../store/fixture.ts'
import { addPublication, importCase, openIncident } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { presignedReads, type PresignedReads } from '../store/presigned-reads.ts'
import { addPublicationFiles } from '../store/publications.ts'
import { deskApp } from './app.ts'

const text = 'a recording as it came <script>alert(1)</script>'
const host = 'localhost:4600'
const opened = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

let clock = Date.now()
const effects = clockedEffects(() => clock)
let store: ObjectServer
let library: Library
let reads: PresignedReads
let app: ReturnType<typeof deskApp>
let metrics: Metrics
let logged: string[]
const hashes = { recording: '', page: '', poster: '', proxy: '', peaks: '' }

before(async () => {
  store = await startObjectStore()
  const objects = store.address('presigned')
  library = await openTestLibrary(join(await temporaryFolder(), 'library'), { effects, objects })
  reads = presignedReads(objects, store.endpoint, effects)
  await fill()
})
beforeEach(() => {
  clock = Date.now()
  ;[app, logged, metrics] = [deskWith(reads), [], createMetrics()]
})
after(async () => {
  await library.close()
  await store.remove()
})

const deskWith = (given: PresignedReads | undefined) =>
  deskApp(library, new Set([host]), {
    log: createLog((line) => logged.push(line), {
      level: 'debug',
      readable: false,
    }),
    metrics,
    ...(given === undefined ? {} : { reads: given }),
  })

async function fill(): Promise<void> {
  const put = (content: string) => library.blobs.putStream(bytesOf(content), roomy)
  const [recording, page] = [await put(text), await put('<script>a page</script>')]
  const outputs = {
    poster: { output: await put('a poster'), mediaType: 'image/jpeg' },
    proxy: { output: await put('a proxy'), mediaType: 'video/mp4' },
    peaks: { output: await put('{}'), mediaType: 'application/json' },
  }
  const story = await put('# Quay')
  ;[hashes.recording, hashes.page] = [recording.sha256, page.sha256]
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'quay', title: 'Quay' })
    const film = { kind: 'recording', mediaType: 'video/mp4', name: 'x.html' } as const
    await receiveItem(tx, { incident: 'quay', blob: recording, ...film })
    const other = { kind: 'other', mediaType: 'text/html', name: 'x.mp4' } as const
    await receiveItem(tx, { incident: 'quay', blob: page, ...other })
    for (const [kind, { output, mediaType }] of Object.entries(outputs)) {
      hashes[kind as keyof typeof outputs] = output.sha256
      const recipe = canonicalJson({ inputs: [{ item: recording.sha256 }], kind })
      await addDerivative(tx, { kind, incident: 'quay', recipe, output, mediaType })
    }
    await importCase(tx, {
      incident: 'quay',
      title: 'Quay',
      caseSha256: story.sha256,
      storySha256: story.sha256,
      files: new Map([['footage/a.mp4', recording.sha256]]),
    })
    const publication = { incident: 'quay', revision: 1, contentSha256: story.sha256 }
    await addPublication(tx, { ...publication, manifestSha256: story.sha256 })
    await addPublicationFiles(tx, publication, [
      { path: 'index.html', sha256: page.sha256 },
      { path: 'media/angles.mp4', sha256: outputs.proxy.output.sha256 },
      { path: 'media/still.jpg', sha256: outputs.poster.output.sha256 },
    ])
  })
}

const original = (item = hashes.recording) => `/api/incidents/quay/items/${item}/original`
const derivative = (output: string) => `/api/incidents/quay/derivatives/${output}`
const get = (client: DeskClient, path: string, headers: Record<string, string> = opened) =>
  client.ask('GET', path, undefined, headers)

const member = async (): Promise<DeskClient> => {
  await signedUp(library, app, 'owner')
  return (await signedUp(library, app, 'editor')).client
}

async function addressOf(client: DeskClient, path: string): Promise<URL> {
  const answer = await get(client, path)
  assert.equal(answer.status, 307, answer.text)
  return new URL(answer.headers.get('location') ?? '')
}

async function readings(): Promise<number> {
  const entries = await library.read(async (reader) =>
    readEntries(reader, { from: 0, to: await logSize(reader) }),
  )
  return entries.filter(({ record }) => record.includes('"original-read"')).length
}

test('an original is read at the store for a minute, whole or in part, as the server would answer', async () => {
  const client = await member()
  const noted = await readings()
  const answer = await get(client, original())
  assert.deepEqual([answer.status, answer.text], [307, ''])
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
  const address = answer.headers.get('location') ?? ''
  assert.equal(new URL(address).origin, store.endpoint)
  assert.equal(new URL(address).searchParams.get('X-Amz-Expires'), '60')

  const whole = await fetch(address)
  assert.deepEqual([whole.status, await whole.text()], [200, text])
  assert.equal(whole.headers.get('content-type'), 'application/octet-stream')
  const { recording } = hashes
  assert.equal(whole.headers.get('content-disposition'), `attachment; filename="${recording}"`)
  assert.equal(whole.headers.get('cache-control'), 'no-store')
  const part = await fetch(address, { headers: { range: 'bytes=2-5' } })
  assert.deepEqual([part.status, await part.text()], [206, text.slice(2, 6)])
  assert.equal(part.headers.get('content-range'), `bytes 2-5/${text.length}`)

  await get(client, original(), { ...opened, range: 'bytes=2-5' })
  assert.equal((await readings()) - noted, 1, 'one reading, however often it is asked for')
})

test('after its time, changed in anything, or without its signature it opens nothing', async () => {
  const client = await member()
  const address = await addressOf(client, original())
  const status = async (change: (url: URL) => void) => {
    const changed = new URL(address)
    change(changed)
    assert.notEqual(changed.href, address.href)
    return (await fetch(changed)).status
  }
  const set = (name: string, value: string) => (url: URL) => url.searchParams.set(name, value)
  const other = `${hashes.page.slice(0, 2)}/${hashes.page}`
  const changes: Record<string, (url: URL) => void> = {
    key: (url) => (url.pathname = url.pathname.replace(/\/[^/]*\/[^/]*$/, `/${other}`)),
    expiry: set('X-Amz-Expires', '600'),
    date: set('X-Amz-Date', '20310504T000000Z'),
    type: set('response-content-type', 'text/html'),
    disposition: set('response-content-disposition', 'inline'),
    signature: (url) => url.searchParams.delete('X-Amz-Signature'),
    all: (url) => (url.search = ''),
  }
  for (const [what, change] of Object.entries(changes)) {
    // What is malformed besides, such as a date outside the key's day, is 400.
    const refused = await status(change)
    assert.ok(refused === 403 || (['date', 'all'].includes(what) && refused === 400), what)
  }
  for (const method of ['PUT', 'DELETE', 'HEAD']) {
    assert.equal((await fetch(address, { method })).status, 403, method)
  }
  assert.equal((await fetch(address)).status, 200)
  clock -= 61_000
  assert.equal((await fetch(await addressOf(client, original()))).status, 403, 'a minute ago')
})

test('who may not read gets no address, and nothing is noted', async () => {
  await signedUp(library, app, 'owner')
  const noted = await readings()
  const viewer = (await signedUp(library, app, 'viewer')).client
  const elsewhere = (await signedUp(library, app, 'editor', 'quay')).client
  for (const [client, path, status] of [
    [deskClient(app), original(), 401],
    [viewer, original(), 403],
    [viewer, derivative(hashes.proxy), 403],
    [elsewhere, original('f'.repeat(64)), 404],
  ] as const) {
    const answer = await get(client, path)
    assert.deepEqual([answer.status, answer.headers.get('location')], [status, null])
    assert.doesNotMatch(answer.text, /X-Amz/i)
  }
  const late = await member()
  clock += 11 * 60_000
  const answer = await get(late, original())
  assert.equal(answer.json<{ code: string }>().code, 'reauthentication-required')
  assert.equal(await readings(), noted)
})

test('derivatives: pictures as they are, recordings to be kept; a token’s script is sent there too', async () => {
  const client = await member()
  const picture = await fetch(await addressOf(client, derivative(hashes.poster)))
  assert.equal(picture.headers.get('content-type'), 'image/jpeg')
  assert.equal(picture.headers.get('content-disposition'), 'inline')
  const film = await fetch(await addressOf(client, derivative(hashes.proxy)))
  assert.equal(film.headers.get('content-type'), 'video/mp4')
  assert.match(
    film.headers.get('content-disposition') ?? '',
    /^attachment; filename="[0-9a-f]{64}"$/,
  )

  const embedded = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  assert.equal((await get(client, derivative(hashes.poster), embedded)).status, 307)
  const wish = { name: 't', actions: ['item.read'] }
  const { token } = (await client.ask('POST', '/api/tokens', wish)).json<{ token: string }>()
  const authorization = `Bearer ${token}`
  const asScript = await get(deskClient(app), derivative(hashes.proxy), { authorization })
  assert.equal(asScript.status, 307)
})

test('players, scripts of ours, what could run as a page, and what a cache holds: from the server', async () => {
  const client = await member()
  const direct = async (path: string, headers: Record<string, string> = opened) => {
    const answer = await get(client, path, headers)
    assert.deepEqual([answer.status, answer.headers.get('location')], [200, null], path)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  }
  await direct(original(hashes.page))
  await direct(derivative(hashes.peaks))
  await direct(derivative(hashes.proxy), { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'video' })
  await direct(derivative(hashes.proxy), { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' })
  await direct(derivative(hashes.proxy), {
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'iframe',
  })
  await direct(derivative(hashes.proxy), {})
  const held = { ...opened, 'if-none-match': `"${hashes.proxy}"` }
  assert.equal((await get(client, derivative(hashes.proxy), held)).status, 304)
  const head = await client.ask('HEAD', derivative(hashes.proxy), undefined, opened)
  assert.deepEqual([head.status, head.headers.get('content-length')], [200, '7'])
})

test('files of a published story are sent there where they are opened, and shown in it from here', async () => {
  const reader = deskClient(app)
  const film = await fetch(await addressOf(reader, '/stories/quay/media/angles.mp4'))
  assert.deepEqual([film.status, await film.text()], [200, 'a proxy'])
  assert.equal(film.headers.get('cache-control'), 'no-cache')
  assert.equal(film.headers.get('content-disposition'), 'attachment; filename="angles.mp4"')
  const inStory = async (path: string, dest?: string) => {
    const mode = dest === 'document' ? 'navigate' : 'no-cors'
    const headers = dest === undefined ? {} : { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest }
    return (await get(reader, `/stories/quay/${path}`, headers)).status
  }
  assert.equal(await inStory('', 'document'), 200)
  assert.equal(await inStory('media/angles.mp4', 'video'), 200)
  assert.equal(await inStory('media/still.jpg', 'image'), 200)
  assert.equal(await inStory('media/angles.mp4', 'empty'), 200)
  assert.equal(await inStory('media/still.jpg'), 200, 'a browser that does not say what for')
  assert.equal(await inStory('media/still.jpg', 'document'), 307)
})

test('pages may load pictures from that one origin, and only where readers are sent there', async () => {
  const policy = async (desk: ReturnType<typeof deskApp>) =>
    (await get(deskClient(desk), '/sign-in')).headers.get('content-security-policy') ?? ''
  assert.ok((await policy(app)).includes(`img-src 'self' ${store.endpoint}; media-src 'self';`))
  const off = deskWith(undefined)
  assert.doesNotMatch(await policy(off), /127\.0\.0\.1/)
  assert.equal((await get(deskClient(off), '/stories/quay/media/angles.mp4')).status, 200)
})

test('no address is in the log, the metrics or an error', async () => {
  const client = await member()
  const address = await addressOf(client, original())
  const failing: PresignedReads = {
    ...reads,
    address: () => Promise.reject(new Error(`cannot sign ${address.href}`)),
  }
  const failed = await get(deskClient(deskWith(failing)), '/stories/quay/media/angles.mp4')
  assert.equal(failed.status, 500)
  const said = [failed.text, await metrics.text(), ...logged].join('\n')
  assert.match(said, /request-failed/)
  assert.match(said, /"status":307/)
  const signature = address.searchParams.get('X-Amz-Signature') ?? 'none'
  for (const part of [signature, 'X-Amz', new URL(store.endpoint).host, hashes.recording]) {
    assert.ok(!said.includes(part), part)
  }
})
