import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'

/** By status: title, and the code where none is said. */
const kinds = {
  400: ['Bad Request', 'request-malformed'],
  401: ['Unauthorized', 'sign-in-required'],
  403: ['Forbidden', 'not-allowed'],
  404: ['Not Found', 'not-found'],
  409: ['Conflict', 'conflict'],
  410: ['Gone', 'gone'],
  413: ['Content Too Large', 'too-large'],
  415: ['Unsupported Media Type', 'media-type-refused'],
  416: ['Range Not Satisfiable', 'range-unsatisfiable'],
  421: ['Misdirected Request', 'not-this-host'],
  422: ['Unprocessable Content', 'record-invalid'],
  428: ['Precondition Required', 'version-required'],
  429: ['Too Many Requests', 'too-many-requests'],
  500: ['Internal Server Error', 'internal'],
  502: ['Bad Gateway', 'not-fetched'],
  503: ['Service Unavailable', 'unavailable'],
  507: ['Insufficient Storage', 'storage-full'],
} as const

export type ProblemStatus = keyof typeof kinds

/** RFC 9457: what a script is told when something is wrong. `code` never changes its meaning. */
export const problemSchema = z
  .looseObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().regex(/^[a-z][a-z0-9-]*$/),
  })
  .openapi('Problem')

export type Problem = z.infer<typeof problemSchema>

/**
 * Thrown by a handler; the answer is a problem. `detail`: what is wrong and what to do, safe to
 * show. `more`: further members, such as both versions of a conflict.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: ProblemStatus
  readonly code: string
  readonly more: Readonly<Record<string, unknown>>

  constructor(
    status: ProblemStatus,
    detail: string,
    code: string = kinds[status][1],
    more: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail)
    this.status = status
    this.code = code
    this.more = more
  }
}

export function problemResponse(
  context: Context,
  { status, message, code, more }: ProblemError,
): Response {
  const [title] = kinds[status]
  const body: Problem = { ...more, type: 'about:blank', title, status, detail: message, code }
  return context.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}

/** For a route's list of answers. */
export const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})
