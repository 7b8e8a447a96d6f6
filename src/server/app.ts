import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { localAsker, type Asker } from '../access/asker.ts'
import { logSize } from '../store/custody-log.ts'
import { readIncidentSummaries } from '../store/incident-summaries.ts'
import { readPublishedFile } from '../store/publications.ts'
import type { Library } from '../store/library.ts'
import { StoreError } from '../store/store-error.ts'
import { apiApp } from './api.ts'
import { readRange } from './byte-range.ts'
import { deskPage, errorPage, isPageError } from './desk-page.ts'
import { deskStyle } from './desk-style.ts'
import { declaredRoutes, gate, page, type GateContext, type GateEnv } from './gate.ts'
import { mediaTypeOf } from './media-type.ts'
import { ProblemError, problemResponse } from './problem.ts'

/** Nothing from elsewhere, nothing inline, nobody frames it. */
const contentSecurityPolicy =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const anyone = { to: 'anyone' } as const
const incidentsOnPage = 100
const incidentId = '[a-z0-9][a-z0-9-]{0,99}'

export interface DeskOptions {
  /** Who asks; without it everybody is who sits at this machine. */
  readonly authenticate?: (context: GateContext) => Promise<Asker>
}

/**
 * The desk and the published stories. Handlers return web responses, so tests
 * need no socket. It answers only to the names in `hosts`: a page elsewhere that
 * rebinds its name to this machine gets nothing.
 */
export function deskApp(
  library: Library,
  hosts: ReadonlySet<string>,
  { authenticate = async () => localAsker }: DeskOptions = {},
): Hono<GateEnv> {
  const app = new Hono<GateEnv>()
  const api = apiApp(library)

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
  app.use(gate(authenticate, () => declaredRoutes(app, api, '/api')))

  page(app, 'GET', '/', { to: 'incident.read', isList: true }, async (context) => {
    const said = context.req.query('after') ?? ''
    const isFurther = /^\d{1,15}$/.test(said)
    const among = context.get('asker').incidents('incident.read')
    const incidents = await library.read((reader) =>
      readIncidentSummaries(reader, {
        among,
        limit: incidentsOnPage,
        ...(isFurther ? { after: Number(said) } : {}),
      }),
    )
    return context.html(deskPage(incidents, isFurther))
  })
  page(app, 'GET', '/desk.css', anyone, (context) =>
    context.body(deskStyle, 200, { 'content-type': 'text/css; charset=utf-8' }),
  )
  page(app, 'GET', '/favicon.ico', anyone, (context) => context.body(null, 204))
  page(app, 'GET', '/healthz', anyone, (context) => context.json({ status: 'ok' }))
  page(app, 'GET', '/readyz', anyone, async (context) => {
    await library.read(logSize)
    return context.json({ status: 'ready' })
  })

  page(app, 'GET', `/stories/:incident{${incidentId}}`, anyone, (context) =>
    context.redirect(`${context.req.path}/`, 308),
  )
  page(app, 'GET', `/stories/:incident{${incidentId}}/:path{.*}`, anyone, async (context) => {
    const path = context.req.param('path') || 'index.html'
    // No file is called so, and PostgreSQL cannot be asked for it.
    if (path.includes('\0')) return context.html(errorPage(404), 404)
    const file = await readPublishedFile(library, context.req.param('incident') ?? '', path)
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

  app.route('/api', api)
  app.notFound((context) =>
    answer(
      context,
      new ProblemError(404, 'There is nothing at this address; see /api/openapi.json.'),
    ),
  )
  app.onError((error, context) => {
    if (error instanceof ProblemError) return answer(context, error)
    // Thrown where a body is not JSON, or is not said to be.
    if (error instanceof HTTPException && (error.status === 400 || error.status === 415)) {
      return answer(context, new ProblemError(error.status, `${error.message}; send JSON.`))
    }
    process.stderr.write(`sightline: ${context.req.method} ${context.req.path}: ${error.message}\n`)
    const isAway = error instanceof StoreError && error.code === 'database-unavailable'
    if (isAway) context.header('retry-after', '5')
    return answer(
      context,
      isAway
        ? new ProblemError(503, 'The database does not answer; try again in a moment.')
        : new ProblemError(500, 'The server met an error and has written it to its log.'),
    )
  })
  return app
}

/** To a script a problem, to a person a page. */
function answer(context: Context, error: ProblemError): Response | Promise<Response> {
  if (isApi(context) || context.req.path === '/readyz') return problemResponse(context, error)
  const { status } = error
  const shown = isPageError(status) ? status : status < 500 ? 404 : 500
  return context.html(errorPage(shown), status)
}

const isApi = ({ req }: Context): boolean => req.path.startsWith('/api/')

function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return ReadableStream.from(source)
}
