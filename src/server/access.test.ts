/**
 * Route × role × object. The table below is written by hand, apart from the code: a route that it
 * does not know fails, and so does one that answers differently than it says.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deskClient, deskFor, type DeskClient } from '../../test/support/desk-client.ts'
import { clockedEffects, signedUp } from '../../test/support/desk-people.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { openJobQueue, type JobQueue } from '../queue/job-queue.ts'
import { addComments } from '../store/comments.ts'
import { openContributorLink } from '../store/contributor-links.ts'
import { openIncident } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { beginTip } from '../store/tips.ts'

const team = ['editor', 'investigator', 'moderator', 'viewer'] as const
type Role = 'owner' | (typeof team)[number]

/** Beside owners, who may do all. `here`: of an incident; `list`: shows each only what is theirs. */
type Rule =
  | 'anyone'
  | 'people'
  | { readonly who: readonly Role[]; readonly of: 'here' | 'all' | 'list' }
const here = (...who: Role[]): Rule => ({ who, of: 'here' })
const everywhere = (...who: Role[]): Rule => ({ who, of: 'all' })

const lists = [
  'footage',
  'photos',
  'documents',
  'sources',
  'accounts',
  'statements',
  'claims',
  'observations',
  'questions',
  'events',
  'anchors',
  'redactions',
]
const caseRules = lists.flatMap((list): [string, Rule][] => {
  const path = `/api/incidents/{incident}/${list}`
  return [
    [`GET ${path}`, here(...team)],
    [`POST ${path}`, here('editor', 'investigator')],
    [`GET ${path}/order`, here(...team)],
    [`PUT ${path}/order`, here('editor', 'investigator')],
    [`GET ${path}/order/versions`, here(...team)],
    [`GET ${path}/{id}`, here(...team)],
    [`PUT ${path}/{id}`, here('editor', 'investigator')],
    [`DELETE ${path}/{id}`, here('editor', 'investigator')],
    [`GET ${path}/{id}/versions`, here(...team)],
  ]
})

const rules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(caseRules),
  'POST /api/incidents': everywhere('editor'),
  'GET /api/incidents/{incident}/alignment': here(...team),
  'GET /api/incidents/{incident}/case': here(...team),
  'GET /api/incidents/{incident}/comments': 'anyone',
  'POST /api/incidents/{incident}/comments': 'anyone',
  'GET /api/incidents/{incident}/contradictions': here(...team),
  'GET /api/incidents/{incident}/custody': here('editor', 'investigator'),
  'GET /api/incidents/{incident}/derivatives': here('editor', 'investigator', 'moderator'),
  'GET /api/incidents/{incident}/exhibits': here(...team),
  'GET /api/incidents/{incident}/facts': here(...team),
  'PUT /api/incidents/{incident}/facts': here('editor', 'investigator'),
  'PATCH /api/incidents/{incident}/facts': here('editor', 'investigator'),
  'GET /api/incidents/{incident}/facts/versions': here(...team),
  'GET /api/incidents/{incident}/moderation': here('editor', 'moderator'),
  'GET /api/incidents/{incident}/moderation/{comment}': here('editor', 'moderator'),
  'POST /api/incidents/{incident}/moderation/{comment}/decisions': here('editor', 'moderator'),
  'GET /api/incidents/{incident}/moments': here(...team),
  'GET /api/incidents/{incident}/story': here(...team),
  'PUT /api/incidents/{incident}/story': here('editor'),
  'GET /api/incidents/{incident}/story/versions': here(...team),
  'GET /api/incidents/{incident}/unanswered': here(...team),

  'GET /': { who: team, of: 'list' },
  'GET /account': 'anyone',
  'GET /contribute/receipt': 'anyone',
  'POST /contribute/receipt': 'anyone',
  'POST /contribute/receipt/add': 'anyone',
  'POST /contribute/receipt/withdraw': 'anyone',
  'GET /contribute/{token}': 'anyone',
  'POST /contribute/{token}': 'anyone',
  'POST /contribute/{token}/tips': 'anyone',
  'POST /contribute/{token}/uploads': 'anyone',
  'OPTIONS /contribute/{token}/uploads': 'anyone',
  'GET /contribute/{token}/uploads/{upload}': 'anyone',
  'PATCH /contribute/{token}/uploads/{upload}': 'anyone',
  'DELETE /contribute/{token}/uploads/{upload}': 'anyone',
  'OPTIONS /contribute/{token}/uploads/{upload}': 'anyone',
  'GET /desk.css': 'anyone',
  'GET /favicon.ico': 'anyone',
  'GET /healthz': 'anyone',
  'GET /incidents/{incident}/comments': here('editor', 'moderator'),
  'GET /incidents/{incident}/comments/{comment}': here('editor', 'moderator'),
  'POST /incidents/{incident}/comments/{comment}': here('editor', 'moderator'),
  'GET /incidents/{incident}/links/new': here('editor'),
  'POST /incidents/{incident}/links/new': here('editor'),
  'GET /incidents/{incident}/links/{link}/end': here('editor'),
  'POST /incidents/{incident}/links/{link}/end': here('editor'),
  'GET /incidents/{incident}/tips': here('editor', 'investigator', 'moderator'),
  'GET /incidents/{incident}/tips/{tip}': here('editor', 'investigator', 'moderator'),
  'GET /incidents/{incident}/tips/{tip}/acceptance': here('editor', 'moderator'),
  'POST /incidents/{incident}/tips/{tip}/acceptance': here('editor', 'moderator'),
  'GET /incidents/{incident}/tips/{tip}/examination': here('editor', 'moderator'),
  'POST /incidents/{incident}/tips/{tip}/examination': here('editor', 'moderator'),
  'GET /incidents/{incident}/tips/{tip}/refusal': here('editor', 'moderator'),
  'POST /incidents/{incident}/tips/{tip}/refusal': here('editor', 'moderator'),
  'GET /incidents/{incident}/upload': here('editor', 'investigator'),
  'GET /jobs': { who: ['editor', 'investigator'], of: 'list' },
  'GET /jobs/{job}/retry': here('editor', 'investigator'),
  'GET /jobs/{job}/cancel': here('editor', 'investigator'),
  'GET /people': everywhere(),
  'GET /readyz': 'anyone',
  'GET /recover': 'anyone',
  'GET /scripts/account.js': 'anyone',
  'GET /scripts/contribute.js': 'anyone',
  'GET /scripts/people.js': 'anyone',
  'GET /scripts/sign-in.js': 'anyone',
  'GET /scripts/upload.js': 'anyone',
  'GET /search': { who: team, of: 'list' },
  'GET /sign-in': 'anyone',
  'GET /stories/{incident}': 'anyone',
  'GET /stories/{incident}/{path}': 'anyone',
  'GET /welcome': 'anyone',

  'GET /api/custody/checkpoint': 'anyone',
  'GET /api/custody/leaves': 'anyone',
  'GET /api/incidents': { who: team, of: 'list' },
  'GET /api/incidents/{incident}': here(...team),
  'GET /api/incidents/{incident}/derivatives/{output}': here('editor', 'investigator', 'moderator'),
  'GET /api/incidents/{incident}/items': here('editor', 'investigator', 'moderator'),
  'GET /api/incidents/{incident}/items/{item}': here('editor', 'investigator', 'moderator'),
  'GET /api/incidents/{incident}/items/{item}/original': here('editor', 'investigator'),
  'POST /api/fixity': everywhere(),
  'POST /api/fsck': everywhere(),
  'PUT /api/incidents/{incident}/case': here('editor'),
  'POST /api/incidents/{incident}/collect': here('editor', 'investigator'),
  'GET /api/incidents/{incident}/publications/{revision}/files': here(...team),
  'POST /api/incidents/{incident}/align': here('editor', 'investigator'),
  'POST /api/incidents/{incident}/items/{item}/examine': here('editor', 'investigator'),
  'POST /api/incidents/{incident}/publish': here('editor'),
  'GET /api/incidents/{incident}/links': here('editor'),
  'POST /api/incidents/{incident}/links': here('editor'),
  'DELETE /api/incidents/{incident}/links/{link}': here('editor'),
  'GET /api/incidents/{incident}/tips': here('editor', 'investigator', 'moderator'),
  'GET /api/incidents/{incident}/tips/{tip}': here('editor', 'moderator'),
  'POST /api/incidents/{incident}/tips/{tip}/acceptance': here('editor', 'moderator'),
  'POST /api/incidents/{incident}/tips/{tip}/examination': here('editor', 'moderator'),
  'POST /api/incidents/{incident}/tips/{tip}/refusal': here('editor', 'moderator'),
  'POST /api/incidents/{incident}/uploads': here('editor', 'investigator'),
  'OPTIONS /api/incidents/{incident}/uploads': here('editor', 'investigator'),
  'GET /api/incidents/{incident}/uploads/{upload}': here('editor', 'investigator'),
  'PATCH /api/incidents/{incident}/uploads/{upload}': here('editor', 'investigator'),
  'DELETE /api/incidents/{incident}/uploads/{upload}': here('editor', 'investigator'),
  'OPTIONS /api/incidents/{incident}/uploads/{upload}': here('editor', 'investigator'),
  'GET /api/invitations': everywhere(),
  'POST /api/invitations': everywhere(),
  'POST /api/invitations/accept': 'anyone',
  'DELETE /api/invitations/{id}': everywhere(),
  'GET /api/jobs': { who: ['editor', 'investigator'], of: 'list' },
  'GET /api/jobs/{job}': here('editor', 'investigator'),
  'GET /api/jobs/{job}/events': here('editor', 'investigator'),
  // In this order: the events of a job that is open do not end.
  'POST /api/jobs/{job}/retry': here('editor', 'investigator'),
  'POST /api/jobs/{job}/cancel': here('editor', 'investigator'),
  'GET /api/links': { who: ['editor'], of: 'list' },
  'POST /jobs/{job}/retry': here('editor', 'investigator'),
  'POST /jobs/{job}/cancel': here('editor', 'investigator'),
  'GET /api/me': 'anyone',
  'GET /api/openapi.json': 'anyone',
  'GET /api/people': everywhere(),
  'POST /api/people/{person}/recovery-links': everywhere(),
  'POST /api/recovery-links/accept': 'anyone',
  'PUT /api/people/{person}/roles': everywhere(),
  'DELETE /api/people/{person}/roles': everywhere(),
  'GET /api/search': { who: team, of: 'list' },
  'GET /api/tips': { who: ['editor', 'investigator', 'moderator'], of: 'list' },
  'GET /api/tips/{tip}': here('editor', 'investigator', 'moderator'),
  'GET /api/tokens': 'people',
  'POST /api/tokens': 'people',
  'DELETE /api/tokens/{id}': 'people',

  'POST /api/auth/change-password': 'people',
  'GET /api/auth/list-sessions': 'people',
  'POST /api/auth/passkey/delete-passkey': 'people',
  'GET /api/auth/passkey/generate-authenticate-options': 'anyone',
  'GET /api/auth/passkey/generate-register-options': 'people',
  'GET /api/auth/passkey/list-user-passkeys': 'people',
  'POST /api/auth/passkey/verify-authentication': 'anyone',
  'POST /api/auth/passkey/verify-registration': 'people',
  'POST /api/auth/revoke-other-sessions': 'people',
  'POST /api/auth/revoke-session': 'people',
  'POST /api/auth/sign-in/email': 'anyone',
  'POST /api/auth/sign-out': 'people',
  'POST /api/auth/two-factor/disable': 'people',
  'POST /api/auth/two-factor/enable': 'people',
  'POST /api/auth/two-factor/generate-backup-codes': 'people',
  'POST /api/auth/two-factor/verify-backup-code': 'anyone',
  'POST /api/auth/two-factor/verify-totp': 'anyone',
}

let library: Library
let app: ReturnType<typeof deskFor>
let queue: JobQueue
let item: string
let job: number
/** By incident. */
const objects = new Map<string, { link: string; tip: string; comment: string }>()

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder(), {
    effects: clockedEffects(Date.now),
  })
  queue = await openJobQueue(library, { tends: false })
  app = deskFor(library, queue)
  const blob = await library.blobs.putStream(bytesOf('an original'), roomy)
  item = blob.sha256
  await library.transact(agent, async (tx) => {
    for (const [index, incident] of ['quay', 'pier'].entries()) {
      await openIncident(tx, { id: incident, title: incident })
      const received = { blob, kind: 'other', mediaType: 'text/plain', name: 'x' } as const
      await receiveItem(tx, { ...received, incident })
      const wish = { note: '', mostBytes: 1, mostFiles: 1, expiresAt: '2040-01-01T00:00:00.000Z' }
      const { link } = await openContributorLink(tx, { incident, ...wish })
      const tip = await beginTip(tx, link, { account: 'I was there.', contact: '' })
      const comment = `${index}`.repeat(32)
      await addComments(tx, [{ id: comment, incident, about: { kind: 'story' }, text: 'Where?' }])
      objects.set(incident, { link: link.id, tip: tip.id, comment })
    }
  })
  const asked = await queue.ask(agent, { kind: 'examine', incident: 'quay', item })
  job = asked.job.id
  await queue.cancel(agent, job)
})
after(async () => {
  await queue.close()
  await library.close()
})

/** As the table writes them. */
const routes = (): string[] => [
  ...new Set(
    app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(
        ({ method, path }) =>
          `${method} ${path.replaceAll(/:(\w+)(?:\{(?:[^{}]|\{[^{}]*\})*\})?/g, '{$1}')}`,
      ),
  ),
]

const none = 'f'.repeat(64)
const filled = (path: string, incident: string): string =>
  path
    .replace('{incident}', incident)
    .replace(/\{(link|tip|comment)\}/, (_, name: 'link' | 'tip' | 'comment') =>
      String(objects.get(incident)?.[name]),
    )
    .replace('{item}', item)
    .replace('{job}', String(job))
    .replace('{person}', 'p-0000000000000000')
    .replace('{path}', 'index.html')
    .replace(/\/\{id\}$/, path.includes('tokens') ? '/0000000000000000' : `/${none}`)
    .replaceAll(/\{\w+\}/g, none)

/** Whether the gate let it through: what the handler then says of an empty wish is another matter. */
async function isLetThrough(client: DeskClient, route: string, incident: string): Promise<boolean> {
  const [method = '', path = ''] = route.split(' ')
  const answer = await client.ask(
    method,
    filled(path, incident),
    ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined,
  )
  if (answer.headers.get('location')?.startsWith('/sign-in') === true) return false
  // To a person the gate says it by a page.
  if (/^\/(?:incidents|jobs)\//.test(path) && answer.text.includes('<h1>Nothing here')) return false
  assert.notEqual(answer.status, 500, `${route} ${answer.text}`)
  // The gate's own words; better-auth also answers 401 and 403, to those whom the gate let through.
  return !/"code":"(?:sign-in-required|not-allowed)"|you may not know of it|Not allowed/.test(
    answer.text,
  )
}

test('the table knows every route, and no other', () => {
  assert.deepEqual(routes().toSorted(), Object.keys(rules).toSorted())
})

test('every route × role × object is as the table says', async () => {
  // Signing out ends the session of who asks; it is asked last.
  const all = Object.entries(rules).toSorted(
    ([one], [two]) => Number(one.endsWith('/sign-out')) - Number(two.endsWith('/sign-out')),
  )
  await signedUp(library, app, 'owner')
  const nobody = deskClient(app)
  const wrong: string[] = []
  const look = async (
    client: DeskClient,
    who: string,
    route: string,
    incident: string,
    may: boolean,
  ): Promise<void> => {
    const did = await isLetThrough(client, route, incident)
    if (did !== may)
      wrong.push(`${route} in ${incident}: ${who} ${did ? 'came in' : 'was refused'}`)
  }
  for (const [route, rule] of all) {
    await look(nobody, 'nobody', route, 'quay', rule === 'anyone')
  }
  for (const role of ['owner', ...team] as const) {
    for (const within of [undefined, 'quay'] as const) {
      const { client } = await signedUp(library, app, role, within)
      for (const [route, rule] of all) {
        const incidents = route.includes('{incident}') ? ['quay', 'pier'] : ['quay']
        for (const incident of incidents) {
          const may =
            typeof rule === 'string' ||
            ((role === 'owner' || rule.who.includes(role)) &&
              (within === undefined ||
                rule.of === 'list' ||
                (rule.of === 'here' && incident === within)))
          await look(client, `${role} of ${within ?? 'all'}`, route, incident, may)
        }
      }
    }
  }
  assert.deepEqual(wrong, [])
})

test('a token comes in where its actions lead, and to nothing that is for people', async () => {
  const { client } = await signedUp(library, app, 'owner')
  const { token } = (
    await client.ask('POST', '/api/tokens', { name: 't', actions: ['item.read'] })
  ).json<{ token: string }>()
  const script = deskClient(app)
  const ask: DeskClient = {
    ...script,
    ask: (method, path, body) =>
      script.ask(method, path, body, { authorization: `Bearer ${token}` }),
  }
  const letIn = new Set([
    'GET /api/incidents/{incident}/items',
    'GET /api/incidents/{incident}/items/{item}',
    'GET /api/incidents/{incident}/derivatives',
    'GET /api/incidents/{incident}/derivatives/{output}',
  ])
  for (const [route, rule] of Object.entries(rules)) {
    if (rule === 'anyone') continue
    assert.equal(await isLetThrough(ask, route, 'quay'), letIn.has(route), route)
  }
})
