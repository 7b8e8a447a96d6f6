import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { peerAddressOf } from './peer-address.ts'
import { ProblemError, problemResponse } from './problem.ts'
import { cutDrips, fewBodies, type Pace } from './slow-bodies.ts'
import { slowRequests } from './slow-requests.ts'

const pace: Pace = { bytes: 16 * 1024, milliseconds: 400 }
const whole = 64 * 1024

/** Says how many bytes came; at `/late` it begins to read after three times the pace. */
async function listening(t: TestContext, most?: number) {
  let begun = 0
  const app = new Hono()
  app.use((context, next) => {
    context.set('peerAddress', peerAddressOf(context, true))
    return next()
  })
  app.use(fewBodies(most))
  app.onError((error, context) => {
    if (error instanceof ProblemError) return problemResponse(context, error)
    throw error
  })
  app.post('*', async (context) => {
    begun += 1
    if (context.req.path === '/late') await sleep(3 * pace.milliseconds)
    const bytes = await context.req.arrayBuffer().catch(() => undefined)
    return context.text(`${bytes?.byteLength} came`)
  })
  app.get('*', (context) => context.text('here'))
  const server = serve({
    fetch: app.fetch,
    hostname: '127.0.0.1',
    port: 0,
    createServer,
    serverOptions: slowRequests,
  }) as Server
  cutDrips(server, pace)
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { port: (server.address() as AddressInfo).port, begun: () => begun }
}

function sender(t: TestContext, port: number, { length = whole, path = '/', from = '' } = {}) {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => undefined)
  let answer = ''
  socket.on('data', (bytes) => (answer += String(bytes)))
  const forwarded = from === '' ? '' : `X-Forwarded-For: ${from}\r\n`
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${forwarded}Content-Length: ${length}\r\n\r\n`,
  )
  return { socket, answer: () => answer }
}

/** With an error or without: what comes after the end is answered by a reset. */
const ended = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(10)
}

async function answered({ socket, answer }: { socket: Socket; answer: () => string }) {
  const signal = AbortSignal.timeout(10_000)
  // Who is refused in the middle of a body may be reset before the answer is read.
  if (answer() === '') await Promise.race([once(socket, 'data', { signal }), ended(socket)])
  return answer()
}

test('a body that drips is ended, however steadily', async (t) => {
  const { port } = await listening(t)
  const { socket } = sender(t, port)
  const dripping = setInterval(() => socket.write('x'), pace.milliseconds / 20)
  t.after(() => clearInterval(dripping))
  await ended(socket)
})

test('a body that began well and then drips is ended as well', async (t) => {
  const { port, begun } = await listening(t)
  const { socket } = sender(t, port)
  await until(() => begun() === 1)
  socket.write(Buffer.alloc(whole / 2))
  const dripping = setInterval(() => socket.write('x'), pace.milliseconds / 20)
  t.after(() => clearInterval(dripping))
  await ended(socket)
})

test('a slow body that brings enough is read to its end', async (t) => {
  const { port } = await listening(t)
  const slow = sender(t, port, { length: 16 * whole })
  // A hundred and more times what is asked for, in pieces that come far apart.
  for (let sent = 0; sent < 16; sent += 1) {
    await sleep(pace.milliseconds / 8)
    slow.socket.write(Buffer.alloc(whole))
  }
  assert.match(await answered(slow), /1048576 came/)
})

test('what came and is not read yet is not held against its sender', async (t) => {
  const { port } = await listening(t)
  const late = sender(t, port, { path: '/late' })
  late.socket.write(Buffer.alloc(whole))
  assert.match(await answered(late), /65536 came/)
})

test('one address has so many bodies under way; others, and those without one, come in', async (t) => {
  const { port, begun } = await listening(t, 3)
  const from = '2001:db8:1:2::1'
  const first = Array.from({ length: 3 }, () => sender(t, port, { from }))
  for (const { socket } of first) socket.write(Buffer.alloc(whole / 2))
  const again = async (from_: string) => {
    const one = sender(t, port, { from: from_ })
    one.socket.write(Buffer.alloc(whole))
    return answered(one)
  }
  await until(() => begun() === 3)
  const refused = await again('2001:db8:1:2::ffff')
  assert.match(refused, /^HTTP\/1.1 503/)
  assert.match(refused, /"code":"too-many-bodies"/)
  assert.match(refused, /retry-after: 60/i)
  assert.match(await again('2001:db8:1:3::1'), /65536 came/)
  const read = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-forwarded-for': from } })
  assert.equal(read.status, 200)

  for (const one of first) {
    one.socket.write(Buffer.alloc(whole / 2))
    assert.match(await answered(one), /65536 came/)
  }
  assert.match(await again(from), /65536 came/, 'those that ended count no longer')
  const before = begun()
  const gone = Array.from({ length: 3 }, () => sender(t, port, { from }))
  await until(() => begun() === before + 3)
  for (const { socket } of gone) socket.destroy()
  // Nor those whose sender has gone.
  await until(async () => (await again(from)).includes('65536 came'))
})
