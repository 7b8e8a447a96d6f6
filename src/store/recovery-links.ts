/** A link by which one person, known already, comes back in without their password or authenticator app. */
import { appendEntry } from './custody-log.ts'
import { mayInvite, requirePerson, sha256Of } from './people.ts'
import { StoreError } from './store-error.ts'
import type { Reader, Transactor } from './store.ts'

/**
 * Only a hash of the code is kept; an earlier link of that person is void. It is an entry: whoever has the
 * link can act as the person. Answers when it expires. @throws StoreError `no-person`
 */
export async function addRecoveryLink(
  tx: Transactor,
  code: string,
  person: string,
  validHours: number,
): Promise<string> {
  await requirePerson(tx, person)
  const link = {
    code_sha256: sha256Of(code),
    made_by: tx.agent.actor,
    expires_at: new Date(Date.parse(tx.at) + validHours * 3_600_000).toISOString(),
  }
  await appendEntry(tx, { type: 'recovery-link-made', person })
  await tx.sql
    .insertInto('recovery_link')
    .values({ person, ...link })
    .onConflict((conflict) => conflict.column('person').doUpdateSet(link))
    .execute()
  return link.expires_at
}

/**
 * Whose way back the code is. Who made it may have lost the right since; whoever works on the
 * library itself keeps it. @throws StoreError `recovery-void`
 */
export async function readRecovery(reader: Reader, code: string, now: Date): Promise<string> {
  const row = await reader.sql
    .selectFrom('recovery_link')
    .select(['person', 'made_by'])
    .where('code_sha256', '=', sha256Of(code))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  const isGood =
    row !== undefined && (row.made_by === 'operator' || (await mayInvite(reader, row.made_by)))
  if (!isGood) {
    throw new StoreError('recovery-void', 'This link was used or has expired. Ask for a new one.')
  }
  return row.person
}

/**
 * Once: sets the password, takes the authenticator app away and ends all sessions of the person.
 * Passkeys and tokens stay. @throws StoreError `recovery-void`
 */
export async function useRecovery(
  tx: Transactor,
  code: string,
  passwordHash: string,
): Promise<void> {
  const { sql, at } = tx
  const person = await readRecovery(tx, code, new Date(at))
  await sql.deleteFrom('recovery_link').where('person', '=', person).execute()
  await sql
    .updateTable('sign_in_account')
    .set({ password: passwordHash, updatedAt: at })
    .where('userId', '=', person)
    .where('providerId', '=', 'credential')
    .execute()
  await sql.deleteFrom('sign_in_two_factor').where('userId', '=', person).execute()
  await sql
    .updateTable('sign_in_user')
    .set({ twoFactorEnabled: false })
    .where('id', '=', person)
    .execute()
  await sql.deleteFrom('sign_in_session').where('userId', '=', person).execute()
}
