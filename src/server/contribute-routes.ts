/**
 * What contributors reach without an account: a link's token or a receipt code is
 * what lets them. Nothing here says who asked, sets a cookie or writes an address.
 */
import { z } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { takeBackTip } from '../ingest/decide-tip.ts'
import { UploadError } from '../ingest/upload-error.ts'
import { readContributorLink, type ContributorLink } from '../store/contributor-links.ts'
import { readIncidents } from '../store/incidents.ts'
import { grouped, readCode } from '../store/secret-code.ts'
import { beginTip, readTip, type Tip } from '../store/tips.ts'
import type { Upload } from '../store/uploads.ts'
import {
  mostAccountLetters,
  mostContactLetters,
  plainText,
  receiveContribution,
} from './contribute-form.ts'
import {
  contributeErrorPage,
  contributePage,
  receiptPage,
  sentPage,
  tipPage,
} from './contribute-page.ts'
import { page, type GateContext, type GateEnv } from './gate.ts'
import { fieldsOf, readSmall } from './page-request.ts'
import { ProblemError } from './problem.ts'
import { problemResponse, uploadProblem, type UploadProblem } from './upload-problem.ts'
import { contributor, type UploadServices } from './upload-services.ts'

const anyone = { to: 'anyone' } as const
const token = '/contribute/:token{[A-Z]{28}}'
const uploadId = ':upload{[0-9a-f]{32}}'
const receiptHeader = 'sightline-receipt'
const mostJsonBytes = 262_144
const mostFieldsBytes = 4096

const tipSchema = z.object({
  account: z.string().max(mostAccountLetters).default(''),
  contact: z.string().max(mostContactLetters).default(''),
})

export function addContributeRoutes(app: Hono<GateEnv>, services: UploadServices): void {
  const { library, intake, tus, rate, addressOf } = services

  const limit = (context: GateContext, act: 'ask' | 'begin' | 'code', link?: string): void => {
    const who = { address: addressOf(context), ...(link === undefined ? {} : { link }) }
    if (!rate.allows(act, who)) throw tooOften(context)
  }
  /** After too many wrong guesses a right one is not heard either. */
  const mayGuess = (context: GateContext): void => {
    if (!rate.wouldAllow('code', { address: addressOf(context) })) throw tooOften(context)
  }

  const openLink = async (context: GateContext): Promise<ContributorLink> => {
    limit(context, 'ask')
    mayGuess(context)
    const said = context.req.param('token') ?? ''
    const link = await library.read((reader) => readContributorLink(reader, { token: said }))
    if (link === undefined) {
      limit(context, 'code')
      throw new UploadError(
        'link-unknown',
        'There is no such link. Look whether all of it is there.',
      )
    }
    limit(context, 'ask', link.id)
    if (link.closedAt !== undefined) throw ended()
    return link
  }
  const lastingLink = async (context: GateContext): Promise<ContributorLink> => {
    const link = await openLink(context)
    if (link.expiresAt <= services.now().toISOString()) throw ended()
    return link
  }
  const tipOf = async (context: GateContext, typed: string): Promise<Tip> => {
    limit(context, 'ask')
    mayGuess(context)
    const receipt = readCode(typed)
    const tip = await library.read((reader) => readTip(reader, { receipt }))
    if (tip !== undefined) return tip
    limit(context, 'code')
    throw new UploadError('receipt-unknown', 'There is no such receipt code. Look at each letter.')
  }

  page(app, 'GET', '/contribute/receipt', anyone, (context) => shown(context, receiptPage()))
  page(app, 'POST', '/contribute/receipt', anyone, (context) =>
    asPage(context, async () => {
      const code = (await fieldsOf(context, mostFieldsBytes)).get('receipt') ?? ''
      return tipPage(await tipOf(context, code), readCode(code))
    }),
  )
  page(app, 'POST', '/contribute/receipt/withdraw', anyone, (context) =>
    asPage(context, async () => {
      const code = readCode((await fieldsOf(context, mostFieldsBytes)).get('receipt') ?? '')
      await tipOf(context, code)
      return tipPage(await takeBackTip(library, contributor, intake.files, code), code)
    }),
  )
  page(app, 'POST', '/contribute/receipt/add', anyone, (context) =>
    asPage(context, async () => {
      limit(context, 'begin')
      return sentPage(
        await receiveContribution(services, context.req.raw, (receipt) => tipOf(context, receipt)),
      )
    }),
  )

  page(app, 'GET', token, anyone, (context) =>
    asPage(context, async () => {
      const link = await lastingLink(context)
      const [incident] = await library.read((reader) => readIncidents(reader, link.incident))
      return contributePage(link, context.req.param('token') ?? '', incident?.title ?? '')
    }),
  )
  page(app, 'POST', token, anyone, (context) =>
    asPage(context, async () => {
      const link = await lastingLink(context)
      limit(context, 'begin', link.id)
      return sentPage(await receiveContribution(services, context.req.raw, link))
    }),
  )
  page(app, 'POST', `${token}/tips`, anyone, (context) =>
    asAnswer(context, async () => {
      const link = await lastingLink(context)
      limit(context, 'begin', link.id)
      const body = tipSchema.safeParse(JSON.parse(await readSmall(context, mostJsonBytes)))
      if (!body.success) throw new ProblemError(400, 'An account and a contact are texts.')
      const account = plainText(body.data.account)
      const said = { account, contact: plainText(body.data.contact) }
      const { receipt } = await library.transactWithoutEntry(contributor, (tx) =>
        beginTip(tx, link, said),
      )
      return Response.json({ receipt: grouped(receipt) }, { status: 201 })
    }),
  )

  const handle = (context: GateContext): Promise<Response> =>
    asAnswer(context, async () => {
      const link = await openLink(context)
      if (context.req.method === 'POST') limit(context, 'begin', link.id)
      const ofTip = async ({ tip: id }: Upload): Promise<boolean> => {
        if (id === undefined) return false
        return (await library.read((reader) => readTip(reader, { id })))?.link === link.id
      }
      return tus(context.req.raw, {
        agent: contributor,
        path: `/contribute/${context.req.param('token') ?? ''}/uploads`,
        mayReach: ofTip,
        destination: async () => {
          const tip = await tipOf(context, context.req.header(receiptHeader) ?? '')
          if (tip.link !== link.id)
            throw new UploadError('receipt-unknown', 'That is of another link.')
          return { incident: tip.incident, tip: tip.id }
        },
        tellsFindings: false,
      })
    })
  for (const method of ['POST', 'OPTIONS'] as const) {
    page(app, method, `${token}/uploads`, anyone, handle)
  }
  for (const method of ['GET', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
    page(app, method, `${token}/uploads/${uploadId}`, anyone, handle)
  }
}

function tooOften(context: GateContext): ProblemError {
  context.header('retry-after', '600')
  return new ProblemError(429, 'That was too often. Try again in a while.')
}

const ended = (): UploadError =>
  new UploadError('link-ended', 'This link has ended. Ask whoever gave it to you.')

function shown(context: GateContext, html: string, status = 200): Response {
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...retry(context),
    },
  })
}

const retry = (context: GateContext): Record<string, string> => {
  const after = context.res.headers.get('retry-after')
  return after === null ? {} : { 'retry-after': after }
}

async function asPage(context: GateContext, make: () => Promise<string>): Promise<Response> {
  try {
    return shown(context, await make())
  } catch (error) {
    const { status, detail } = problemOf(error)
    return shown(context, contributeErrorPage(detail), status)
  }
}

async function asAnswer(context: GateContext, make: () => Promise<Response>): Promise<Response> {
  try {
    return await make()
  } catch (error) {
    return problemResponse(problemOf(error), retry(context))
  }
}

function problemOf(error: unknown): UploadProblem {
  if (error instanceof ProblemError) {
    return { status: error.status, code: error.code, detail: error.message }
  }
  if (error instanceof SyntaxError) {
    return { status: 400, code: 'request-malformed', detail: 'That is no JSON.' }
  }
  const known = uploadProblem(error)
  if (known === undefined) throw error
  return known
}
