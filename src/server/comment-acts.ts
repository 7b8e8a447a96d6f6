/** What moderators do with comments, by the interface and by the desk's pages alike. */
import { z } from '@hono/zod-openapi'
import { printableText } from '../case/case-schema.ts'
import {
  decideComment,
  readComment,
  readComments,
  readDecisions,
  type Comment,
  type CommentDecision,
  type CommentPlace,
} from '../store/comments.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import { ProblemError } from './problem.ts'

const mostReasonLength = 1000

export const commentId = /^[0-9a-f]{32}$/
export const commentCursor = z.string().regex(/^\d{1,15}-[0-9a-f]{32}$/)
export const commentStates = ['waiting', 'approved', 'rejected'] as const
export const decisionWish = z.strictObject({
  decision: z.enum(['approved', 'rejected']),
  reason: printableText(mostReasonLength),
})

/** In the order of their arrival; `after` is a `next`. */
export async function commentsOf(
  library: Library,
  incident: string,
  wish: { readonly state: Comment['state']; readonly after?: string | undefined; limit: number },
): Promise<{ readonly comments: readonly Comment[]; readonly next?: string }> {
  const { state, after, limit } = wish
  const found = await library.read((reader) =>
    readComments(reader, incident, { state, ...place(after), limit: limit + 1 }),
  )
  const comments = found.slice(0, limit)
  const last = comments.at(-1)
  return found.length > limit && last !== undefined
    ? { comments, next: `${last.entryIndex}-${last.id}` }
    : { comments }
}

function place(after: string | undefined): { readonly after?: CommentPlace } {
  const [entryIndex, id] = after?.split('-') ?? []
  return id === undefined ? {} : { after: { entryIndex: Number(entryIndex), id } }
}

/** With everything decided on it, the first decision first. @throws ProblemError 404 */
export async function commentWithin(
  library: Library,
  incident: string,
  id: string,
): Promise<{ readonly comment: Comment; readonly decisions: CommentDecision[] }> {
  const found = await library.read(async (reader) => {
    const comment = await readComment(reader, incident, id)
    return comment && { comment, decisions: await readDecisions(reader, id) }
  })
  if (found === undefined) throw noComment(id)
  return found
}

/**
 * `seen`: the state in which whoever decides saw it, where that is known.
 * @throws ProblemError 404, and 409 where it is no longer in that state
 */
export function decide(
  library: Library,
  agent: Agent,
  { incident, id, seen }: { readonly incident: string; readonly id: string; seen?: string },
  decision: z.infer<typeof decisionWish>,
): Promise<Comment> {
  return library.transact(agent, async (tx) => {
    const comment = await readComment(tx, incident, id)
    if (comment === undefined) throw noComment(id)
    if (seen !== undefined && seen !== comment.state) {
      const detail = `It has been ${comment.state} meanwhile. Look at why, then decide again.`
      throw new ProblemError(409, detail, 'comment-decided')
    }
    return decideComment(tx, comment, decision)
  })
}

const noComment = (id: string): ProblemError =>
  new ProblemError(404, `There is no comment "${id}".`)
