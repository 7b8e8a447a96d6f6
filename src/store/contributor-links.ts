/**
 * A contributor link: by it anyone who has its address may send something for
 * one incident, until it expires, is closed or has taken in what it may.
 */
import { createHash } from 'node:crypto'
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely'
import { toHex, utf8 } from '../custody/bytes.ts'
import { appendEntry } from './custody-log.ts'
import { drawCode } from './secret-code.ts'
import type { ContributorLinkTable, Schema } from './schema.ts'
import { storableText } from './storable-text.ts'
import type { Reader, Transactor } from './store.ts'
import { holdsBytes } from './uploads.ts'

export interface ContributorLink {
  /** `link-…`: no secret, and names nobody. */
  readonly id: string
  readonly incident: string
  /** Shown to contributors. */
  readonly note: string
  readonly mostBytes: number
  readonly mostFiles: number
  readonly openedAt: string
  readonly expiresAt: string
  readonly closedAt?: string
}

interface LinkUse {
  readonly files: number
  readonly bytes: number
}

export interface UsedLink extends ContributorLink {
  readonly used: LinkUse
}

/** The most that one may be opened for. */
export const linkLimits = { days: 366, bytes: 2 ** 40, files: 10_000, noteLetters: 2000 }

/** The token is shown now and never again: only its hash is kept. */
export async function openContributorLink(
  tx: Transactor,
  wish: Pick<ContributorLink, 'incident' | 'note' | 'mostBytes' | 'mostFiles' | 'expiresAt'>,
): Promise<{ readonly link: ContributorLink; readonly token: string }> {
  const { incident, mostBytes, mostFiles, expiresAt } = wish
  const id = `link-${toHex(tx.effects.randomBytes(8))}`
  const token = drawCode(tx.effects, 28)
  const note = storableText(wish.note)
  const entryIndex = await appendEntry(tx, { type: 'link-opened', incident, link: id })
  await tx.sql
    .insertInto('contributor_link')
    .values({
      id,
      incident,
      token_sha256: secretHash(token),
      note,
      most_bytes: mostBytes,
      most_files: mostFiles,
      opened_at: tx.at,
      expires_at: expiresAt,
      entry_index: entryIndex,
      closed_at: null,
      closed_entry_index: null,
    })
    .execute()
  return { link: { id, incident, note, mostBytes, mostFiles, openedAt: tx.at, expiresAt }, token }
}

/** Nothing more comes by it; what has come stays. False where it is unknown or closed already. */
export async function closeContributorLink(tx: Transactor, id: string): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('contributor_link')
    .select(['incident', 'closed_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined || row.closed_at !== null) return false
  const { incident } = row
  const entryIndex = await appendEntry(tx, { type: 'link-closed', incident, link: id })
  await tx.sql
    .updateTable('contributor_link')
    .set({ closed_at: tx.at, closed_entry_index: entryIndex })
    .where('id', '=', id)
    .execute()
  return true
}

/** With what has come by each, in the order of their opening. `among`: of these incidents. */
export async function readLinksWithUse(
  reader: Reader,
  among: 'all' | readonly string[],
): Promise<readonly UsedLink[]> {
  if (among.length === 0) return []
  let query = reader.sql.selectFrom('contributor_link').selectAll().orderBy('entry_index')
  if (among !== 'all') query = query.where('incident', 'in', among)
  const links = (await query.execute()).map(toLink)
  const uses = await readUses(reader, (is) =>
    among === 'all' ? is.lit(true) : is('tip.incident', 'in', among),
  )
  return links.map((link) => ({ ...link, used: uses.get(link.id) ?? unused }))
}

export async function readContributorLink(
  { sql }: Reader,
  by: { readonly token: string } | { readonly id: string },
): Promise<ContributorLink | undefined> {
  const query = sql.selectFrom('contributor_link').selectAll()
  const row = await (
    'id' in by
      ? query.where('id', '=', by.id)
      : query.where('token_sha256', '=', secretHash(by.token))
  ).executeTakeFirst()
  return row && toLink(row)
}

/** What has come by a link and is on its way: what is withdrawn or refused counts until its bytes have left. */
export async function readLinkUse(reader: Reader, link: string): Promise<LinkUse> {
  return (await readUses(reader, (is) => is('tip.link', '=', link))).get(link) ?? unused
}

const unused: LinkUse = { files: 0, bytes: 0 }

/** By link; those by which nothing came are not there. */
async function readUses(
  { sql }: Reader,
  ofTips: (is: ExpressionBuilder<Schema, 'tip'>) => Expression<SqlBool>,
): Promise<ReadonlyMap<string, LinkUse>> {
  const arrived = await sql
    .selectFrom('tip_file')
    .innerJoin('tip', 'tip.id', 'tip_file.tip')
    .where(ofTips)
    .where('bytes_left_at', 'is', null)
    .groupBy('tip.link')
    .select(({ fn }) => ['tip.link', fn.countAll().as('files'), fn.sum('size_bytes').as('bytes')])
    .execute()
  const arriving = await sql
    .selectFrom('upload')
    .innerJoin('tip', 'tip.id', 'upload.tip')
    .where(ofTips)
    .where(holdsBytes)
    .groupBy('tip.link')
    .select(({ fn }) => ['tip.link', fn.countAll().as('files'), fn.sum('size_bytes').as('bytes')])
    .execute()
  const uses = new Map<string, LinkUse>()
  for (const { link, files, bytes } of [...arrived, ...arriving]) {
    const before = uses.get(link) ?? unused
    uses.set(link, { files: before.files + Number(files), bytes: before.bytes + Number(bytes) })
  }
  return uses
}

/** For what is drawn at random and is as long as a key: nothing slower is needed. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(utf8(secret)).digest('hex')
}

function toLink(row: Selectable<ContributorLinkTable>): ContributorLink {
  return {
    id: row.id,
    incident: row.incident,
    note: row.note,
    mostBytes: row.most_bytes,
    mostFiles: row.most_files,
    openedAt: row.opened_at,
    expiresAt: row.expires_at,
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
  }
}
