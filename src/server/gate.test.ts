import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { apiFor } from '../../test/support/api-for.ts'
import { nobody, rightsOf, type Asker } from '../access/asker.ts'
import type { Role } from '../access/roles.ts'
import { needs, page, type GateEnv } from './gate.ts'

const person = (incidents: Record<string, Role[]>, isFresh = false): Asker => ({
  kind: 'person',
  agent: { actor: 'p-1', tool: 'test' },
  isFresh,
  ...rightsOf({ installation: [], incidents: new Map(Object.entries(incidents)) }),
})

function appFor(asker: Asker, more: (app: Hono<GateEnv>, api: OpenAPIHono<GateEnv>) => void) {
  const app = apiFor(asker, (api, pages) => more(pages, api))
  return async (path: string, init: RequestInit = {}) => {
    const answer = await app.request(path, init)
    return `${answer.status} ${((await answer.json()) as { code: string }).code}`
  }
}

let ran = 0
const handler = (context: { json: (body: { code: string }) => Response }) => {
  ran++
  return context.json({ code: 'ran' })
}

test('a route whose access nobody declared does not run', async () => {
  const ask = appFor(person({ quay: ['owner'] }), (app, api) => {
    app.get('/forgotten', handler)
    api.get('/forgotten', handler)
  })
  ran = 0
  assert.equal(await ask('/forgotten'), '500 internal')
  assert.equal(await ask('/api/forgotten'), '500 internal')
  assert.equal(ran, 0)
})

test('a right in one incident opens no other, and does not tell that there is another', async () => {
  const routes = (app: Hono<GateEnv>, api: OpenAPIHono<GateEnv>): void => {
    page(app, 'GET', '/read/:incident', { to: 'case.read', within: 'incident' }, handler)
    page(app, 'POST', '/edit/:incident', { to: 'case.edit', within: 'incident' }, handler)
    page(app, 'GET', '/all', { to: 'library.manage' }, handler)
    page(app, 'GET', '/list', { to: 'incident.read', isList: true }, handler)
    api.openapi(
      createRoute({
        ...needs({
          to: 'story.publish',
          within: async ({ req }) => req.query('of'),
          isFresh: true,
        }),
        method: 'post',
        path: '/publish',
        responses: { 200: { description: 'ran' } },
      }),
      handler,
    )
  }
  const post = { method: 'POST' }
  const viewer = appFor(person({ quay: ['viewer'] }, true), routes)
  assert.equal(await viewer('/read/quay'), '200 ran')
  assert.equal(await viewer('/read/pier'), '404 not-found')
  assert.equal(await viewer('/edit/quay', post), '403 not-allowed')
  assert.equal(await viewer('/edit/pier', post), '404 not-found')
  assert.equal(await viewer('/all'), '403 not-allowed')
  assert.equal(await viewer('/list'), '200 ran')
  const without = appFor(nobody, routes)
  for (const path of ['/read/quay', '/read/absent', '/all', '/list']) {
    assert.equal(await without(path), '401 sign-in-required', path)
  }
  const editor = appFor(person({ quay: ['editor'] }), routes)
  assert.equal(await editor('/api/publish?of=quay', post), '403 reauthentication-required')
  assert.equal(await editor('/api/publish?of=pier', post), '404 not-found')
  assert.equal(await editor('/api/publish', post), '404 not-found')
  const fresh = appFor(person({ quay: ['editor'] }, true), routes)
  assert.equal(await fresh('/api/publish?of=quay', post), '200 ran')
})

test('what changes something comes from our own pages or from no browser', async () => {
  const ask = appFor(person({ quay: ['owner'] }), (app) => {
    page(app, 'POST', '/do', { to: 'signed-in' }, handler)
  })
  const from = (headers: Record<string, string>) =>
    ask('http://desk.example/do', { method: 'POST', headers: { host: 'desk.example', ...headers } })
  ran = 0
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://desk.example' },
    { origin: 'http://evil.example' },
    { origin: 'http://desk.example:81' },
    { origin: 'null' },
  ]) {
    assert.equal(await from(headers), '403 other-origin', JSON.stringify(headers))
  }
  assert.equal(ran, 0)
  assert.equal(await from({ origin: 'http://desk.example' }), '200 ran')
  assert.equal(await from({ 'sec-fetch-site': 'same-origin', origin: 'null' }), '200 ran')
  assert.equal(await from({}), '200 ran')
})

test('a token’s scope narrows a role and never widens it', () => {
  const standing = {
    installation: ['editor'],
    incidents: new Map([['quay', ['owner'] as const]]),
  } as const
  const scope = { actions: ['item.add'], incidents: ['quay'] } as const
  const { may, incidents } = rightsOf(standing, scope)
  assert.equal(may('item.add', 'quay'), true)
  assert.equal(may('item.add', 'pier'), false)
  assert.equal(may('item.add'), false)
  assert.equal(may('case.read', 'quay'), false)
  assert.deepEqual(incidents('item.add'), ['quay'])
  assert.deepEqual(incidents('case.read'), [])
  const viewer = rightsOf(
    { installation: ['viewer'], incidents: new Map() },
    { actions: ['case.edit'] },
  )
  assert.equal(viewer.may('case.edit', 'quay'), false)
})
