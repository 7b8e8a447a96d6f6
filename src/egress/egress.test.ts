import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:net'
import { after, test } from 'node:test'

import { isPublicAddress } from './address.ts'
import { fetchFile, type FetchLimits, type Network } from './fetch-file.ts'
import { EgressError } from './egress-error.ts'
import { fetchInProcess, readAnswer } from './fetch-in-process.ts'
import { lab, publicAddress } from './fixture.ts'
import { readTarget } from './target.ts'

const limits: FetchLimits = { maxBytes: 1000, seconds: 5 }

async function fetchText(address: string, network: Network, of: FetchLimits = limits) {
  const parts: Buffer[] = []
  const report = await fetchFile(address, of, network, async (chunk) => void parts.push(chunk))
  return { text: Buffer.concat(parts).toString(), report }
}

test('a file comes as it is, with where it came from and how', async () => {
  const { network, dialled } = await lab((request, response) => {
    if (request.url === '/old')
      return response.writeHead(302, { location: '/quay.mp4?x=1#t' }).end()
    response.writeHead(
      200,
      [
        ['X-Odd', 'é'],
        ['content-type', 'video/mp4'],
      ].flat(),
    )
    return response.end(`${request.method} ${request.url} ${request.headers.host}`)
  })
  const { text, report } = await fetchText('https://news.example/old', network)
  assert.equal(text, 'GET /quay.mp4?x=1 news.example')
  const { headers, certificateSha256, ...rest } = report
  assert.deepEqual(rest, {
    address: 'https://news.example/quay.mp4?x=1',
    hops: [{ address: 'https://news.example/old', status: 302, location: '/quay.mp4?x=1#t' }],
    peerAddress: '127.0.0.1',
    tlsProtocol: 'TLSv1.3',
    status: 200,
    sizeBytes: text.length,
  })
  assert.match(certificateSha256, /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/)
  assert.deepEqual(headers.slice(0, 2), [
    ['X-Odd', 'é'],
    ['content-type', 'video/mp4'],
  ])
  assert.deepEqual(dialled, [publicAddress, publicAddress])
})

test('what is no https address of the public internet is not asked at all', async () => {
  for (const [address, code] of [
    ['http://news.example/', 'address-unsupported'],
    ['ftp://news.example/', 'address-unsupported'],
    ['file:///etc/passwd', 'address-unsupported'],
    ['https://desk:secret@news.example/', 'address-unsupported'],
    ['https://news.example:8443/', 'address-unsupported'],
    ['news.example', 'address-unsupported'],
    ['', 'address-unsupported'],
    [`https://news.example/${'x'.repeat(2100)}`, 'address-unsupported'],
    ['https://127.0.0.1/', 'address-not-public'],
    ['https://127.1/', 'address-not-public'],
    ['https://2130706433/', 'address-not-public'],
    ['https://0177.0.0.1/', 'address-not-public'],
    ['https://0x7f.1/', 'address-not-public'],
    ['https://0/', 'address-not-public'],
    ['https://169.254.169.254/latest/meta-data/', 'address-not-public'],
    ['https://100.100.100.200/', 'address-not-public'],
    ['https://10.1.2.3/', 'address-not-public'],
    ['https://１２７.0.0.1/', 'address-not-public'],
    ['https://[::1]/', 'address-not-public'],
    ['https://[::]/', 'address-not-public'],
    ['https://[::ffff:127.0.0.1]/', 'address-not-public'],
    ['https://[::ffff:a9fe:a9fe]/', 'address-not-public'],
    ['https://[64:ff9b::7f00:1]/', 'address-not-public'],
    ['https://[2002:7f00:1::]/', 'address-not-public'],
    ['https://[fd00:ec2::254]/', 'address-not-public'],
    ['https://[fe80::1]/', 'address-not-public'],
    ['https://localhost/', 'address-not-public'],
    ['https://localhost./', 'address-not-public'],
    ['https://intranet/', 'address-not-public'],
  ] as const) {
    const { network, looked, dialled } = await lab(() => assert.fail('was asked'))
    await assert.rejects(fetchText(address, network), { code }, address)
    assert.deepEqual([looked, dialled], [[], []], address)
  }
})

test('the special ranges of both families are not public, their neighbours are', () => {
  const special =
    '0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.9.9.9 169.254.1.1 172.16.0.1 172.31.255.255 ' +
    '192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 ' +
    '224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::ffff:8.8.8.8 ::8.8.8.8 64:ff9b::1 ' +
    '64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002::1 3fff::1 5f00::1 fc00::1 fe80::1 fe80::1%1 ' +
    'ff02::1 news.example 1.2.3 1.2.3.4.5'
  for (const address of special.split(' ')) assert.equal(isPublicAddress(address), false, address)
  const open =
    '1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 172.15.0.1 ' +
    '172.32.0.1 192.0.1.1 192.167.1.1 198.17.0.1 198.20.0.1 223.255.255.255 2001:200::1 2606:4700::1 2a00::1'
  for (const address of open.split(' ')) assert.equal(isPublicAddress(address), true, address)
})

test('a name that resolves into a private network, even beside a public address, is refused', async () => {
  for (const addresses of [
    ['169.254.169.254'],
    [publicAddress, '10.0.0.1'],
    ['fd00:ec2::254'],
    ['::ffff:127.0.0.1'],
  ]) {
    const { network, dialled } = await lab(() => assert.fail('was asked'), {
      'metadata.example.internal': [addresses],
    })
    await assert.rejects(fetchText('https://metadata.example.internal/', network), {
      code: 'address-not-public',
    })
    assert.deepEqual(dialled, [])
  }
})

test('a name that leads elsewhere at the second look is looked at once', async () => {
  const { network, looked, dialled } = await lab((_, response) => response.end('here'), {
    'news.example': [[publicAddress], ['127.0.0.1']],
  })
  assert.equal((await fetchText('https://news.example/', network)).text, 'here')
  assert.deepEqual([looked, dialled], [['news.example'], [publicAddress]])
})

test('each redirect is looked at as if it had been pasted', async () => {
  for (const [location, code] of [
    ['http://news.example/', 'address-unsupported'],
    ['https://169.254.169.254/', 'address-not-public'],
    ['https://[::1]/', 'address-not-public'],
    ['//2130706433/', 'address-not-public'],
    ['https://rebound.example/', 'address-not-public'],
    ['https://news.example:22/', 'address-unsupported'],
    ['javascript:alert(1)', 'address-unsupported'],
    ['file:///etc/passwd', 'address-unsupported'],
    ['https://gone.example/', 'name-not-found'],
    ['/', 'too-many-redirects'],
  ] as const) {
    const { network, dialled } = await lab(
      (_, response) => response.writeHead(307, { location }).end(),
      { 'rebound.example': [['192.168.0.1']], 'gone.example': [] },
    )
    await assert.rejects(fetchText('https://news.example/', network), { code }, location)
    assert.ok(dialled.every((address) => address === publicAddress))
    assert.ok(dialled.length === (location === '/' ? 6 : 1), location)
  }
})

test('what is too large, too slow, cut off, empty or another answer is no file', async () => {
  const cases: readonly (readonly [string, RequestListener])[] = [
    [
      'too-large',
      (_, response) => response.writeHead(200, { 'content-length': 1001 }).end('x'.repeat(1001)),
    ],
    [
      'too-large',
      (_, response) => {
        response.write('x'.repeat(600))
        response.end('x'.repeat(600))
      },
    ],
    ['too-slow', (_, response) => void response.write('x')],
    ['too-slow', () => undefined],
    [
      'incomplete',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy())
      },
    ],
    [
      'incomplete',
      (_, response) => void response.write('half', () => setTimeout(() => response.destroy(), 50)),
    ],
    ['incomplete', (_, response) => response.end()],
    ['refused-by-server', (_, response) => response.writeHead(404).end('not here')],
    ['refused-by-server', (_, response) => response.writeHead(206).end('part')],
    ['refused-by-server', (_, response) => response.writeHead(302).end('nowhere')],
    ['not-reachable', (request) => request.socket.destroy()],
    // Neither a length nor chunks: an end cannot be told from a break.
    ['incomplete', ({ socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\nhalf')],
    [
      'not-reachable',
      ({ socket }) =>
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
        ),
    ],
    [
      'not-reachable',
      (_, response) => response.writeHead(200, { 'x-long': 'x'.repeat(40_000) }).end(),
    ],
  ]
  for (const [index, [code, answer]] of cases.entries()) {
    const { network } = await lab(answer)
    const of = code === 'too-slow' ? { ...limits, seconds: 0.5 } : limits
    await assert.rejects(
      fetchText('https://news.example/', network, of),
      { code },
      `${code} ${index}`,
    )
  }
})

test('of several addresses the first that answers is asked', async () => {
  const { network, dialled } = await lab((_, response) => response.end('here'), {
    'news.example': [['93.184.216.35', publicAddress]],
  })
  const dead: Network = {
    ...network,
    route: (address) => {
      const there = network.route(address)
      return address === publicAddress ? there : { ...there, port: 1 }
    },
  }
  assert.equal((await fetchText('https://news.example/', dead)).text, 'here')
  assert.deepEqual(dialled, ['93.184.216.35', publicAddress])
})

test('a redirect written in UTF-8 is followed as written', async () => {
  const { network } = await lab((request, response) => {
    if (request.url === '/') {
      return response.writeHead(302, { location: Buffer.from('/é').toString('latin1') }).end()
    }
    return response.end(request.url)
  })
  assert.equal((await fetchText('https://news.example/', network)).text, '/%C3%A9')
})

test('a certificate for another name, or of nobody known, is no connection', async () => {
  const { network } = await lab((_, response) => response.end('x'))
  await assert.rejects(fetchText('https://other.example/', network), { code: 'not-reachable' })
  const trusting: Network = {
    ...network,
    route: (address) => {
      const { host = '', port = 0 } = network.route(address)
      return { host, port }
    },
  }
  await assert.rejects(fetchText('https://news.example/', trusting), { code: 'not-reachable' })
})

test('the process in its sandbox refuses this machine, of which it sees nothing', async () => {
  let connections = 0
  const listening = createServer(() => connections++)
  const port = process.getuid?.() === 0 ? 443 : 0
  await new Promise<void>((resolve, reject) => {
    listening.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  after(() => listening.close())
  for (const [address, code] of [
    ['https://127.0.0.1/', 'address-not-public'],
    ['https://localhost.localdomain.invalid/', 'name-not-found'],
    ['http://127.0.0.1/', 'address-unsupported'],
  ] as const) {
    const { body, report } = fetchInProcess({ address, ...limits })
    await assert.rejects(
      async () => {
        for await (const _ of body) assert.fail('something came')
      },
      { code },
    )
    await assert.rejects(report, { code })
  }
  assert.equal(connections, 0)
})

test('a process that was taken over chooses no code that is not of this area, nor talks on', () => {
  for (const code of ['lease-lost', 'worker-stopping', 'blobs-unavailable', 7, undefined]) {
    const said = JSON.stringify({ kind: 'refused', code, message: 'x' })
    assert.throws(() => readAnswer(said, ''), { code: 'sandbox-unavailable' })
  }
  for (const said of ['null', '7', '{"kind":"fetched"}', '{"kind":"refused","code":"too-slow"}']) {
    assert.throws(() => readAnswer(said, ''), { code: 'sandbox-unavailable' }, said)
  }
  const long = { kind: 'refused', code: 'too-slow', message: 'x'.repeat(1e6) }
  assert.throws(
    () => readAnswer(`{"sizeBytes":3}\n${JSON.stringify(long)}`, ''),
    (error) => error instanceof EgressError && error.message.length === 4096,
  )
})

test('a fragment is not sent, and a relative address is read against its page', () => {
  assert.equal(readTarget(' https://News.Example/a/b#c ').href, 'https://news.example/a/b')
  assert.equal(
    readTarget('../d', new URL('https://news.example/a/b/c')).href,
    'https://news.example/a/d',
  )
})
