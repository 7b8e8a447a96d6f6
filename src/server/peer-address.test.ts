import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { peerAddressOf } from './peer-address.ts'

const peer = '127.0.0.1'

async function addressOf(trust: boolean, forwarded?: string): Promise<string> {
  const app = new Hono()
  app.get('/', (context) => context.text(String(peerAddressOf(context, trust))))
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const env = { incoming: { socket: { remoteAddress: peer } }, outgoing: {} }
  return (await app.request('/', { headers }, env)).text()
}

test('what a sender says of its address counts for nothing; a trusted proxy’s word is the last', async () => {
  assert.equal(await addressOf(false), peer)
  assert.equal(await addressOf(false, '203.0.113.9'), peer)
  assert.equal(await addressOf(true), peer)
  assert.equal(await addressOf(true, '203.0.113.9'), '203.0.113.9')
  assert.equal(await addressOf(true, '198.51.100.1, 2001:db8::7'), '2001:db8::7')
  assert.equal(await addressOf(true, '203.0.113.9, <script>'), 'undefined')
})
