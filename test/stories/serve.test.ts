/** The desk as a process that operators run: its stop, its log, its metrics, its name to others. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterEach, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { agent, emptyLibraryFolder, roomy, withLibrary } from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { addPublication, openIncident } from '../../src/store/incidents.ts'
import { addPublicationFiles } from '../../src/store/publications.ts'
import { sightline } from '../support/command-line.ts'
import { startDesk as start, type DeskProcess } from '../support/desk-process.ts'

/** More than a socket's buffers hold, so that a reader who does not read holds the answer up. */
const film = randomBytes(32 << 20)
const secret = 'Jane Roe'
let folder: string

before(async () => {
  folder = await emptyLibraryFolder()
  await withLibrary(folder, async (library) => {
    const { sha256 } = await library.blobs.putStream(chunksOf(film), roomy)
    await library.transact(agent, async (tx) => {
      await openIncident(tx, { id: 'quay', title: secret })
      const hash = 'a'.repeat(64)
      const published = { incident: 'quay', revision: 1 }
      await addPublication(tx, { ...published, manifestSha256: hash, contentSha256: hash })
      await addPublicationFiles(tx, published, [{ path: 'media/film.mp4', sha256 }])
    })
  })
})

let running: DeskProcess | undefined
const startDesk = async (...given: Parameters<typeof start>): Promise<DeskProcess> => {
  running = await start(...given)
  return running
}
afterEach(async () => {
  running?.process.kill('SIGKILL')
  await running?.ended
})

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20))
}

/** An answer whose body is not read yet. */
async function ask(
  { address }: DeskProcess,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const request = get(new URL(path, address), { headers, agent: false })
  return ((await once(request, 'response')) as [IncomingMessage])[0]
}

async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The lock is free, and everything is as it was acknowledged. */
async function assertClosedWell(): Promise<void> {
  await withLibrary(folder, async (library) => {
    const { findings } = await checkLibrary(library)
    assert.deepEqual(
      findings.filter(({ code }) => code !== 'publication-differs'),
      [],
    )
  })
}

const refusedOrReset = (error: Error): boolean =>
  /ECONNREFUSED|ECONNRESET|socket hang up/.test(`${error.message} ${String(error.cause)}`)

test('on SIGTERM an answer that is being read is sent to its end, no other request is taken', async () => {
  const desk = await startDesk(folder, ['--stop-seconds', '60'])
  const answer = await ask(desk, '/stories/quay/media/film.mp4')
  const stopped = performance.now()
  desk.process.kill('SIGTERM')
  assert.equal((await desk.logged('stopping'))['signal'], 'SIGTERM')
  await assert.rejects(ask(desk, '/readyz'), refusedOrReset)
  await sleep(1500)
  assert.equal(desk.process.exitCode, null, 'it waits for who still reads')
  assert.ok((await bytesOf(answer)).equals(film), 'the whole film arrives')
  assert.equal(await desk.ended, 0)
  assert.ok(performance.now() - stopped < 50_000, 'and not until the time is over')
  await desk.logged('stopped')
  assert.doesNotMatch(desk.stderr(), /connections-cut/)
  await assertClosedWell()
})

test('who does not read is cut when the time is over; the library is closed all the same', async () => {
  const desk = await startDesk(folder, ['--stop-seconds', '1'])
  const answer = await ask(desk, '/stories/quay/media/film.mp4')
  const broken = once(answer, 'error')
  const stopped = performance.now()
  desk.process.kill('SIGTERM')
  assert.equal(await desk.ended, 0)
  const seconds = (performance.now() - stopped) / 1000
  assert.ok(seconds >= 1 && seconds < 30, `it took ${seconds} s`)
  assert.equal((await desk.logged('connections-cut'))['connections'], 1)
  const cut = await desk.logged('request')
  assert.deepEqual([cut['aborted'], cut['route']], [true, '/stories/:incident/:path'])
  answer.resume()
  await broken
  await assertClosedWell()
})

test('a kept connection is told that the desk is not ready, and closed', async () => {
  const desk = await startDesk(folder, ['--stop-seconds', '60'])
  // The head of a request has not ended when the signal comes: the connection is no idle one.
  const socket = connect(Number(desk.address.port), '127.0.0.1').setEncoding('utf8')
  await once(socket, 'connect')
  let heard = ''
  const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: ${desk.address.host}\r\n`
  socket.write(request('/readyz'))
  await sleep(300)
  desk.process.kill('SIGTERM')
  await desk.logged('stopping')
  socket.on('data', (text: string) => (heard += text))
  socket.write('\r\n')
  await once(socket, 'close')
  assert.match(heard, /^HTTP\/1.1 503 /)
  assert.match(heard, /The desk is stopping/)
  assert.equal(await desk.ended, 0)
})

test('a second signal ends it at once, and nothing is lost', async () => {
  const desk = await startDesk(folder, ['--stop-seconds', '600'])
  await ask(desk, '/stories/quay/media/film.mp4')
  desk.process.kill('SIGTERM')
  await desk.logged('stopping')
  desk.process.kill('SIGTERM')
  assert.equal(await desk.ended, 130)
  await assertClosedWell()
})

test('what a library writes to the console, warnings and what ends the program are logged without their words', async () => {
  const fault = `process.on('SIGUSR2', () => {
    console.error('${secret}')
    process.emitWarning('${secret}')
    setTimeout(() => { throw new Error('${secret}', { cause: { code: 'E_${secret}' } }) }, 100)
  })`
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fault)}`
  const desk = await startDesk(folder, [], { NODE_OPTIONS })
  desk.process.kill('SIGUSR2')
  assert.equal(await desk.ended, 1)
  for (const [event, level] of [
    ['library-spoke', 'warn'],
    ['warning', 'warn'],
    ['crashed', 'fatal'],
  ] as const) {
    assert.equal((await desk.logged(event))['level'], level)
  }
  assert.doesNotMatch(desk.stderr(), /Jane|Roe/)
  await assertClosedWell()
})

test('requests are counted and logged by their pattern, and the metrics have a port of their own', async () => {
  const desk = await startDesk(folder, ['--metrics-port', '0'])
  assert.ok(desk.metrics)
  const hostile = encodeURIComponent(secret)
  for (const path of [
    `/stories/quay/${hostile}?name=${hostile}`,
    `/${hostile}`,
    `/api/incidents/${hostile}`,
    '/api/incidents?limit=1',
    '/healthz',
  ]) {
    const answer = await ask(desk, path, { cookie: secret, 'user-agent': secret, 'x-a': secret })
    assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{24}$/)
    await bytesOf(answer)
  }
  const ranged = await ask(desk, '/stories/quay/media/film.mp4', { range: 'bytes=0-999' })
  assert.equal((await bytesOf(ranged)).length, 1000)
  assert.equal((await ask(desk, '/metrics')).statusCode, 404)
  const { host, port } = desk.metrics
  const read = async (): Promise<string> => (await fetch(desk.metrics ?? '')).text()
  for (let turn = 0; turn < 50 && !(await read()).includes('status="206"'); turn++) await sleep(20)
  const text = await read()
  for (const line of [
    /^sightline_http_requests_total\{route="\/stories\/:incident\/:path",method="GET",status="404"\} 1$/m,
    /^sightline_http_requests_total\{route="\/stories\/:incident\/:path",method="GET",status="206"\} 1$/m,
    /^sightline_http_requests_total\{route="none",method="GET",status="404"\} 2$/m,
    /^sightline_http_requests_total\{route="\/api\/incidents\/:incident",method="GET",status="400"\} 1$/m,
    /^sightline_http_request_seconds_count\{route="\/healthz",method="GET"\} 1$/m,
    /^sightline_http_requests_in_flight 0$/m,
    /^sightline_custody_entries [1-9]\d*$/m,
    /^sightline_database_connections\{state="waiting"\} 0$/m,
    /^process_resident_memory_bytes \d+$/m,
  ]) {
    assert.ok(line.test(text), `${String(line)} in\n${text.replaceAll(/^(?!sightline).*\n/gm, '')}`)
  }
  const rebound = get({ host: '127.0.0.1', port, path: '/metrics', headers: { host: `a.${host}` } })
  assert.equal(((await once(rebound, 'response')) as [IncomingMessage])[0].statusCode, 421)
  desk.process.kill('SIGTERM')
  assert.equal(await desk.ended, 0)
  assert.doesNotMatch(desk.stderr(), /Jane|%20Roe|limit=1|healthz/)
  assert.doesNotMatch(text, /Jane|Roe/)
  for (const line of desk.stderr().trim().split('\n')) JSON.parse(line)
})

test('without an owner nobody is let in from elsewhere', async () => {
  for (const [args, code, said] of [
    [['--public-url', 'https://desk.example.org'], 1, /no owner yet[^]*no-owner/],
    [['--host', '0.0.0.0', '--public-url', 'https://desk.example.org'], 1, /no-owner/],
    [['--host', '0.0.0.0'], 2, /--public-url/],
    [['--host', '192.0.2.1'], 2, /--public-url/],
  ] as const) {
    const started = await sightline(['serve', '--library', folder, '--no-example', ...args])
    assert.equal(started.code, code, started.stderr)
    assert.match(started.stderr, said)
  }
})

test('a public name is one of the desk’s, and sign-in there is for that name over https', async () => {
  const first = await startDesk(folder)
  const earlier = /^owner +\S+#([0-9a-f]{64})$/m.exec(first.stdout())?.[1]
  first.process.kill('SIGTERM')
  await first.ended
  const local = await startDesk(folder)
  const code = /^owner +\S+#([0-9a-f]{64})$/m.exec(local.stdout())?.[1]
  const accept = (with_: string | undefined) =>
    fetch(new URL('/api/invitations/accept', local.address), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code: with_,
        name: 'Ada',
        email: 'ada@newsroom.example',
        password: 'a long enough pass phrase',
      }),
    })
  assert.equal((await accept(earlier)).status, 410, 'the link of an earlier start is void')
  assert.equal((await accept(code)).status, 200)
  local.process.kill('SIGTERM')
  await local.ended

  const environment = { SIGHTLINE_PUBLIC_URL: 'https://desk.example.org/' }
  const desk = await startDesk(folder, [], environment)
  assert.match(desk.stdout(), /^public {3}https:\/\/desk\.example\.org\/$/m)
  assert.doesNotMatch(desk.stdout(), /^owner/m)
  const named = await ask(desk, '/sign-in', { host: 'desk.example.org' })
  assert.equal(named.statusCode, 200)
  assert.match(String(named.headers['strict-transport-security']), /^max-age=\d+$/)
  for (const host of ['desk.example.org', desk.address.host]) {
    const answer = await ask(desk, '/api/incidents', { host })
    assert.deepEqual([host, answer.statusCode], [host, 401])
  }
  const here = await ask(desk, '/sign-in')
  assert.equal(here.headers['strict-transport-security'], undefined)
  for (const host of ['desk.example.org:4600', 'x.desk.example.org', 'desk.example.org.']) {
    assert.equal((await ask(desk, '/', { host })).statusCode, 421, host)
  }
  const { host } = desk.address
  for (const [at, where, rp] of [
    ['desk.example.org', 'https://desk.example.org', 'desk.example.org'],
    [host, `http://${host}`, 'localhost'],
  ] as const) {
    const headers = { host: at, origin: where }
    const path = '/api/auth/passkey/generate-authenticate-options'
    const answer = await ask(desk, path, headers)
    const { rpId } = JSON.parse((await bytesOf(answer)).toString()) as { rpId?: string }
    const secure = (answer.headers['set-cookie'] ?? []).every((cookie) => /; Secure/.test(cookie))
    assert.deepEqual([answer.statusCode, rpId, secure], [200, rp, at !== host], at)
  }
  desk.process.kill('SIGTERM')
  assert.equal(await desk.ended, 0)
})

test('what is no address, no number or no level is told before anything is opened', async () => {
  for (const [args, environment, said] of [
    [['--public-url', 'http://desk.example.org'], {}, /no https address/],
    [['--public-url', 'https://u:p@desk.example.org'], {}, /no https address/],
    [['--public-url', 'https://desk.example.org/desk'], {}, /no https address/],
    [['--stop-seconds', '1.5'], {}, /--stop-seconds "1.5"/],
    [['--metrics-port', '70000'], {}, /--metrics-port "70000"/],
    [[], { SIGHTLINE_LOG: 'loud' }, /SIGHTLINE_LOG "loud"/],
  ] as const) {
    const { code, stderr } = await sightline(['serve', '--library', folder, ...args], {
      environment,
    })
    assert.equal(code, 2, stderr)
    assert.match(stderr, said)
  }
})
