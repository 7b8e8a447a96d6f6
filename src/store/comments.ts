/** What readers write about what was published: it waits until somebody decides on it. */
import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { canonicalJson } from '../custody/canonical-json.ts'
import { microsecondsOf } from '../time/microseconds.ts'
import { appendEntry } from './custody-log.ts'
import type { CommentTable } from './schema.ts'
import type { Reader, Transactor } from './store.ts'

export type CommentAbout =
  | { readonly kind: 'story' }
  | { readonly kind: 'claim' | 'quote'; readonly id: string }
  | { readonly kind: 'moment'; readonly footage: string; readonly atSeconds: number }

export interface NewComment {
  /** 128 random bits in hex: nobody guesses the address of one that waits. */
  readonly id: string
  readonly incident: string
  readonly about: CommentAbout
  /** As the reader wants to be called: hostile text. */
  readonly name?: string
  readonly text: string
}

export interface Comment extends NewComment {
  readonly state: CommentTable['state']
  readonly postedAt: string
  readonly entryIndex: number
}

export interface CommentDecision {
  readonly decision: 'approved' | 'rejected'
  readonly reason: string
  /** A role or pseudonym. */
  readonly decidedBy: string
  readonly decidedAt: string
}

type Said = Pick<
  CommentTable,
  'id' | 'incident' | 'about_kind' | 'about_id' | 'about_microseconds' | 'name' | 'body'
>

/** Of what it says, to whom, about what; its random id keeps others from guessing. */
export function commentSha256(row: Said): string {
  const { id, incident, about_kind, about_id, about_microseconds, name, body } = row
  const said = [id, incident, about_kind, about_id, about_microseconds, name, body]
  return createHash('sha256').update(canonicalJson(said)).digest('hex')
}

/** The log takes no more in one record. */
export const mostAtOnce = 1000

/** Keeps comments, those of one incident with one entry: at most a thousand. */
export async function addComments(tx: Transactor, posted: readonly NewComment[]): Promise<void> {
  for (const [incident, comments] of Map.groupBy(posted, ({ incident }) => incident)) {
    const said = comments.map(toSaid)
    const hashes = said.map(commentSha256)
    const entryIndex = await appendEntry(tx, {
      type: 'comments-posted',
      incident,
      comments: hashes.toSorted(),
    })
    const rows = said.map((row, index) => ({
      ...row,
      sha256: hashes[index] ?? '',
      state: 'waiting' as const,
      posted_at: tx.at,
      entry_index: entryIndex,
    }))
    await tx.sql.insertInto('comment').values(rows).execute()
  }
}

function toSaid({ id, incident, about, name, text }: NewComment): Said {
  return {
    id,
    incident,
    about_kind: about.kind,
    about_id: about.kind === 'story' ? null : about.kind === 'moment' ? about.footage : about.id,
    about_microseconds: about.kind === 'moment' ? microsecondsOf(about.atSeconds) : null,
    name: name ?? null,
    body: text,
  }
}

function toComment(row: Selectable<CommentTable>): Comment {
  const { id, incident, about_kind: kind, about_id, about_microseconds, name, body } = row
  const about: CommentAbout =
    kind === 'story'
      ? { kind }
      : kind === 'moment'
        ? { kind, footage: about_id ?? '', atSeconds: (about_microseconds ?? 0) / 1e6 }
        : { kind, id: about_id ?? '' }
  return {
    id,
    incident,
    about,
    ...(name === null ? {} : { name }),
    text: body,
    state: row.state,
    postedAt: row.posted_at,
    entryIndex: row.entry_index,
  }
}

export async function readComment(
  { sql }: Reader,
  incident: string,
  id: string,
): Promise<Comment | undefined> {
  const row = await sql
    .selectFrom('comment')
    .selectAll()
    .where('incident', '=', incident)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toComment(row)
}

/** Where a page goes on: after which comment. */
export interface CommentPlace {
  readonly entryIndex: number
  readonly id: string
}

/** In the order of their arrival. */
export async function readComments(
  { sql }: Reader,
  incident: string,
  {
    state,
    after,
    limit,
  }: { readonly state: Comment['state']; readonly after?: CommentPlace; readonly limit: number },
): Promise<Comment[]> {
  let query = sql
    .selectFrom('comment')
    .selectAll()
    .where('incident', '=', incident)
    .where('state', '=', state)
    .orderBy('entry_index')
    .orderBy('id')
    .limit(limit)
  if (after !== undefined) {
    query = query.where((row) =>
      row(row.refTuple('entry_index', 'id'), '>', row.tuple(after.entryIndex, after.id)),
    )
  }
  return (await query.execute()).map(toComment)
}

/** Records what somebody decided; deciding again replaces it and keeps what was decided before. */
export async function decideComment(
  tx: Transactor,
  comment: Comment,
  { decision, reason }: Pick<CommentDecision, 'decision' | 'reason'>,
): Promise<Comment> {
  const { incident, id } = comment
  const entryIndex = await appendEntry(tx, {
    type: 'comment-decided',
    incident,
    commentSha256: commentSha256(toSaid(comment)),
    decision,
  })
  await tx.sql
    .insertInto('comment_decision')
    .values({ comment: id, decision, reason, decided_at: tx.at, entry_index: entryIndex })
    .execute()
  await tx.sql.updateTable('comment').set({ state: decision }).where('id', '=', id).execute()
  return { ...comment, state: decision }
}

/** First one first. */
export async function readDecisions({ sql }: Reader, comment: string): Promise<CommentDecision[]> {
  const rows = await sql
    .selectFrom('comment_decision')
    .innerJoin('custody_entry', 'custody_entry.index', 'comment_decision.entry_index')
    .select(['decision', 'reason', 'decided_at', 'record'])
    .where('comment', '=', comment)
    .orderBy('entry_index')
    .execute()
  return rows.map(({ decision, reason, decided_at: decidedAt, record }) => ({
    decision,
    reason,
    decidedAt,
    decidedBy: (JSON.parse(record) as { readonly actor: string }).actor,
  }))
}
