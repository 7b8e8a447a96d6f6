/**
 * A tip: what a contributor sent by a link, words and files. It waits until
 * somebody of the team decides; its files are blobs and no items before that.
 */
import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { ItemFacts } from '../case/item-facts.ts'
import { toHex } from '../custody/bytes.ts'
import type { Blob } from './blobs.ts'
import { secretHash, type ContributorLink } from './contributor-links.ts'
import { appendEntry } from './custody-log.ts'
import { storableName } from './items.ts'
import type { TipTable } from './schema.ts'
import { drawCode } from './secret-code.ts'
import { storableText } from './storable-text.ts'
import type { Reader, Transactor } from './store.ts'

export type TipState = TipTable['state']

export interface TipFile {
  readonly sha256: string
  readonly sizeBytes: number
  readonly kind: ItemFacts['kind']
  readonly mediaType: string
  /** As the contributor calls it: hostile text. Absent once withdrawn. */
  readonly name?: string
  readonly receivedAt: string
  readonly withdrawnAt?: string
}

export interface Tip {
  readonly id: string
  readonly incident: string
  readonly link: string
  readonly state: TipState
  /** Hostile text. */
  readonly account: string
  readonly begunAt: string
  readonly receivedAt?: string
  /** When it was accepted, declined or withdrawn, whichever came last. */
  readonly decidedAt?: string
  readonly files: readonly TipFile[]
  /** SHA-256 over their hashes in this order: which files somebody has seen. */
  readonly filesSha256: string
  /** On their way. */
  readonly arriving: number
}

const codeLetters = 24

/**
 * Begins a tip. With words it is received at once, else with its first file. The
 * receipt code is shown now and never again. `contact` is kept apart.
 */
export async function beginTip(
  tx: Transactor,
  link: Pick<ContributorLink, 'id' | 'incident'>,
  said: { readonly account: string; readonly contact: string },
): Promise<{ readonly id: string; readonly receipt: string }> {
  const id = `tip-${toHex(tx.effects.randomBytes(8))}`
  const receipt = drawCode(tx.effects, codeLetters)
  const account = storableText(said.account)
  await tx.sql
    .insertInto('tip')
    .values({
      id,
      incident: link.incident,
      link: link.id,
      receipt_sha256: secretHash(receipt),
      state: 'arriving',
      account,
      begun_at: tx.at,
      traces_erased_at: null,
    })
    .execute()
  if (said.contact !== '') await setTipContact(tx, id, said.contact)
  if (account !== '') await markReceived(tx, id)
  return { id, receipt }
}

/** A file whose blob is durable; the same bytes again are no second file. */
export async function addTipFile(
  tx: Transactor,
  tip: string,
  file: {
    readonly blob: Blob
    readonly kind: ItemFacts['kind']
    readonly mediaType: string
    readonly name: string
  },
): Promise<{ readonly seenBefore: boolean }> {
  const { blob, kind, mediaType } = file
  const known = await tx.sql
    .selectFrom('tip_file')
    .select('id')
    .where('tip', '=', tip)
    .where('sha256', '=', blob.sha256)
    .executeTakeFirst()
  if (known !== undefined) return { seenBefore: true }
  const { incident } = await markReceived(tx, tip)
  const entryIndex = await appendEntry(tx, {
    type: 'tip-file-received',
    incident,
    tip,
    item: blob.sha256,
    sizeBytes: blob.sizeBytes,
  })
  await tx.sql
    .insertInto('tip_file')
    .values({
      tip,
      sha256: blob.sha256,
      size_bytes: blob.sizeBytes,
      kind,
      media_type: mediaType,
      name: storableName(file.name),
      received_at: tx.at,
      entry_index: entryIndex,
      withdrawn_at: null,
      bytes_left_at: null,
    })
    .execute()
  return { seenBefore: false }
}

/** In place of one given before. */
export async function setTipContact(tx: Transactor, tip: string, said: string): Promise<void> {
  const contact = storableText(said)
  await tx.sql
    .insertInto('tip_contact')
    .values({ tip, contact })
    .onConflict((conflict) => conflict.column('tip').doUpdateSet({ contact }))
    .execute()
}

/** More words to what is waiting. */
export async function addTipAccount(tx: Transactor, tip: string, more: string): Promise<void> {
  const { account } = await tx.sql
    .selectFrom('tip')
    .select('account')
    .where('id', '=', tip)
    .where('state', 'in', ['arriving', 'waiting'])
    .executeTakeFirstOrThrow()
  const whole = account === '' ? storableText(more) : `${account}\n\n${storableText(more)}`
  await tx.sql.updateTable('tip').set({ account: whole }).where('id', '=', tip).execute()
  await markReceived(tx, tip)
}

async function markReceived(tx: Transactor, id: string): Promise<{ readonly incident: string }> {
  const { incident, link, state } = await tx.sql
    .selectFrom('tip')
    .select(['incident', 'link', 'state'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (state !== 'arriving') return { incident }
  const entryIndex = await appendEntry(tx, { type: 'tip-received', incident, link, tip: id })
  await recordAct(tx, id, 'received', entryIndex)
  await setState(tx, id, 'waiting')
  return { incident }
}

/** Only the row and its entry: what it holds is taken into the incident by whoever calls. */
export async function markDecided(
  tx: Transactor,
  { id, incident }: Pick<Tip, 'id' | 'incident'>,
  decision: 'accepted' | 'declined',
): Promise<void> {
  const entryIndex = await appendEntry(tx, { type: `tip-${decision}`, incident, tip: id })
  await recordAct(tx, id, decision, entryIndex)
  await setState(tx, id, decision)
}

/**
 * Erases words, names and contact; that something was here, when, and the hashes
 * of its files stay. The bytes go at the next sweep, unless something else has them.
 */
export async function withdrawTip(
  tx: Transactor,
  { id, incident, state }: Pick<Tip, 'id' | 'incident' | 'state'>,
): Promise<void> {
  await tx.sql.deleteFrom('tip_contact').where('tip', '=', id).execute()
  await tx.sql.updateTable('tip').set({ account: '' }).where('id', '=', id).execute()
  await tx.sql
    .updateTable('tip_file')
    .set({ name: null, withdrawn_at: tx.at })
    .where('tip', '=', id)
    .execute()
  // By one that was refused the sweep finds the bytes, as by one that is just moved to the blobs.
  await tx.sql
    .deleteFrom('upload')
    .where('tip', '=', id)
    .where('ended_at', 'is not', null)
    .where((is) => is.or([is('refused', 'is', null), is('sha256', 'is', null)]))
    .execute()
  await tx.sql.updateTable('upload').set({ name: '' }).where('tip', '=', id).execute()
  // The log knows nothing of one of which nothing came.
  if (state !== 'arriving') {
    const entryIndex = await appendEntry(tx, { type: 'tip-withdrawn', incident, tip: id })
    await recordAct(tx, id, 'withdrawn', entryIndex)
  }
  await setState(tx, id, 'withdrawn')
}

/** Those begun before a moment of which nothing came or comes, so that the log knows nothing of them. */
export async function forgetEmptyTips(tx: Transactor, before: string): Promise<void> {
  const rows = await tx.sql
    .selectFrom('tip')
    .leftJoin('tip_act', 'tip_act.tip', 'tip.id')
    .leftJoin('upload', 'upload.tip', 'tip.id')
    .where('tip.begun_at', '<', before)
    .where('tip_act.id', 'is', null)
    .where('upload.id', 'is', null)
    .select('tip.id')
    .execute()
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return
  await tx.sql.deleteFrom('tip_contact').where('tip', 'in', ids).execute()
  await tx.sql.deleteFrom('tip').where('id', 'in', ids).execute()
}

async function recordAct(
  tx: Transactor,
  tip: string,
  act: 'received' | 'accepted' | 'declined' | 'withdrawn',
  entryIndex: number,
): Promise<void> {
  await tx.sql
    .insertInto('tip_act')
    .values({ tip, act, at: tx.at, entry_index: entryIndex })
    .execute()
}

async function setState(tx: Transactor, id: string, state: TipState): Promise<void> {
  await tx.sql.updateTable('tip').set({ state }).where('id', '=', id).execute()
}

/** Of these incidents, oldest first; those of which nothing has come are left out. */
export async function readTips(
  reader: Reader,
  wish: { readonly among: 'all' | readonly string[]; readonly state?: TipState },
): Promise<Tip[]> {
  const { among } = wish
  if (among.length === 0) return []
  let query = reader.sql.selectFrom('tip').selectAll().where('state', '<>', 'arriving')
  if (among !== 'all') query = query.where('incident', 'in', among)
  if (wish.state !== undefined) query = query.where('state', '=', wish.state)
  const rows = await query.orderBy('begun_at').orderBy('id').execute()
  const tips = await withContents(reader, rows)
  return tips.filter(({ receivedAt }) => receivedAt !== undefined)
}

export async function readTip(
  reader: Reader,
  by: { readonly receipt: string } | { readonly id: string },
): Promise<Tip | undefined> {
  const query = reader.sql.selectFrom('tip').selectAll()
  const rows = await (
    'id' in by
      ? query.where('id', '=', by.id)
      : query.where('receipt_sha256', '=', secretHash(by.receipt))
  ).execute()
  return (await withContents(reader, rows))[0]
}

/** Reading it is for whoever may decide about the tip. */
export async function readTipContact(reader: Reader, tip: string): Promise<string | undefined> {
  const row = await reader.sql
    .selectFrom('tip_contact')
    .select('contact')
    .where('tip', '=', tip)
    .executeTakeFirst()
  return row?.contact
}

async function withContents(
  { sql }: Reader,
  rows: readonly Selectable<TipTable>[],
): Promise<Tip[]> {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const files = Map.groupBy(
    await sql.selectFrom('tip_file').selectAll().where('tip', 'in', ids).orderBy('id').execute(),
    ({ tip }) => tip,
  )
  const acts = Map.groupBy(
    await sql.selectFrom('tip_act').selectAll().where('tip', 'in', ids).orderBy('id').execute(),
    ({ tip }) => tip,
  )
  const arriving = Map.groupBy(
    await sql
      .selectFrom('upload')
      .select('tip')
      .where('tip', 'in', ids)
      .where('ended_at', 'is', null)
      .execute(),
    ({ tip }) => tip,
  )
  return rows.map(({ id, incident, link, state, account, begun_at: begunAt }) => {
    const done = acts.get(id) ?? []
    const own = files.get(id) ?? []
    const receivedAt = done.find(({ act }) => act === 'received')?.at
    const decidedAt = done.findLast(({ act }) => act !== 'received')?.at
    return {
      id,
      incident,
      link,
      state,
      account,
      begunAt,
      ...(receivedAt === undefined ? {} : { receivedAt }),
      ...(decidedAt === undefined ? {} : { decidedAt }),
      files: own.map((row) => ({
        sha256: row.sha256,
        sizeBytes: row.size_bytes,
        kind: row.kind,
        mediaType: row.media_type,
        receivedAt: row.received_at,
        ...(row.name === null ? {} : { name: row.name }),
        ...(row.withdrawn_at === null ? {} : { withdrawnAt: row.withdrawn_at }),
      })),
      filesSha256: hashOf(own.map(({ sha256 }) => sha256)),
      arriving: arriving.get(id)?.length ?? 0,
    }
  })
}

const hashOf = (hashes: readonly string[]): string =>
  createHash('sha256').update(hashes.join('\n')).digest('hex')
