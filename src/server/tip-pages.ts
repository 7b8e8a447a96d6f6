/** The desk's pages of contributor links and tips: each act is a form, and asks once more before it is done. */
import { h } from 'hastscript'
import type { Hono } from 'hono'
import { readTips } from '../store/tips.ts'
import { confirmPage } from './confirm-page.ts'
import { page, type GateContext, type GateEnv } from './gate.ts'
import {
  linkAsked,
  linkFields,
  newLinkPage,
  openedLinkPage,
  usualLink,
  wrongLink,
} from './links-page.ts'
import { fieldsOf, incidentOf, incidentPath } from './page-request.ts'
import type { PublicUrl } from './public-url.ts'
import { ProblemError } from './problem.ts'
import {
  accept,
  closeLink,
  decline,
  linksOf,
  linkWish,
  linkWithin,
  openLink,
  tipWithin,
} from './tip-acts.ts'
import { acceptancePage, tipPage, tipsPage } from './tips-page.ts'
import type { UploadServices } from './upload-services.ts'

const reads = { to: 'tip.read', within: 'incident' } as const
const decides = { to: 'tip.decide', within: 'incident' } as const
const manages = { to: 'link.manage', within: 'incident' } as const

const tipPath = `${incidentPath}/tips/:tip{tip-[0-9a-f]{16}}`
const linkPath = `${incidentPath}/links/:link{link-[0-9a-f]{16}}`

/** `publicUrl`: where contributors reach the desk; without, where it was asked. */
export function addTipPages(
  app: Hono<GateEnv>,
  services: UploadServices,
  publicUrl: PublicUrl | undefined,
): void {
  const { library, examineTip, now } = services

  page(app, 'GET', `${incidentPath}/tips`, reads, async (context) => {
    const asker = context.get('asker')
    const incident = await incidentOf(library, context)
    const { id } = incident
    const tips = await library.read((reader) => readTips(reader, { among: [id] }))
    const links = asker.may('link.manage', id) ? await linksOf(library, [id]) : undefined
    return context.html(tipsPage(asker, { incident, tips, links, now: now() }))
  })

  page(app, 'GET', tipPath, reads, async (context) =>
    context.html(tipPage(context.get('asker'), await tipWithin(library, named(context)))),
  )

  page(app, 'GET', `${tipPath}/examination`, decides, (context) =>
    context.redirect(pathOf(context), 303),
  )
  page(app, 'POST', `${tipPath}/examination`, decides, async (context) => {
    const { tip, contact } = await tipWithin(library, named(context))
    const examined = await examineTip(tip, context.req.raw.signal)
    return context.html(tipPage(context.get('asker'), { tip, contact, examined }))
  })

  page(app, 'GET', `${tipPath}/acceptance`, decides, async (context) => {
    const { tip } = await tipWithin(library, named(context))
    assertWaits(tip)
    return context.html(acceptancePage(context.get('asker'), tip))
  })
  page(app, 'POST', `${tipPath}/acceptance`, decides, async (context) => {
    const asker = context.get('asker')
    const { tip } = await tipWithin(library, named(context))
    const fields = await fieldsOf(context)
    const evenIfArriving = fields.get('without') === 'yes'
    try {
      await accept(services, asker.agent, tip, { evenIfArriving, seen: fields.get('seen') ?? '' })
    } catch (error) {
      if (!(error instanceof ProblemError) || !canBeAskedAgain.has(error.code)) throw error
      const now = (await tipWithin(library, named(context))).tip
      return context.html(acceptancePage(asker, now, error.message), error.status)
    }
    return context.redirect(pathOf(context), 303)
  })

  page(app, 'GET', `${tipPath}/refusal`, decides, async (context) => {
    assertWaits((await tipWithin(library, named(context))).tip)
    return context.html(
      confirmPage(context.get('asker'), {
        title: 'Decline this tip?',
        content: [
          h('p', 'Nothing of it comes into the incident. It stays as it is, and may be withdrawn.'),
        ],
        act: 'Decline',
        path: `${pathOf(context)}/refusal`,
        back: pathOf(context),
      }),
    )
  })
  page(app, 'POST', `${tipPath}/refusal`, decides, async (context) => {
    const { tip } = await tipWithin(library, named(context))
    await decline(services, context.get('asker').agent, tip)
    return context.redirect(pathOf(context), 303)
  })

  page(app, 'GET', `${incidentPath}/links/new`, manages, async (context) =>
    context.html(newLinkPage(context.get('asker'), await incidentOf(library, context), usualLink)),
  )
  page(app, 'POST', `${incidentPath}/links/new`, manages, async (context) => {
    const asker = context.get('asker')
    const incident = await incidentOf(library, context)
    const sent = await fieldsOf(context)
    const [note, days, gigabytes, files] = linkFields.map((name) => sent.get(name)?.trim() ?? '')
    const filled = { note, days, gigabytes, files } as typeof usualLink
    const wish = linkWish.safeParse(linkAsked(filled))
    if (!wish.success) {
      const wrong = wrongLink(wish.error.issues.flatMap(({ path }) => path.slice(0, 1)))
      return context.html(newLinkPage(asker, incident, filled, wrong), 400)
    }
    const { link, path } = await openLink(services, asker.agent, incident.id, wish.data)
    const address = `${publicUrl?.origin ?? new URL(context.req.url).origin}${path}`
    return context.html(openedLinkPage(asker, link, address))
  })

  page(app, 'GET', `${linkPath}/end`, manages, async (context) => {
    const { id, incident, note } = await library.read((reader) =>
      linkWithin(reader, named(context)),
    )
    return context.html(
      confirmPage(context.get('asker'), {
        title: 'Close this link?',
        content: [
          h('p', ['Nothing more comes by ', h('code', id), '. What came stays.']),
          note === '' ? undefined : h('p.note', note),
        ],
        act: 'Close the link',
        path: context.req.path,
        back: `/incidents/${incident}/tips`,
      }),
    )
  })
  page(app, 'POST', `${linkPath}/end`, manages, async (context) => {
    const { incident, link } = named(context)
    await closeLink(library, context.get('asker').agent, { incident, link })
    return context.redirect(`/incidents/${incident}/tips`, 303)
  })
}

const named = ({ req }: GateContext) => ({
  incident: req.param('incident') ?? '',
  tip: req.param('tip') ?? '',
  link: req.param('link') ?? '',
})

/** Of the tip's own page. */
const pathOf = (context: GateContext): string => {
  const { incident, tip } = named(context)
  return `/incidents/${incident}/tips/${tip}`
}

const canBeAskedAgain: ReadonlySet<string> = new Set(['tip-changed', 'tip-arriving'])

/** Told before somebody is asked whether. @throws ProblemError 409 */
function assertWaits({ id, state }: { readonly id: string; readonly state: string }): void {
  if (state === 'waiting') return
  throw new ProblemError(409, `The tip "${id}" has been ${state} already.`, 'tip-decided')
}
