/** Tokens for the command line and scripts: a person's, narrowed to some actions, for some time. */
import { timingSafeEqual } from 'node:crypto'

import { isAction, type Action } from '../access/roles.ts'
import { toHex } from '../custody/bytes.ts'
import { sha256Of } from './people.ts'
import type { Reader, Transactor } from './store.ts'

export interface MachineToken {
  readonly id: string
  readonly person: string
  readonly name: string
  readonly actions: readonly Action[]
  /** Absent: in all that the person has. */
  readonly incidents?: readonly string[]
  readonly expiresAt: string
  /** To the hour. */
  readonly usedAt?: string
}

export interface TokenWish {
  readonly person: string
  readonly name: string
  readonly actions: readonly Action[]
  readonly incidents?: readonly string[]
  readonly validDays: number
}

const form = /^sightline_([0-9a-f]{16})_([0-9a-f]{64})$/
const hour = 3_600_000

/** The text is shown once; only a hash of its secret is kept. */
export async function addToken(
  tx: Transactor,
  { person, name, actions, incidents, validDays }: TokenWish,
): Promise<{ readonly token: MachineToken; readonly text: string }> {
  const id = toHex(tx.effects.randomBytes(8))
  const secret = toHex(tx.effects.randomBytes(32))
  const row = {
    id,
    secret_sha256: sha256Of(secret),
    person,
    name,
    actions: actions.join(' '),
    incidents: incidents === undefined ? null : incidents.join(' '),
    made_at: tx.at,
    expires_at: new Date(Date.parse(tx.at) + validDays * 24 * hour).toISOString(),
    used_at: null,
  }
  await tx.sql.insertInto('machine_token').values(row).execute()
  return { token: toToken(row), text: `sightline_${id}_${secret}` }
}

/** The token that a text is, if it is still good. */
export async function findToken(
  { sql }: Reader,
  text: string,
  now: Date,
): Promise<MachineToken | undefined> {
  const [, id, secret] = form.exec(text) ?? []
  if (id === undefined || secret === undefined) return undefined
  const row = await sql
    .selectFrom('machine_token')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  if (row === undefined) return undefined
  const isSame = timingSafeEqual(Buffer.from(row.secret_sha256), Buffer.from(sha256Of(secret)))
  return isSame ? toToken(row) : undefined
}

export async function listTokens({ sql }: Reader, person: string): Promise<MachineToken[]> {
  const rows = await sql
    .selectFrom('machine_token')
    .selectAll()
    .where('person', '=', person)
    .orderBy('made_at')
    .execute()
  return rows.map(toToken)
}

/** Whether it was there, and theirs. */
export async function removeToken(
  { sql }: Transactor,
  person: string,
  id: string,
): Promise<boolean> {
  const { numDeletedRows } = await sql
    .deleteFrom('machine_token')
    .where('id', '=', id)
    .where('person', '=', person)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export const wasUsedThisHour = ({ usedAt }: MachineToken, now: Date): boolean =>
  usedAt !== undefined && now.getTime() - Date.parse(usedAt) < hour

export async function noteUse({ sql, at }: Transactor, id: string): Promise<void> {
  await sql.updateTable('machine_token').set({ used_at: at }).where('id', '=', id).execute()
}

function toToken(row: {
  id: string
  person: string
  name: string
  actions: string
  incidents: string | null
  expires_at: string
  used_at: string | null
}): MachineToken {
  return {
    id: row.id,
    person: row.person,
    name: row.name,
    actions: row.actions.split(' ').filter(isAction),
    ...(row.incidents === null ? {} : { incidents: row.incidents.split(' ') }),
    expiresAt: row.expires_at,
    ...(row.used_at === null ? {} : { usedAt: row.used_at }),
  }
}
