/** The way back in for who lost a password or an authenticator app. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { toHex } from '../custody/bytes.ts'
import type { Library } from '../store/library.ts'
import { addRecoveryLink, readRecovery, useRecovery } from '../store/recovery-links.ts'
import { json } from './api-schemas.ts'
import type { Authentication } from './authenticate.ts'
import type { GateEnv } from './gate.ts'
import {
  acting,
  asProblem,
  body,
  done,
  malformed,
  newPassword,
  personId,
  small,
} from './people-acts.ts'
import { problemAnswer, ProblemError } from './problem.ts'

const routes = {
  make: createRoute({
    ...small({ to: 'people.manage', isFresh: true }),
    method: 'post',
    path: '/people/{person}/recovery-links',
    summary: 'A link by which somebody sets a new password; it takes their authenticator app away',
    request: {
      params: z.object({ person: personId }),
      ...body(z.object({ validHours: z.int().min(1).max(72).default(24) })),
    },
    responses: {
      201: json(
        z.object({
          path: z.string().describe('of the link, shown this once'),
          expiresAt: z.iso.datetime(),
        }),
        'Made; an earlier one of theirs is void.',
      ),
      ...malformed,
      404: problemAnswer('No such person.'),
      409: problemAnswer('Nobody owns this installation yet.'),
    },
  }),
  accept: createRoute({
    ...small({ to: 'anyone' }),
    method: 'post',
    path: '/recovery-links/accept',
    summary: 'Set a new password by such a link; all sessions of the person end',
    request: body(
      z.object({
        code: z.string().regex(/^[0-9a-f]{64}$/),
        password: newPassword,
      }),
    ),
    responses: { ...done, ...malformed, 410: problemAnswer('The link is void.') },
  }),
}

export function addRecovery(
  app: OpenAPIHono<GateEnv>,
  library: Library,
  { signIn }: Authentication,
): void {
  const { effects } = library
  app.openapi(routes.make, async (context) => {
    const { person } = context.req.valid('param')
    const { validHours } = context.req.valid('json')
    if (context.get('asker').kind === 'local') {
      // It would be good still where somebody else owns the place by then.
      throw new ProblemError(
        409,
        'Nobody owns this installation yet: become its owner first.',
        'no-owner',
      )
    }
    const code = toHex(effects.randomBytes(32))
    const expiresAt = await acting(library, context, (tx) =>
      addRecoveryLink(tx, code, person, validHours),
    )
    return context.json({ path: `/recover#${code}`, expiresAt }, 201)
  })
  app.openapi(routes.accept, async (context) => {
    const { code, password } = context.req.valid('json')
    // A hash takes a processor a moment: only for who has a link.
    await library.read((reader) => readRecovery(reader, code, effects.now())).catch(asProblem)
    const hash = await (await signIn(context)).hashOf(password)
    const asker = await context.get('identify')()
    await acting(library, context, (tx) => useRecovery(tx, code, hash), asker)
    return context.body(null, 204)
  })
}
