import { Hono, type Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { nobody } from '../access/asker.ts'
import { silentLog, type Log } from '../observe/log.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { JobQueue } from '../queue/job-queue.ts'
import { logSize } from '../store/custody-log.ts'
import { readIncidentSummaries } from '../store/incident-summaries.ts'
import { readPublishedFile } from '../store/publications.ts'
import type { Library } from '../store/library.ts'
import type { PresignedReads } from '../store/presigned-reads.ts'
import { servingProof } from '../store/serving.ts'
import { StoreError } from '../store/store-error.ts'
import { addTipRoutes } from './api-tips.ts'
import { apiApp } from './api.ts'
import { openAuthentication } from './authenticate.ts'
import { blobAnswer } from './blob-answer.ts'
import { addContributeRoutes } from './contribute-routes.ts'
import { addCommentPages } from './comment-pages.ts'
import { deskPage, errorPage } from './desk-page.ts'
import { deskStyle } from './desk-style.ts'
import { declaredRoutes, gate, page, type GateContext, type GateEnv } from './gate.ts'
import { addJobPages } from './job-pages.ts'
import { mediaTypeOf } from './media-type.ts'
import { observeRequests } from './observe-requests.ts'
import { peerAddressOf } from './peer-address.ts'
import { ProblemError, problemResponse } from './problem.ts'
import { addSearchPage } from './search-page.ts'
import { addSignInPages } from './sign-in-pages.ts'
import { addTipPages } from './tip-pages.ts'
import { unsentPage } from './unsent-page.ts'
import type { PublicUrl } from './public-url.ts'
import { fewBodies } from './slow-bodies.ts'
import { addUploadRoutes } from './upload-routes.ts'
import { atMost } from './versions.ts'
import { uploadServices, type UploadServices } from './upload-services.ts'

/** Nothing from elsewhere, nothing inline, nobody frames it. */
const contentSecurityPolicy = (pictureOrigins: readonly string[]): string =>
  `default-src 'none'; img-src ${["'self'", ...pictureOrigins].join(' ')}; media-src 'self'; ` +
  "style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const headersOfAll = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
] as const
const oneYear = 'max-age=31536000'
const anyone = { to: 'anyone' } as const
const incidentsOnPage = 100
const mostApiBytes = 16 * 2 ** 20
const incidentId = '[a-z0-9][a-z0-9-]{0,99}'

export interface DeskOptions {
  readonly log?: Log
  readonly metrics?: Metrics
  /** Where others reach the desk, through a proxy in front. */
  readonly publicUrl?: PublicUrl
  /** Whether that proxy is believed from which address a request came. */
  readonly trustProxy?: boolean
  /** Aborted when the desk is told to stop: endless answers should end, and new work is not for it. */
  readonly stopping?: AbortSignal
  /** Where work is waiting; without one nothing can be asked for or followed. */
  readonly queue?: JobQueue
  /** With it the command line on this machine is let in. */
  readonly operatorSecret?: string
  /** How files come in; without it as usual, and examined where there is a queue. */
  readonly uploads?: UploadServices
  /** Where the object store answers readers itself; without it all bytes come from here. */
  readonly reads?: PresignedReads
}

/**
 * The desk and the published stories. Handlers return web responses, so tests
 * need no socket. It answers only to the names in `hosts`: a page elsewhere that
 * rebinds its name to this machine gets nothing. Without a queue it has no routes for jobs.
 */
export function deskApp(
  library: Library,
  hosts: ReadonlySet<string>,
  {
    log = silentLog,
    metrics,
    publicUrl,
    trustProxy = false,
    stopping,
    queue,
    operatorSecret,
    uploads,
    reads,
  }: DeskOptions = {},
): Hono<GateEnv> {
  const app = new Hono<GateEnv>()
  const authentication = openAuthentication(
    library,
    ({ req }) => {
      const host = req.header('host')
      return publicUrl !== undefined && host === publicUrl.host
        ? { origin: publicUrl.origin, isLocal: false }
        : { origin: `http://${host}`, isLocal: true }
    },
    operatorSecret,
  )
  const incoming =
    uploads ??
    uploadServices(library, {
      ...(queue === undefined ? {} : { queue }),
      onError: (error) => log('request-failed', { error }),
    })
  const policy = contentSecurityPolicy(reads === undefined ? [] : [reads.origin])
  const api = apiApp(library, { authentication, log, queue, incoming, reads, stopping })
  addTipRoutes(api, incoming)

  app.use(observeRequests(log, metrics))

  app.use(async (context, next) => {
    const host = context.req.header('host') ?? ''
    if (!hosts.has(host) && host !== publicUrl?.host) {
      const says = 'This desk answers only to its own address.'
      if (isApi(context)) return problemResponse(context, new ProblemError(421, says))
      return context.text(says, 421)
    }
    context.set('peerAddress', peerAddressOf(context, trustProxy))
    await next()
    // Not by `context.header`, which makes a body that is bytes a stream and the answer anew each time.
    const { headers } = context.res
    for (const [name, value] of headersOfAll) headers.set(name, value)
    headers.set('content-security-policy', policy)
    if (host === publicUrl?.host) headers.set('strict-transport-security', oneYear)
    if (isApi(context) || isOfTheDesk(context)) headers.set('cache-control', 'no-store')
    // Without it older browsers send forms as from nowhere (`Origin: null`).
    if (isOfTheDesk(context)) headers.set('referrer-policy', 'same-origin')
    return undefined
  })
  app.use(fewBodies())
  // What is larger comes by uploads, which have limits of their own.
  app.use('/api/*', (context, next) =>
    context.req.path.includes('/uploads') ? next() : atMost(mostApiBytes)(context, next),
  )
  app.use(gate(authentication.authenticate, () => declaredRoutes(app, api, '/api')))
  addUploadRoutes(app, api, incoming)
  addContributeRoutes(app, incoming)

  page(app, 'GET', '/', { to: 'incident.read', isList: true }, async (context) => {
    const said = context.req.query('after') ?? ''
    const isFurther = /^\d{1,15}$/.test(said)
    const asker = context.get('asker')
    const among = asker.incidents('incident.read')
    const incidents = await library.read((reader) =>
      readIncidentSummaries(reader, {
        among,
        limit: incidentsOnPage,
        ...(isFurther ? { after: Number(said) } : {}),
      }),
    )
    return context.html(deskPage(asker, incidents, isFurther))
  })
  page(app, 'GET', '/desk.css', anyone, (context) =>
    context.body(deskStyle, 200, { 'content-type': 'text/css; charset=utf-8' }),
  )
  page(app, 'GET', '/favicon.ico', anyone, (context) => context.body(null, 204))
  page(app, 'GET', '/healthz', anyone, (context) => context.json({ status: 'ok' }))
  page(app, 'GET', '/readyz', anyone, async (context) => {
    if (stopping?.aborted === true) throw new ProblemError(503, 'The desk is stopping.')
    await library.read(logSize)
    return context.json({ status: 'ready' })
  })

  page(app, 'GET', `/stories/:incident{${incidentId}}`, anyone, (context) =>
    context.redirect(`${context.req.path}/`, 308),
  )
  page(app, 'GET', `/stories/:incident{${incidentId}}/:path{.*}`, anyone, async (context) => {
    const path = context.req.param('path') || 'index.html'
    // No file is called so, and PostgreSQL cannot be asked for it.
    if (path.includes('\0')) throw unpublished()
    const file = await readPublishedFile(library, context.req.param('incident') ?? '', path)
    if (file === undefined) throw unpublished()
    const mediaType = mediaTypeOf(path)
    const headers = { 'content-type': mediaType }
    return blobAnswer({ library, log, reads }, context, file, { mediaType, of: 'story', headers })
  })

  if (operatorSecret !== undefined) {
    const secret = operatorSecret
    page(app, 'GET', '/serving/:nonce{[0-9a-f]{64}}', anyone, (context) =>
      context.text(servingProof(secret, context.req.param('nonce') ?? '')),
    )
  }
  addSignInPages(app)
  addSearchPage(app, library)
  addTipPages(app, incoming, publicUrl)
  addCommentPages(app, library)
  if (queue !== undefined) addJobPages(app, queue)
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
    log('request-failed', { requestId: context.get('requestId'), error })
    // zod, of what is wrong in a hundred thousand places.
    if (error instanceof RangeError && /call stack/.test(error.message)) {
      return answer(context, new ProblemError(400, 'What was sent is wrong in too many places.'))
    }
    const isAway = error instanceof StoreError && passing.has(error.code)
    if (isAway) context.header('retry-after', '5')
    return answer(
      context,
      isAway
        ? new ProblemError(503, unavailable)
        : new ProblemError(500, 'The server met an error and has written it to its log.'),
    )
  })
  return app
}

const passing: ReadonlySet<string> = new Set([
  'database-unavailable',
  'blobs-unavailable',
  'blob-leaving',
])
const unavailable = 'The database or the object store does not answer; try again in a moment.'

const unpublished = (): ProblemError => new ProblemError(404, 'Nothing is published here.')

/** To a script a problem, to a person a page. */
async function answer(context: GateContext, error: ProblemError): Promise<Response> {
  if (isApi(context) || context.req.path === '/readyz') return problemResponse(context, error)
  const { status, code } = error
  if (status === 401) {
    const unsent = await unsentPage(context)
    return unsent === undefined ? signInFirst(context) : context.html(unsent, status)
  }
  if (code === 'reauthentication-required') return signInFirst(context, '&again=1')
  // Before the gate nobody is known.
  return context.html(errorPage(context.get('asker') ?? nobody, error), status)
}

/** And back. Each address to which a form is sent has a page of its own. */
function signInFirst({ req, redirect }: GateContext, more = ''): Response {
  const next = req.method === 'GET' ? `${req.path}${new URL(req.url).search}` : req.path
  return redirect(`/sign-in?next=${encodeURIComponent(next)}${more}`, 303)
}

const isApi = ({ req }: Context): boolean => req.path.startsWith('/api/')

/** A page with a contact or a receipt code must not come back by the back button on a shared machine. */
const isOfTheDesk = ({ req, res }: Context): boolean =>
  !req.path.startsWith('/stories/') &&
  res.headers.get('content-type')?.startsWith('text/html') === true
