/** What the routes of people and of their tokens have in common. */
import { z } from '@hono/zod-openapi'
import type { Asker } from '../access/asker.ts'
import { actions } from '../access/roles.ts'
import { longestPassword, shortestPassword } from '../access/sign-in.ts'
import type { Library } from '../store/library.ts'
import { StoreError } from '../store/store-error.ts'
import type { Transactor } from '../store/store.ts'
import { needs, type Access, type GateContext } from './gate.ts'
import { problemAnswer, ProblemError } from './problem.ts'
import { atMost } from './versions.ts'

/** As a pattern with a flag it would stand in the OpenAPI document so that it matches nothing. */
const printable = /^[^\p{Cc}\p{Cs}]*$/u
export const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((text) => printable.test(text), 'holds a control character')
export const newPassword = z
  .string()
  .min(shortestPassword, `The password is too short: ${shortestPassword} characters or more.`)
  .max(longestPassword)
export const action = z.enum(actions)
/** The pseudonym of somebody in the log. */
export const personId = z.string().regex(/^p-[0-9a-f]{16}$/)

/** What is sent here is small, and who sends it need not be known. */
export const mostBytes = 64 * 1024

export const small = (access: Access) => {
  const { middleware, ...rest } = needs(access)
  return { ...rest, middleware: [middleware, atMost(mostBytes)] }
}

export const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
export const malformed = { 400: problemAnswer('Something is not as it should be.') }
export const done = { 204: { description: 'Done.' } }

/** Changes of people and tokens: an entry only where a role changes. */
export function acting<T>(
  library: Library,
  context: GateContext,
  act: (tx: Transactor) => Promise<T>,
  { agent }: Pick<Asker, 'agent'> = context.get('asker'),
): Promise<T> {
  return library.transactWithoutEntry(agent, act).catch(asProblem)
}

/** What the store refuses, as it is told. @throws ProblemError, and what it does not know as it is */
export function asProblem(error: unknown): never {
  if (!(error instanceof StoreError)) throw error
  const status = statuses[error.code as keyof typeof statuses] as
    | (typeof statuses)[keyof typeof statuses]
    | undefined
  throw status === undefined ? error : new ProblemError(status, error.message, error.code)
}

const statuses = {
  'no-person': 404,
  'no-incident': 404,
  'no-role': 404,
  'last-owner': 409,
  'invitation-void': 410,
  'recovery-void': 410,
} as const
