import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { test, type TestContext } from 'node:test'
import { sweepUploads } from '../ingest/sweep-uploads.ts'
import type { UploadIntake } from '../ingest/upload-intake.ts'
import { agent, emptyLibraryFolder, fixedEffects, openTestLibrary } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { openIncident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { deskApp } from './app.ts'
import { uploadServices, type UploadOptions } from './upload-services.ts'

const host = 'localhost:4600'
const incident = 'quay'
const uploads = `/api/incidents/${incident}/uploads`
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** A WAV of noise: it is footage by its bytes. */
function sound(bytes: number): Buffer {
  const made = randomBytes(bytes)
  made.write('RIFF', 0)
  made.writeUInt32LE(bytes - 8, 4)
  made.write('WAVEfmt ', 8)
  return made
}

interface Desk {
  readonly library: Library
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>
  readonly intake: UploadIntake
  /** Of an upload by its path or name. */
  readonly sizeOnDisk: (path: string) => number
  readonly items: string[]
  readonly left: () => Promise<string[]>
  readonly sweep: () => ReturnType<typeof sweepUploads>
}

async function desk(
  t: TestContext,
  options: UploadOptions & { readonly folder?: string } = {},
): Promise<Desk> {
  const folder = options.folder ?? (await emptyLibraryFolder())
  const library = await openTestLibrary(folder)
  t.after(() => library.close())
  const isNew = options.folder === undefined
  if (isNew) {
    for (const id of [incident, 'pier']) {
      await library.transact(agent, (tx) => openIncident(tx, { id, title: id }))
    }
  }
  const items: string[] = []
  const services = uploadServices(library, {
    effects: fixedEffects(),
    onItem: async (_, { sha256: item }) => void items.push(item),
    ...options,
  })
  const app = deskApp(library, new Set([host]), { uploads: services })
  return {
    library,
    items,
    intake: services.intake,
    sizeOnDisk: (path) => services.intake.files.stat(path.slice(-32))?.sizeBytes ?? -1,
    ask: async (path, init = {}) =>
      app.request(path, {
        ...init,
        headers: { host, 'tus-resumable': '1.0.0', ...Object(init.headers) },
      }),
    left: async () => [...(await services.intake.files.list())],
    sweep: () =>
      sweepUploads(library, services.intake, agent, {
        now: new Date(Date.now() + 1000),
        leaveStraysFor: 0,
        leaveBlobsFor: 0,
      }),
  }
}

interface Problem {
  readonly code: string
  readonly detail: string
}

const told = async (answer: Response): Promise<string> =>
  `${answer.status} ${((await answer.json()) as Problem).code}`

const create = ({ ask }: Desk, bytes: number, headers: Record<string, string> = {}) =>
  ask(uploads, { method: 'POST', headers: { 'upload-length': String(bytes), ...headers } })

const patch = (
  { ask }: Desk,
  path: string,
  offset: number,
  body: Uint8Array,
  headers: Record<string, string> = {},
) =>
  ask(path, {
    method: 'PATCH',
    body: Uint8Array.from(body),
    headers: {
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
      ...headers,
    },
  })

const place = (answer: Response): string => answer.headers.get('location') ?? 'nowhere'

const clean = async ({ library }: Desk): Promise<void> => {
  const { findings, notes } = await checkLibrary(library)
  assert.deepEqual(findings, [])
  assert.deepEqual(notes, [])
}

test('a file that comes in parts is an item with the hash that was announced', async (t) => {
  const to = await desk(t)
  const bytes = sound(100_000)
  const name = '../../-i x\n<b>.wav'
  const begun = await create(to, bytes.length, {
    'upload-metadata': `filename ${base64(name)},sha256 ${base64(sha256(bytes))}`,
  })
  assert.equal(begun.status, 201)
  const path = place(begun)
  assert.match(path, /^\/api\/incidents\/quay\/uploads\/[0-9a-f]{32}$/)
  const first = await patch(to, path, 0, bytes.subarray(0, 40_000))
  assert.equal(`${first.status} ${first.headers.get('upload-offset')}`, '204 40000')
  const asked = await to.ask(path, { method: 'HEAD' })
  assert.equal(asked.headers.get('upload-offset'), '40000')
  assert.equal(asked.headers.get('upload-length'), '100000')
  assert.deepEqual(await (await to.ask(path)).json(), {
    state: 'arriving',
    offset: 40_000,
    sizeBytes: 100_000,
  })
  const last = await patch(to, path, 40_000, bytes.subarray(40_000))
  assert.equal(last.status, 200)
  const arrived = {
    state: 'arrived',
    item: sha256(bytes),
    kind: 'recording',
    mediaType: 'audio/wav',
    sizeBytes: bytes.length,
    seenBefore: false,
    examined: false,
    findings: [],
  }
  assert.deepEqual(await last.json(), arrived)
  assert.deepEqual(await (await to.ask(path)).json(), arrived)
  assert.deepEqual(to.items, [sha256(bytes)])
  assert.deepEqual(await to.left(), [])
  const listed = await to.ask('/api/incidents/quay/items')
  const { items } = (await listed.json()) as { items: { sha256: string; names: string[] }[] }
  assert.deepEqual(
    items.map((item) => [item.sha256, item.names]),
    [[sha256(bytes), [name]]],
  )
  const again = await create(to, bytes.length)
  const seen = await patch(to, place(again), 0, bytes)
  assert.equal(((await seen.json()) as typeof arrived).seenBefore, true)
  await clean(to)
})

test('of what is not as announced nothing is kept', async (t) => {
  const to = await desk(t)
  const bytes = sound(5000)
  const begun = await create(to, bytes.length, {
    'upload-metadata': `sha256 ${base64('0'.repeat(64))}`,
  })
  assert.equal(await told(await patch(to, place(begun), 0, bytes)), '422 sha256-differs')
  assert.equal(await told(await to.ask(place(begun))), '410 upload-gone')
  assert.equal((await to.ask(place(begun), { method: 'HEAD' })).status, 410)
  assert.deepEqual(await to.left(), [])
  assert.deepEqual(to.items, [])
  await clean(to)
})

test('a part whose checksum differs is not kept, and can be sent again', async (t) => {
  const to = await desk(t)
  const bytes = sound(9000)
  const path = place(await create(to, bytes.length))
  const sum = (algorithm: string, of: Uint8Array) => ({
    'upload-checksum': `${algorithm} ${createHash(algorithm).update(of).digest('base64')}`,
  })
  const [one, two] = [bytes.subarray(0, 4000), bytes.subarray(4000)]
  assert.equal((await patch(to, path, 0, one, sum('sha1', one))).status, 204)
  assert.equal(
    await told(await patch(to, path, 4000, two, sum('sha256', one))),
    '460 checksum-differs',
  )
  const asked = await to.ask(path, { method: 'HEAD' })
  assert.equal(asked.headers.get('upload-offset'), '4000')
  for (const [header, code] of [
    ['md5 AAAA', 'checksum-unsupported'],
    ['sha1 AAAA', 'checksum-malformed'],
    ['sha1', 'checksum-malformed'],
  ] as const) {
    const answer = await patch(to, path, 4000, two, { 'upload-checksum': header })
    assert.equal(await told(answer), `400 ${code}`)
  }
  const last = await patch(to, path, 4000, two, sum('sha256', two))
  assert.equal(((await last.json()) as { item: string }).item, sha256(bytes))
  const able = await to.ask(uploads, { method: 'OPTIONS' })
  assert.match(able.headers.get('tus-extension') ?? '', /checksum/)
  assert.equal(able.headers.get('tus-checksum-algorithm'), 'sha1,sha256')
})

const refused: readonly (readonly [string, string | Buffer])[] = [
  ['a program', '\x7fELF\x02\x01\x01\0'],
  ['what Windows runs', 'MZ\x90\0\x03\0\0\0'],
  ['a script', '#!/bin/sh\necho'],
  ['a zip archive', 'PK\x03\x04\x14\0\0\0'],
  ['a tar archive', `${'a'.repeat(257)}ustar\0`],
  ['a playlist named as footage', '#EXTM3U\nfile:///etc/hosts'],
  ['bytes of no kind', Buffer.from([1, 2, 3, 4, 5, 6, 7])],
]

for (const [what, head] of refused) {
  test(`${what} is refused by its bytes, small or as soon as it is known of a large one`, async (t) => {
    const to = await desk(t)
    const small = Buffer.from(head as string, 'latin1')
    const named = { 'upload-metadata': `filename ${base64('film.mp4')}` }
    const path = place(await create(to, small.length, named))
    assert.equal(await told(await patch(to, path, 0, small)), '415 content-refused')
    if (what !== 'bytes of no kind') {
      const large = Buffer.concat([small, Buffer.alloc(1100, 'a')])
      const other = place(await create(to, 50_000_000, named))
      assert.equal(await told(await patch(to, other, 0, large)), '415 content-refused')
      assert.equal((await to.ask(other, { method: 'HEAD' })).status, 410)
    }
    assert.deepEqual(await to.left(), [])
    assert.deepEqual(to.items, [])
  })
}

test('what tus asks for: offsets, versions, lengths, an end before the end', async (t) => {
  const errors: unknown[] = []
  const to = await desk(t, { onError: (error) => errors.push(error) })
  const bytes = sound(3000)
  const path = place(await create(to, bytes.length))
  assert.equal(await told(await patch(to, path, 7, bytes)), '409 offset-differs')
  assert.equal(
    await told(await patch(to, path, 0, Buffer.concat([bytes, bytes]))),
    '413 file-too-large',
  )
  assert.equal(
    await told(await patch(to, path, 0, bytes, { 'tus-resumable': '' })),
    '412 tus-version',
  )
  const typed = { 'content-type': 'text/plain' }
  assert.equal(await told(await patch(to, path, 0, bytes, typed)), '400 request-malformed')
  assert.equal(await told(await to.ask(uploads, { method: 'POST' })), '400 request-malformed')
  const parts = { 'upload-concat': 'partial' }
  assert.equal(await told(await create(to, 1, parts)), '501 extension-unsupported')
  const later = { method: 'POST', headers: { 'upload-defer-length': '1' } }
  assert.equal(await told(await to.ask(uploads, later)), '501 extension-unsupported')
  assert.deepEqual(errors, [], 'what a sender asks in vain is no error of the server')
  assert.equal(await told(await create(to, 0)), '422 empty-file')
  assert.equal(await told(await create(to, 2 ** 50)), '413 file-too-large')
  assert.equal(
    await told(await create(to, 1, { 'upload-metadata': `sha256 ${base64('nonsense')}` })),
    '400 sha256-malformed',
  )
  assert.equal(await told(await to.ask(`${uploads}/${'0'.repeat(32)}`)), '404 upload-unknown')
  assert.equal(
    await told(await to.ask(path.replace('/quay/', '/pier/'))),
    '404 upload-unknown',
    'an upload is reached in its own incident alone',
  )
  assert.equal(
    await told(
      await to.ask('/api/incidents/absent/uploads', {
        method: 'POST',
        headers: { 'upload-length': '1' },
      }),
    ),
    '404 incident-unknown',
  )
  assert.equal((await to.ask(path, { method: 'DELETE' })).status, 204)
  assert.equal((await to.ask(path, { method: 'HEAD' })).status, 404)
  const whole = place(await create(to, bytes.length))
  assert.equal((await patch(to, whole, 0, bytes)).status, 200)
  assert.equal((await to.ask(whole, { method: 'DELETE' })).status, 400)
  assert.deepEqual(to.items, [sha256(bytes)])
  assert.deepEqual(await to.left(), [])
})

test('a file in the request that announces it is there at once', async (t) => {
  const to = await desk(t)
  const bytes = sound(2000)
  const answer = await to.ask(uploads, {
    method: 'POST',
    body: Uint8Array.from(bytes),
    headers: {
      'upload-length': String(bytes.length),
      'content-type': 'application/offset+octet-stream',
    },
  })
  assert.equal(answer.status, 201)
  assert.equal(answer.headers.get('upload-offset'), '2000')
  assert.equal(
    ((await (await to.ask(place(answer))).json()) as { item: string }).item,
    sha256(bytes),
  )
})

test('of two requests that send the same part the second ends the first, and nothing doubles', async (t) => {
  const to = await desk(t)
  const bytes = sound(600_000)
  const path = place(await create(to, bytes.length))
  // A connection that nobody hears of any more: it sends a little and then nothing.
  const stalled = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.subarray(0, 100_000)),
  })
  const first = to.ask(path, {
    method: 'PATCH',
    body: stalled,
    duplex: 'half',
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
  })
  await new Promise((resolve) => setTimeout(resolve, 200))
  const asked = await to.ask(path, { method: 'HEAD' })
  const offset = Number(asked.headers.get('upload-offset'))
  assert.equal(offset, 100_000)
  const second = await patch(to, path, offset, bytes.subarray(offset))
  assert.equal(((await second.json()) as { item: string }).item, sha256(bytes))
  await first
  assert.deepEqual(to.items, [sha256(bytes)])
})

/** A body that is sent as it is called for. */
function slowBody() {
  let controller!: ReadableStreamDefaultController<Uint8Array>
  const body = new ReadableStream<Uint8Array>({ start: (it) => void (controller = it) })
  return {
    body,
    send: (bytes: Uint8Array) => controller.enqueue(bytes),
    end: () => controller.close(),
  }
}

const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  for (let turn = 0; !(await isTrue()); turn += 1) {
    assert.ok(turn < 500, 'it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('what is still being written is not taken in, whoever asks, and a wrong part never', async (t) => {
  const to = await desk(t)
  const bytes = sound(300_000)
  const path = place(await create(to, bytes.length))
  const digest = (of: Uint8Array) => createHash('sha256').update(of).digest('base64')
  const { body, send, end } = slowBody()
  const patching = to.ask(path, {
    method: 'PATCH',
    body,
    duplex: 'half',
    headers: {
      'content-type': 'application/offset+octet-stream',
      'upload-offset': '0',
      'upload-checksum': `sha256 ${digest(Buffer.from('other'))}`,
    },
  })
  const onDisk = () => to.sizeOnDisk(path)
  send(bytes)
  await until(() => onDisk() >= bytes.length - 1)
  assert.equal(onDisk(), bytes.length - 1, 'no other program takes it for whole')
  const asked = (await (await to.ask(path)).json()) as { state: string }
  assert.equal(asked.state, 'arriving')
  assert.deepEqual(await to.sweep(), { finished: 0, dropped: 0, strays: 0, erased: 0 })
  end()
  assert.equal(await told(await patching), '460 checksum-differs')
  assert.equal(onDisk(), 0)
  assert.deepEqual(to.items, [])
  const sum = { 'upload-checksum': `sha256 ${digest(bytes)}` }
  const right = await patch(to, path, 0, bytes, sum)
  assert.equal(((await right.json()) as { item: string }).item, sha256(bytes))
  assert.equal((await to.library.blobs.verify(sha256(bytes))).kind, 'intact')
  await clean(to)
})

test('a file whose bytes are all there is taken in once its part has ended', async (t) => {
  const to = await desk(t)
  const bytes = sound(300_000)
  const { intake } = to
  const upload = await intake.begin(agent, { incident, name: 'x', sizeBytes: bytes.length })
  const { body, send, end } = slowBody()
  await assert.rejects(intake.write(agent, upload, one(bytes), 7), { code: 'offset-differs' })
  let written = false
  const writing = intake.write(agent, upload, body, 0).then(() => (written = true))
  send(bytes)
  await until(() => to.sizeOnDisk(upload.id) === bytes.length)
  const answer = await to.ask(`${uploads}/${upload.id}`)
  assert.equal(((await answer.json()) as { state: string }).state, 'arriving')
  assert.equal((await to.sweep()).finished, 0)
  const finishing = intake.finish(agent, upload.id).then(({ sha256: item }) => {
    assert.ok(written, 'it waits for the part')
    return item
  })
  const late = intake.write(agent, upload, one(Buffer.alloc(9)), 0)
  await new Promise((resolve) => setTimeout(resolve, 100))
  end()
  await writing
  assert.equal(await finishing, sha256(bytes))
  assert.equal(await late, bytes.length, 'nothing more belongs to it')
  assert.equal((await to.library.blobs.verify(sha256(bytes))).kind, 'intact')
  assert.deepEqual(await to.left(), [])
  await clean(to)
})

test('what another server of the library still has open for writing is not what is kept', async (t) => {
  const to = await desk(t)
  if (to.library.database.folder !== undefined) {
    t.skip('a library with its tables in the folder has one server')
    return
  }
  const bytes = sound(300_000)
  const path = place(await create(to, bytes.length))
  await patch(to, path, 0, bytes.subarray(0, 200_000))
  const other = await open(to.intake.files.path(path.slice(-32)), 'r+')
  t.after(() => other.close())
  const last = await patch(to, path, 200_000, bytes.subarray(200_000))
  assert.equal(((await last.json()) as { item: string }).item, sha256(bytes))
  await other.truncate(0)
  assert.equal((await to.library.blobs.verify(sha256(bytes))).kind, 'intact')
  assert.deepEqual(await to.left(), [])
  const changed = await to.intake.begin(agent, { incident, name: 'x', sizeBytes: bytes.length })
  await to.intake.write(agent, changed, one(bytes), 0)
  // Between the hash and the copy.
  await to.library.database.kysely
    .updateTable('upload')
    .set({ sha256: 'ab'.repeat(32), kind: 'recording', media_type: 'audio/wav' })
    .where('id', '=', changed.id)
    .execute()
  await assert.rejects(to.intake.finish(agent, changed.id), { code: 'readback-differs' })
  assert.equal((await to.ask(`${uploads}/${changed.id}`)).status, 404)
  assert.deepEqual(await to.left(), [])
  await clean(to)
})

test('a file that outlived the end of its upload is swept', async (t) => {
  const to = await desk(t)
  const bytes = sound(5000)
  const path = place(await create(to, bytes.length))
  assert.equal((await patch(to, path, 0, bytes)).status, 200)
  await to.intake.files.create(path.slice(-32))
  assert.deepEqual(await to.sweep(), { finished: 0, dropped: 0, strays: 1, erased: 0 })
  assert.deepEqual(await to.left(), [])
})

test('as much as an incident may hold, and no more', async (t) => {
  const to = await desk(t, { limits: { fileBytes: 4000, incidentBytes: 10_000 } })
  const bytes = sound(4000)
  const path = place(await create(to, 4000))
  assert.equal((await create(to, 4000)).status, 201)
  assert.equal(await told(await create(to, 4000)), '413 incident-full')
  assert.equal(await told(await create(to, 4001)), '413 file-too-large')
  assert.equal((await patch(to, path, 0, bytes)).status, 200)
  assert.equal(await told(await create(to, 4000)), '413 incident-full')
  assert.equal((await create(to, 2000)).status, 201)
})

test('uploads go on after the program ended, wherever it was', async (t) => {
  const folder = await emptyLibraryFolder()
  const [part, whole, moved] = [sound(5000), sound(6000), sound(7000)]
  const paths: string[] = []
  {
    const library = await openTestLibrary(folder)
    await library.transact(agent, (tx) => openIncident(tx, { id: incident, title: incident }))
    const { intake } = uploadServices(library)
    for (const bytes of [part, whole, moved]) {
      const wish = { incident, name: 'x.wav', sizeBytes: bytes.length }
      const upload = await intake.begin(agent, wish)
      paths.push(`${uploads}/${upload.id}`)
      const sent = bytes === part ? bytes.subarray(0, 2000) : bytes
      await intake.write(agent, upload, one(sent), 0)
      if (bytes === moved) {
        // As far as the blobs, and not to the act.
        await library.database.kysely
          .updateTable('upload')
          .set({ sha256: sha256(bytes), kind: 'recording', media_type: 'audio/wav' })
          .where('id', '=', upload.id)
          .execute()
        await library.blobs.putFile(intake.files.path(upload.id))
      }
    }
    await library.close()
  }
  const to = await desk(t, { folder })
  const [first = '', second = '', third = ''] = paths
  const asked = await to.ask(first, { method: 'HEAD' })
  assert.equal(asked.headers.get('upload-offset'), '2000')
  assert.equal((await patch(to, first, 2000, part.subarray(2000))).status, 200)
  // One by the question of its sender, one by the sweep.
  assert.equal((await to.ask(second, { method: 'HEAD' })).headers.get('upload-offset'), '6000')
  assert.deepEqual(await to.sweep(), { finished: 1, dropped: 0, strays: 0, erased: 0 })
  for (const [path, bytes] of [
    [first, part],
    [second, whole],
    [third, moved],
  ] as const) {
    assert.equal(((await (await to.ask(path)).json()) as { item: string }).item, sha256(bytes))
  }
  assert.deepEqual(to.items.toSorted(), [part, whole, moved].map(sha256).toSorted())
  assert.deepEqual(await to.left(), [])
  await clean(to)
})

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

test('the page names its incident, and is of none that is not there', async (t) => {
  const to = await desk(t)
  const page = await to.ask('/incidents/quay/upload')
  assert.match(await page.text(), /Add files to quay/)
  assert.equal((await to.ask('/incidents/absent/upload')).status, 404)
})
