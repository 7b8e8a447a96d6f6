/** What the rows of a case's records and of comments say that the custody log records. */
import { createHash } from 'node:crypto'
import { commentSha256 } from './comments.ts'
import type { Claim } from './fsck-rows.ts'
import type { Records } from './fsck-log.ts'
import type { FsckCount, Report } from './fsck-report.ts'
import type { Reader } from './store.ts'

export async function caseRecordClaims(
  { sql }: Reader,
  records: Records,
  counted: FsckCount,
): Promise<Claim[]> {
  const columns = ['incident', 'kind', 'id', 'version', 'body', 'entry_index'] as const
  const now = await sql.selectFrom('case_record').select(columns).execute()
  const before = await sql.selectFrom('case_record_version').select(columns).execute()
  counted.caseRecords = now.length
  return [...now, ...before].map((row): Claim => {
    const what = `${row.kind}/${row.id} of ${row.incident}, version ${row.version}`
    const { entry_index: entry, incident, body } = row
    // One entry records all that an import changed; the texts are in its blobs.
    if (records.get(entry)?.type === 'case-imported') {
      return { what, entry, type: 'case-imported', members: { incident } }
    }
    const members = { incident, kind: row.kind, record: row.id, version: row.version }
    return body === null
      ? { what, entry, type: 'case-record-removed', members }
      : {
          what,
          entry,
          type: 'case-record-edited',
          members: { ...members, bodySha256: createHash('sha256').update(body).digest('hex') },
        }
  })
}

export async function commentClaims(
  { sql }: Reader,
  records: Records,
  counted: FsckCount,
  report: Report,
): Promise<Claim[]> {
  const comments = await sql.selectFrom('comment').selectAll().execute()
  const decisions = await sql
    .selectFrom('comment_decision')
    .innerJoin('comment', 'comment.id', 'comment_decision.comment')
    .select(['comment_decision.entry_index', 'decision', 'sha256', 'incident', 'comment', 'state'])
    .orderBy('comment_decision.entry_index')
    .execute()
  counted.comments = comments.length
  const decided = new Map(decisions.map(({ comment, decision }) => [comment, decision]))
  for (const row of comments) {
    const posted = records.get(row.entry_index)
    const isListed = posted?.type === 'comments-posted' && posted.comments.includes(row.sha256)
    const isWhole = commentSha256(row) === row.sha256
    if (isListed && isWhole && row.state === (decided.get(row.id) ?? 'waiting')) continue
    const what = `comment ${row.id}`
    report(
      'act-not-recorded',
      what,
      `Entry ${row.entry_index} of the custody log, or a decision, says something else.`,
    )
  }
  return [
    ...comments.map((row): Claim => ({
      what: `comment ${row.id}`,
      entry: row.entry_index,
      type: 'comments-posted',
      members: { incident: row.incident },
    })),
    ...decisions.map((row): Claim => ({
      what: `decision on comment ${row.comment}`,
      entry: row.entry_index,
      type: 'comment-decided',
      members: { incident: row.incident, commentSha256: row.sha256, decision: row.decision },
    })),
  ]
}
