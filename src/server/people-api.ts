/** People, their roles and invitations over HTTP. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { actions, roles } from '../access/roles.ts'
import { toHex } from '../custody/bytes.ts'
import type { Library } from '../store/library.ts'
import {
  addInvitation,
  giveRole,
  invitationVoid,
  listInvitations,
  listPeople,
  readInvitation,
  removeInvitation,
  removeUnfinished,
  takeRole,
  useInvitation,
  type Grant,
} from '../store/people.ts'
import { incidentId, json } from './api-schemas.ts'
import { headersWithPeer, type Authentication } from './authenticate.ts'
import type { GateEnv } from './gate.ts'
import {
  acting,
  action,
  body,
  done,
  malformed,
  name,
  newPassword,
  personId as person,
  small,
} from './people-acts.ts'
import { problemAnswer, ProblemError } from './problem.ts'

const grant = z.object({ role: z.enum(roles), incident: incidentId.optional() }).openapi('Grant')

const manages = { to: 'people.manage' } as const
const managesFresh = { to: 'people.manage', isFresh: true } as const

const routes = {
  me: createRoute({
    ...small({ to: 'anyone' }),
    method: 'get',
    path: '/me',
    summary: 'Who is asking, and what they may do',
    responses: {
      200: json(
        z.object({
          kind: z.enum(['nobody', 'local', 'person', 'token']),
          person: person.optional(),
          name: z.string().optional(),
          email: z.string().optional(),
          hasTwoFactor: z.boolean().optional(),
          isFresh: z.boolean().describe('signed in not long ago'),
          may: z.array(action).describe('in the whole installation'),
        }),
        'The asker.',
      ),
    },
  }),
  people: createRoute({
    ...small(manages),
    method: 'get',
    path: '/people',
    summary: 'Everybody with their roles',
    responses: {
      200: json(
        z.object({
          people: z.array(
            z.object({
              id: person,
              name: z.string(),
              email: z.string(),
              grants: z.array(grant),
            }),
          ),
        }),
        'People.',
      ),
    },
  }),
  give: createRoute({
    ...small(managesFresh),
    method: 'put',
    path: '/people/{person}/roles',
    summary: 'Give somebody a role, in an incident or the whole installation',
    request: { params: z.object({ person }), ...body(grant) },
    responses: { ...done, ...malformed, 404: problemAnswer('No such person or incident.') },
  }),
  take: createRoute({
    ...small(managesFresh),
    method: 'delete',
    path: '/people/{person}/roles',
    summary: 'Take a role from somebody',
    request: { params: z.object({ person }), ...body(grant) },
    responses: {
      ...done,
      ...malformed,
      404: problemAnswer('They do not have it.'),
      409: problemAnswer('The last owner stays.'),
    },
  }),
  invitations: createRoute({
    ...small(manages),
    method: 'get',
    path: '/invitations',
    summary: 'Invitations that nobody has used yet',
    responses: {
      200: json(
        z.object({
          invitations: z.array(
            grant.extend({ id: z.string(), madeBy: z.string(), expiresAt: z.iso.datetime() }),
          ),
        }),
        'Invitations; their codes are not kept.',
      ),
    },
  }),
  invite: createRoute({
    ...small(managesFresh),
    method: 'post',
    path: '/invitations',
    summary: 'Invite somebody to a role by a link that works once',
    request: body(grant.extend({ validHours: z.int().min(1).max(720).default(72) })),
    responses: {
      201: json(
        grant.extend({
          id: z.string(),
          path: z.string().describe('of the link, shown this once'),
          expiresAt: z.iso.datetime(),
        }),
        'Invited.',
      ),
      ...malformed,
      404: problemAnswer('No such incident.'),
    },
  }),
  uninvite: createRoute({
    ...small(managesFresh),
    method: 'delete',
    path: '/invitations/{id}',
    summary: 'Withdraw an invitation',
    request: { params: z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }) },
    responses: { ...done, ...malformed, 404: problemAnswer('No such invitation.') },
  }),
  accept: createRoute({
    ...small({ to: 'anyone' }),
    method: 'post',
    path: '/invitations/accept',
    summary: 'Accept an invitation: as who is signed in, or as a new person',
    request: body(
      z.object({
        code: z.string().regex(/^[0-9a-f]{64}$/),
        name: name.optional(),
        email: z.email().max(200).optional(),
        password: newPassword.optional(),
      }),
    ),
    responses: {
      200: json(grant, 'What they now are.'),
      ...malformed,
      409: problemAnswer('Somebody with that address is here already.'),
      410: problemAnswer('The invitation is void.'),
    },
  }),
}

export function addPeople(
  app: OpenAPIHono<GateEnv>,
  library: Library,
  { signIn }: Authentication,
): void {
  const { effects } = library
  app.openapi(routes.me, async (context) => {
    const asker = await context.get('identify')()
    const { kind, isFresh, session } = asker
    const may = actions.filter((one) => asker.may(one))
    if (session === undefined) return context.json({ kind, isFresh, may }, 200)
    const { person, name, email, hasTwoFactor } = session
    return context.json({ kind, person, name, email, hasTwoFactor, isFresh, may }, 200)
  })

  app.openapi(routes.people, async (context) => {
    const people = await library.read(listPeople)
    return context.json({ people: people.map((one) => ({ ...one, grants: [...one.grants] })) }, 200)
  })
  app.openapi(routes.give, async (context) => {
    const { person } = context.req.valid('param')
    const grant = context.req.valid('json')
    await acting(library, context, async (tx) => {
      await giveRole(tx, person, toGrant(grant))
    })
    return context.body(null, 204)
  })
  app.openapi(routes.take, async (context) => {
    const { person } = context.req.valid('param')
    const grant = context.req.valid('json')
    await acting(library, context, (tx) => takeRole(tx, person, toGrant(grant)))
    return context.body(null, 204)
  })

  app.openapi(routes.invitations, async (context) => {
    const invitations = await library.read((reader) => listInvitations(reader, effects.now()))
    return context.json({ invitations: invitations.map(shown) }, 200)
  })
  app.openapi(routes.invite, async (context) => {
    const { validHours, ...grant } = context.req.valid('json')
    const code = toHex(effects.randomBytes(32))
    const made = await acting(library, context, (tx) =>
      addInvitation(tx, code, toGrant(grant), validHours),
    )
    return context.json({ ...shown(made), path: `/welcome#${code}` }, 201)
  })
  app.openapi(routes.uninvite, async (context) => {
    const { id } = context.req.valid('param')
    const wasThere = await acting(library, context, (tx) => removeInvitation(tx, id))
    if (!wasThere) throw new ProblemError(404, 'There is no such invitation.')
    return context.body(null, 204)
  })
  app.openapi(routes.accept, async (context) => {
    const { code, name, email, password } = context.req.valid('json')
    if ((await library.read((reader) => readInvitation(reader, code, effects.now()))) === undefined)
      throw new ProblemError(410, invitationVoid().message, 'invitation-void')
    const asker = await context.get('identify')()
    if (asker.session !== undefined) {
      const { person } = asker.session
      const grant = await acting(library, context, (tx) => useInvitation(tx, code, person), asker)
      return context.json(grant, 200)
    }
    if (name === undefined || email === undefined || password === undefined) {
      throw new ProblemError(400, 'Say name, email and password.')
    }
    await acting(library, context, (tx) => removeUnfinished(tx, email.toLowerCase()))
    const registered = await (
      await signIn(context)
    ).register({ name, email: email.toLowerCase(), password }, headersWithPeer(context))
    const { user, code: reason } = (await registered.json()) as {
      user?: { id: string }
      code?: string
    }
    if (user === undefined) throw registrationProblem(reason)
    try {
      const agent = { ...asker.agent, actor: user.id }
      const grant = await acting(library, context, (tx) => useInvitation(tx, code, user.id), {
        agent,
      })
      for (const cookie of registered.headers.getSetCookie()) {
        context.header('set-cookie', cookie, { append: true })
      }
      return context.json(grant, 200)
    } catch (error) {
      // Somebody else was quicker with the code.
      await library.transactWithoutEntry(asker.agent, ({ sql }) =>
        sql.deleteFrom('sign_in_user').where('id', '=', user.id).execute(),
      )
      throw error
    }
  })
}

function registrationProblem(reason: string | undefined): ProblemError {
  if (reason?.startsWith('USER_ALREADY_EXISTS') === true) {
    return new ProblemError(
      409,
      'Somebody with that address is here already: sign in first, then open the link again.',
      'person-exists',
    )
  }
  return new ProblemError(400, `That was not accepted (${reason ?? 'no reason given'}).`)
}

/** Without members that are there and undefined. */
const toGrant = ({
  role,
  incident,
}: {
  role: Grant['role']
  incident?: string | undefined
}): Grant => (incident === undefined ? { role } : { role, incident })

const shown = ({
  codeSha256,
  madeBy,
  expiresAt,
  ...grant
}: Grant & { codeSha256: string; madeBy: string; expiresAt: string }) => ({
  ...grant,
  id: codeSha256,
  madeBy,
  expiresAt,
})
