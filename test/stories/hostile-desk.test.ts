/** What stands where a desk is said to be may be anything: it gets no token or file, and says nothing to the terminal. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fromDesk } from '../../src/cli/desk-files.ts'
import { withLibraryOrDesk } from '../../src/cli/desk-server.ts'
import { progressLine } from '../../src/cli/progress.ts'
import { scratchFolder, sightline } from '../support/command-line.ts'

const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    answer(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('neither by a redirect nor by where an upload is said to go', async () => {
  const asked: string[] = []
  const elsewhere = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end()
  })
  const named = await serve(({ method, url }, response) => {
    if (method === 'POST' && url?.endsWith('/uploads') === true) {
      const headers = { location: `${elsewhere}/files/1`, 'tus-resumable': '1.0.0' }
      response.writeHead(201, headers).end()
    } else if (url === '/api/incidents/quay') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    } else response.writeHead(307, { location: `${elsewhere}/taken` }).end()
  })
  const environment = { SIGHTLINE_SERVER: named, SIGHTLINE_TOKEN: 'a-token' }
  const file = join(scratchFolder('hostile-desk'), 'x.txt')
  await writeFile(file, 'Nobody on the quay saw it.')
  for (const [args, code] of [
    [['ingest', '--incident', 'quay', file], 'desk-elsewhere'],
    [['search', 'crane'], 'desk-unreachable'],
    [['fsck'], 'desk-unreachable'],
  ] as const) {
    const said = await sightline(args, { environment })
    assert.equal(said.code, 1, said.stdout)
    assert.match(said.stderr, new RegExp(code))
    assert.doesNotMatch(said.stderr, /a-token/)
  }
  assert.deepEqual(asked, [])
})

/** Clears the screen and writes over what stands on the line, on a terminal that obeys. */
const evil = (word: string): string => `${word}\u001B[2J\r`
const seen = (word: string): string => `${word}\\u{1b}[2J\\u{d}`
const json = (response: ServerResponse, body: unknown): unknown =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
const finding = { code: evil('code'), what: evil('what'), message: evil('message') }

test('what a desk says reaches the terminal with its escapes to be seen', async () => {
  const of = (...words: readonly string[]) =>
    Object.fromEntries(words.map((word) => [word, evil(word)]))
  const job = {
    ...of('id', 'kind', 'incident'),
    state: 'running',
    attempts: 1,
    progress: { ...of('step'), share: 0 },
    reason: of('code', 'message'),
  }
  const use = { files: evil('files'), bytes: 0 }
  const tip = {
    ...of('id', 'incident', 'state', 'receivedAt'),
    account: '',
    files: [],
    arriving: 0,
  }
  const origin = await serve(({ method, url }, response) => {
    if (method === 'GET' && url?.startsWith('/api/jobs') === true) {
      json(response, { jobs: [job, { ...job, state: evil('state') }] })
    } else if (url?.startsWith('/api/search') === true) {
      json(response, { hits: [{ ...of('incident', 'kind', 'ref', 'text'), marks: [] }] })
    } else if (url?.startsWith('/api/links') === true) {
      json(response, { links: [{ ...of('id', 'incident', 'expiresAt', 'note'), used: use }] })
    } else if (url?.startsWith('/api/tips') === true) json(response, { tips: [tip] })
    else if (url === '/api/fsck') {
      const report = { findings: [finding], notes: [finding], counted: { [evil('count')]: 1 } }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(`event: report\ndata: ${JSON.stringify(report)}\n\n`)
    } else {
      response.writeHead(409, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify({ code: evil('code'), detail: evil('detail') }))
    }
  })
  const environment = { SIGHTLINE_SERVER: origin, SIGHTLINE_TOKEN: 'a-token' }
  for (const [args, words] of [
    [['jobs'], ['id', 'kind', 'incident', 'state', 'step', 'code', 'message']],
    [['fsck'], ['code', 'what', 'message', 'count']],
    [
      ['search', 'crane'],
      ['incident', 'kind', 'ref'],
    ],
    [
      ['link', 'list'],
      ['id', 'incident', 'expiresAt', 'files', 'note'],
    ],
    [
      ['tips', 'list'],
      ['id', 'incident', 'state', 'receivedAt'],
    ],
    [
      ['jobs', 'cancel', '1'],
      ['code', 'detail'],
    ],
  ] as const) {
    const { stdout, stderr } = await sightline(args, { environment })
    for (const word of words)
      assert.ok((stdout + stderr).includes(seen(word)), `${args[0]} ${word}`)
    assert.doesNotMatch(stdout + stderr, /[\p{Cc}--\n]/v)
  }
})

test('the line that shows how far it is obeys nobody', () => {
  let drawn = ''
  const line = progressLine({
    out: assert.fail,
    err: (text) => (drawn += text),
    errIsTerminal: true,
    color: false,
    columns: 200,
    utf8: true,
  })
  line.show({ step: evil('step'), done: 0, total: 1, what: evil('what') })
  assert.ok(drawn.includes(seen('step')) && drawn.includes(seen('what')))
  assert.doesNotMatch(drawn.replace('\r\u001B[K', ''), /[\p{Cc}--\n]/v)
  drawn = ''
  line.warn('job 17 waits')
  assert.equal(drawn, '\r\u001B[Ksightline: job 17 waits\n')
})

test('a desk that dies within its answer is named, in place of an error of ours', async () => {
  const origin = await serve(({ url }, response) => {
    const isFsck = url === '/api/fsck'
    response.writeHead(200, { 'content-type': isFsck ? 'text/event-stream' : 'application/json' })
    const progress = 'event: progress\ndata: {"step":"blobs","done":1,"total":9}\n\n'
    response.write(isFsck ? progress : '{"hits":[', () => setTimeout(() => response.destroy(), 50))
  })
  const environment = { SIGHTLINE_SERVER: origin, SIGHTLINE_TOKEN: 'a-token' }
  for (const args of [['fsck'], ['search', 'crane']]) {
    const { code, stderr } = await sightline(args, { environment })
    assert.equal(code, 1)
    assert.match(stderr, /broke off its answer[^]*\[desk-unreachable\]/)
    assert.doesNotMatch(stderr, /terminated|\n {4}at /)
  }
})

test('so is one that dies within a file of a bundle', async () => {
  const origin = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('half', () => setTimeout(() => response.destroy(), 50))
  })
  Object.assign(process.env, { SIGHTLINE_SERVER: origin, SIGHTLINE_TOKEN: 'a-token' })
  const target = join(scratchFolder('cut-bundle'), 'index.html')
  const bring = withLibraryOrDesk(undefined, 'test', {
    here: () => assert.fail('a desk is named'),
    there: (desk) => fromDesk(desk, 'quay')({ path: 'index.html', sha256: '' }, target),
  })
  await assert.rejects(bring, { name: 'CommandError', code: 'desk-unreachable' })
})
