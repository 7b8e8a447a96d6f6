/** `/jobs`: what waits, runs and became of it; who may cancels a job or starts it again. */
import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Hono } from 'hono'
import type { Asker } from '../access/asker.ts'
import type { JobQueue } from '../queue/job-queue.ts'
import { shownTo } from '../queue/shown-job.ts'
import { jobStates, type Job, type JobState } from '../store/jobs.ts'
import { malformedRequest } from './api-schemas.ts'
import { confirmPage } from './confirm-page.ts'
import { deskDocument } from './desk-document.ts'
import { page, type GateContext, type GateEnv } from './gate.ts'
import {
  assertMayManage,
  assertMayRetry,
  cancelJob,
  existingJob,
  jobWithin,
  mayManage,
  retryJob,
} from './job-acts.ts'
import { jobsFor, jobsQuery } from './jobs-api.ts'
import { momentText, sizeText } from './shown-text.ts'

type Asked = Readonly<Record<string, string>>

export function addJobPages(app: Hono<GateEnv>, queue: JobQueue): void {
  const { library } = queue
  const managing = { to: 'jobs.manage', within: jobWithin(library) } as const

  page(app, 'GET', '/jobs', { to: 'jobs.read', isList: true }, async (context) => {
    const asked = context.req.query()
    const wish = jobsQuery.safeParse(asked)
    if (!wish.success) throw malformedRequest(wish.error)
    const asker = context.get('asker')
    return context.html(jobsPage(asker, asked, await jobsFor(library, asker, wish.data)))
  })

  page(app, 'GET', '/jobs/:job{[0-9]{1,15}}/cancel', managing, async (context) => {
    const job = await existingJob(library, idOf(context))
    assertMayManage(context.get('asker'), job)
    return context.html(
      confirmPage(context.get('asker'), {
        title: `Cancel job ${job.id}?`,
        content: [h('p', `${jobText(job)}. What it has done so far is not kept.`)],
        act: 'Cancel the job',
        path: context.req.path,
        back: addressOf(job),
      }),
    )
  })
  page(app, 'POST', '/jobs/:job{[0-9]{1,15}}/cancel', managing, async (context) => {
    const job = await cancelJob(queue, context.get('asker'), idOf(context))
    return context.redirect(addressOf(job), 303)
  })

  page(app, 'GET', '/jobs/:job{[0-9]{1,15}}/retry', managing, async (context) => {
    const job = await existingJob(library, idOf(context))
    assertMayRetry(context.get('asker'), job)
    return context.html(
      confirmPage(context.get('asker'), {
        title: `Start job ${job.id} again?`,
        content: [h('p', `${jobText(job)}. It begins from the beginning.`), reasonPart(job)],
        act: 'Start it again',
        path: context.req.path,
        back: addressOf(job),
      }),
    )
  })
  page(app, 'POST', '/jobs/:job{[0-9]{1,15}}/retry', managing, async (context) => {
    const job = await retryJob(queue, context.get('asker'), idOf(context))
    return context.redirect(addressOf(job), 303)
  })
}

const idOf = ({ req }: GateContext): number => Number(req.param('job'))

/** The list from this job on. */
const addressOf = ({ id }: Job): string => `/jobs?before=${id + 1}`

const stateText: Readonly<Record<JobState, string>> = {
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  quarantined: 'In quarantine',
  cancelled: 'Cancelled',
}

const kindText: Readonly<Record<string, string>> = {
  collect: 'Fetch a file from the web',
  examine: 'Examine an item',
  align: 'Put the recordings on one clock',
  publish: 'Publish the story',
  fixity: 'Rehash every file',
}

const jobText = ({ kind, incident }: Job): string =>
  `${kindText[kind] ?? kind}${incident === undefined ? '' : `: ${incident}`}`

function jobsPage(
  asker: Asker,
  asked: Asked,
  { jobs, next }: { readonly jobs: readonly Job[]; readonly next?: number },
): string {
  const { state } = asked
  return deskDocument(
    'Jobs',
    [
      h('h1', 'Jobs'),
      h('nav', { ariaLabel: 'Jobs by state' }, [
        stateLink(asked, undefined, 'All'),
        ...jobStates.map((each) => stateLink(asked, each, stateText[each])),
      ]),
      h('p', h('a', { href: listAddress(asked, {}) }, 'Refresh')),
      jobs.length === 0
        ? h(
            'div.empty',
            h(
              'p',
              state === undefined
                ? 'No jobs. They begin when files come in, when recordings are aligned, when a story is published.'
                : 'No jobs in this state.',
            ),
          )
        : h(
            'ul.files',
            jobs.map((job) => jobItem(asker, job)),
          ),
      asked['before'] === undefined
        ? undefined
        : h('p', h('a', { href: listAddress(asked, { before: undefined }) }, 'The latest jobs')),
      next === undefined
        ? undefined
        : h(
            'p',
            h('a', { href: listAddress(asked, { before: `${next}` }), rel: 'next' }, 'Older jobs'),
          ),
    ],
    { asker },
  )
}

const stateLink = (asked: Asked, state: JobState | undefined, label: string): Element =>
  h(
    'a',
    {
      href: listAddress(asked, { state, before: undefined }),
      ...(asked['state'] === state ? { ariaCurrent: 'true' } : {}),
    },
    label,
  )

function listAddress(asked: Asked, changes: Readonly<Record<string, string | undefined>>): string {
  const all = Object.entries({ ...asked, ...changes })
  const said = all.filter((pair): pair is [string, string] => pair[1] !== undefined)
  return said.length === 0 ? '/jobs' : `/jobs?${new URLSearchParams(said).toString()}`
}

function jobItem(asker: Asker, job: Job): Element {
  const { id, state, attempts, askedAt, startedAt, endedAt, actor, askedBy } = job
  const { inputs } = shownTo(asker.agent.actor, job)
  return h('li', { id: `job-${id}` }, [
    h('h2', `${id}. ${jobText(job)}`),
    h('p', [
      h('strong', stateText[state]),
      `. ${attempts === 1 ? '1 try' : `${attempts} tries`}, asked for by ${askedBy}`,
      actor === askedBy ? '.' : `, started again by ${actor}.`,
    ]),
    progressPart(job),
    reasonPart(job),
    h('p.meta', [
      `Asked for ${momentText(askedAt)}. `,
      startedAt === undefined ? '' : `Begun ${momentText(startedAt)}. `,
      endedAt === undefined ? '' : `Ended ${momentText(endedAt)}. `,
    ]),
    ...Object.entries(inputs).map(([name, value]) =>
      h('p.meta', [`${name} `, h('code', `${value}`)]),
    ),
    actPart(asker, job),
  ])
}

function progressPart({ id, state, progress }: Job): Element | undefined {
  if (state !== 'running' || progress === undefined) return undefined
  const { step, share, doneBytes, totalBytes } = progress
  const percent = Math.floor(share * 100)
  // How much there is may not be known, and then no share of it.
  if (doneBytes !== undefined && totalBytes === undefined) {
    return h('p', `${step}: ${sizeText(doneBytes)}`)
  }
  return h('div', [
    h('label', { for: `progress-${id}` }, `${step}: ${percent} %`),
    h('progress', { id: `progress-${id}`, value: percent, max: 100 }),
  ])
}

function reasonPart({ state, reason }: Job): Element | undefined {
  if (reason === undefined || state === 'done') return undefined
  return h('p.said.wrong', { dir: 'auto' }, [`${reason.message} `, h('code', reason.code)])
}

function actPart(asker: Asker, job: Job): Element | undefined {
  const { id, state } = job
  if (state === 'done' || !mayManage(asker, job)) return undefined
  const isOpen = state === 'waiting' || state === 'running'
  const [path, label] = isOpen ? ['cancel', 'Cancel …'] : ['retry', 'Start again …']
  return h(
    'div.acts',
    h('a.button', { href: `/jobs/${id}/${path}`, ariaLabel: `${label} job ${id}` }, label),
  )
}
