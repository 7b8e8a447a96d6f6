/** The script of `/people`: who has which role, and who is invited. */
import { ask, button, byId, made, onSubmit, say, shownDate, tell } from './desk-form.ts'

interface Grant {
  readonly role: string
  readonly incident?: string
}

const shownGrant = ({ role, incident }: Grant): string =>
  incident === undefined ? role : `${role} in ${incident}`

async function show(): Promise<void> {
  interface Person {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly grants: readonly Grant[]
  }
  const { people } = await ask<{ people: Person[] }>('GET', '/api/people')
  byId('people', HTMLElement).replaceChildren(
    ...people.map(({ id, name, email, grants }) =>
      made(
        'li',
        made('strong', name),
        ` ${email}, in the log as `,
        made('code', id),
        made(
          'ul',
          ...grants.map((grant) =>
            made(
              'li',
              `${shownGrant(grant)} `,
              button(`Take the role ${grant.role} from ${name}`, async () => {
                await ask('DELETE', `/api/people/${id}/roles`, grant)
                await show()
              }),
            ),
          ),
        ),
      ),
    ),
  )
  byId('person', HTMLSelectElement).replaceChildren(
    ...people.map(({ id, name }) => new Option(name, id)),
  )
  byId('nobody', HTMLElement).hidden = people.length > 0
  await showInvitations()
}

async function showInvitations(): Promise<void> {
  interface Invitation extends Grant {
    readonly id: string
    readonly expiresAt: string
  }
  const { invitations } = await ask<{ invitations: Invitation[] }>('GET', '/api/invitations')
  byId('invitations', HTMLElement).replaceChildren(
    ...invitations.map((invitation) =>
      made(
        'li',
        `${shownGrant(invitation)}, until ${shownDate(invitation.expiresAt)} `,
        button('Withdraw', async () => {
          await ask('DELETE', `/api/invitations/${invitation.id}`)
          await show()
        }),
      ),
    ),
  )
}

function grantOf(field: (name: string) => string): Grant {
  const [role, incident] = [field('role'), field('incident').trim()]
  return incident === '' ? { role } : { role, incident }
}

onSubmit('invite', async (field, form) => {
  const { path } = await ask<{ path: string }>('POST', '/api/invitations', {
    ...grantOf(field),
    validHours: Number(field('hours')),
  })
  form.reset()
  await show()
  const link = new URL(path, location.origin).href
  byId('link', HTMLElement).replaceChildren(
    made('p', 'Send this link to one person, by a way that you trust; it works once: '),
    made('p', made('code', link)),
    button('Copy the link', async () => {
      await navigator.clipboard.writeText(link)
      say('Copied.')
    }),
  )
})
onSubmit('give', async (field, form) => {
  await ask('PUT', `/api/people/${field('person')}/roles`, grantOf(field))
  form.reset()
  await show()
  say('Given.')
})

show().catch(tell)
