/**
 * Readers' comments on what was published: anybody may write one, nobody sees it until a moderator
 * has decided. Nothing is kept of a reader but what the reader wrote.
 */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { nobody } from '../access/asker.ts'
import { printableText } from '../case/case-schema.ts'
import { toHex } from '../custody/bytes.ts'
import { commentIntake } from '../jobs/post-comment.ts'
import { isPublished, publishedNouns } from '../jobs/published-nouns.ts'
import type { Comment, CommentAbout } from '../store/comments.ts'
import type { Library } from '../store/library.ts'
import {
  absent,
  count,
  inIncident,
  json,
  malformed,
  moment,
  noIncident,
  whole,
} from './api-schemas.ts'
import {
  commentCursor,
  commentId,
  commentsOf,
  commentStates,
  commentWithin,
  decide,
  decisionWish,
} from './comment-acts.ts'
import { needs, type GateEnv } from './gate.ts'
import { incidentOf } from './page-request.ts'
import type { UploadServices } from './upload-services.ts'
import { problemAnswer, ProblemError } from './problem.ts'
import { atMost, refusals } from './versions.ts'

const mostTextLength = 5000
const mostNameLength = 80
const mostPostBytes = 32 * 1024
const mostOnPage = 200

const commentIdSchema = z.string().regex(commentId)
const nounId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
/** In microseconds it is a safe integer. */
const ownSeconds = z.number().min(-1e9).max(1e9)
const about = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('story') }),
  z.strictObject({ kind: z.literal('claim'), id: nounId }),
  z.strictObject({ kind: z.literal('quote'), id: nounId }),
  z.strictObject({
    kind: z.literal('moment'),
    footage: nounId,
    atSeconds: ownSeconds.describe('own time of the recording'),
  }),
])
const postSchema = z.strictObject({
  about,
  name: printableText(mostNameLength).optional().describe('how the reader wants to be called'),
  text: printableText(mostTextLength).describe('plain text'),
})
const stateSchema = z.enum(commentStates)
const publicSchema = z
  .object({
    id: commentIdSchema,
    about,
    name: z.string().optional(),
    text: z.string(),
    postedAt: moment,
  })
  .openapi('Comment')
const decisionSchema = z.object({
  decision: z.enum(['approved', 'rejected']),
  reason: z.string(),
  decidedBy: z.string(),
  decidedAt: moment,
})
const moderatedSchema = publicSchema
  .extend({ state: stateSchema, entryIndex: count })
  .openapi('ModeratedComment')
const page = { after: commentCursor.optional(), limit: whole(1, mostOnPage).default(100) }
const next = commentCursor.optional().describe('`after` of the next page; absent on the last')
const inComment = inIncident.extend({ comment: commentIdSchema })

const moderates = needs({ to: 'comment.moderate', within: 'incident' })

const routes = {
  post: createRoute({
    ...needs({ to: 'anyone' }),
    middleware: [needs({ to: 'anyone' }).middleware, atMost(mostPostBytes)],
    method: 'post',
    path: '/incidents/{incident}/comments',
    summary: 'Comment on a published story, or on a claim, quote or moment in it',
    description: 'It waits for a moderator. No address and no agent string is kept.',
    request: {
      params: inIncident,
      body: { required: true, content: { 'application/json': { schema: postSchema } } },
    },
    responses: {
      202: json(z.object({ id: commentIdSchema, state: stateSchema }), 'It is kept, and waits.'),
      400: malformed,
      429: problemAnswer('Too many from one place; try again later.'),
      404: absent,
      413: refusals[413],
      415: refusals[415],
    },
  }),
  approved: createRoute({
    ...needs({ to: 'anyone' }),
    method: 'get',
    path: '/incidents/{incident}/comments',
    summary: 'Approved comments on a published story, in the order of their arrival',
    request: { params: inIncident, query: z.object(page) },
    responses: {
      200: json(z.object({ comments: z.array(publicSchema), next }), 'A page of comments.'),
      400: malformed,
      404: absent,
    },
  }),
  moderated: createRoute({
    ...moderates,
    method: 'get',
    path: '/incidents/{incident}/moderation',
    summary: 'Comments of one state, in the order of their arrival',
    request: {
      params: inIncident,
      query: z.object({ state: stateSchema.default('waiting'), ...page }),
    },
    responses: {
      200: json(z.object({ comments: z.array(moderatedSchema), next }), 'A page of comments.'),
      400: malformed,
      404: absent,
    },
  }),
  one: createRoute({
    ...moderates,
    method: 'get',
    path: '/incidents/{incident}/moderation/{comment}',
    summary: 'A comment with everything decided on it, the first decision first',
    request: { params: inComment },
    responses: {
      200: json(moderatedSchema.extend({ decisions: z.array(decisionSchema) }), 'It.'),
      400: malformed,
      404: absent,
    },
  }),
  decide: createRoute({
    ...moderates,
    middleware: [moderates.middleware, atMost(mostPostBytes)],
    method: 'post',
    path: '/incidents/{incident}/moderation/{comment}/decisions',
    summary: 'Approve or reject a comment, with a reason; what was decided before stays on record',
    request: {
      params: inComment,
      body: {
        required: true,
        content: {
          'application/json': {
            schema: decisionWish.extend({
              seen: stateSchema
                .optional()
                .describe('as you saw it; where somebody decided meanwhile, nothing is decided'),
            }),
          },
        },
      },
    },
    responses: {
      200: json(moderatedSchema, 'It.'),
      400: malformed,
      404: absent,
      409: problemAnswer('Somebody decided meanwhile (`comment-decided`).'),
      413: refusals[413],
      415: refusals[415],
    },
  }),
}

export function addCommentRoutes(
  app: OpenAPIHono<GateEnv>,
  library: Library,
  limits?: Pick<UploadServices, 'rate' | 'addressOf'>,
): void {
  const nounsOf = publishedNouns(library)
  const keep = commentIntake(library, nobody.agent)

  app.openapi(routes.post, async (context) => {
    if (limits?.rate.allows('comment', { address: limits.addressOf(context) }) === false) {
      throw new ProblemError(429, 'Too many comments from one place; try again in ten minutes.')
    }
    const { incident } = context.req.valid('param')
    const { about, name, text } = context.req.valid('json')
    const nouns = await nounsOf(incident)
    if (nouns === undefined) throw unpublished(incident)
    if (!isPublished(nouns, about)) {
      throw new ProblemError(404, 'The published story has no such claim, quote or recording.')
    }
    const id = toHex(library.effects.randomBytes(16))
    await keep({ id, incident, about, text, ...(name === undefined ? {} : { name }) })
    return context.json({ id, state: 'waiting' as const }, 202)
  })

  app.openapi(routes.approved, async (context) => {
    const { incident } = context.req.valid('param')
    const { after, limit } = context.req.valid('query')
    if ((await nounsOf(incident)) === undefined) throw unpublished(incident)
    const wish = { state: 'approved', after, limit } as const
    return context.json(paged(await commentsOf(library, incident, wish), publicly), 200)
  })

  app.openapi(routes.moderated, async (context) => {
    const { id } = await incidentOf(library, context)
    const wish = context.req.valid('query')
    return context.json(paged(await commentsOf(library, id, wish), wholly), 200)
  })

  app.openapi(routes.one, async (context) => {
    const { incident, comment: id } = context.req.valid('param')
    const { comment, decisions } = await commentWithin(library, incident, id)
    return context.json({ ...wholly(comment), decisions }, 200)
  })

  app.openapi(routes.decide, async (context) => {
    const { incident, comment: id } = context.req.valid('param')
    const { agent } = context.get('asker')
    const { seen, ...wish } = context.req.valid('json')
    const which = { incident, id, ...(seen === undefined ? {} : { seen }) }
    const decided = await decide(library, agent, which, wish)
    return context.json(wholly(decided), 200)
  })
}

/** Nobody learns here whether there is such an incident. */
const unpublished = (incident: string): ProblemError => noIncident(incident)

function paged<T>(
  { comments, next }: Awaited<ReturnType<typeof commentsOf>>,
  show: (comment: Comment) => T,
) {
  return { comments: comments.map(show), ...(next === undefined ? {} : { next }) }
}

function publicly({ id, about, name, text, postedAt }: Comment) {
  const said: CommentAbout = about
  return { id, about: { ...said }, ...(name === undefined ? {} : { name }), text, postedAt }
}

const wholly = (comment: Comment) => ({
  ...publicly(comment),
  state: comment.state,
  entryIndex: comment.entryIndex,
})
