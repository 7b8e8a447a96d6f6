import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deskClient, deskFor } from '../../test/support/desk-client.ts'
import { clockedEffects, signedUp } from '../../test/support/desk-people.ts'
import { canonicalJson } from '../custody/canonical-json.ts'
import { logSize, readEntries } from '../store/custody-log.ts'
import { addDerivative } from '../store/derivatives.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { openIncident } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'

const text = 'bytes as they came <script>'
let clock = Date.now()
let library: Library
let app: ReturnType<typeof deskFor>
let item: string
let output: string

before(async () => {
  const effects = clockedEffects(() => clock)
  library = await openTestLibrary(await emptyLibraryFolder(), { effects })
  app = deskFor(library)
  const blob = await library.blobs.putStream(bytesOf(text), roomy)
  const poster = await library.blobs.putStream(bytesOf('a poster'), roomy)
  item = blob.sha256
  output = poster.sha256
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'quay', title: 'Quay' })
    await openIncident(tx, { id: 'pier', title: 'Pier' })
    const received = { blob, kind: 'other', mediaType: 'text/html', name: 'x.html' } as const
    await receiveItem(tx, { ...received, incident: 'quay' })
    await addDerivative(tx, {
      kind: 'proxy-poster',
      incident: 'quay',
      item,
      recipe: canonicalJson({ inputs: [{ item }], kind: 'proxy' }),
      output: poster,
      mediaType: 'image/jpeg',
    })
  })
})
after(() => library.close())

const original = (incident = 'quay') => `/api/incidents/${incident}/items/${item}/original`

async function readings(): Promise<{ actor: string; incident: string; item: string }[]> {
  const entries = await library.read(async (reader) =>
    readEntries(reader, { from: 0, to: await logSize(reader) }),
  )
  return entries
    .map(({ record }) => JSON.parse(record) as never)
    .filter(({ type }) => type === 'original-read')
}

test('an original is read by those who may, whole or in part, and each reading is an entry', async () => {
  await signedUp(library, app, 'owner')
  const { client, id } = await signedUp(library, app, 'investigator', 'quay')
  const whole = await client.ask('GET', original())
  assert.deepEqual([whole.status, whole.text], [200, text])
  assert.equal(whole.headers.get('content-type'), 'application/octet-stream')
  assert.match(whole.headers.get('content-disposition') ?? '', /^attachment/)
  const part = await client.ask('GET', original(), undefined, { range: 'bytes=6-7' })
  assert.deepEqual([part.status, part.text], [206, text.slice(6, 8)])
  assert.equal(part.headers.get('content-range'), `bytes 6-7/${text.length}`)
  assert.deepEqual(
    (await readings()).map(({ actor, incident, item: read }) => [actor, incident, read]),
    [[id, 'quay', item]],
    'a download in parts is one reading',
  )
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

test('nobody else reads it, and a refused reading is no entry', async () => {
  const before = (await readings()).length
  const without = deskClient(app)
  assert.equal((await without.ask('GET', original())).status, 401)
  for (const role of ['viewer', 'moderator'] as const) {
    const { client } = await signedUp(library, app, role)
    assert.equal((await client.ask('GET', original())).status, 403, role)
  }
  const elsewhere = await signedUp(library, app, 'editor', 'pier')
  assert.equal((await elsewhere.client.ask('GET', original())).status, 404)
  assert.equal((await elsewhere.client.ask('GET', original('pier'))).status, 404)
  const late = await signedUp(library, app, 'editor')
  clock += 11 * 60_000
  const answer = await late.client.ask('GET', original())
  clock = Date.now()
  assert.equal(answer.json<{ code: string }>().code, 'reauthentication-required')
  assert.equal((await readings()).length, before)
})

test('what was made from an item is for those who may see items, within their incident', async () => {
  const path = (incident: string) => `/api/incidents/${incident}/derivatives/${output}`
  const moderator = await signedUp(library, app, 'moderator', 'quay')
  const answer = await moderator.client.ask('GET', path('quay'))
  assert.deepEqual([answer.status, answer.text], [200, 'a poster'])
  assert.equal(answer.headers.get('content-type'), 'image/jpeg')
  const viewer = await signedUp(library, app, 'viewer', 'quay')
  assert.equal((await viewer.client.ask('GET', path('quay'))).status, 403)
  const other = await signedUp(library, app, 'editor', 'pier')
  assert.equal((await other.client.ask('GET', path('pier'))).status, 404)
})

test('a part is for who holds the rest of the very same bytes', async () => {
  const { client } = await signedUp(library, app, 'moderator', 'quay')
  const path = `/api/incidents/quay/derivatives/${output}`
  const partIf = async (held: string) => {
    const answer = await client.ask('GET', path, undefined, {
      range: 'bytes=2-',
      'if-range': held,
    })
    return [answer.status, answer.text]
  }
  assert.deepEqual(await partIf(`"${output}"`), [206, 'poster'])
  const whole = [200, 'a poster']
  for (const held of [`"${item}"`, `W/"${output}"`, 'Fri, 04 Apr 2031 17:00:00 GMT']) {
    assert.deepEqual(await partIf(held), whole, held)
  }
})

test('a range that lies behind the end is a problem that says where the end is', async () => {
  const { client } = await signedUp(library, app, 'moderator', 'quay')
  const path = `/api/incidents/quay/derivatives/${output}`
  const answer = await client.ask('GET', path, undefined, { range: 'bytes=8-' })
  assert.deepEqual(
    [answer.status, answer.headers.get('content-range'), answer.json<{ code: string }>().code],
    [416, 'bytes */8', 'range-unsatisfiable'],
  )
})
