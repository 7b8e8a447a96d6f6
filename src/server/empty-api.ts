import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { GateEnv } from './gate.ts'
import { ProblemError, problemResponse } from './problem.ts'

/** Routes are added to it; what is asked otherwise than a route's schemas say is a problem. */
export function emptyApi(): OpenAPIHono<GateEnv> {
  return new OpenAPIHono<GateEnv>({
    defaultHook: (result, context) =>
      result.success
        ? undefined
        : problemResponse(context, new ProblemError(400, readableIssues(result.error))),
  })
}

/** Which parameter, and what it should be. */
function readableIssues({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}
