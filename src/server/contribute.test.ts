import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { onServer } from '../../test/support/postgres.ts'
import { sweepUploads } from '../ingest/sweep-uploads.ts'
import { ownCores } from '../queue/cores.ts'
import { agent, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { openIncident } from '../store/incidents.ts'
import { readUnfinished } from '../store/uploads.ts'
import { deskApp } from './app.ts'
import { uploadServices } from './upload-services.ts'

const host = 'localhost:4600'
const incident = 'quay'
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function sound(bytes: number): Buffer {
  const made = randomBytes(bytes)
  made.write('RIFF', 0)
  made.write('WAVEfmt ', 8)
  return made
}

async function desk(t: TestContext) {
  const folder = await emptyLibraryFolder()
  const library = await openTestLibrary(folder)
  t.after(() => library.close())
  await library.transact(agent, (tx) => openIncident(tx, { id: incident, title: 'On the quay' }))
  let address = '192.0.2.7'
  let now = Date.UTC(2031, 4, 4, 17)
  const items: string[] = []
  const services = uploadServices(library, {
    effects: { now: () => new Date(now), randomBytes: (length) => randomBytes(length) },
    onItem: async (_, { sha256: item }) => void items.push(item),
    addressOf: () => address,
    takeCore: ownCores(1),
  })
  const app = deskApp(library, new Set([host]), { uploads: services })
  const ask = async (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { host, ...Object(init.headers) } })
  const json = async <T>(path: string, method = 'GET', body?: object): Promise<T> => {
    const answer = await ask(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`)
    return (await answer.json()) as T
  }
  return {
    library,
    items,
    ask,
    json,
    open: async (more: object = {}) =>
      json<{ path: string; id: string }>(`/api/incidents/${incident}/links`, 'POST', more),
    left: async () => [...(await services.intake.files.list())],
    from: (other: string) => (address = other),
    later: (milliseconds: number) => (now += milliseconds),
    sweep: () =>
      sweepUploads(library, services.intake, agent, {
        now: new Date(Date.now() + 1000),
        leaveStraysFor: 0,
        leaveBlobsFor: 0,
      }),
    clean: async () => {
      const { findings, notes } = await checkLibrary(library)
      assert.deepEqual([findings, notes], [[], []])
    },
    /** The files of tables in which a text stands, of a row or where one was. */
    tablesWith: async (text: string): Promise<string[]> => {
      const { kysely, folder: database = '' } = library.database
      await sql`checkpoint`.execute(kysely)
      const base = join(database, 'base')
      const names = await readdir(base, { recursive: true, withFileTypes: true })
      const paths = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
      const holding = paths.filter((path) => readFileSync(path).includes(text))
      return holding.map((path) => path.slice(base.length))
    },
    /** Everything that the tables hold, as one text. */
    kept: async () => {
      const { rows } = await library.database.kysely.executeQuery<{ all: string }>({
        sql: `select string_agg(t, ' ') as all from (
          select row_to_json(x)::text as t from upload x union all
          select row_to_json(x)::text from tip x union all
          select row_to_json(x)::text from tip_file x union all
          select row_to_json(x)::text from tip_contact x union all
          select row_to_json(x)::text from contributor_link x union all
          select row_to_json(x)::text from custody_entry x) as r(t)`,
        parameters: [],
        query: { kind: 'RawNode', sqlFragments: [], parameters: [] },
        queryId: { queryId: 'kept' },
      })
      return rows[0]?.all ?? ''
    },
  }
}
type Desk = Awaited<ReturnType<typeof desk>>

const form = (
  fields: Record<string, string>,
  files: readonly (readonly [string, Uint8Array])[],
) => {
  const made = new FormData()
  for (const [name, value] of Object.entries(fields)) made.append(name, value)
  for (const [name, bytes] of files) {
    made.append('files', new File([Uint8Array.from(bytes)], name))
  }
  return made
}

/** As a browser does it: with the length of all. */
async function post({ ask }: Desk, path: string, sent: FormData): Promise<Response> {
  const whole = new Response(sent)
  const body = Buffer.from(await whole.arrayBuffer())
  return ask(path, {
    method: 'POST',
    body,
    headers: {
      'content-type': whole.headers.get('content-type') ?? '',
      'content-length': String(body.length),
    },
  })
}

const codeIn = (html: string): string => /(?:[A-Z]{4}-){5}[A-Z]{4}/.exec(html)?.[0] ?? 'no code'

async function withCode({ ask }: Desk, path: string, receipt: string): Promise<string> {
  const answer = await ask(path, { method: 'POST', body: new URLSearchParams({ receipt }) })
  return `${answer.status} ${await answer.text()}`
}

interface Tips {
  readonly tips: readonly {
    readonly id: string
    readonly state: string
    readonly account: string
    readonly files: readonly { readonly sha256: string; readonly name?: string }[]
  }[]
}
const tipsOf = (to: Desk) => to.json<Tips>(`/api/incidents/${incident}/tips`)
const itemsOf = async (to: Desk) =>
  (await to.json<{ items: { sha256: string }[] }>(`/api/incidents/${incident}/items`)).items

test('without scripts: sent, come back to with the code, added to, accepted', async (t) => {
  const to = await desk(t)
  const { path } = await to.open({ note: 'Footage <b>of</b> the evening' })
  const page = await to.ask(path)
  const text = await page.text()
  assert.match(text, /Footage &#x3C;b>of&#x3C;\/b> the evening/)
  assert.match(text, /What is not kept/)
  assert.equal(page.headers.get('set-cookie'), null)
  assert.equal(page.headers.get('cache-control'), 'no-store')
  const film = sound(200_000)
  const name = '"><script>.wav'
  const said = { account: 'I saw <it>.', contact: 'ask at the kiosk' }
  const sent = await post(to, path, form(said, [[name, film]]))
  assert.equal(sent.status, 200)
  const code = codeIn(await sent.text())
  assert.deepEqual(await itemsOf(to), [], 'nothing is an item before somebody accepts it')
  await to.clean()

  assert.match(await withCode(to, '/contribute/receipt', 'ABCD'), /^404 .*no such receipt code/s)
  const lower = code.toLowerCase().replaceAll('-', ' ')
  const shown = await withCode(to, '/contribute/receipt', lower)
  assert.match(shown, /^200 .*It waits until/s)
  assert.match(shown, new RegExp(sha256(film)))
  assert.doesNotMatch(shown, /<script>|kiosk/)

  const more = sound(3000)
  const added = await post(
    to,
    '/contribute/receipt/add',
    form({ receipt: code, account: 'And then it was dark.', contact: '' }, [['b.wav', more]]),
  )
  assert.equal(added.status, 200)
  assert.equal(codeIn(await added.text()), 'no code', 'a code is shown once')

  const [tip] = (await tipsOf(to)).tips
  assert.equal(tip?.account, 'I saw <it>.\n\nAnd then it was dark.')
  assert.deepEqual(
    tip.files.map((file) => [file.sha256, file.name]),
    [
      [sha256(film), name],
      [sha256(more), 'b.wav'],
    ],
  )
  const whole = await to.json<{ contact: string }>(`/api/incidents/${incident}/tips/${tip.id}`)
  assert.equal(whole.contact, 'ask at the kiosk')
  const at = `/api/incidents/${incident}/tips/${tip.id}`
  const looked = await to.json<{ files: { findings: { code: string }[] }[] }>(
    `${at}/examination`,
    'POST',
  )
  assert.equal(looked.files.length, 2)
  assert.deepEqual(await itemsOf(to), [], 'looking into it records nothing')
  await to.json(`${at}/acceptance`, 'POST', {})
  assert.deepEqual(
    (await itemsOf(to)).map((item) => item.sha256),
    [film, more].map(sha256).toSorted(),
  )
  assert.deepEqual(to.items, [film, more].map(sha256))
  const twice = await to.ask(`${at}/acceptance`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(
    `${twice.status} ${((await twice.json()) as { code: string }).code}`,
    '409 tip-decided',
  )
  assert.match(await withCode(to, '/contribute/receipt/withdraw', code), /^409 .*already/s)
  assert.deepEqual(await to.left(), [])
  await to.clean()
})

test('what is withdrawn leaves that it was here, and neither words, names nor bytes', async (t) => {
  const to = await desk(t)
  const { path } = await to.open()
  const [own, shared] = [sound(5000), sound(6000)]
  const words = { account: 'CANARYWORDS', contact: 'CANARYCONTACT' }
  const first = await post(
    to,
    path,
    form(words, [
      ['CANARYNAME.wav', own],
      ['s.wav', shared],
    ]),
  )
  const code = codeIn(await first.text())
  await post(to, path, form({ account: '', contact: '' }, [['other.wav', shared]]))
  const kept = await to.kept()
  assert.match(kept, /CANARYWORDS/)
  if (!onServer) assert.notDeepEqual(await to.tablesWith('CANARY'), [])
  assert.doesNotMatch(kept, new RegExp(`${code.replaceAll('-', '')}|192\\.0\\.2`))
  assert.match(await withCode(to, '/contribute/receipt/withdraw', code), /^200 .*withdrawn/s)
  assert.doesNotMatch(await to.kept(), /CANARY/)
  const swept = await to.sweep()
  assert.equal(swept.erased, 1)
  if (!onServer) assert.deepEqual(await to.tablesWith('CANARY'), [])
  assert.equal(await to.library.blobs.has(sha256(own)), false)
  assert.equal(await to.library.blobs.has(sha256(shared)), true, 'another tip has it')
  assert.equal((await to.sweep()).erased, 0)
  await to.clean()
  const [tip, other] = (await tipsOf(to)).tips
  assert.equal(`${tip?.state} ${other?.state}`, 'withdrawn waiting')
  const at = `/api/incidents/${incident}/tips/${tip?.id}/acceptance`
  const answer = await to.ask(at, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(answer.status, 409)
  assert.match(await withCode(to, '/contribute/receipt/withdraw', code), /^200/)
})

test('a form of which nothing is taken says so, and an account that is too long is not cut', async (t) => {
  const to = await desk(t)
  const { path } = await to.open()
  const refused = await post(to, path, form({ account: '' }, [['a.wav', new Uint8Array()]]))
  const page = await refused.text()
  assert.match(page, /<h1>Nothing was taken<\/h1>[^]*a\.wav: The file is empty/)
  assert.match(page, /Your receipt code/)
  const long = await post(to, path, form({ account: 'x'.repeat(50_001) }, []))
  assert.equal(long.status, 400)
  assert.match(await long.text(), /account has 50001 letters, and 50000 are taken/)
  const whole = await post(to, path, form({ account: 'y\r\n'.repeat(25_000) }, []))
  assert.equal(whole.status, 200)
  assert.equal((await tipsOf(to)).tips.length, 1)
  await to.clean()
})

test('that there are no links and no tips is no answer about an incident that is not there', async (t) => {
  const { ask } = await desk(t)
  for (const [id, status] of [
    [incident, 200],
    ['absent', 404],
  ] as const) {
    assert.equal((await ask(`/api/incidents/${id}/links`)).status, status)
    assert.equal((await ask(`/api/incidents/${id}/tips`)).status, status)
  }
})

test('what is called like no tip is no tip', async (t) => {
  const { ask } = await desk(t)
  for (const id of ['tip-%00', 'tip-0123456789abcdef%00', '%F0', 'x', `tip-${'0'.repeat(16)}`]) {
    assert.equal((await ask(`/api/tips/${id}`)).status, 404, id)
  }
})

test('a declined tip stays and may still be withdrawn', async (t) => {
  const to = await desk(t)
  const { path } = await to.open()
  const film = sound(4000)
  const sent = await post(to, path, form({ account: '', contact: '' }, [['a.wav', film]]))
  const code = codeIn(await sent.text())
  const [tip] = (await tipsOf(to)).tips
  await to.json(`/api/incidents/${incident}/tips/${tip?.id}/refusal`, 'POST')
  await to.sweep()
  assert.equal(await to.library.blobs.has(sha256(film)), true)
  assert.match(await withCode(to, '/contribute/receipt', code), /was not taken/)
  const added = await post(
    to,
    '/contribute/receipt/add',
    form({ receipt: code, account: 'More' }, []),
  )
  assert.equal(added.status, 409)
  assert.match(await withCode(to, '/contribute/receipt/withdraw', code), /^200/)
  assert.equal((await to.sweep()).erased, 1)
  await to.clean()
})

async function tusInto(to: Desk, path: string, receipt: string, bytes: Uint8Array) {
  const begun = await to.ask(`${path}/uploads`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'sightline-receipt': receipt,
    },
  })
  const at = begun.headers.get('location') ?? ''
  const send = (from: string) =>
    to.ask(from, {
      method: 'PATCH',
      body: Uint8Array.from(bytes),
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
    })
  return { begun, at, send }
}

test('with scripts: words first, files by tus to the tip of the receipt and to no other', async (t) => {
  const to = await desk(t)
  const { path } = await to.open()
  const other = await to.open()
  const { receipt } = await to.json<{ receipt: string }>(`${path}/tips`, 'POST', {
    account: 'Words',
  })
  const film = sound(8000)
  const { begun, at, send } = await tusInto(to, path, receipt, film)
  assert.equal(begun.status, 201)
  const elsewhere = await send(at.replace(path, other.path))
  assert.equal(elsewhere.status, 404)
  const done = await send(at)
  const said = (await done.json()) as Record<string, unknown>
  assert.equal(`${done.status} ${String(said['item'])}`, `200 ${sha256(film)}`)
  assert.equal('findings' in said, false)
  assert.equal((await tusInto(to, other.path, receipt, film)).begun.status, 404)
  assert.equal((await tusInto(to, path, 'NONSENSE', film)).begun.status, 404)
  const team = await to.ask(at.replace(path, `/api/incidents/${incident}`))
  assert.equal(team.status, 404, 'the team’s uploads are not the contributors’')
  const [tip] = (await tipsOf(to)).tips
  assert.equal(tip?.files.length, 1)
  await to.clean()
})

test('withdrawn while a file is on its way: it does not come any more', async (t) => {
  const to = await desk(t)
  const { path } = await to.open()
  const { receipt } = await to.json<{ receipt: string }>(`${path}/tips`, 'POST', {
    account: 'Words',
  })
  const { at, send } = await tusInto(to, path, receipt, sound(8000))
  await withCode(to, '/contribute/receipt/withdraw', receipt)
  assert.equal((await send(at)).status, 404)
  assert.deepEqual(await to.left(), [])
  await to.clean()
})

test('a link ends by time, by hand, by what it may take, and by no guess', async (t) => {
  const to = await desk(t)
  const small = await to.open({ mostFiles: 2, mostBytes: 20_000, days: 1 })
  const nothing = { account: '', contact: '' }
  const sent = await post(
    to,
    small.path,
    form(nothing, [
      ['a.wav', sound(3000)],
      ['b.wav', sound(3000)],
      ['c.wav', sound(3000)],
    ]),
  )
  const html = await sent.text()
  assert.match(html, /2 files have arrived/)
  assert.match(html, /c\.wav: This link takes no more/)
  await to.clean()
  to.later(86_400_001)
  const late = await to.ask(small.path)
  assert.equal(late.status, 410)
  const closed = await to.open()
  const gone = await to.ask(`/api/incidents/${incident}/links/${closed.id}`, { method: 'DELETE' })
  assert.equal(gone.status, 204)
  assert.equal((await post(to, closed.path, form(nothing, [['a.wav', sound(3000)]]))).status, 410)
  const guess = `/contribute/${'A'.repeat(28)}`
  const answers = []
  for (let tries = 0; tries < 70; tries += 1) answers.push((await to.ask(guess)).status)
  assert.deepEqual([answers[0], answers.at(-1)], [404, 429])
  const right = await to.open()
  assert.equal((await to.ask(right.path)).status, 429, 'a right guess is not heard either')
  to.from('192.0.2.8')
  assert.equal((await to.ask(guess)).status, 404)
  for (let visits = 0; visits < 100; visits += 1) {
    assert.equal((await to.ask(right.path)).status, 200, 'who has the link is not shut out')
  }
  const code = codeIn(await (await post(to, right.path, form({ account: 'Words' }, []))).text())
  const add = async (receipt: string) =>
    (await post(to, '/contribute/receipt/add', form({ receipt, account: 'More' }, []))).status
  to.from('192.0.2.9')
  for (let tries = 0; tries < 60; tries += 1) assert.equal(await add('ABCD'), 404)
  assert.equal(await add(code), 429)
  assert.match(await withCode(to, '/contribute/receipt', code), /^429/)
  to.from('192.0.2.10')
  assert.equal(await add(code), 200)
  await to.clean()
})

test('a form that stalls is swept at no length of its file, and is taken in when it ends', async (t) => {
  const to = await desk(t)
  const { path } = await to.open()
  const film = sound(60_000)
  const whole = new Response(form({}, [['a.wav', film]]))
  const bytes = Buffer.from(await whole.arrayBuffer())
  const length = bytes.length
  const from = bytes.indexOf(film)
  const boundary = whole.headers.get('content-type')?.split('boundary=')[1] ?? ''
  const mark = `\r\n--${boundary}`.length
  // After the first piece the file is as long as what of the form is to come.
  const half = Math.floor((from + length + mark - 1) / 2)
  for (const first of [half - 1, half, from]) {
    let controller!: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({ start: (it) => void (controller = it) })
    const sending = to.ask(path, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: {
        'content-type': whole.headers.get('content-type') ?? '',
        'content-length': String(length),
      },
    })
    controller.enqueue(bytes.subarray(0, first))
    let at = first
    // A sweep that leaves no file for a minute would take one whose row is not there yet.
    while ((await to.library.read(readUnfinished)).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    // Byte by byte over the lengths that were once announced.
    for (let step = 0; step < 3; step += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      for (const { id, sizeBytes } of await to.library.read(readUnfinished)) {
        const onDisk = (await stat(join(to.library.folder, 'uploads', id))).size
        assert.notEqual(onDisk, sizeBytes, 'no other program takes it for whole')
      }
      assert.equal((await to.sweep()).finished, 0)
      controller.enqueue(bytes.subarray(at, (at += 1)))
    }
    controller.enqueue(bytes.subarray(at))
    controller.close()
    const sent = await sending
    assert.match(await sent.text(), /1 file has arrived/)
    assert.equal((await to.library.blobs.verify(sha256(film))).kind, 'intact')
  }
  await to.clean()
})

test('a form that breaks off leaves nothing', async (t) => {
  const to = await desk(t)
  const { path } = await to.open()
  const whole = new Response(form({ account: 'Words', contact: 'C' }, [['a.wav', sound(9000)]]))
  const bytes = Buffer.from(await whole.arrayBuffer())
  const answer = await to.ask(path, {
    method: 'POST',
    body: bytes.subarray(0, 6000),
    headers: {
      'content-type': whole.headers.get('content-type') ?? '',
      'content-length': String(bytes.length),
    },
  })
  assert.equal(answer.status, 400)
  assert.deepEqual((await tipsOf(to)).tips, [])
  assert.deepEqual(await to.left(), [])
  const empty = await post(to, path, form({ account: ' ', contact: 'C' }, []))
  assert.equal(empty.status, 400)
  const zip = Buffer.from('PK\x03\x04 and so on')
  const refused = await post(to, path, form({ account: '', contact: '' }, [['film.mp4', zip]]))
  assert.match(await refused.text(), /film\.mp4: This file is not taken/)
  await to.clean()
})
