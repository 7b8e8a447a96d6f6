/**
 * A large case over HTTP, beside a bare Hono route that answers the same bytes, and comments that
 * readers send: part of `./sightline bench server`.
 */
import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { caseSchema } from '../src/case/case-schema.ts'
import { caseDrafts } from '../src/case/record-text.ts'
import { formatManifest, manifestPath } from '../src/custody/manifest.ts'
import { editRecord } from '../src/jobs/edit-record.ts'
import { deskApp } from '../src/server/app.ts'
import { uploadServices } from '../src/server/upload-services.ts'
import { replaceCaseRecords } from '../src/store/case-records.ts'
import { checkLibraryTables } from '../src/store/fsck.ts'
import { addPublication, importCase, openIncident } from '../src/store/incidents.ts'
import { noteFindings, receiveItem } from '../src/store/items.ts'
import type { Library } from '../src/store/library.ts'
import { addPublicationFiles } from '../src/store/publications.ts'

const claims = 5000
const items = 500
const incident = 'large'
const agent = { actor: 'bench', tool: 'sightline bench' }
const asked = 100
const commentsPerSecond = 200

export interface CaseFigures {
  readonly reading: readonly {
    readonly what: string
    readonly bytes: number
    readonly medianMilliseconds: number
    readonly bareMedianMilliseconds: number
    readonly p95Milliseconds: number
    readonly bareP95Milliseconds: number
  }[]
  readonly edit: { readonly medianMilliseconds: number; readonly p95Milliseconds: number }
  readonly comments: {
    readonly perSecond: number
    readonly seconds: number
    readonly acknowledged: number
    readonly kept: number
    readonly p95Milliseconds: number
    /** Of the processor, for one comment, sending it included. */
    readonly workMilliseconds: number
  }
}

export async function measureCase(library: Library, seconds: number): Promise<CaseFigures> {
  await fill(library)
  const hosts = new Set<string>()
  // All of it comes from one place here.
  const rate = { allows: () => true, wouldAllow: () => true }
  const uploads = { ...uploadServices(library), rate }
  const desk = await listen(deskApp(library, hosts, { uploads }))
  hosts.add(desk.host)
  try {
    const base = `/api/incidents/${incident}`
    const paths = [
      ['the incident: case and items', [`${base}/case`, `${base}/items?limit=500`]],
      ['its case alone', [`${base}/case`]],
      ['its claims, 1000 a page', await pagesOf(desk.host, `${base}/claims?limit=1000`)],
      ['its items, 100 a page', await pagesOf(desk.host, `${base}/items?limit=100`)],
    ] as const
    const reading: CaseFigures['reading'][number][] = []
    for (const [what, pages] of paths) {
      const bodies = await Promise.all(pages.map((path) => bytesOf(desk.host, path)))
      const bare = await listen(bareApp(bodies))
      const [own = [], floor = []] = await timed([
        { host: desk.host, paths: pages },
        { host: bare.host, paths: [...bodies.keys()].map((index) => `/${index}`) },
      ])
      await bare.close()
      const bytes = bodies.reduce((sum, body) => sum + body.length, 0)
      reading.push({
        what,
        bytes,
        medianMilliseconds: quantiles(own).median,
        bareMedianMilliseconds: quantiles(floor).median,
        p95Milliseconds: quantiles(own).p95,
        bareP95Milliseconds: quantiles(floor).p95,
      })
    }
    return {
      reading,
      edit: await edits(library),
      comments: await comment(library, desk.host, seconds),
    }
  } finally {
    await desk.close()
  }
}

async function fill(library: Library): Promise<void> {
  const numbers = [...Array.from({ length: claims }).keys()]
  const facts = caseSchema.parse({
    format: 'sightline-case/1',
    incident: { id: incident, title: 'Large', place: 'Quay', date: '2026-05-17' },
    sources: [{ id: 'walker', name: 'Witness A', kind: 'witness' }],
    accounts: [{ id: 'told', source: 'walker', date: '2026-05-18', note: 'Told us.' }],
    claims: numbers.map((n) => ({
      id: `claim-${n}`,
      text: `That at second ${n} something was seen or heard from the bridge.`,
      about: 'What was asked of everybody who stood there, in the words of the question.',
    })),
    statements: numbers.map((n) => ({
      id: `said-${n}`,
      account: 'told',
      quote: `At second ${n} I saw it, or heard it, from where I stood.`,
      on: [{ claim: `claim-${n}`, stance: 'asserts' }],
    })),
  })
  const blob = await library.blobs.putBytes(Buffer.from('case'))
  const [caseSha256, storySha256, title] = [blob.sha256, blob.sha256, 'Large']
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: incident, title })
    const revision = await importCase(tx, {
      incident,
      title,
      caseSha256,
      storySha256,
      files: new Map(),
    })
    await replaceCaseRecords(tx, incident, caseDrafts(facts), revision)
  })
  for (let n = 0; n < items; n++) {
    const sha256 = createHash('sha256').update(`item ${n}`).digest('hex')
    await library.transact(agent, async (tx) => {
      const file = {
        blob: { sha256, sizeBytes: 1 },
        kind: 'recording',
        mediaType: 'video/mp4',
      } as const
      await receiveItem(tx, { incident, ...file, name: `footage/recording ${n}.mp4` })
      await noteFindings(tx, sha256, [
        { code: 'rotation', severity: 'notice', message: 'Turned by 90°.' },
      ])
    })
  }
  const files = await Promise.all(
    [
      ['data/alignment.json', { recordings: [], apart: [] }] as const,
      ['data/claims.json', { claims: facts.claims, statements: [] }] as const,
    ].map(async ([path, value]) => {
      const { sha256 } = await library.blobs.putBytes(Buffer.from(JSON.stringify(value)))
      return { path, sha256 }
    }),
  )
  const manifest = await library.blobs.putBytes(Buffer.from(formatManifest(files)))
  const published = {
    incident,
    revision: 1,
    manifestSha256: manifest.sha256,
    contentSha256: manifest.sha256,
  }
  await library.transact(agent, async (tx) => {
    await addPublication(tx, published)
    const kept = [...files, { path: manifestPath, sha256: manifest.sha256 }]
    await addPublicationFiles(tx, published, kept)
  })
}

async function listen(app: Pick<Hono, 'fetch'>) {
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
  // Longer than a busy machine lets a client wait before it sends on a connection that it kept.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.once('listening', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}

function bareApp(bodies: readonly Uint8Array[]): Hono {
  return new Hono().get('/:index', (context) => {
    const body = bodies[Number(context.req.param('index'))] as Uint8Array<ArrayBuffer>
    return context.body(body, 200, { 'content-type': 'application/json' })
  })
}

async function bytesOf(host: string, path: string): Promise<Uint8Array> {
  const answer = await fetch(`http://${host}${path}`)
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

/** The first page and all that it leads to. */
async function pagesOf(host: string, first: string): Promise<string[]> {
  const pages = [first]
  for (;;) {
    const { next } = JSON.parse(
      new TextDecoder().decode(await bytesOf(host, pages.at(-1) ?? first)),
    ) as { readonly next?: string }
    if (next === undefined) return pages
    pages.push(`${first}&after=${next}`)
  }
}

/** All pages one after the other, as one reading; the two in turns, whatever else the machine does. */
async function timed(
  sides: readonly { readonly host: string; readonly paths: readonly string[] }[],
): Promise<number[][]> {
  const took: number[][] = sides.map(() => [])
  for (let turn = -5; turn < asked; turn++) {
    for (const [side, { host, paths }] of sides.entries()) {
      const from = performance.now()
      for (const path of paths) await bytesOf(host, path)
      if (turn >= 0) took[side]?.push(performance.now() - from)
    }
  }
  return took
}

function quantiles(took: readonly number[]) {
  const sorted = took.toSorted((one, two) => one - two)
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? 0
  return { median: at(0.5), p95: at(0.95) }
}

async function edits(library: Library): Promise<CaseFigures['edit']> {
  const took: number[] = []
  for (let turn = 0; turn < asked; turn++) {
    const id = `claim-${(turn * 37) % claims}`
    const from = performance.now()
    const value = { id, text: `Edited in turn ${turn}.` }
    await editRecord(library, agent, { incident, kind: 'claims', id, from: 1, value })
    took.push(performance.now() - from)
  }
  const { median, p95 } = quantiles(took)
  return { medianMilliseconds: median, p95Milliseconds: p95 }
}

/** Sent at their times whether or not those before were answered. */
async function comment(
  library: Library,
  host: string,
  seconds: number,
): Promise<CaseFigures['comments']> {
  const took: number[] = []
  const acknowledged = new Set<string>()
  const post = async (n: number): Promise<void> => {
    const from = performance.now()
    const answer = await fetch(`http://${host}/api/incidents/${incident}/comments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        about: { kind: 'claim', id: `claim-${n % claims}` },
        name: 'A reader',
        text: `Comment ${n}: I stood there, and saw it otherwise than is said here.`,
      }),
    })
    const { id } = (await answer.json()) as { readonly id: string }
    took.push(performance.now() - from)
    if (answer.status === 202) acknowledged.add(id)
  }
  const work = process.cpuUsage()
  const start = performance.now()
  const sent: Promise<void>[] = []
  for (let n = 0; n < commentsPerSecond * seconds; n++) {
    const wait = start + (n * 1000) / commentsPerSecond - performance.now()
    if (wait > 0) await sleep(wait)
    // One that got no answer is not acknowledged.
    sent.push(post(n).catch(() => undefined))
  }
  await Promise.all(sent)
  const { user, system } = process.cpuUsage(work)
  const elapsed = (performance.now() - start) / 1000
  const rows = await library.read(({ sql }) => sql.selectFrom('comment').select('id').execute())
  const kept = rows.filter(({ id }) => acknowledged.has(id)).length
  const damages = await checkLibraryTables(library, () => undefined)
  const ofComments = damages.filter(({ what }) => what.startsWith('comment '))
  if (ofComments.length > 0) throw new Error(`${ofComments.length} comments are damaged`)
  return {
    perSecond: acknowledged.size / elapsed,
    seconds: elapsed,
    acknowledged: acknowledged.size,
    kept,
    p95Milliseconds: quantiles(took).p95,
    workMilliseconds: (user + system) / 1000 / sent.length,
  }
}

export function caseTable(name: string, { reading, edit, comments }: CaseFigures): string {
  const ms = (value: number): string => value.toFixed(1).padStart(12)
  const lines = reading.map((row) => {
    const { medianMilliseconds: median, p95Milliseconds: p95 } = row
    const columns = [
      ms(median),
      ms(median / row.bareMedianMilliseconds),
      ms(p95),
      ms(p95 / row.bareP95Milliseconds),
      `${Math.round(row.bytes / 1000)}`.padStart(12),
    ]
    return row.what.padEnd(30) + columns.join('')
  })
  const heads = ['median ms', 'times bare', '95 of 100', 'times bare', 'kilobytes']
    .map((head) => head.padStart(12))
    .join('')
  const { perSecond, seconds, acknowledged, kept } = comments
  return [
    `an incident of ${claims} claims and ${items} items, ${name}`,
    `${''.padEnd(30)}${heads}`,
    ...lines,
    `one edit: median ${edit.medianMilliseconds.toFixed(1)} ms, 95 of 100 ${edit.p95Milliseconds.toFixed(1)} ms`,
    `comments: ${perSecond.toFixed(0)} a second for ${seconds.toFixed(0)} s, ${acknowledged} acknowledged, ${kept} kept, ` +
      `95 of 100 within ${comments.p95Milliseconds.toFixed(0)} ms, ${comments.workMilliseconds.toFixed(1)} ms of work each`,
    `goal: at most 4 times bare; ${commentsPerSecond} comments a second, all kept`,
    '',
    '',
  ].join('\n')
}
