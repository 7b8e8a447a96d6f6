/** Files into and out of a running desk: uploads by tus, a published bundle back. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Upload } from 'tus-js-client'
import { caseFileName, readCase } from '../case/read-case.ts'
import { storyFileName } from '../case/directive-attributes.ts'
import { CaseError } from '../case/problem.ts'
import { readRefusal } from '../client/api-client.ts'
import type { Schemas } from '../client/api-types.ts'
import { checkFile } from '../ingest/receive.ts'
import { filesOf, readText } from '../jobs/import-case.ts'
import type { PublishedStory } from '../jobs/publish-story.ts'
import type { BringFile } from '../jobs/write-bundle.ts'
import { CommandError } from './command-error.ts'
import { jobThere } from './desk-jobs.ts'
import { ownAddress, type DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import type { ProgressLine } from './progress.ts'

/** Again after so many milliseconds: a network that comes and goes. */
const retryDelays = [0, 1000, 3000, 5000, 10_000, 30_000, 60_000]
const itemsOnPage = 200

type DeskItem = Schemas['Item']

/** Opened where there is none of that id. */
export async function openIncidentThere(
  desk: DeskServer,
  incident: { readonly id: string; readonly title: string },
): Promise<void> {
  try {
    await desk.ask('GET /incidents/{incident}', { path: { incident: incident.id } })
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'not-found') throw error
    await desk.ask('POST /incidents', { body: incident })
  }
}

/** All items of an incident, by their SHA-256. */
async function itemsThere(
  desk: DeskServer,
  incident: string,
): Promise<ReadonlyMap<string, DeskItem>> {
  const items = new Map<string, DeskItem>()
  for (let after: string | undefined; ;) {
    const page = await desk.ask('GET /incidents/{incident}/items', {
      path: { incident },
      query: { limit: itemsOnPage, after },
    })
    for (const item of page.items) items.set(item.sha256, item)
    if (page.next === undefined) return items
    after = page.next
  }
}

/** A file that is here, hashed. */
export interface ReadyFile {
  readonly path: string
  /** As the desk is to call it. */
  readonly name: string
  readonly sizeBytes: number
  readonly sha256: string
}

/** @throws IngestError for what is no file here, or lies outside of `within` */
export async function readyFile(
  path: string,
  { name = basename(path), within }: { readonly name?: string; readonly within?: string } = {},
): Promise<ReadyFile> {
  const sizeBytes = await checkFile(path, within)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return { path, name, sizeBytes, sha256: hash.digest('hex') }
}

export interface Sent {
  readonly item: string
  readonly seenBefore: boolean
}

/**
 * One file, sent again from where it broke off.
 * @throws CommandError with the desk's reason
 */
export async function sendFile(
  desk: DeskServer,
  incident: string,
  { path, name, sizeBytes, sha256 }: ReadyFile,
  onShare: (share: number) => void,
): Promise<Sent> {
  const { origin, bearer } = desk
  const address = await new Promise<string>((resolve, reject) => {
    const upload = new Upload(createReadStream(path) as never, {
      endpoint: new URL(`/api/incidents/${incident}/uploads`, origin).href,
      headers: { authorization: `Bearer ${bearer}` },
      metadata: { filename: name, sha256 },
      uploadSize: sizeBytes,
      retryDelays,
      // Where the next bytes go, with the token, is what the last answer says.
      onBeforeRequest: (request) => {
        try {
          ownAddress(origin, request.getURL())
        } catch (error) {
          void upload.abort()
          reject(error)
          throw error
        }
      },
      onProgress: (sent, all) => onShare(all === 0 ? 1 : sent / all),
      onError: (error) => reject(refusal(error)),
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
  const upload = address.slice(address.lastIndexOf('/') + 1)
  const became = await desk.ask('GET /incidents/{incident}/uploads/{upload}', {
    path: { incident, upload },
  })
  if (became.state === 'arrived') return became
  throw new TypeError('a file was sent and has not arrived')
}

function refusal(error: Error): CommandError {
  const { originalResponse } = error as Error & {
    originalResponse?: { getBody(): string } | null
  }
  const { code, message } = readRefusal(originalResponse?.getBody() ?? '')
  return code !== undefined && message !== undefined
    ? new CommandError(code, message, exitCodes.failed)
    : new CommandError('desk-unreachable', 'the desk broke off and did not answer again', 1)
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
  { show, warn }: ProgressLine,
  received: (id: string, sha256: string) => void,
): Promise<CaseSent> {
  const [caseText, story] = await Promise.all(
    [caseFileName, storyFileName].map((name) => readText(folder, name)),
  )
  const { case: facts, problems } = readCase(caseText ?? '')
  if (facts === undefined || problems.length > 0) throw new CaseError(problems)
  const { id: incident } = facts.incident
  await openIncidentThere(desk, { id: incident, title: facts.incident.title })
  const there = await itemsThere(desk, incident)
  const entries = filesOf(facts)
  const files: Record<string, string> = {}
  for (const [index, { id, file: name }] of entries.entries()) {
    const step = { step: 'Sending', total: entries.length, what: name }
    show({ ...step, done: index })
    const file = await readyFile(join(folder, name), { name, within: folder })
    if (there.get(file.sha256)?.names.includes(name) !== true) {
      await sendFile(desk, incident, file, (share) => show({ ...step, done: index + share }))
    }
    files[name] = file.sha256
    received(id, file.sha256)
  }
  const { revision } = await desk.ask('PUT /incidents/{incident}/case', {
    path: { incident },
    body: { case: caseText ?? '', story: story ?? '', files },
  })
  for (const [index, { file }] of entries.entries()) {
    const step = { step: 'Examining', total: entries.length, what: file }
    const examine = { kind: 'examine', incident, item: files[file] ?? '' } as const
    await jobThere(desk, examine, {
      onProgress: ({ share }) => show({ ...step, done: index + share }),
      warn,
    })
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
  { show, warn }: ProgressLine,
): Promise<PublishedStory> {
  const { job, isNew } = await jobThere(
    desk,
    { kind: 'publish', incident },
    { onProgress: ({ step, share }) => show({ step, done: share, total: 1 }), warn },
  )
  const { result } = job
  const revision = Number(result?.['revision'])
  const { publications } = await desk.ask('GET /incidents/{incident}', { path: { incident } })
  const publication = publications.find((one) => one.revision === revision)
  if (publication === undefined) throw new TypeError('a story was published and is not there')
  const { files } = await desk.ask('GET /incidents/{incident}/publications/{revision}/files', {
    path: { incident, revision },
  })
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
