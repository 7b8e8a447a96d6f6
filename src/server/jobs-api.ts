/** Jobs over HTTP: what waits, runs and became of it; asked for, followed, cancelled, retried. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import type { Asker } from '../access/asker.ts'
import type { Asked, JobQueue } from '../queue/job-queue.ts'
import { jobKinds, type JobRequest } from '../queue/request.ts'
import { shownTo } from '../queue/shown-job.ts'
import { jobStates, readJobs, type Job } from '../store/jobs.ts'
import type { Library } from '../store/library.ts'
import { count, incidentId, json, moment, paging, sha256 } from './api-schemas.ts'
import { needs, type GateContext, type GateEnv } from './gate.ts'
import { cancelJob, existingJob, jobWithin, retryJob, told } from './job-acts.ts'
import { problemAnswer } from './problem.ts'
import { atMost } from './versions.ts'

const lookMilliseconds = 500
/** Proxies close what says nothing for a minute. */
const mostSilentLooks = 40
const mostAddressBytes = 16 * 1024

const jobId = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .openapi({ type: 'integer', minimum: 1 })
/** Which jobs are listed. */
export const jobsQuery = z.object({
  incident: incidentId.optional(),
  state: z.enum(jobStates).optional(),
  before: jobId.optional(),
  ...paging,
})
const members = z.record(z.string(), z.union([z.string(), z.number()]))

const jobSchema = z
  .object({
    id: count,
    kind: z.string().describe(`${jobKinds.join(', ')}, or one of a newer version`),
    incident: incidentId.optional(),
    inputs: members.describe(
      'what it works on: an item, a revision of the case, an address (to others than its asker its host)',
    ),
    actor: z.string().describe('whose acts the job’s are'),
    state: z.enum(jobStates),
    attempts: count,
    progress: z
      .object({
        step: z.string(),
        share: z.number().min(0).max(1),
        doneBytes: count.optional(),
        totalBytes: count.optional().describe('absent where nobody has said it'),
      })
      .optional(),
    reason: z
      .object({ code: z.string(), message: z.string() })
      .optional()
      .describe('why it waits again, was cancelled or is in quarantine'),
    result: members.optional(),
    askedAt: moment,
    startedAt: moment.optional(),
    endedAt: moment.optional(),
  })
  .openapi('Job')

const malformed = { 400: problemAnswer('A parameter is not as it should be.') }
const conflict = { 409: problemAnswer('The job’s state does not allow it.') }
const absent = { 404: problemAnswer('There is no such thing in this library.') }
const asked = {
  200: json(jobSchema, 'The same was asked for before; this is that job.'),
  202: json(jobSchema, 'It will be done.'),
  ...malformed,
  ...absent,
}
const inIncident = { params: z.object({ incident: incidentId }) }
const ofJob = { params: z.object({ job: jobId }) }

function routesOf(library: Library) {
  const within = jobWithin(library)
  const reading = { to: 'jobs.read', within } as const
  const managing = { to: 'jobs.manage', within } as const
  const adding = needs({ to: 'item.add', within: 'incident' })
  return {
    list: createRoute({
      ...needs({ to: 'jobs.read', isList: true }),
      method: 'get',
      path: '/jobs',
      summary: 'Jobs, the latest first',
      request: {
        query: jobsQuery,
      },
      responses: {
        200: json(
          z.object({
            jobs: z.array(jobSchema),
            next: count.optional().describe('`before` of the next page; absent on the last'),
          }),
          'A page of jobs.',
        ),
        ...malformed,
      },
    }),
    one: createRoute({
      ...needs(reading),
      method: 'get',
      path: '/jobs/{job}',
      summary: 'One job',
      request: ofJob,
      responses: { 200: json(jobSchema, 'The job.'), ...malformed, ...absent },
    }),
    events: createRoute({
      ...needs(reading),
      method: 'get',
      path: '/jobs/{job}/events',
      summary: 'A job as it goes on, until it ends (server-sent events named "job")',
      request: ofJob,
      responses: {
        200: {
          description: 'Each event is the job, now and whenever it changes.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        204: { description: 'It has ended, and the last event said so.' },
        ...malformed,
        ...absent,
      },
    }),
    cancel: createRoute({
      ...needs(managing),
      method: 'post',
      path: '/jobs/{job}/cancel',
      summary: 'Cancel a job that waits or runs',
      request: ofJob,
      responses: { 200: json(jobSchema, 'Cancelled.'), ...malformed, ...absent, ...conflict },
    }),
    retry: createRoute({
      ...needs(managing),
      method: 'post',
      path: '/jobs/{job}/retry',
      summary: 'Start a job in quarantine, or one that was cancelled, from the beginning',
      request: ofJob,
      responses: { 202: json(jobSchema, 'It waits.'), ...malformed, ...absent, ...conflict },
    }),
    collect: createRoute({
      ...adding,
      middleware: [adding.middleware, atMost(mostAddressBytes)],
      method: 'post',
      path: '/incidents/{incident}/collect',
      summary:
        'Fetch one file from the web and keep it, with a record of where, when and how; then examine it',
      request: {
        ...inIncident,
        body: {
          required: true,
          content: {
            'application/json': { schema: z.object({ address: z.string().max(8192) }) },
          },
        },
      },
      responses: {
        200: json(jobSchema, 'The same address waits or is being fetched; this is that job.'),
        202: json(jobSchema, 'It will be fetched; `result` says what came.'),
        ...malformed,
        ...absent,
        413: problemAnswer('More was sent than is taken.'),
        422: problemAnswer('The address is not one that is fetched.'),
      },
    }),
    examine: createRoute({
      ...needs({ to: 'jobs.manage', within: 'incident' }),
      method: 'post',
      path: '/incidents/{incident}/items/{item}/examine',
      summary: 'Probe an item and make its proxies',
      request: { params: z.object({ incident: incidentId, item: sha256 }) },
      responses: asked,
    }),
    align: createRoute({
      ...needs({ to: 'jobs.manage', within: 'incident' }),
      method: 'post',
      path: '/incidents/{incident}/align',
      summary: 'Put the recordings of the incident’s latest case on one clock',
      request: inIncident,
      responses: asked,
    }),
    publish: createRoute({
      ...needs({ to: 'story.publish', within: 'incident', isFresh: true }),
      method: 'post',
      path: '/incidents/{incident}/publish',
      summary: 'Publish the incident’s latest case',
      request: inIncident,
      responses: asked,
    }),
    fixity: createRoute({
      ...needs({ to: 'library.manage' }),
      method: 'post',
      path: '/fixity',
      summary: 'Rehash every file of the library',
      responses: asked,
    }),
  }
}

/** `stopping`: then events end at the next look; who follows them comes back, to another desk perhaps. */
export function addJobs(
  app: OpenAPIHono<GateEnv>,
  queue: JobQueue,
  stopping: AbortSignal | undefined,
): void {
  const { library } = queue
  const routes = routesOf(library)
  const ask = (context: GateContext, request: JobRequest): Promise<Asked> =>
    told(queue.ask(context.get('asker').agent, request))

  app.openapi(routes.list, async (context) => {
    const found = await jobsFor(library, context.get('asker'), context.req.valid('query'))
    const jobs = found.jobs.map((job) => shown(job, context.get('asker')))
    return context.json(found.next === undefined ? { jobs } : { jobs, next: found.next }, 200)
  })
  app.openapi(routes.one, async (context) =>
    context.json(
      shown(await existingJob(library, context.req.valid('param').job), context.get('asker')),
      200,
    ),
  )
  app.openapi(routes.cancel, async (context) => {
    const { job } = context.req.valid('param')
    const asker = context.get('asker')
    return context.json(shown(await cancelJob(queue, asker, job), asker), 200)
  })
  app.openapi(routes.retry, async (context) => {
    const { job } = context.req.valid('param')
    const asker = context.get('asker')
    return context.json(shown(await retryJob(queue, asker, job), asker), 202)
  })
  app.openapi(routes.collect, async (context) => {
    const { incident } = context.req.valid('param')
    const { address } = context.req.valid('json')
    const { job, isNew } = await ask(context, { kind: 'collect', incident, address })
    return context.json(shown(job, context.get('asker')), isNew ? 202 : 200)
  })
  app.openapi(routes.examine, async (context) => {
    const { incident, item } = context.req.valid('param')
    const { job, isNew } = await ask(context, { kind: 'examine', incident, item })
    return context.json(shown(job, context.get('asker')), isNew ? 202 : 200)
  })
  app.openapi(routes.align, async (context) => {
    const { incident } = context.req.valid('param')
    const { job, isNew } = await ask(context, { kind: 'align', incident })
    return context.json(shown(job, context.get('asker')), isNew ? 202 : 200)
  })
  app.openapi(routes.publish, async (context) => {
    const { incident } = context.req.valid('param')
    const { job, isNew } = await ask(context, { kind: 'publish', incident })
    return context.json(shown(job, context.get('asker')), isNew ? 202 : 200)
  })
  app.openapi(routes.fixity, async (context) => {
    const { job, isNew } = await ask(context, { kind: 'fixity' })
    return context.json(shown(job, context.get('asker')), isNew ? 202 : 200)
  })

  app.openapi(routes.events, async (context) => {
    const { job: id } = context.req.valid('param')
    const asker = context.get('asker')
    const first = await existingJob(library, id)
    // An EventSource that comes back after the end is told by this to stay away.
    if (hasEnded(first) && context.req.header('last-event-id') === newsOf(first)) {
      return context.body(null, 204)
    }
    return streamSSE(context, async (stream) => {
      const isOver = () => stream.aborted || stopping?.aborted === true
      let said: string | undefined
      for (let silent = 0; !isOver(); silent += 1) {
        const job = await existingJob(library, id)
        const news = newsOf(job)
        if (news !== said) {
          // Who lost the role or the session meanwhile is told no more.
          const now = await context.get('identify')()
          if (!now.may('jobs.read', job.incident)) return
          await stream.writeSSE({ event: 'job', id: news, data: JSON.stringify(shown(job, asker)) })
          said = news
          silent = 0
        } else if (silent % mostSilentLooks === mostSilentLooks - 1) {
          await stream.write(': still there\n\n')
        }
        if (hasEnded(job)) return
        await stream.sleep(lookMilliseconds)
      }
    })
  })
}

/** Those that the asker may read. */
export const jobsFor = (
  library: Library,
  asker: Asker,
  { incident, state, before, limit }: z.infer<typeof jobsQuery>,
): ReturnType<typeof readJobs> =>
  library.read((reader) =>
    readJobs(reader, {
      among: asker.incidents('jobs.read'),
      limit,
      ...(incident === undefined ? {} : { incident }),
      ...(state === undefined ? {} : { states: [state] }),
      ...(before === undefined ? {} : { before }),
    }),
  )

const hasEnded = ({ state }: Job): boolean => state !== 'waiting' && state !== 'running'

/** What has to change for there to be something to tell. */
function newsOf({ state, fence, attempts, progress }: Job): string {
  const { step = '', share = 0, doneBytes = 0 } = progress ?? {}
  const done = progress === undefined ? '' : `${step} ${share.toFixed(3)} ${doneBytes}`
  return [state, fence, attempts, done].join('/')
}

function shown(whole: Job, asker: Asker): z.infer<typeof jobSchema> {
  const job = shownTo(asker.agent.actor, whole)
  const { id, kind, incident, inputs, actor, state, attempts, progress, reason, result } = job
  const { askedAt, startedAt, endedAt } = job
  return {
    id,
    kind,
    ...(incident === undefined ? {} : { incident }),
    inputs: { ...inputs },
    actor,
    state,
    attempts,
    ...(progress === undefined ? {} : { progress }),
    ...(reason === undefined ? {} : { reason }),
    ...(result === undefined ? {} : { result: { ...result } }),
    askedAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}
