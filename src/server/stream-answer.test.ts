import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import type { Log } from '../observe/log.ts'
import { observeRequests } from './observe-requests.ts'
import { streamAnswer } from './stream-answer.ts'

const secret = '/home/jane/library/blobs/ab'
const logged: { event: string; requestId: string | undefined; error: unknown }[] = []
const log: Log = (event, { requestId, error } = {}) => logged.push({ event, requestId, error })

async function* breaking(chunks: number): AsyncGenerator<Uint8Array> {
  for (let chunk = 0; chunk < chunks; chunk++) {
    yield new Uint8Array(1000)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`EIO: ${secret}`)
}

const app = new Hono()
app.use(observeRequests(log))
app.get('/:chunks', async (context) => {
  const body = await streamAnswer(breaking(Number(context.req.param('chunks'))), context, log)
  return new Response(body, { headers: { 'content-length': '5000' } })
})
app.onError((_, context) => context.text('It cannot be read.', 500))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
await once(server, 'listening')
after(() => server.close())
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

test('what cannot be read at all is an error of the request', async () => {
  const answer = await fetch(`${address}/0`)
  assert.deepEqual([answer.status, await answer.text()], [500, 'It cannot be read.'])
})

test('what breaks off in the middle is cut and logged, and neither reader nor console is told why', async (t) => {
  const said = t.mock.method(console, 'error', () => undefined)
  logged.length = 0
  const answer = await fetch(`${address}/3`)
  assert.equal(answer.status, 200)
  await assert.rejects(answer.arrayBuffer())
  while (logged.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  assert.deepEqual(
    logged.map(({ event }) => event),
    ['answer-broken', 'request'],
  )
  assert.match(String(logged[0]?.error), /EIO/)
  assert.equal(logged[0]?.requestId, logged[1]?.requestId)
  assert.equal(said.mock.callCount(), 0)
})
