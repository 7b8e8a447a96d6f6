/** The script of `/people`: who has which role, and who is invited. */
import type { Schemas } from '../client/api-types.ts'
import { ask, button, byId, made, onSubmit, say, shownDate, tell } from './desk-form.ts'

type Grant = Schemas['Grant']

const shownGrant = ({ role, incident }: Grant): string =>
  incident === undefined ? role : `${role} in ${incident}`

async function show(): Promise<void> {
  const { people } = await ask('GET /people')
  byId('people', HTMLElement).replaceChildren(
    ...people.map(({ id, name, email, grants }) =>
      made(
        'li',
        made('strong', name),
        ` ${email}, in the log as `,
        made('code', id),
        ' ',
        button(`Let ${name} set a new password`, async () => {
          const { path } = await ask('POST /people/{person}/recovery-links', {
            path: { person: id },
            body: {},
          })
          showLink(
            path,
            `Give this link to ${name} and nobody else, once you know that it is they who ask. For a day it sets a new password, once, and takes their authenticator app away:`,
          )
        }),
        made(
          'ul',
          ...grants.map((grant) =>
            made(
              'li',
              `${shownGrant(grant)} `,
              button(`Take the role ${grant.role} from ${name}`, async () => {
                await ask('DELETE /people/{person}/roles', { path: { person: id }, body: grant })
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
  const { invitations } = await ask('GET /invitations')
  byId('invitations', HTMLElement).replaceChildren(
    ...invitations.map((invitation) =>
      made(
        'li',
        `${shownGrant(invitation)}, until ${shownDate(invitation.expiresAt)} `,
        button('Withdraw', async () => {
          await ask('DELETE /invitations/{id}', { path: { id: invitation.id } })
          await show()
        }),
      ),
    ),
  )
}

/** Where it is read and heard, from wherever it was asked for. */
function showLink(path: string, what: string): void {
  const link = new URL(path, location.origin).href
  const box = byId('link', HTMLElement)
  box.replaceChildren(
    made('p', what),
    made('p', made('code', link)),
    button('Copy the link', async () => {
      await navigator.clipboard.writeText(link)
      say('Copied.')
    }),
  )
  box.focus()
}

function grantOf(field: (name: string) => string): Grant {
  // What the form offers; of anything else the server says what is wrong.
  const role = field('role') as Grant['role']
  const incident = field('incident').trim()
  return incident === '' ? { role } : { role, incident }
}

onSubmit('invite', async (field, form) => {
  const { path } = await ask('POST /invitations', {
    body: { ...grantOf(field), validHours: Number(field('hours')) },
  })
  form.reset()
  await show()
  showLink(path, 'Send this link to one person, by a way that you trust; it works once:')
})
onSubmit('give', async (field, form) => {
  await ask('PUT /people/{person}/roles', {
    path: { person: field('person') },
    body: grantOf(field),
  })
  form.reset()
  await show()
  say('Given.')
})

show().catch(tell)
