/** What the routes of the interface have in common. */
import { z } from '@hono/zod-openapi'
import { nameOf, shapeIssues } from '../case/case-issues.ts'
import { problemAnswer, ProblemError } from './problem.ts'

export const mostOnPage = 200

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const moment = z.iso.datetime()
export const count = z.int().min(0)
export const incidentId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/)
export const inIncident = z.object({ incident: incidentId })

/** In decimal digits, and no more than a number can hold exactly. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .openapi({ type: 'integer', minimum: least, maximum: most })

export const findingSchema = z
  .object({ code: z.string(), severity: z.enum(['problem', 'notice']), message: z.string() })
  .openapi('Finding')

export const paging = { limit: whole(1, mostOnPage).default(100) }

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
export const malformed = problemAnswer('A parameter is not as it should be.')
export const absent = problemAnswer('There is no such thing in this library.')

const mostIssues = 100

/** Which parameter or member, and what it should be. */
export function malformedRequest(error: z.ZodError): ProblemError {
  const issues = shapeIssues(error).map(({ code, path, says }) => ({
    code,
    at: path.length === 0 ? '' : nameOf(path),
    message: says,
  }))
  const shown = issues.slice(0, mostIssues)
  const more = issues.length > mostIssues ? [`and ${issues.length - mostIssues} more`] : []
  const detail = [...shown.map(({ at, message }) => `${at}: ${message}`), ...more].join('; ')
  return new ProblemError(400, detail, 'request-malformed', { issues: shown })
}

export const noIncident = (id: string): ProblemError =>
  new ProblemError(404, `There is no incident "${id}".`)

export const unknownAfter = (): ProblemError =>
  new ProblemError(400, 'after: there is no such one now; begin anew.')

/** Of what is computed whole: those after the one that is called `after`. @throws ProblemError 400 */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (each: T) => string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): { readonly shown: readonly T[]; readonly next?: string } {
  const from = after === undefined ? 0 : all.findIndex((each) => keyOf(each) === after) + 1
  if (after !== undefined && from === 0) {
    throw unknownAfter()
  }
  const shown = all.slice(from, from + limit)
  const last = shown.at(-1)
  const hasMore = from + limit < all.length && last !== undefined
  return hasMore ? { shown, next: keyOf(last) } : { shown }
}
