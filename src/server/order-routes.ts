/** The order of a case's lists: read, given anew, and as it was. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { CaseList } from '../case/case-schema.ts'
import { orderKind } from '../case/record-text.ts'
import { orderRecords, orderState } from '../jobs/order-records.ts'
import { readIncidents } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { readRecordOrder } from '../store/record-order.ts'
import { absent, inIncident, json, malformed, noIncident } from './api-schemas.ts'
import { needs, type GateEnv } from './gate.ts'
import { ProblemError } from './problem.ts'
import { history, ifMatch, recordId, versions, versionsQuery } from './record-versions.ts'
import { atMost, editing, refusals } from './versions.ts'

/** Of some fifteen thousand of the longest ids. */
const mostOrderBytes = 1024 * 1024

const read = needs({ to: 'case.read', within: 'incident' })
const edit = needs({ to: 'case.edit', within: 'incident' })
const order = z.object({ ids: z.array(recordId) })
const held = {
  ...json(order, 'The ids, in their order.'),
  headers: z.object({ etag: z.string().describe('the order, for If-Match') }),
}

export function addOrder(app: OpenAPIHono<GateEnv>, library: Library, list: CaseList): void {
  const path = `/incidents/{incident}/${list}/order`
  app.openapi(
    createRoute({
      ...read,
      method: 'get',
      path,
      summary: `In which order the ${list} stand`,
      request: { params: inIncident },
      responses: { 200: held, 400: malformed, 404: absent },
    }),
    async (context) => {
      const { incident } = context.req.valid('param')
      const ids = await library.read(async (reader) => {
        if ((await readIncidents(reader, incident)).length === 0) throw noIncident(incident)
        return readRecordOrder(reader, { incident, kind: list })
      })
      context.header('etag', `"${orderState(ids)}"`)
      return context.json({ ids: [...ids] }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...edit,
      middleware: [edit.middleware, atMost(mostOrderBytes)],
      method: 'put',
      path,
      summary: `Put the ${list} into another order: all their ids; sending an older order undoes`,
      request: {
        params: inIncident,
        ...ifMatch,
        body: { required: true, content: { 'application/json': { schema: order } } },
      },
      responses: { 200: held, ...refusals },
    }),
    async (context) => {
      const { incident } = context.req.valid('param')
      const yours = context.req.valid('json')
      const { ids } = yours
      const wish = { incident, list, from: stateAsked(context), ids }
      await editing(yours, orderRecords(library, context.get('asker').agent, wish))
      context.header('etag', `"${orderState(ids)}"`)
      return context.json({ ids }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...read,
      method: 'get',
      path: `${path}/versions`,
      summary: `The orders that the ${list} were put into here, latest first`,
      request: { params: inIncident, query: versionsQuery },
      responses: {
        200: json(versions(order), 'A page of versions.'),
        400: malformed,
        404: absent,
      },
    }),
    (context) => {
      const { incident } = context.req.valid('param')
      const key = { incident, kind: orderKind, id: list }
      return history(context, library, key, context.req.valid('query'))
    },
  )
}

/** @throws ProblemError 400, 428 */
function stateAsked({ req }: Context): string {
  const match = req.header('if-match')
  if (match === undefined) {
    throw new ProblemError(
      428,
      'Say which order this was made from: If-Match with the ETag that came with it.',
    )
  }
  const state = /^"([0-9a-f]{64})"$/.exec(match.trim())?.[1]
  if (state !== undefined) return state
  throw new ProblemError(400, 'If-Match is one strong ETag as it came with the list’s order.')
}
