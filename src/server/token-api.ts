/** A person's own tokens for the command line and scripts. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Library } from '../store/library.ts'
import { addToken, listTokens, removeToken, type MachineToken } from '../store/machine-tokens.ts'
import { incidentId, json } from './api-schemas.ts'
import type { GateEnv } from './gate.ts'
import { acting, action, body, done, malformed, name, small } from './people-acts.ts'
import { problemAnswer, ProblemError } from './problem.ts'

const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    actions: z.array(action),
    incidents: z.array(incidentId).optional(),
    expiresAt: z.iso.datetime(),
    usedAt: z.iso.datetime().optional().describe('to the hour'),
  })
  .openapi('Token')

const routes = {
  tokens: createRoute({
    ...small({ to: 'signed-in' }),
    method: 'get',
    path: '/tokens',
    summary: 'Your own tokens for the command line and scripts',
    responses: { 200: json(z.object({ tokens: z.array(tokenSchema) }), 'Tokens.') },
  }),
  addToken: createRoute({
    ...small({ to: 'signed-in', isFresh: true }),
    method: 'post',
    path: '/tokens',
    summary: 'Make a token that may do some of what you may',
    request: body(
      z.object({
        name,
        actions: z.array(action).min(1),
        incidents: z.array(incidentId).min(1).max(100).optional(),
        validDays: z.int().min(1).max(366).default(90),
      }),
    ),
    responses: {
      201: json(
        tokenSchema.extend({ token: z.string().describe('shown this once') }),
        'The token: Authorization: Bearer <token>.',
      ),
      ...malformed,
    },
  }),
  removeToken: createRoute({
    ...small({ to: 'signed-in' }),
    method: 'delete',
    path: '/tokens/{id}',
    summary: 'Revoke one of your tokens at once',
    request: { params: z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) }) },
    responses: { ...done, ...malformed, 404: problemAnswer('No such token of yours.') },
  }),
}

export function addTokens(app: OpenAPIHono<GateEnv>, library: Library): void {
  app.openapi(routes.tokens, async (context) => {
    const { actor } = context.get('asker').agent
    const tokens = await library.read((reader) => listTokens(reader, actor))
    return context.json({ tokens: tokens.map(shownToken) }, 200)
  })
  app.openapi(routes.addToken, async (context) => {
    const { name, actions, incidents, validDays } = context.req.valid('json')
    const { actor } = context.get('asker').agent
    const wish = { person: actor, name, actions: [...new Set(actions)], validDays }
    const { token, text } = await acting(library, context, (tx) =>
      addToken(tx, incidents === undefined ? wish : { ...wish, incidents }),
    )
    return context.json({ ...shownToken(token), token: text }, 201)
  })
  app.openapi(routes.removeToken, async (context) => {
    const { id } = context.req.valid('param')
    const { actor } = context.get('asker').agent
    const wasThere = await acting(library, context, (tx) => removeToken(tx, actor, id))
    if (!wasThere) throw new ProblemError(404, 'You have no such token.')
    return context.body(null, 204)
  })
}

const shownToken = ({ person: _person, actions, incidents, ...token }: MachineToken) => ({
  ...token,
  actions: [...actions],
  ...(incidents === undefined ? {} : { incidents: [...incidents] }),
})
