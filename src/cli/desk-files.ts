/** Files into and out of a running desk: uploads by tus, a published bundle back. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import type { Finding, ItemFacts } from '../case/item-facts.ts'
import { caseFileName, readCase } from '../case/read-case.ts'
import { storyFileName } from '../case/directive-attributes.ts'
import { CaseError } from '../case/problem.ts'
import { IngestError } from '../ingest/ingest-error.ts'
import { checkFile } from '../ingest/receive.ts'
import { filesOf } from '../jobs/import-case.ts'
import type { Progress } from '../jobs/progress.ts'
import type { PublishedStory } from '../jobs/publish-story.ts'
import type { BringFile } from '../jobs/write-bundle.ts'
import type { Job } from '../store/jobs.ts'
import type { PublishedFile } from '../store/publications.ts'
import { CommandError } from './command-error.ts'
import type { DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'

/** Again after so many milliseconds: a network that comes and goes. */
const retryDelays = [0, 1000, 3000, 5000, 10_000, 30_000, 60_000]
const pollMilliseconds = 300

export interface DeskItem {
  readonly sha256: string
  readonly kind: ItemFacts['kind']
  readonly mediaType: string
  readonly sizeBytes: number
  readonly names: readonly string[]
  readonly findings: readonly Finding[]
}

/** Opened where there is none of that id. */
export async function openIncidentThere(
  desk: DeskServer,
  incident: { readonly id: string; readonly title: string },
): Promise<void> {
  try {
    await desk.ask('GET', `/api/incidents/${incident.id}`)
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'not-found') throw error
    await desk.ask('POST', '/api/incidents', incident)
  }
}

/** All items of an incident, by their SHA-256. */
export async function itemsThere(
  desk: DeskServer,
  incident: string,
): Promise<ReadonlyMap<string, DeskItem>> {
  const items = new Map<string, DeskItem>()
  for (let after = ''; ;) {
    const page = await desk.ask<{ items: DeskItem[]; next?: string }>(
      'GET',
      `/api/incidents/${incident}/items?limit=200${after}`,
    )
    for (const item of page.items) items.set(item.sha256, item)
    if (page.next === undefined) return items
    after = `&after=${page.next}`
  }
}

export interface Sent {
  readonly item: string
  readonly seenBefore: boolean
}

/**
 * One file, sent again from where it broke off.
 * @throws IngestError for what is no file here; CommandError with the desk's reason
 */
export async function sendFile(
  desk: DeskServer,
  incident: string,
  path: string,
  { name = basename(path), within }: { readonly name?: string; readonly within?: string } = {},
  onShare: (share: number) => void = () => undefined,
): Promise<Sent> {
  const uploadSize = await checkFile(path, within)
  const sha256 = await sha256Of(path)
  const address = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(createReadStream(path) as never, {
      endpoint: new URL(`/api/incidents/${incident}/uploads`, desk.origin).href,
      headers: { authorization: `Bearer ${desk.bearer}` },
      metadata: { filename: name, sha256 },
      uploadSize,
      retryDelays,
      onProgress: (sent, all) => onShare(all === 0 ? 1 : sent / all),
      onError: (error) => reject(refusal(error)),
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
  return desk.ask<Sent>('GET', new URL(address).pathname)
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

function refusal(error: Error): CommandError {
  const { originalResponse } = error as Error & {
    originalResponse?: { getBody(): string } | null
  }
  const body = originalResponse?.getBody()
  const { detail, code } = Object(tryJson(body ?? '')) as Record<string, unknown>
  return typeof detail === 'string' && typeof code === 'string'
    ? new CommandError(code, detail, exitCodes.failed)
    : new CommandError('desk-unreachable', 'the desk broke off and did not answer again', 1)
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/**
 * Asks for a job and waits for its end; `isNew`: nobody had asked for the same before.
 * @throws CommandError with the job's own reason
 */
export async function jobThere(
  desk: DeskServer,
  path: string,
  onProgress: (step: string, share: number) => void,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const answer = await desk.fetch(path, { method: 'POST' })
  const isNew = answer.status === 202
  const asked = (await answer.json()) as Job
  for (let job = asked; ; job = await desk.ask<Job>('GET', `/api/jobs/${asked.id}`)) {
    if (job.state === 'done') return { job, isNew }
    if (job.state === 'quarantined' || job.state === 'cancelled') {
      const { code, message } = job.reason ?? { code: 'cancelled', message: 'it was cancelled' }
      throw new CommandError(code, message, exitCodes.failed)
    }
    if (job.progress !== undefined) onProgress(job.progress.step, job.progress.share)
    await sleep(pollMilliseconds)
  }
}

interface Publication {
  readonly revision: number
  readonly publishedAt: string
  readonly manifestSha256: string
}

export interface CaseSent {
  readonly incident: string
  readonly revision: number
  /** By the case's id of footage, photo or document. */
  readonly items: readonly { readonly id: string; readonly item: DeskItem }[]
}

/** A case folder: its files uploaded as far as they are not there, its texts, each file examined. */
export async function sendCase(
  desk: DeskServer,
  folder: string,
  progress: Progress,
  received: (id: string, sha256: string) => void,
): Promise<CaseSent> {
  const [caseText, story] = await Promise.all(
    [caseFileName, storyFileName].map((name) => readText(join(folder, name))),
  )
  const { case: facts, problems } = readCase(caseText ?? '')
  if (facts === undefined || problems.length > 0) throw new CaseError(problems)
  const { id: incident } = facts.incident
  await openIncidentThere(desk, { id: incident, title: facts.incident.title })
  const there = await itemsThere(desk, incident)
  const entries = filesOf(facts)
  const files: Record<string, string> = {}
  for (const [index, { id, file }] of entries.entries()) {
    const path = join(folder, file)
    const step = { step: 'Sending', total: entries.length, what: file }
    progress({ ...step, done: index })
    await checkFile(path, folder)
    const sha256 = await sha256Of(path)
    const isThere = there.get(sha256)?.names.includes(file) === true
    const item = isThere
      ? sha256
      : (
          await sendFile(desk, incident, path, { name: file, within: folder }, (share) =>
            progress({ ...step, done: index + share }),
          )
        ).item
    files[file] = item
    received(id, item)
  }
  const { revision } = await desk.ask<{ revision: number }>(
    'PUT',
    `/api/incidents/${incident}/case`,
    { case: caseText, story, files },
  )
  for (const [index, { file }] of entries.entries()) {
    const step = { step: 'Examining', total: entries.length, what: file }
    const path = `/api/incidents/${incident}/items/${files[file] ?? ''}/examine`
    await jobThere(desk, path, (_, share) => progress({ ...step, done: index + share }))
  }
  const examined = await itemsThere(desk, incident)
  const items = entries.flatMap(({ id, file }) => {
    const item = examined.get(files[file] ?? '')
    return item === undefined ? [] : [{ id, item }]
  })
  return { incident, revision, items }
}

/** Publishes the latest case. */
export async function publishThere(
  desk: DeskServer,
  incident: string,
  progress: Progress,
): Promise<PublishedStory> {
  const path = `/api/incidents/${incident}/publish`
  const { job, isNew } = await jobThere(desk, path, (step, share) =>
    progress({ step, done: share, total: 1 }),
  )
  const { result } = job
  const revision = Number(result?.['revision'])
  const { publications } = await desk.ask<{ publications: Publication[] }>(
    'GET',
    `/api/incidents/${incident}`,
  )
  const publication = publications.find((one) => one.revision === revision)
  if (publication === undefined) throw new TypeError('a story was published and is not there')
  const { files } = await desk.ask<{ files: PublishedFile[] }>(
    'GET',
    `/api/incidents/${incident}/publications/${revision}/files`,
  )
  const notices = String(result?.['notices'] ?? '')
  return {
    incident,
    revision,
    publishedAt: publication.publishedAt,
    manifestSha256: publication.manifestSha256,
    files,
    unchanged: !isNew || result?.['unchanged'] === 1,
    notices: notices === '' ? [] : notices.split('\n'),
  }
}

async function readText(path: string): Promise<string> {
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  )
  if (size === undefined) {
    throw new IngestError(
      'file-missing',
      `${path} is not there; a case folder holds ${caseFileName} and ${storyFileName}`,
    )
  }
  return readFile(path, 'utf8')
}

/** Of a published bundle: each file is hashed while it comes. */
export const fromDesk =
  (desk: DeskServer, incident: string): BringFile =>
  async ({ path, sha256 }, target) => {
    const answer = await desk.fetch(`/stories/${incident}/${path}`)
    const hash = createHash('sha256')
    await pipeline(
      Readable.fromWeb(answer.body as never),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(target, { flags: 'wx' }),
    )
    if (hash.digest('hex') === sha256) return
    throw new CommandError(
      'file-differs',
      `${path} came otherwise than the desk says it is; run this again`,
      exitCodes.failed,
    )
  }
