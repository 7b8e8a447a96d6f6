import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

/** RFC 9457: what a script is told when something is wrong. `code` never changes its meaning. */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(['not-found', 'request-malformed', 'internal', 'unavailable']),
  })
  .openapi('Problem')

export type Problem = z.infer<typeof problemSchema>
type Wrong = 400 | 404 | 500 | 503

const codes = {
  400: 'request-malformed',
  404: 'not-found',
  500: 'internal',
  503: 'unavailable',
} as const
const titles = {
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

/** Thrown by a handler; the answer is a problem. `detail`: what is wrong and what to do, safe to show. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: Wrong

  constructor(status: Wrong, detail: string) {
    super(detail)
    this.status = status
  }
}

export function problem(context: Context, status: Wrong, detail: string): Response {
  const body: Problem = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail,
    code: codes[status],
  }
  return context.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}

/** For a route's list of answers. */
export const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})
