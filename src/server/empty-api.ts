import { OpenAPIHono } from '@hono/zod-openapi'
import { malformedRequest } from './api-schemas.ts'
import type { GateEnv } from './gate.ts'
import { problemResponse } from './problem.ts'

/** Routes are added to it; what is asked otherwise than a route's schemas say is a problem. */
export function emptyApi(): OpenAPIHono<GateEnv> {
  return new OpenAPIHono<GateEnv>({
    defaultHook: (result, context) =>
      result.success ? undefined : problemResponse(context, malformedRequest(result.error)),
  })
}
