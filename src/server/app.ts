import { Hono, type Context } from 'hono'
import { logSize } from '../store/custody-log.ts'
import { readIncidentSummaries } from '../store/incident-summaries.ts'
import { readPublishedFile } from '../store/publications.ts'
import type { Library } from '../store/library.ts'
import { StoreError } from '../store/store-error.ts'
import { apiApp } from './api.ts'
import { readRange } from './byte-range.ts'
import { deskPage, errorPage } from './desk-page.ts'
import { deskStyle } from './desk-style.ts'
import { mediaTypeOf } from './media-type.ts'
import { problem } from './problem.ts'

/** Nothing from elsewhere, nothing inline, nobody frames it. */
const contentSecurityPolicy =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const incidentsOnPage = 100
const incidentId = '[a-z0-9][a-z0-9-]{0,99}'

/**
 * The desk and the published stories. Handlers return web responses, so tests
 * need no socket. It answers only to the names in `hosts`: a page elsewhere that
 * rebinds its name to this machine gets nothing.
 */
export function deskApp(library: Library, hosts: ReadonlySet<string>): Hono {
  const app = new Hono()

  app.use(async (context, next) => {
    if (!hosts.has(context.req.header('host') ?? '')) {
      return context.text('This desk answers only to its own address.', 421)
    }
    await next()
    context.header('content-security-policy', contentSecurityPolicy)
    context.header('x-content-type-options', 'nosniff')
    context.header('referrer-policy', 'no-referrer')
    context.header('cross-origin-resource-policy', 'same-origin')
    context.header('cross-origin-opener-policy', 'same-origin')
    if (isApi(context)) context.header('cache-control', 'no-store')
    return undefined
  })

  app.get('/', async (context) => {
    const said = context.req.query('after') ?? ''
    const isFurther = /^\d{1,15}$/.test(said)
    const after = Number(said)
    const page = await library.read((reader) =>
      readIncidentSummaries(reader, { limit: incidentsOnPage, ...(isFurther ? { after } : {}) }),
    )
    return context.html(deskPage(page, isFurther))
  })
  app.get('/desk.css', (context) =>
    context.body(deskStyle, 200, { 'content-type': 'text/css; charset=utf-8' }),
  )
  app.get('/favicon.ico', (context) => context.body(null, 204))
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', async (context) => {
    await library.read(logSize)
    return context.json({ status: 'ready' })
  })

  app.get(`/stories/:incident{${incidentId}}`, (context) =>
    context.redirect(`${context.req.path}/`, 308),
  )
  app.get(`/stories/:incident{${incidentId}}/:path{.*}`, async (context) => {
    const path = context.req.param('path') === '' ? 'index.html' : context.req.param('path')
    // No file is called so, and PostgreSQL cannot be asked for it.
    if (path.includes('\0')) return context.html(errorPage(404), 404)
    const file = await readPublishedFile(library, context.req.param('incident'), path)
    if (file === undefined) return context.html(errorPage(404), 404)
    const headers = {
      'content-type': mediaTypeOf(path),
      'accept-ranges': 'bytes',
      'cache-control': 'no-cache',
      etag: `"${file.sha256}"`,
    }
    if (context.req.header('if-none-match') === headers.etag)
      return context.body(null, 304, headers)
    const range = readRange(context.req.header('range'), file.sizeBytes)
    if (range.kind === 'unsatisfiable') {
      return context.body(null, 416, { 'content-range': `bytes */${file.sizeBytes}` })
    }
    const part = range.kind === 'part' ? range : { start: 0, end: file.sizeBytes }
    const body =
      context.req.method === 'HEAD' ? null : streamOf(library.blobs.read(file.sha256, part))
    const length = { 'content-length': String(part.end - part.start) }
    if (range.kind === 'all') return new Response(body, { headers: { ...headers, ...length } })
    const contentRange = `bytes ${part.start}-${part.end - 1}/${file.sizeBytes}`
    return new Response(body, {
      status: 206,
      headers: { ...headers, ...length, 'content-range': contentRange },
    })
  })

  app.route('/api', apiApp(library))
  app.notFound((context) =>
    isApi(context)
      ? problem(context, 404, 'There is nothing at this address; see /api/openapi.json.')
      : context.html(errorPage(404), 404),
  )
  app.onError((error, context) => {
    process.stderr.write(`sightline: ${context.req.method} ${context.req.path}: ${error.message}\n`)
    const status = error instanceof StoreError && passing.has(error.code) ? 503 : 500
    if (status === 503) context.header('retry-after', '5')
    return isApi(context) || context.req.path === '/readyz'
      ? problem(context, status, explanations[status])
      : context.html(errorPage(status), status)
  })
  return app
}

const passing: ReadonlySet<string> = new Set(['database-unavailable', 'blobs-unavailable'])

const explanations = {
  500: 'The server met an error and has written it to its log.',
  503: 'The database or the object store does not answer; try again in a moment.',
} as const

const isApi = ({ req }: Context): boolean => req.path.startsWith('/api/')

function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return ReadableStream.from(source)
}
