/** People of a test's desk: each signed in, with one role. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Role } from '../../src/access/roles.ts'
import { agent } from '../../src/store/fixture.ts'
import type { Library } from '../../src/store/library.ts'
import { addInvitation } from '../../src/store/people.ts'
import type { Effects } from '../../src/store/store.ts'
import { deskClient, type deskFor, type DeskClient } from './desk-client.ts'

export const passPhrase = 'a long enough pass phrase'

/** Real randomness: people need names that nobody else has. */
export const clockedEffects = (now: () => number): Effects => ({
  now: () => new Date(now()),
  randomBytes: (length) => Uint8Array.from(randomBytes(length)),
})

export async function invitationTo(
  library: Library,
  role: Role,
  incident?: string,
): Promise<string> {
  const code = randomBytes(32).toString('hex')
  // Once there are owners, only what they offer is worth something.
  const owner = await library.read(({ sql }) =>
    sql
      .selectFrom('person_role')
      .select('person')
      .where('role', '=', 'owner')
      .where('incident', 'is', null)
      .executeTakeFirst(),
  )
  const by = owner === undefined ? agent : { ...agent, actor: owner.person }
  await library.transactWithoutEntry(by, (tx) =>
    addInvitation(tx, code, incident === undefined ? { role } : { role, incident }, 1),
  )
  return code
}

export interface SignedUp {
  readonly client: DeskClient
  readonly email: string
  readonly id: string
}

let people = 0

export async function signedUp(
  library: Library,
  app: ReturnType<typeof deskFor>,
  role: Role,
  incident?: string,
): Promise<SignedUp> {
  const client = deskClient(app)
  const email = `person-${people++}@newsroom.example`
  const code = await invitationTo(library, role, incident)
  const accepted = await client.ask('POST', '/api/invitations/accept', {
    code,
    name: `Person ${people}`,
    email,
    password: passPhrase,
  })
  assert.equal(accepted.status, 200, accepted.text)
  const me = (await client.ask('GET', '/api/me')).json<{ person: string; kind: string }>()
  assert.equal(me.kind, 'person')
  return { client, email, id: me.person }
}
