/** What the story shows and which moments anything rests on: computed from a case, so there is nothing to edit here. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import {
  momentsState,
  readIncidentExhibits,
  readIncidentMoments,
} from '../jobs/incident-moments.ts'
import type { Library } from '../store/library.ts'
import { absent, inIncident, json, malformed, pageOf, sha256, whole } from './api-schemas.ts'
import { needs, type GateEnv } from './gate.ts'
import { JsonCache } from './json-cache.ts'
import { ProblemError } from './problem.ts'

const mostOnPage = 1000
const mostCachedBytes = 32 * 1024 * 1024

const read = needs({ to: 'case.read', within: 'incident' })
const id = z.string()
const seconds = z.number()
const interval = z.object({ fromSeconds: seconds, toSeconds: seconds })
const box = { x: seconds, y: seconds, width: seconds, height: seconds }
const named = {
  list: z.enum(['footage', 'photos', 'documents']),
  id: id.describe('in that list of the case'),
  item: sha256.optional().describe('the original; absent until its file has come'),
  interval: interval
    .optional()
    .describe('own time of the recording; the same twice is a point, none the whole'),
}
const paged = (after: string) => ({
  request: {
    params: inIncident,
    query: z.object({
      after: z.string().max(400).optional().describe(after),
      limit: whole(1, mostOnPage).default(mostOnPage),
    }),
  },
})
const next = id.optional().describe('`after` of the next page; absent on the last')
const answers = <T extends z.ZodType>(schema: T) => ({
  200: { ...json(schema, 'A page of them.'), headers: z.object({ etag: z.string() }) },
  304: { description: 'Nothing that they follow from has changed since.' },
  400: malformed,
  404: absent,
})

const routes = {
  exhibits: createRoute({
    ...read,
    method: 'get',
    path: '/incidents/{incident}/exhibits',
    summary:
      'What the story shows, in its order; computed from its text and edited by editing the story',
    ...paged('an exhibit’s id'),
    responses: answers(
      z.object({
        exhibits: z.array(
          z.object({
            id: id.describe('its address in the page'),
            kind: z.enum([
              'composite',
              'segment',
              'slow-motion',
              'still',
              'enlargement',
              'photo',
              'facsimile',
              'quote',
            ]),
            caption: z.string(),
            line: z.int().min(1).describe('of its directive in story.md'),
            column: z.int().min(1),
            shows: z.array(z.object(named)),
            onClock: interval
              .optional()
              .describe('of a composite, seconds from the clock’s zero; its angles follow it'),
            speed: z.number().optional().describe('0.25 is a quarter of real speed'),
            enlargement: z
              .object({
                crop: z.object(box).describe('pixels of the upright picture'),
                factor: z.int().min(1),
                kernel: z.string(),
              })
              .optional(),
            sound: id.optional().describe('whose sound a composite has, where the story says it'),
            statements: z.array(id).optional().describe('quoted, or marked in the document'),
          }),
        ),
        next,
      }),
    ),
  }),
  moments: createRoute({
    ...read,
    method: 'get',
    path: '/incidents/{incident}/moments',
    summary:
      'Every interval of an item that a statement, observation, event, anchor, redaction or exhibit rests on, computed',
    ...paged('a moment’s key'),
    responses: answers(
      z.object({
        moments: z.array(
          z.object({
            key: z.string(),
            ...named,
            page: z.int().min(1).optional().describe('of a document'),
            region: z
              .object({ unit: z.enum(['pixel', 'share']), ...box })
              .optional()
              .describe('of the upright picture or the page'),
            onClock: interval
              .extend({ plusMinusSeconds: seconds })
              .optional()
              .describe(
                'by the latest alignment; ± is how far the recording’s place may be wrong, at 95 %',
              ),
            on: z.array(
              z.object({
                kind: z.enum([
                  'statements',
                  'observations',
                  'events',
                  'anchors',
                  'redactions',
                  'exhibits',
                ]),
                id,
              }),
            ),
          }),
        ),
        next,
      }),
    ),
  }),
}

export function addMoments(app: OpenAPIHono<GateEnv>, library: Library): void {
  const cache = new JsonCache(library, momentsState, mostCachedBytes)

  app.openapi(routes.exhibits, (context) => {
    const { incident } = context.req.valid('param')
    const page = context.req.valid('query')
    return cache.answer(context, incident, page, async (reader) => {
      const all = withFacts(incident, await readIncidentExhibits(reader, incident))
      const { shown, next } = pageOf(all, ({ id }) => id, page)
      return JSON.stringify({ exhibits: shown, next })
    })
  })

  app.openapi(routes.moments, (context) => {
    const { incident } = context.req.valid('param')
    const page = context.req.valid('query')
    return cache.answer(context, incident, page, async (reader) => {
      const all = withFacts(incident, await readIncidentMoments(reader, incident))
      const { shown, next } = pageOf(all, ({ key }) => key, page)
      return JSON.stringify({ moments: shown, next })
    })
  })
}

/** @throws ProblemError 404 */
function withFacts<T>(incident: string, all: readonly T[] | undefined): readonly T[] {
  if (all !== undefined) return all
  throw new ProblemError(404, `The incident "${incident}" has no facts yet.`)
}
