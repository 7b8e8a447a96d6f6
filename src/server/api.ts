/**
 * The HTTP interface for scripts, the desk and the command line: what is asked
 * and answered is declared in schemas, checked by them, and described by
 * `/api/openapi.json`, which is made from them.
 */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { version } from '../jobs/version.ts'
import type { Log } from '../observe/log.ts'
import { toHex } from '../custody/bytes.ts'
import type { JobQueue } from '../queue/job-queue.ts'
import { readLatestCheckpoint } from '../store/checkpoints.ts'
import { leafHashes, logSize } from '../store/custody-log.ts'
import { itemsState, readIncidentItem, readIncidentItems } from '../store/incident-items.ts'
import { readIncidentSummaries, type IncidentSummary } from '../store/incident-summaries.ts'
import { readPublications } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import type { PresignedReads } from '../store/presigned-reads.ts'
import {
  absent,
  count,
  findingSchema,
  incidentId,
  json,
  malformed,
  moment,
  noIncident,
  paging,
  sha256,
  whole,
} from './api-schemas.ts'
import { addCaseRoutes } from './case-routes.ts'
import { addCommentRoutes } from './comment-routes.ts'
import { JsonCache } from './json-cache.ts'
import { addIncidentRoutes } from './incident-routes.ts'
import type { Authentication } from './authenticate.ts'
import { addExchange } from './exchange-routes.ts'
import { addFsck } from './fsck-routes.ts'
import { addMedia } from './media-routes.ts'
import { addMoments } from './moment-routes.ts'
import { addPeople } from './people-api.ts'
import { addRecovery } from './recovery-routes.ts'
import { addSignIn } from './sign-in-routes.ts'
import { addJobs } from './jobs-api.ts'
import { addSearch } from './api-search.ts'
import { addTokens } from './token-api.ts'
import { emptyApi } from './empty-api.ts'
import { needs, page, type GateEnv } from './gate.ts'
import type { UploadServices } from './upload-services.ts'
import { problemAnswer, ProblemError } from './problem.ts'
import { refusals } from './versions.ts'

const mostItems = 500
const mostLeaves = 1000
const mostCachedBytes = 32 * 1024 * 1024

const publicationSchema = z
  .object({
    revision: z.int().min(1),
    manifestSha256: sha256,
    publishedAt: moment,
    entryIndex: count,
  })
  .openapi('Publication')

const incidentSchema = z
  .object({
    id: incidentId,
    title: z.string(),
    openedAt: moment,
    entryIndex: count.describe('of the custody entry that opened it'),
    items: z.object({ recording: count, photo: count, document: count, other: count }),
    problems: count,
    notices: count,
    publication: publicationSchema.optional().describe('the latest'),
  })
  .openapi('Incident')

const itemSchema = z
  .object({
    sha256,
    kind: z.enum(['recording', 'photo', 'document', 'other']),
    mediaType: z.string(),
    sizeBytes: count,
    receivedAt: moment,
    entryIndex: count,
    names: z.array(z.string()).describe('as senders called it'),
    findings: z.array(findingSchema),
  })
  .openapi('Item')

const routes = {
  incidents: createRoute({
    ...needs({ to: 'incident.read', isList: true }),
    method: 'get',
    path: '/incidents',
    summary: 'Incidents in the order of their opening',
    request: {
      query: z.object({ after: whole(0).optional(), ...paging }),
    },
    responses: {
      200: json(
        z.object({
          incidents: z.array(incidentSchema),
          next: count.optional().describe('`after` of the next page; absent on the last'),
        }),
        'A page of incidents.',
      ),
      400: malformed,
    },
  }),
  incident: createRoute({
    ...needs({ to: 'incident.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}',
    summary: 'One incident with all its published revisions',
    request: { params: z.object({ incident: incidentId }) },
    responses: {
      200: json(
        incidentSchema.omit({ publication: true }).extend({
          publications: z.array(publicationSchema),
        }),
        'The incident.',
      ),
      400: malformed,
      404: absent,
    },
  }),
  items: createRoute({
    ...needs({ to: 'item.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/items',
    summary: 'Items of an incident by their SHA-256',
    request: {
      params: z.object({ incident: incidentId }),
      query: z.object({ after: sha256.optional(), limit: whole(1, mostItems).default(100) }),
    },
    responses: {
      200: json(
        z.object({
          items: z.array(itemSchema),
          next: sha256.optional().describe('`after` of the next page; absent on the last'),
        }),
        'A page of items.',
      ),
      304: { description: 'Nothing of them changed since.' },
      400: malformed,
      404: absent,
    },
  }),
  item: createRoute({
    ...needs({ to: 'item.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/items/{item}',
    summary: 'One item of an incident',
    request: { params: z.object({ incident: incidentId, item: sha256 }) },
    responses: { 200: json(itemSchema, 'The item.'), 400: malformed, 404: absent },
  }),
  checkpoint: createRoute({
    ...needs({ to: 'anyone' }),
    method: 'get',
    path: '/custody/checkpoint',
    summary: 'The custody log’s latest signed checkpoint (C2SP tlog-checkpoint)',
    responses: {
      200: {
        description: 'A signed note.',
        content: { 'text/plain': { schema: z.string() } },
      },
      404: problemAnswer('Nothing has been signed yet.'),
    },
  }),
  leaves: createRoute({
    ...needs({ to: 'anyone' }),
    method: 'get',
    path: '/custody/leaves',
    summary: 'Leaf hashes of the custody log, of which nothing private can be learnt',
    request: {
      query: z.object({
        from: whole(0).default(0),
        limit: whole(1, mostLeaves).default(mostLeaves),
      }),
    },
    responses: {
      200: json(
        z.object({
          size: count.describe('of the whole log'),
          from: count,
          leaves: z.array(sha256),
        }),
        'Leaves from an index on.',
      ),
      400: malformed,
    },
  }),
}

interface ApiParts {
  readonly authentication: Authentication
  readonly log: Log
  readonly queue: JobQueue | undefined
  readonly incoming: UploadServices
  readonly reads: PresignedReads | undefined
  readonly stopping: AbortSignal | undefined
}

export function apiApp(
  library: Library,
  { authentication, log, queue, incoming, reads, stopping }: ApiParts,
): OpenAPIHono<GateEnv> {
  const app = emptyApi()

  app.openapi(routes.incidents, async (context) => {
    const { after, limit } = context.req.valid('query')
    const page = await library.read((reader) =>
      readIncidentSummaries(reader, {
        among: context.get('asker').incidents('incident.read'),
        limit,
        ...(after === undefined ? {} : { after }),
      }),
    )
    const { next } = page
    const incidents = page.incidents.map((incident) => {
      const { publication } = incident
      const plain = toIncident(incident)
      return publication === undefined ? plain : { ...plain, publication: toPublished(publication) }
    })
    return context.json(next === undefined ? { incidents } : { incidents, next }, 200)
  })

  app.openapi(routes.incident, async (context) => {
    const { incident: id } = context.req.valid('param')
    const found = await library.read(async (reader) => {
      const { incidents } = await readIncidentSummaries(reader, { id, limit: 1 })
      return { incident: incidents[0], publications: await readPublications(reader, id) }
    })
    if (found.incident === undefined) throw noIncident(id)
    const publications = found.publications.map(toPublished)
    return context.json({ ...toIncident(found.incident), publications }, 200)
  })

  const cache = new JsonCache(library, itemsState, mostCachedBytes)
  app.openapi(routes.items, (context) => {
    const { incident: id } = context.req.valid('param')
    const { after, limit } = context.req.valid('query')
    return cache.answer(context, id, { after, limit }, async (reader) =>
      JSON.stringify(
        await readIncidentItems(reader, id, after === undefined ? { limit } : { after, limit }),
      ),
    )
  })

  app.openapi(routes.item, async (context) => {
    const { incident, item } = context.req.valid('param')
    const found = await library.read((reader) => readIncidentItem(reader, incident, item))
    if (found === undefined) {
      throw new ProblemError(404, `The incident "${incident}" has no item ${item}.`)
    }
    return context.json({ ...found, names: [...found.names], findings: [...found.findings] }, 200)
  })

  app.openapi(routes.checkpoint, async (context) => {
    const note = await library.read(readLatestCheckpoint)
    if (note === undefined) throw new ProblemError(404, 'No checkpoint has been signed yet.')
    return context.text(new TextDecoder().decode(note), 200)
  })

  app.openapi(routes.leaves, async (context) => {
    const { from, limit } = context.req.valid('query')
    const { size, leaves } = await library.read(async (reader) => ({
      size: await logSize(reader),
      leaves: await leafHashes(reader, { from, to: from + limit }),
    }))
    return context.json({ size, from, leaves: leaves.map(toHex) }, 200)
  })

  addIncidentRoutes(app, library)
  addCaseRoutes(app, library)
  addCommentRoutes(app, library, incoming)
  addExchange(app, library)
  addMedia(app, { library, log, reads })
  addMoments(app, library)
  addPeople(app, library, authentication)
  addRecovery(app, library, authentication)
  addSignIn(app, authentication, incoming.rate, library.effects)
  addTokens(app, library)
  if (queue !== undefined) addJobs(app, queue, stopping)
  addSearch(app, library)
  addFsck(app, library, log, stopping)

  const about = {
    openapi: '3.1.0',
    info: { title: 'Sightline', version, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/api' }],
  }
  page(app, 'GET', '/openapi.json', { to: 'anyone' }, (context) =>
    context.json(withRefusals(app.getOpenAPI31Document(about))),
  )
  return app
}

/** What may be answered in place of a route: by the gate, or to a body that is not looked at. */
function withRefusals(document: ReturnType<OpenAPIHono['getOpenAPI31Document']>): object {
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  const refusal = problem('The gate refused: sign in, or ask for the role (x-access).')
  const elsewhere = problem('This was sent from another page than the desk’s own.')
  const ofBody = {
    413: problem(refusals[413].description),
    415: problem(refusals[415].description),
  }
  for (const methods of Object.values(document.paths ?? {})) {
    for (const [method, route] of Object.entries(methods) as [string, Record<string, unknown>][]) {
      const ofGate = { 401: refusal, 403: refusal, 404: refusal }
      route['responses'] = {
        ...(method === 'get' ? {} : { 403: elsewhere }),
        ...(route['x-access'] === 'anyone' ? {} : ofGate),
        ...('requestBody' in route ? ofBody : {}),
        ...Object(route['responses']),
      }
    }
  }
  return document
}

function toIncident({ id, title, openedAt, entryIndex, items, ...found }: IncidentSummary) {
  const counts = { problems: found.problems.length, notices: found.notices.length }
  return { id, title, openedAt, entryIndex, items, ...counts }
}

function toPublished(publication: NonNullable<IncidentSummary['publication']>) {
  const { revision, manifestSha256, publishedAt, entryIndex } = publication
  return { revision, manifestSha256, publishedAt, entryIndex }
}
