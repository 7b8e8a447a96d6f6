/** Contributor links and what came by them, for the team. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { notLookedInto } from '../ingest/examine-tip.ts'
import type { Library } from '../store/library.ts'
import { readTip, readTips, type TipState } from '../store/tips.ts'
import { absent, count, findingSchema, incidentId, json, moment, sha256 } from './api-schemas.ts'
import { needs, type GateContext, type GateEnv } from './gate.ts'
import { incidentOf } from './page-request.ts'
import { problemAnswer } from './problem.ts'
import {
  accept,
  closeLink,
  decline,
  linksOf,
  linkWish,
  nothing,
  openLink,
  tipWithin,
} from './tip-acts.ts'
import type { UploadServices } from './upload-services.ts'

const linkId = z.string().regex(/^link-[0-9a-f]{16}$/)
const tipId = z.string().regex(/^tip-[0-9a-f]{16}$/)
const tipStates = z.enum(['waiting', 'accepted', 'declined', 'withdrawn'])

const linkSchema = z
  .object({
    id: linkId,
    incident: incidentId,
    note: z.string(),
    mostBytes: count,
    mostFiles: count,
    openedAt: moment,
    expiresAt: moment,
    closedAt: moment.optional(),
  })
  .openapi('ContributorLink')

const tipSchema = z
  .object({
    id: tipId,
    incident: incidentId,
    link: linkId,
    state: z.enum([...tipStates.options, 'arriving']),
    account: z.string().describe('in the contributor’s words'),
    begunAt: moment,
    receivedAt: moment.optional(),
    decidedAt: moment.optional(),
    arriving: count.describe('files on their way'),
    filesSha256: sha256.describe('of its files’ hashes: stays while no file is added'),
    files: z.array(
      z.object({
        sha256,
        sizeBytes: count,
        kind: z.enum(['recording', 'photo', 'document', 'other']),
        mediaType: z.string(),
        name: z.string().optional().describe('as the contributor calls it; absent once withdrawn'),
        receivedAt: moment,
        withdrawnAt: moment.optional(),
      }),
    ),
  })
  .openapi('Tip')

const body = <T extends z.ZodType>(schema: T) => ({
  required: true,
  content: { 'application/json': { schema } },
})
const malformed = problemAnswer('The request is not as it should be.')
const decided = problemAnswer(
  'It has been decided about already, is still arriving, or is not as it was seen.',
)
const ofIncident = { params: z.object({ incident: incidentId }) }
const ofLink = { params: z.object({ incident: incidentId, link: linkId }) }
const ofTip = { params: z.object({ incident: incidentId, tip: tipId }) }

const linksAnswer = json(
  z.object({
    links: z.array(linkSchema.extend({ used: z.object({ files: count, bytes: count }) })),
  }),
  'In the order of their opening.',
)
const tipsAnswer = json(z.object({ tips: z.array(tipSchema) }), 'Oldest first.')
const stateQuery = z.object({ state: tipStates.optional() })

const routesOf = (library: Library) => ({
  allLinks: createRoute({
    ...needs({ to: 'link.manage', isList: true }),
    method: 'get',
    path: '/links',
    summary: 'Contributor links of every incident',
    responses: { 200: linksAnswer },
  }),
  allTips: createRoute({
    ...needs({ to: 'tip.read', isList: true }),
    method: 'get',
    path: '/tips',
    summary: 'What contributors sent, for every incident',
    request: { query: stateQuery },
    responses: { 200: tipsAnswer, 400: malformed },
  }),
  anyTip: createRoute({
    ...needs({
      to: 'tip.read',
      within: async ({ req }) => {
        // PostgreSQL cannot be asked for just any text: not for one with a NUL in it.
        const id = tipId.safeParse(req.param('tip')).data
        if (id === undefined) return undefined
        return (await library.read((reader) => readTip(reader, { id })))?.incident
      },
    }),
    method: 'get',
    path: '/tips/{tip}',
    summary: 'One tip, of whichever incident',
    request: { params: z.object({ tip: tipId }) },
    responses: { 200: json(tipSchema, 'The tip.'), 400: malformed, 404: absent },
  }),
  links: createRoute({
    ...needs({ to: 'link.manage', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/links',
    summary: 'Contributor links of an incident',
    request: ofIncident,
    responses: {
      200: linksAnswer,
      400: malformed,
      404: absent,
    },
  }),
  openLink: createRoute({
    ...needs({ to: 'link.manage', within: 'incident' }),
    method: 'post',
    path: '/incidents/{incident}/links',
    summary: 'Open a contributor link',
    request: {
      ...ofIncident,
      body: body(linkWish),
    },
    responses: {
      201: json(
        linkSchema.extend({
          path: z.string().describe('its secret address, told now and never again'),
        }),
        'It is open.',
      ),
      400: malformed,
      404: absent,
    },
  }),
  closeLink: createRoute({
    ...needs({ to: 'link.manage', within: 'incident' }),
    method: 'delete',
    path: '/incidents/{incident}/links/{link}',
    summary: 'Close a contributor link; what came by it stays',
    request: ofLink,
    responses: { 204: { description: 'It is closed.' }, 400: malformed, 404: absent },
  }),
  tips: createRoute({
    ...needs({ to: 'tip.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/tips',
    summary: 'What contributors sent for an incident',
    request: { ...ofIncident, query: stateQuery },
    responses: {
      200: tipsAnswer,
      400: malformed,
      404: absent,
    },
  }),
  tip: createRoute({
    ...needs({ to: 'tip.decide', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/tips/{tip}',
    summary: 'One tip, and how its contributor can be reached',
    request: ofTip,
    responses: {
      200: json(tipSchema.extend({ contact: z.string().optional() }), 'The tip.'),
      400: malformed,
      404: absent,
    },
  }),
  examine: createRoute({
    ...needs({ to: 'tip.decide', within: 'incident' }),
    method: 'post',
    path: '/incidents/{incident}/tips/{tip}/examination',
    summary: 'Look into a tip’s files in the sandbox; nothing is recorded',
    request: ofTip,
    responses: {
      200: json(
        z.object({
          files: z.array(
            z.object({
              sha256,
              kind: z.string(),
              mediaType: z.string(),
              findings: z.array(findingSchema),
            }),
          ),
          notLookedInto: count.describe('files beyond the first hundred, or ten minutes'),
        }),
        'What was found.',
      ),
      400: malformed,
      404: absent,
      503: problemAnswer('All cores of the machine are busy (`no-core`).'),
    },
  }),
  accept: createRoute({
    ...needs({ to: 'tip.decide', within: 'incident' }),
    method: 'post',
    path: '/incidents/{incident}/tips/{tip}/acceptance',
    summary: 'Take a tip’s files into its incident',
    request: {
      ...ofTip,
      body: body(
        z.object({
          evenIfArriving: z
            .boolean()
            .default(false)
            .describe('without the files that are still on their way'),
          seen: sha256
            .optional()
            .describe(
              '`filesSha256` as it was seen; another since then is refused (`tip-changed`)',
            ),
        }),
      ),
    },
    responses: {
      200: json(
        tipSchema.extend({
          items: z
            .array(
              z.object({
                incident: incidentId,
                sha256,
                name: z.string(),
                seenBefore: z.boolean(),
              }),
            )
            .describe('what its files are in the incident'),
        }),
        'It is accepted.',
      ),
      400: malformed,
      404: absent,
      409: decided,
    },
  }),
  decline: createRoute({
    ...needs({ to: 'tip.decide', within: 'incident' }),
    method: 'post',
    path: '/incidents/{incident}/tips/{tip}/refusal',
    summary: 'Decline a tip; it stays as it is and may still be withdrawn',
    request: ofTip,
    responses: {
      200: json(tipSchema, 'It is declined.'),
      400: malformed,
      404: absent,
      409: decided,
    },
  }),
})

export function addTipRoutes(api: OpenAPIHono<GateEnv>, services: UploadServices): void {
  const { library, examineTip } = services
  const routes = routesOf(library)

  api.openapi(routes.allLinks, async (context) => {
    const among = context.get('asker').incidents('link.manage')
    return context.json({ links: await linksOf(library, among) }, 200)
  })

  api.openapi(routes.links, async (context) => {
    const { id } = await incidentOf(library, context)
    return context.json({ links: await linksOf(library, [id]) }, 200)
  })

  api.openapi(routes.openLink, async (context) => {
    const { incident } = context.req.valid('param')
    const wish = context.req.valid('json')
    const { link, path } = await openLink(services, agentOf(context), incident, wish)
    return context.json({ ...link, path }, 201)
  })

  api.openapi(routes.closeLink, async (context) => {
    await closeLink(library, agentOf(context), context.req.valid('param'))
    return context.body(null, 204)
  })

  const tipsOf = async (among: 'all' | readonly string[], state: TipState | undefined) => {
    const wish = { among, ...(state === undefined ? {} : { state }) }
    return (await library.read((reader) => readTips(reader, wish))).map(plain)
  }

  api.openapi(routes.allTips, async (context) => {
    const among = context.get('asker').incidents('tip.read')
    return context.json({ tips: await tipsOf(among, context.req.valid('query').state) }, 200)
  })

  api.openapi(routes.tips, async (context) => {
    const { id } = await incidentOf(library, context)
    return context.json({ tips: await tipsOf([id], context.req.valid('query').state) }, 200)
  })

  api.openapi(routes.anyTip, async (context) => {
    const { tip: id } = context.req.valid('param')
    const tip = await library.read((reader) => readTip(reader, { id }))
    if (tip === undefined || tip.state === 'arriving') throw nothing()
    return context.json(plain(tip), 200)
  })

  api.openapi(routes.tip, async (context) => {
    const { tip, contact } = await tipWithin(library, context.req.valid('param'))
    return context.json(contact === undefined ? plain(tip) : { ...plain(tip), contact }, 200)
  })

  api.openapi(routes.examine, async (context) => {
    const { tip } = await tipWithin(library, context.req.valid('param'))
    const files = await examineTip(tip, context.req.raw.signal)
    return context.json({ files: [...files], notLookedInto: notLookedInto(tip, files).length }, 200)
  })

  api.openapi(routes.accept, async (context) => {
    const { tip } = await tipWithin(library, context.req.valid('param'))
    const accepted = await accept(services, agentOf(context), tip, context.req.valid('json'))
    return context.json({ ...plain(accepted.tip), items: [...accepted.items] }, 200)
  })

  api.openapi(routes.decline, async (context) => {
    const { tip } = await tipWithin(library, context.req.valid('param'))
    return context.json(plain(await decline(services, agentOf(context), tip)), 200)
  })
}

const agentOf = (context: { get(name: 'asker'): GateContext['var']['asker'] }) =>
  context.get('asker').agent

function plain<T extends { readonly files: readonly object[] }>(tip: T) {
  return { ...tip, files: [...tip.files] as T['files'][number][] }
}
