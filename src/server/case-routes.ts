/** The records of a case, one by one and in lists; every edit says from which version it was made. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { caseLists, recordSchemas, type CaseList } from '../case/case-schema.ts'
import { soleId, type CaseRecordKind } from '../case/record-text.ts'
import { editRecord } from '../jobs/edit-record.ts'
import { caseState, readCaseRecord, type CaseRecord } from '../store/case-records.ts'
import type { Library } from '../store/library.ts'
import { listCase, listRecords } from '../store/record-listing.ts'
import { absent, inIncident, json, malformed, whole, unknownAfter } from './api-schemas.ts'
import { needs, type GateContext, type GateEnv } from './gate.ts'
import { JsonCache } from './json-cache.ts'
import { addOrder } from './order-routes.ts'
import { ProblemError } from './problem.ts'
import {
  history,
  ifMatch,
  recordId,
  version,
  versionOf,
  versions,
  versionsQuery,
} from './record-versions.ts'
import { atMost, editing, entityTag, recordAnswer, refusals, versionAsked } from './versions.ts'

const mostRecords = 1000
const mostRecordBytes = 256 * 1024
/** A story of 4 MiB, its line breaks and quotes escaped. */
const mostStoryBytes = 6 * 1024 * 1024
const mostCachedBytes = 64 * 1024 * 1024

type Api = OpenAPIHono<GateEnv>

const tagged = { etag: z.string().describe('the version, for If-Match') }
const read = needs({ to: 'case.read', within: 'incident' })
const edit = needs({ to: 'case.edit', within: 'incident' })
const editStory = needs({ to: 'story.edit', within: 'incident' })
const orNone = {
  headers: ifMatch.headers.extend({
    'if-none-match': z.string().optional().describe('* where there is none yet'),
  }),
}
const withBody = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})

export function addCaseRoutes(app: Api, library: Library): void {
  const cache = new JsonCache(library, caseState, mostCachedBytes)
  addWholeCase(app, cache)
  for (const list of caseLists) {
    addList(app, library, list, cache)
    // Before records: none is called "order".
    addOrder(app, library, list)
    addRecord(app, library, list)
  }
  addSole(app, library, 'incident', 'facts', recordSchemas.incident, mostRecordBytes)
  addSole(app, library, 'story', 'story', storySchema, mostStoryBytes)
}

const storySchema = z.object({ markdown: z.string() })

function addWholeCase(app: Api, cache: JsonCache): void {
  const lists = Object.fromEntries(
    caseLists.map((list) => [
      list,
      z.array(z.object({ id: recordId, version, value: recordSchemas[list] })).optional(),
    ]),
  )
  const route = createRoute({
    ...read,
    method: 'get',
    path: '/incidents/{incident}/case',
    summary: 'Everything recorded of an incident, in one answer',
    request: { params: inIncident },
    responses: {
      200: { ...json(z.object(lists).loose(), 'By kind.'), headers: z.object(tagged) },
      304: { description: 'Nothing was edited since.' },
      400: malformed,
      404: absent,
    },
  })
  app.openapi(route, (context) => {
    const { incident } = context.req.valid('param')
    return cache.answer(context, incident, {}, (reader) => listCase(reader, incident))
  })
}

function addList(app: Api, library: Library, list: CaseList, cache: JsonCache): void {
  const schema = recordSchemas[list]
  const path = `/incidents/{incident}/${list}`
  const route = createRoute({
    ...read,
    method: 'get',
    path,
    summary: `The ${list} of an incident, in their order`,
    request: {
      params: inIncident,
      query: z.object({
        after: recordId.optional(),
        limit: whole(1, mostRecords).default(mostRecords),
      }),
    },
    responses: {
      200: {
        ...json(
          z.object({
            records: z.array(z.object({ id: recordId, version, value: schema })),
            next: recordId.optional().describe('`after` of the next page; absent on the last'),
          }),
          'A page of them.',
        ),
        headers: z.object(tagged),
      },
      304: { description: 'Nothing of the case was edited since.' },
      400: malformed,
      404: absent,
    },
  })
  app.openapi(route, (context) => {
    const { incident } = context.req.valid('param')
    const { after, limit } = context.req.valid('query')
    return cache.answer(context, incident, { after, limit }, async (reader) => {
      const from = after === undefined ? { limit } : { after, limit }
      const page = await listRecords(reader, { incident, kind: list }, from)
      if (page === undefined) throw unknownAfter()
      const { json, next } = page
      return next === undefined ? `{"records":${json}}` : `{"records":${json},"next":"${next}"}`
    })
  })

  const create = createRoute({
    ...edit,
    middleware: [edit.middleware, atMost(mostRecordBytes)],
    method: 'post',
    path,
    summary: `A new one of the ${list}`,
    request: { params: inIncident, ...withBody(schema) },
    responses: {
      201: {
        ...json(versionOf(schema), 'It was made.'),
        headers: z.object({ ...tagged, location: z.string() }),
      },
      ...refusals,
    },
  })
  app.openapi(create, async (context) => {
    const { incident } = context.req.valid('param')
    const value: unknown = context.req.valid('json')
    const { agent } = context.get('asker')
    const made = editRecord(library, agent, { incident, kind: list, from: 'none', value })
    const record = await editing(value, made)
    context.header('location', `/api/incidents/${incident}/${list}/${record.id}`)
    return answered(context, record, 201)
  })
}

/** `value` is of the schema that it was stored by. */
function answered<Status extends 200 | 201>(
  context: GateContext,
  record: CaseRecord,
  status: Status,
) {
  context.header('etag', entityTag(record.version))
  return context.json(recordAnswer(record) as never, status)
}

async function current(
  library: Library,
  kind: CaseRecordKind,
  incident: string,
  id: string,
): Promise<CaseRecord> {
  const record = await library.readOne((reader) => readCaseRecord(reader, { incident, kind, id }))
  if (record?.body !== undefined) return record
  const state = record === undefined ? 'There is no' : `Removed at ${record.changedAt}:`
  throw new ProblemError(404, `${state} "${id}" in ${kind}.`)
}

function addRecord(app: Api, library: Library, list: CaseList): void {
  const schema = recordSchemas[list]
  const path = `/incidents/{incident}/${list}/{id}`
  const params = inIncident.extend({ id: recordId })
  const held = { ...json(versionOf(schema), 'It.'), headers: z.object(tagged) }
  app.openapi(
    createRoute({
      ...read,
      method: 'get',
      path,
      summary: `One of the ${list}`,
      request: { params },
      responses: { 200: held, 400: malformed, 404: absent },
    }),
    async (context) => {
      const { incident, id } = context.req.valid('param')
      return answered(context, await current(library, list, incident, id), 200)
    },
  )
  app.openapi(
    createRoute({
      ...edit,
      middleware: [edit.middleware, atMost(mostRecordBytes)],
      method: 'put',
      path,
      summary: `Edit one of the ${list}`,
      request: { params, ...ifMatch, ...withBody(schema) },
      responses: { 200: held, ...refusals },
    }),
    async (context) => {
      const { incident, id } = context.req.valid('param')
      const value: unknown = context.req.valid('json')
      const change = { incident, kind: list, id, from: versionAsked(context), value }
      const edited = editRecord(library, context.get('asker').agent, change)
      return answered(context, await editing(value, edited), 200)
    },
  )
  app.openapi(
    createRoute({
      ...edit,
      method: 'delete',
      path,
      summary: `Remove one of the ${list}; what it said stays in its history`,
      request: { params, ...ifMatch },
      responses: { 204: { description: 'It was removed.' }, ...refusals },
    }),
    async (context) => {
      const { incident, id } = context.req.valid('param')
      const change = { incident, kind: list, id, from: versionAsked(context), value: undefined }
      await editing(null, editRecord(library, context.get('asker').agent, change))
      return context.body(null, 204)
    },
  )
  app.openapi(
    createRoute({
      ...read,
      method: 'get',
      path: `${path}/versions`,
      summary: `What one of the ${list} said, latest first; sending an older value again undoes`,
      request: { params, query: versionsQuery },
      responses: {
        200: json(versions(schema), 'A page of versions.'),
        400: malformed,
        404: absent,
      },
    }),
    (context) => {
      const { incident, id } = context.req.valid('param')
      return history(context, library, { incident, kind: list, id }, context.req.valid('query'))
    },
  )
}

/** Of which an incident has one: its facts, its story. */
function addSole(
  app: Api,
  library: Library,
  kind: keyof typeof soleId,
  name: string,
  schema: z.ZodType,
  mostBytes: number,
): void {
  const id = soleId[kind]
  const path = `/incidents/{incident}/${name}`
  const held = { ...json(versionOf(schema), 'It.'), headers: z.object(tagged) }
  const may = kind === 'story' ? editStory : edit
  const editable = { ...may, middleware: [may.middleware, atMost(mostBytes)] }
  app.openapi(
    createRoute({
      ...read,
      method: 'get',
      path,
      summary: `The ${name} of an incident`,
      request: { params: inIncident },
      responses: { 200: held, 400: malformed, 404: absent },
    }),
    async (context) => {
      const { incident } = context.req.valid('param')
      return answered(context, await current(library, kind, incident, id), 200)
    },
  )
  app.openapi(
    createRoute({
      ...editable,
      method: 'put',
      path,
      summary: `Edit the ${name} of an incident, or give it the first one`,
      request: { params: inIncident, ...orNone, ...withBody(schema) },
      responses: { 200: held, ...refusals },
    }),
    async (context) => {
      const { incident } = context.req.valid('param')
      const value: unknown = context.req.valid('json')
      const change = { incident, kind, id, from: versionAsked(context), value }
      const edited = editRecord(library, context.get('asker').agent, change)
      return answered(context, await editing(value, edited), 200)
    },
  )
  app.openapi(
    createRoute({
      ...read,
      method: 'get',
      path: `${path}/versions`,
      summary: `What the ${name} said, latest first; sending an older value again undoes`,
      request: { params: inIncident, query: versionsQuery },
      responses: {
        200: json(versions(schema), 'A page of versions.'),
        400: malformed,
        404: absent,
      },
    }),
    (context) => {
      const { incident } = context.req.valid('param')
      return history(context, library, { incident, kind, id }, context.req.valid('query'))
    },
  )
  if (kind !== 'incident') return
  app.openapi(
    createRoute({
      ...editable,
      method: 'patch',
      path,
      summary: 'Edit some of an incident’s facts (RFC 7396, first level): null takes one away',
      request: { params: inIncident, ...ifMatch, ...withBody(z.record(z.string(), z.unknown())) },
      responses: { 200: held, ...refusals },
    }),
    async (context) => {
      const { incident } = context.req.valid('param')
      const yours = context.req.valid('json')
      const from = versionAsked(context)
      const { body = '{}' } = await current(library, kind, incident, id)
      const merged = { ...(JSON.parse(body) as object), ...yours }
      const value = Object.fromEntries(Object.entries(merged).filter(([, each]) => each !== null))
      const edited = editRecord(library, context.get('asker').agent, {
        incident,
        kind,
        id,
        from,
        value,
      })
      return answered(context, await editing(yours, edited), 200)
    },
  )
}
