/** Incidents: opened here; what is computed from their cases, what was made of their items, what the log says of them. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { caseTables } from '../accounts/case-tables.ts'
import { bareIncidentSchema, recordSchemas } from '../case/case-schema.ts'
import type { SaidBy } from '../case/reading.ts'
import { openBare, openCase } from '../jobs/edit-record.ts'
import { readRecordedCase } from '../jobs/snapshot-case.ts'
import { readIncidentEntries } from '../store/custody-log.ts'
import { listDerivatives, readLatestAlignment } from '../store/derivatives.ts'
import { readIncidents } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import {
  absent,
  count,
  incidentId,
  inIncident,
  json,
  malformed,
  moment,
  noIncident,
  pageOf,
  paging,
  sha256,
  whole,
} from './api-schemas.ts'
import { needs, type GateEnv } from './gate.ts'
import { ProblemError } from './problem.ts'
import { atMost, editing, entityTag, recordAnswer, refusals } from './versions.ts'

const mostRecordBytes = 256 * 1024

const opens = needs({ to: 'incident.open' })
const readsCase = needs({ to: 'case.read', within: 'incident' })
const id = z.string()
const entryPage = { after: whole(0).optional(), ...paging }
const nextEntry = count.optional().describe('`after` of the next page; absent on the last')
const said = z.object({ statement: id, account: id, source: id })
const readOnly = { 400: malformed, 404: absent }

const routes = {
  open: createRoute({
    ...opens,
    middleware: [opens.middleware, atMost(mostRecordBytes)],
    method: 'post',
    path: '/incidents',
    summary: 'Open an incident with its first facts, or with its title alone',
    request: {
      body: {
        required: true,
        content: {
          'application/json': { schema: z.union([bareIncidentSchema, recordSchemas.incident]) },
        },
      },
    },
    responses: {
      201: {
        ...json(z.object({ id: incidentId, version: count }), 'It was opened.'),
        headers: z.object({
          location: z.string(),
          etag: z.string().optional().describe('of its facts, where it has some'),
        }),
      },
      ...refusals,
    },
  }),
  contradictions: createRoute({
    ...readsCase,
    method: 'get',
    path: '/incidents/{incident}/contradictions',
    summary: 'Statements and observations that stand against each other, computed',
    request: { params: inIncident, query: z.object({ after: id.max(200).optional(), ...paging }) },
    responses: {
      200: json(
        z.object({
          contradictions: z.array(
            z.union([
              z.object({
                id,
                kind: z.literal('statements'),
                claim: id,
                asserts: said,
                denies: said,
                observations: z.array(id),
              }),
              z.object({
                id,
                kind: z.literal('statement and observation'),
                claim: id,
                stance: z.enum(['asserts', 'denies']),
                said,
                observation: id,
              }),
            ]),
          ),
          next: id.optional().describe('`after` of the next page; absent on the last'),
        }),
        'A page of them.',
      ),
      ...readOnly,
    },
  }),
  unanswered: createRoute({
    ...readsCase,
    method: 'get',
    path: '/incidents/{incident}/unanswered',
    summary: 'How long each question has waited or waited for its answer, in days, computed',
    request: { params: inIncident },
    responses: {
      200: json(
        z.object({
          asOf: moment,
          questions: z.array(
            z.object({ question: id, to: id, days: count.optional(), answer: said.optional() }),
          ),
        }),
        'All questions.',
      ),
      ...readOnly,
    },
  }),
  alignment: createRoute({
    ...readsCase,
    method: 'get',
    path: '/incidents/{incident}/alignment',
    summary: 'The latest alignment, as it was stored (docs/formats/alignment.md)',
    request: { params: inIncident },
    responses: {
      200: json(
        z.object({
          madeAt: moment,
          resultSha256: sha256,
          entryIndex: count,
          result: z.record(z.string(), z.unknown()),
        }),
        'It.',
      ),
      ...readOnly,
    },
  }),
  derivatives: createRoute({
    ...needs({ to: 'item.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/derivatives',
    summary: 'What was made from the originals: proxies, stills, exhibits, in the order of making',
    request: {
      params: inIncident,
      query: z.object({
        kind: z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,63}$/)
          .optional(),
        ...entryPage,
      }),
    },
    responses: {
      200: json(
        z.object({
          derivatives: z.array(
            z.object({
              kind: z.string(),
              recipeSha256: sha256,
              item: sha256.optional(),
              outputSha256: sha256,
              sizeBytes: count,
              mediaType: z.string(),
              madeAt: moment,
              entryIndex: count,
            }),
          ),
          next: nextEntry,
        }),
        'A page of them.',
      ),
      ...readOnly,
    },
  }),
  custody: createRoute({
    ...needs({ to: 'custody.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/custody',
    summary: 'What the custody log records of an incident; private',
    request: { params: inIncident, query: z.object(entryPage) },
    responses: {
      200: json(
        z.object({
          entries: z.array(
            z.object({
              index: count,
              commitment: sha256,
              record: z.looseObject({ type: z.string(), at: z.string(), actor: z.string() }),
            }),
          ),
          next: nextEntry,
        }),
        'A page of entries.',
      ),
      ...readOnly,
    },
  }),
}

export function addIncidentRoutes(app: OpenAPIHono<GateEnv>, library: Library): void {
  const recordedCase = (incident: string) =>
    library.read(async (reader) => {
      const facts = await readRecordedCase(reader, incident)
      if (facts !== undefined) return facts
      if ((await readIncidents(reader, incident)).length === 0) throw noIncident(incident)
      throw new ProblemError(404, `The incident "${incident}" has no facts yet.`)
    })

  app.openapi(routes.open, async (context) => {
    const value = context.req.valid('json')
    const { agent } = context.get('asker')
    if (!('place' in value)) {
      await editing(value, openBare(library, agent, value))
      context.header('location', `/api/incidents/${value.id}`)
      return context.json({ id: value.id, version: 0 }, 201)
    }
    const made = await editing(value, openCase(library, agent, value))
    const { incident, version } = { ...made, ...recordAnswer(made) }
    context.header('location', `/api/incidents/${incident}`)
    context.header('etag', entityTag(version))
    return context.json({ id: incident, version }, 201)
  })

  app.openapi(routes.contradictions, async (context) => {
    const { incident } = context.req.valid('param')
    const { after, limit } = context.req.valid('query')
    const facts = await recordedCase(incident)
    const { contradictions } = caseTables(facts, library.effects.now())
    const { shown, next } = pageOf(contradictions, (each) => each.id, { after, limit })
    return context.json(
      {
        contradictions: shown.map((each) =>
          each.kind === 'statements'
            ? {
                id: each.id,
                kind: each.kind,
                claim: each.claim.id,
                asserts: saidOf(each.asserts),
                denies: saidOf(each.denies),
                observations: each.observations.map(({ id }) => id),
              }
            : {
                id: each.id,
                kind: each.kind,
                claim: each.claim.id,
                stance: each.stance,
                said: saidOf(each.said),
                observation: each.observation.id,
              },
        ),
        ...(next === undefined ? {} : { next }),
      },
      200,
    )
  })

  app.openapi(routes.unanswered, async (context) => {
    const { incident } = context.req.valid('param')
    const facts = await recordedCase(incident)
    const now = library.effects.now()
    const questions = caseTables(facts, now).questions.map(({ question, to, days, answer }) => ({
      question: question.id,
      to: to.id,
      ...(days === undefined ? {} : { days }),
      ...(answer === undefined ? {} : { answer: saidOf(answer) }),
    }))
    return context.json({ asOf: now.toISOString(), questions }, 200)
  })

  app.openapi(routes.alignment, async (context) => {
    const { incident } = context.req.valid('param')
    const found = await library.read((reader) => readLatestAlignment(reader, incident))
    if (found === undefined) throw new ProblemError(404, `"${incident}" has not been aligned.`)
    const { madeAt, resultSha256, entryIndex } = found
    const result = JSON.parse(found.result) as Record<string, unknown>
    return context.json({ madeAt, resultSha256, entryIndex, result }, 200)
  })

  app.openapi(routes.derivatives, async (context) => {
    const { incident } = context.req.valid('param')
    const { kind, after = -1, limit } = context.req.valid('query')
    const found = await library.read(async (reader) => {
      if ((await readIncidents(reader, incident)).length === 0) throw noIncident(incident)
      return listDerivatives(reader, incident, { kind, after, limit: limit + 1 })
    })
    const derivatives = found.slice(0, limit).map((made) => ({
      kind: made.kind,
      recipeSha256: made.recipeSha256,
      ...(made.item === undefined ? {} : { item: made.item }),
      outputSha256: made.output.sha256,
      sizeBytes: made.output.sizeBytes,
      mediaType: made.mediaType,
      madeAt: made.madeAt,
      entryIndex: made.entryIndex,
    }))
    const next = found.length > limit ? { next: derivatives.at(-1)?.entryIndex } : {}
    return context.json({ derivatives, ...next }, 200)
  })

  app.openapi(routes.custody, async (context) => {
    const { incident } = context.req.valid('param')
    const { after = -1, limit } = context.req.valid('query')
    const found = await library.read(async (reader) => {
      if ((await readIncidents(reader, incident)).length === 0) throw noIncident(incident)
      return readIncidentEntries(reader, incident, { after, limit: limit + 1 })
    })
    const entries = found.slice(0, limit).map(({ index, commitment, record }) => ({
      index,
      commitment: Buffer.from(commitment).toString('hex'),
      record: JSON.parse(record) as { type: string; at: string; actor: string },
    }))
    const next = found.length > limit ? { next: entries.at(-1)?.index } : {}
    return context.json({ entries, ...next }, 200)
  })
}

const saidOf = ({ statement, account, source }: SaidBy) => ({
  statement: statement.id,
  account: account.id,
  source: source.id,
})
