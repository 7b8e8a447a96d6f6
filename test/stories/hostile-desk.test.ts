/** What stands where a desk is said to be may point elsewhere: neither a token nor a file goes there. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
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
