import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { cutSilent, slowRequests } from './slow-requests.ts'

const silent = 300

async function listening(
  t: TestContext,
  fetch: (request: Request) => Promise<Response>,
): Promise<number> {
  const server = serve({
    fetch,
    hostname: '127.0.0.1',
    port: 0,
    createServer,
    serverOptions: slowRequests,
  }) as Server
  cutSilent(server, silent)
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  assert.equal(server.requestTimeout, 0)
  assert.equal(server.headersTimeout, 60_000)
  return (server.address() as AddressInfo).port
}

function sender(t: TestContext, port: number, length: number) {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  let answer = ''
  socket.on('data', (bytes) => (answer += String(bytes)))
  socket.on('error', () => undefined)
  socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`)
  return { socket, answer: () => answer }
}

test('a body that comes slowly is read to its end', async (t) => {
  const port = await listening(t, async (request) => new Response(await request.text()))
  const { socket, answer } = sender(t, port, 10)
  for (let at = 0; at < 10; at += 1) {
    await sleep(silent / 3)
    socket.write(String(at))
  }
  await once(socket, 'data')
  assert.match(answer(), /200 OK[^]*0123456789/)
})

test('a body of which nothing comes any more is cut', async (t) => {
  let failure: unknown
  const port = await listening(t, async (request) => {
    await request.text().catch((error: unknown) => (failure = error))
    return new Response('')
  })
  const { socket } = sender(t, port, 10)
  socket.write('01234')
  await once(socket, 'close', { signal: AbortSignal.timeout(5000) })
  await sleep(50)
  assert.ok(failure instanceof Error)
})

test('an answer may take its time, and be silent in between', async (t) => {
  const port = await listening(t, async (request) => {
    await request.text()
    await sleep(3 * silent)
    return new Response(
      new ReadableStream({
        async start(controller) {
          controller.enqueue('one ')
          await sleep(3 * silent)
          controller.enqueue('two')
          controller.close()
        },
      }).pipeThrough(new TextEncoderStream()),
    )
  })
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' })
  assert.equal(await answer.text(), 'one two')
})

// One begins to read in the instant in which the silence is looked for.
for (const waits of [silent / 2, silent, 2 * silent, 4 * silent, 4.2 * silent])
  test(`what the server has not read in ${waits} ms is not held against the sender`, async (t) => {
    const port = await listening(t, async (request) => {
      await sleep(waits)
      return new Response(String((await request.arrayBuffer()).byteLength))
    })
    const { socket, answer } = sender(t, port, 4_000_000)
    socket.write(Buffer.alloc(4_000_000))
    await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })
    assert.match(answer(), /4000000/)
  })
