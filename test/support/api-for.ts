/** Some routes of the interface, asked by whom a test says. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import { Hono } from 'hono'
import type { Asker } from '../../src/access/asker.ts'
import { emptyApi } from '../../src/server/empty-api.ts'
import { declaredRoutes, gate, type GateEnv } from '../../src/server/gate.ts'
import { ProblemError, problemResponse } from '../../src/server/problem.ts'

export function apiFor(
  asker: Asker,
  add: (api: OpenAPIHono<GateEnv>, app: Hono<GateEnv>) => void,
): Hono<GateEnv> {
  const app = new Hono<GateEnv>()
  const api = emptyApi()
  app.use(
    gate(
      () => Promise.resolve(asker),
      () => declaredRoutes(app, api, '/api'),
    ),
  )
  add(api, app)
  app.route('/api', api)
  app.onError((error, context) =>
    problemResponse(
      context,
      error instanceof ProblemError ? error : new ProblemError(500, error.message),
    ),
  )
  return app
}
