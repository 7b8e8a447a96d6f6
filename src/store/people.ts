/** Roles of people and the invitations that give them. Names and addresses are in `sign_in_user` alone. */
import { createHash } from 'node:crypto'

import type { Standing } from '../access/asker.ts'
import { roleMay, type Role } from '../access/roles.ts'
import { appendEntry } from './custody-log.ts'
import { StoreError } from './store-error.ts'
import type { Reader, Transactor } from './store.ts'

export interface Grant {
  readonly role: Role
  /** Without it: in the whole installation. */
  readonly incident?: string
}

export interface Person {
  /** The pseudonym under which they stand in the log. */
  readonly id: string
  readonly name: string
  readonly email: string
  readonly grants: readonly Grant[]
}

export interface Invitation extends Grant {
  readonly codeSha256: string
  readonly madeBy: string
  readonly expiresAt: string
}

/** An owner of the whole installation; without one only this machine's user may do anything. */
export async function hasOwner({ sql }: Reader): Promise<boolean> {
  const owner = await sql
    .selectFrom('person_role')
    .select('person')
    .where('role', '=', 'owner')
    .where('incident', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return owner !== undefined
}

export async function readStanding({ sql }: Reader, person: string): Promise<Standing> {
  const rows = await sql
    .selectFrom('person_role')
    .select(['role', 'incident'])
    .where('person', '=', person)
    .execute()
  const incidents = new Map<string, Role[]>()
  for (const { role, incident } of rows) {
    if (incident !== null) incidents.set(incident, [...(incidents.get(incident) ?? []), role])
  }
  return {
    installation: rows.flatMap(({ role, incident }) => (incident === null ? [role] : [])),
    incidents,
  }
}

export async function listPeople({ sql }: Reader): Promise<Person[]> {
  const people = await sql
    .selectFrom('sign_in_user')
    .select(['id', 'name', 'email'])
    .orderBy('name')
    .orderBy('id')
    .execute()
  const roles = await sql.selectFrom('person_role').select(['person', 'role', 'incident']).execute()
  const rolesOf = Map.groupBy(roles, ({ person }) => person)
  return people.map((person) => ({
    ...person,
    grants: (rolesOf.get(person.id) ?? []).map(({ role, incident }) => grantOf(role, incident)),
  }))
}

const grantOf = (role: Role, incident: string | null): Grant =>
  incident === null ? { role } : { role, incident }

/** Giving a role that is there already is no act. @throws StoreError `no-person`, `no-incident` */
export async function giveRole(tx: Transactor, person: string, grant: Grant): Promise<void> {
  if (grant.incident !== undefined) await requireIncident(tx, grant.incident)
  await requirePerson(tx, person)
  const { incidents, installation } = await readStanding(tx, person)
  const has = grant.incident === undefined ? installation : (incidents.get(grant.incident) ?? [])
  if (has.includes(grant.role)) return
  const entry = await noteRole(tx, 'role-given', person, grant)
  await tx.sql
    .insertInto('person_role')
    .values({
      person,
      role: grant.role,
      incident: grant.incident ?? null,
      given_at: tx.at,
      entry_index: entry,
    })
    .execute()
}

/** @throws StoreError `no-role`, `last-owner` */
export async function takeRole(tx: Transactor, person: string, grant: Grant): Promise<void> {
  const { numDeletedRows } = await tx.sql
    .deleteFrom('person_role')
    .where('person', '=', person)
    .where('role', '=', grant.role)
    .where('incident', grant.incident === undefined ? 'is' : '=', grant.incident ?? null)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new StoreError('no-role', 'They do not have that role.')
  if (!(await hasOwner(tx))) {
    throw new StoreError(
      'last-owner',
      'That is the last owner of the installation. Make somebody else an owner first.',
    )
  }
  await noteRole(tx, 'role-taken', person, grant)
}

function noteRole(
  tx: Transactor,
  type: 'role-given' | 'role-taken',
  person: string,
  { role, incident }: Grant,
): Promise<number> {
  return appendEntry(tx, { type, person, role, within: incident ?? '*' })
}

async function requireIncident({ sql }: Reader, id: string): Promise<void> {
  const found = await sql
    .selectFrom('incident')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (found === undefined) throw new StoreError('no-incident', `There is no incident "${id}".`)
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Only a hash of the code is kept. @throws StoreError `no-incident` */
export async function addInvitation(
  tx: Transactor,
  code: string,
  grant: Grant,
  validHours: number,
): Promise<Invitation> {
  if (grant.incident !== undefined) await requireIncident(tx, grant.incident)
  const row = {
    code_sha256: sha256Of(code),
    role: grant.role,
    incident: grant.incident ?? null,
    made_by: tx.agent.actor,
    made_at: tx.at,
    expires_at: new Date(Date.parse(tx.at) + validHours * 3_600_000).toISOString(),
  }
  await tx.sql.insertInto('invitation').values(row).execute()
  return toInvitation(row)
}

export async function listInvitations({ sql }: Reader, now: Date): Promise<Invitation[]> {
  const rows = await sql
    .selectFrom('invitation')
    .selectAll()
    .where('expires_at', '>', now.toISOString())
    .orderBy('made_at')
    .execute()
  return rows.map(toInvitation)
}

/** What the code offers, if it is still good. */
export async function readInvitation(
  { sql }: Reader,
  code: string,
  now: Date,
): Promise<Invitation | undefined> {
  const row = await sql
    .selectFrom('invitation')
    .selectAll()
    .where('code_sha256', '=', sha256Of(code))
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
  return row && toInvitation(row)
}

/** Once: who comes second finds it used. @throws StoreError `invitation-void` */
export async function useInvitation(tx: Transactor, code: string, person: string): Promise<Grant> {
  const invitation = await readInvitation(tx, code, new Date(tx.at))
  if (invitation === undefined || !(await mayInvite(tx, invitation.madeBy))) throw invitationVoid()
  await removeInvitation(tx, invitation.codeSha256)
  await tx.sql
    .updateTable('sign_in_user')
    .set({ emailVerified: true })
    .where('id', '=', person)
    .execute()
  const { role, incident } = invitation
  const grant = incident === undefined ? { role } : { role, incident }
  await giveRole(tx, person, grant)
  return grant
}

/** @throws StoreError `no-person` */
export async function requirePerson({ sql }: Reader, id: string): Promise<void> {
  const known = await sql
    .selectFrom('sign_in_user')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (known === undefined) throw new StoreError('no-person', 'There is no such person.')
}

/** Who invited may have lost the right since; who was at this machine had it until somebody owned it. */
export async function mayInvite(reader: Reader, madeBy: string): Promise<boolean> {
  if (!madeBy.startsWith('p-')) return !(await hasOwner(reader))
  const { installation } = await readStanding(reader, madeBy)
  return installation.some((role) => roleMay(role, 'people.manage'))
}

export const invitationVoid = (): StoreError =>
  new StoreError(
    'invitation-void',
    'This invitation was used, withdrawn or has expired. Ask for a new one.',
  )

/** A person whose registration broke off before it gave them a role: `emailVerified` says that it did. */
export async function removeUnfinished({ sql, at }: Transactor, email: string): Promise<void> {
  await sql
    .deleteFrom('sign_in_user')
    .where('email', '=', email)
    .where('emailVerified', '=', false)
    .where('createdAt', '<', new Date(Date.parse(at) - 600_000).toISOString())
    .execute()
}

export async function removeInvitation({ sql }: Transactor, codeSha256: string): Promise<boolean> {
  const { numDeletedRows } = await sql
    .deleteFrom('invitation')
    .where('code_sha256', '=', codeSha256)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Of owners: the link of an earlier start is void where a new one is made. */
export async function removeOwnerInvitations({ sql }: Transactor): Promise<void> {
  await sql
    .deleteFrom('invitation')
    .where('role', '=', 'owner')
    .where('made_by', '=', 'operator')
    .execute()
}

function toInvitation(row: {
  code_sha256: string
  role: Role
  incident: string | null
  made_by: string
  expires_at: string
}): Invitation {
  return {
    codeSha256: row.code_sha256,
    ...grantOf(row.role, row.incident),
    madeBy: row.made_by,
    expiresAt: row.expires_at,
  }
}
