/** `/incidents/<id>/comments`: what readers wrote, and what moderators decide on it. */
import { z } from '@hono/zod-openapi'
import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Hono } from 'hono'
import type { Asker } from '../access/asker.ts'
import type { Comment, CommentAbout, CommentDecision } from '../store/comments.ts'
import type { Incident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { malformedRequest } from './api-schemas.ts'
import {
  commentCursor,
  commentsOf,
  commentStates,
  commentWithin,
  decide,
  decisionWish,
} from './comment-acts.ts'
import { deskDocument, type Content } from './desk-document.ts'
import { page, type GateEnv } from './gate.ts'
import { fieldsOf, incidentOf, incidentPath } from './page-request.ts'
import { ProblemError } from './problem.ts'
import { momentText } from './shown-text.ts'

const moderates = { to: 'comment.moderate', within: 'incident' } as const
const mostOnPage = 50

const listQuery = z.object({
  state: z.enum(commentStates).default('waiting'),
  after: commentCursor.optional(),
  /** What was decided last, to be told. */
  decided: z.enum(['approved', 'rejected']).optional(),
})
type ListQuery = z.infer<typeof listQuery>

export function addCommentPages(app: Hono<GateEnv>, library: Library): void {
  page(app, 'GET', `${incidentPath}/comments`, moderates, async (context) => {
    const wish = listQuery.safeParse(context.req.query())
    if (!wish.success) throw malformedRequest(wish.error)
    const incident = await incidentOf(library, context)
    const { state, after } = wish.data
    const found = await commentsOf(library, incident.id, { state, after, limit: mostOnPage })
    return context.html(listPage(context.get('asker'), incident, wish.data, found))
  })

  const one = `${incidentPath}/comments/:comment{[0-9a-f]{32}}`
  page(app, 'GET', one, moderates, async (context) => {
    const incident = await incidentOf(library, context)
    const found = await commentWithin(library, incident.id, context.req.param('comment') ?? '')
    return context.html(commentPage(context.get('asker'), found))
  })
  page(app, 'POST', one, moderates, async (context) => {
    const asker = context.get('asker')
    const incident = (await incidentOf(library, context)).id
    const id = context.req.param('comment') ?? ''
    const fields = await fieldsOf(context)
    const reason = fields.get('reason') ?? ''
    const decision = decisionWish.safeParse({ decision: fields.get('decision'), reason })
    try {
      if (!decision.success) throw malformedRequest(decision.error)
      const seen = fields.get('seen') ?? ''
      await decide(library, asker.agent, { incident, id, seen }, decision.data)
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status === 404) throw error
      const found = await commentWithin(library, incident, id)
      const wrong = error.message
      return context.html(commentPage(asker, { ...found, reason, wrong }), error.status)
    }
    const decided = decision.data.decision
    return context.redirect(`/incidents/${incident}/comments?decided=${decided}`, 303)
  })
}

const stateText: Readonly<Record<Comment['state'], string>> = {
  waiting: 'Waiting',
  approved: 'Approved',
  rejected: 'Rejected',
}

function listPage(
  asker: Asker,
  { id: incident, title }: Incident,
  { state, after, decided }: ListQuery,
  { comments, next }: Awaited<ReturnType<typeof commentsOf>>,
): string {
  const path = `/incidents/${incident}/comments`
  return deskDocument(
    `Comments: ${title}`,
    [
      h('h1', `Comments: ${title}`),
      decided === undefined
        ? undefined
        : h('p.said', { role: 'status' }, `The comment is ${decided}.`),
      h(
        'nav',
        { ariaLabel: 'Comments by state' },
        commentStates.map((each) =>
          h(
            'a',
            {
              href: `${path}?state=${each}`,
              ...(each === state ? { ariaCurrent: 'true' } : {}),
            },
            stateText[each],
          ),
        ),
      ),
      comments.length === 0
        ? h('div.empty', h('p', emptyText[state]))
        : h(
            'ul.files',
            comments.map((comment) => commentItem(comment)),
          ),
      after === undefined
        ? undefined
        : h('p', h('a', { href: `${path}?state=${state}` }, 'The first comments')),
      next === undefined
        ? undefined
        : h(
            'p',
            h('a', { href: `${path}?state=${state}&after=${next}`, rel: 'next' }, 'More comments'),
          ),
      h('p', h('a', { href: '/' }, 'All incidents')),
    ],
    { asker },
  )
}

const emptyText: Readonly<Record<Comment['state'], string>> = {
  waiting: 'No comment waits. What readers write about the published story waits here first.',
  approved: 'No comment has been approved yet. Look at those that wait.',
  rejected: 'No comment has been rejected.',
}

function commentItem(comment: Comment): Element {
  const path = `/incidents/${comment.incident}/comments/${comment.id}`
  return h('li', [
    h('h2', h('a', { href: path }, `Comment of ${momentText(comment.postedAt)}`)),
    ...said(comment),
    comment.state === 'waiting' ? decisionForm(comment) : undefined,
  ])
}

const said = ({ incident, name, text, about }: Comment): Element[] => [
  h('p.meta', [
    name === undefined ? 'Unnamed' : h('bdi', name),
    ' about ',
    h('a', { href: `/stories/${incident}/` }, aboutText(about)),
  ]),
  h('p.account', { dir: 'auto' }, text),
]

function aboutText(about: CommentAbout): string {
  switch (about.kind) {
    case 'story':
      return 'the story'
    case 'moment':
      return `${about.footage} at ${about.atSeconds}\u00A0s`
    default:
      return `the ${about.kind} ${about.id}`
  }
}

/** `seen`: what another has decided meanwhile is not overwritten unseen. */
function decisionForm({ id, incident, state }: Comment, reason = '', isWrong = false): Element {
  const act = (decision: 'approved' | 'rejected', label: string): Element =>
    h('button', { type: 'submit', name: 'decision', value: decision }, label)
  return h('form', { method: 'post', action: `/incidents/${incident}/comments/${id}` }, [
    h('input', { type: 'hidden', name: 'seen', value: state }),
    h('div', [
      h('label', { for: `reason-${id}` }, 'Reason, for the team'),
      h(
        'textarea.short',
        {
          id: `reason-${id}`,
          name: 'reason',
          required: true,
          maxLength: 1000,
          ...(isWrong ? { ariaDescribedby: 'wrong' } : {}),
        },
        reason,
      ),
    ]),
    h('div.acts', [
      state === 'approved' ? undefined : act('approved', 'Approve'),
      state === 'rejected' ? undefined : act('rejected', 'Reject'),
    ]),
  ])
}

function commentPage(
  asker: Asker,
  {
    comment,
    decisions,
    reason,
    wrong,
  }: {
    readonly comment: Comment
    readonly decisions: readonly CommentDecision[]
    readonly reason?: string
    readonly wrong?: string
  },
): string {
  const title = `Comment of ${momentText(comment.postedAt)}`
  const history: Content[] = decisions.map(({ decision, reason: why, decidedBy, decidedAt }) =>
    h('li', [`${stateText[decision]} ${momentText(decidedAt)} by ${decidedBy}: `, h('bdi', why)]),
  )
  return deskDocument(
    title,
    [
      h('h1', title),
      wrong === undefined ? undefined : h('p#wrong.said.wrong', { role: 'alert' }, wrong),
      h('p', h('strong', stateText[comment.state])),
      ...said(comment),
      history.length === 0 ? undefined : h('h2', 'What was decided'),
      history.length === 0 ? undefined : h('ul', history),
      h('h2', comment.state === 'waiting' ? 'Decide' : 'Decide otherwise'),
      decisionForm(comment, reason, wrong !== undefined),
      h('p', h('a', { href: `/incidents/${comment.incident}/comments` }, 'All comments that wait')),
    ],
    { asker },
  )
}
