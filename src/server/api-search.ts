/** `GET /api/search`: words across the incidents that the asker may read. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Asker } from '../access/asker.ts'
import type { Action } from '../access/roles.ts'
import { indexEdited } from '../jobs/index-library.ts'
import type { Library } from '../store/library.ts'
import {
  search,
  searchCursor,
  searchStatuses,
  type Incidents,
  type SearchPage,
} from '../store/search.ts'
import { searchKinds } from '../store/search-kinds.ts'
import { readCalendarDate } from '../time/calendar.ts'
import { count, incidentId, whole } from './api-schemas.ts'
import { needs, type GateEnv } from './gate.ts'
import { problemAnswer } from './problem.ts'

const mostOnPage = 100

const date = z
  .string()
  .max(64)
  .transform((text, context) => {
    const read = readCalendarDate(text)
    if (read !== undefined) return read
    context.addIssue({
      code: 'custom',
      message: 'is not an EDTF date, such as 2026-05-17 or 2026-05~',
    })
    return z.NEVER
  })
  .openapi({ type: 'string', example: '2026-05' })

const hitSchema = z
  .object({
    incident: incidentId,
    title: z.string().describe('of the incident'),
    isPublished: z.boolean(),
    kind: z.enum(searchKinds),
    ref: z.string().optional().describe('the case’s id of it'),
    item: z.string().optional().describe('SHA-256, where it is a document’s own text'),
    page: z.int().min(1).optional(),
    text: z.string().describe('a part of what was found; hostile text'),
    marks: z
      .array(z.tuple([count, count]))
      .describe('where `text` has what was asked: from, to, in UTF-16 units'),
    isCutBefore: z.boolean(),
    isCutAfter: z.boolean(),
  })
  .openapi('SearchHit')

export const searchQuery = z.object({
  q: z
    .string()
    .default('')
    .describe(
      'any text: words that must all be there, "in this order", -not; without a word, incidents',
    ),
  incident: incidentId.optional(),
  kind: z.enum(searchKinds).optional(),
  place: z.string().optional().describe('words of the incident’s place'),
  from: date.optional().describe('EDTF; what may have been then or later'),
  to: date.optional(),
  status: z.enum(searchStatuses).optional(),
  after: z.string().regex(searchCursor).optional(),
  limit: whole(1, mostOnPage).default(20),
})

const route = createRoute({
  ...needs({ to: 'incident.read', isList: true }),
  method: 'get',
  path: '/search',
  summary: 'Words across incidents: the best first',
  request: {
    query: searchQuery,
  },
  responses: {
    200: {
      description: 'A page of hits.',
      content: {
        'application/json': {
          schema: z.object({
            hits: z.array(hitSchema),
            next: z.string().optional().describe('`after` of the next page; absent on the last'),
          }),
        },
      },
    },
    400: problemAnswer('A parameter is not as it should be.'),
  },
})

export function addSearch(app: OpenAPIHono<GateEnv>, library: Library): void {
  app.openapi(route, async (context) => {
    const { hits, next } = await searchAs(library, context.get('asker'), context.req.valid('query'))
    const found = hits.map(({ marks, ...hit }) => ({
      ...hit,
      marks: marks.map(([from, to]): [number, number] => [from, to]),
    }))
    return context.json(next === undefined ? { hits: found } : { hits: found, next }, 200)
  })
}

/** What the asker may read of what is found. */
export async function searchAs(
  library: Library,
  asker: Asker,
  { q, incident, from, to, ...wish }: z.infer<typeof searchQuery>,
): Promise<SearchPage> {
  const within = (action: Action): Incidents => {
    const among = asker.incidents(action)
    if (incident === undefined) return among
    return among === 'all' || among.includes(incident) ? [incident] : []
  }
  const rights = { incidents: within('case.read'), documentsOf: within('item.read') }
  await indexEdited(library, asker.agent)
  const days = { earliest: from?.earliest, latest: to?.latest }
  return library.read((reader) => search(reader, { ...wish, ...days, ...rights, words: q }))
}
