/**
 * `./sightline bench server [--incidents N] [--json]`: how long the server takes to
 * list and search incidents, beside a route that does nothing, with the tables embedded and
 * on a PostgreSQL that is started for it. bench/README.md says more.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { deskApp } from '../src/server/app.ts'
import { openIncident } from '../src/store/incidents.ts'
import { noteFindings, receiveItem, setFacts } from '../src/store/items.ts'
import { openLibrary, type Library } from '../src/store/library.ts'
import { indexIncident, type SearchedCase, type SearchText } from '../src/store/search-index.ts'
import { createDatabase, startPostgres } from '../test/support/postgres.ts'
import { caseTable, measureCase } from './server-case.ts'

const help = `Usage: ./sightline bench server [--incidents N] [--seconds N] [--json]

Milliseconds an answer takes, median and 95 of 100, with so many incidents of four
items and twenty searched texts each (default 1340); a large case beside a route that answers the same bytes;
comments sent for so many seconds (default 30).

Examples:
  ./sightline bench server
  ./sightline bench server --incidents 200 --json`

const { values } = parseArgs({
  options: {
    incidents: { type: 'string', default: '1340' },
    seconds: { type: 'string', default: '30' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const incidents = Number(values.incidents)
const seconds = Number(values.seconds)
if (values.help || !isCount(incidents) || !isCount(seconds)) {
  process.stdout.write(`${help}\n`)
  process.exit(values.help ? 0 : 2)
}

const syllable = (digit: string): string =>
  'ba ke li mo nu pe ra si to ve'.split(' ')[Number(digit)] ?? ''
const vocabulary = [
  ...(
    'seven shots were heard near the harbour crane moved before a car stood still while officers called ' +
    'witness pier quay street window bakery tram first later never always between under over night'
  ).split(' '),
  ...Array.from({ length: 2000 }, (_, index) => String(index * 7919).replaceAll(/\d/g, syllable)),
]
const asked = 100
const itemsEach = 4
const agent = { actor: 'bench', tool: 'sightline bench' }

interface Row {
  readonly what: string
  readonly medianMilliseconds: number
  readonly p95Milliseconds: number
}

const scratch = await mkdtemp(join(tmpdir(), 'sightline-bench-'))
const postgres = await startPostgres()
try {
  const embedded = await measure(join(scratch, 'embedded'), undefined)
  const url = await createDatabase(postgres.url, 'bench')
  const server = await measure(join(scratch, 'server'), url)
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ incidents, embedded, server }, undefined, 2)}\n`)
  } else {
    for (const [name, { rows, largeCase }, goal] of [
      ['tables in the folder', embedded, 250],
      ['tables on PostgreSQL', server, 100],
    ] as const) {
      process.stdout.write(table(name, rows, goal))
      process.stdout.write(caseTable(name, largeCase))
    }
  }
} finally {
  await postgres.remove()
  await rm(scratch, { recursive: true, force: true })
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1
}

async function measure(folder: string, databaseUrl: string | undefined) {
  const effects = { now: () => new Date(), randomBytes }
  const library = await openLibrary(folder, {
    command: 'sightline bench',
    effects,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  try {
    await fill(library)
    const hosts = new Set<string>()
    const app = deskApp(library, hosts)
    const bare = new Hono().get('/', (context) => context.json({ incidents: [] }))
    const rows = [
      ...(await timed(bare, new Set(), [['a route that does nothing', '/']])),
      ...(await timed(app, hosts, [
        ['the desk’s first page', '/'],
        ['a page of 100 incidents', '/api/incidents?limit=100'],
        ['the last of them', `/api/incidents?limit=100&after=${await late(library)}`],
        ['one incident', '/api/incidents/incident-0'],
        ['its items', '/api/incidents/incident-0/items'],
        ['a search for two words', '/api/search?q=harbour+crane'],
        ['for a phrase', `/api/search?q=${encodeURIComponent('"the crane moved"')}`],
        ['for a rare word', '/api/search?q=needle700'],
        ['for a place and days', '/api/search?place=pier+7&from=2031-03&to=2031-04'],
        ['for a word, place and days', '/api/search?q=crane&place=pier+7&from=2031-03&to=2031-04'],
        ['for three letters', '/api/search?q=sto'],
        ['for a word and a letter or two', '/api/search?q=seven+sh'],
      ])),
    ]
    return { rows, largeCase: await measureCase(library, seconds) }
  } finally {
    await library.close()
  }
}

async function fill(library: Library): Promise<void> {
  for (let index = 0; index < incidents; index++) {
    const incident = `incident-${index}`
    await library.transact(agent, async (tx) => {
      await openIncident(tx, { id: incident, title: `Incident ${index}` })
      await indexIncident(tx, incident, saidOf(index))
      for (let item = 0; item < itemsEach; item++) {
        const sha256 = createHash('sha256').update(`${index} ${item}`).digest('hex')
        const blob = { sha256, sizeBytes: 1 }
        const file = {
          blob,
          kind: 'recording',
          mediaType: 'video/mp4',
          name: `${item}.mp4`,
        } as const
        await receiveItem(tx, { incident, ...file })
        const pages = [{ text: sentences(index * itemsEach + item, 120) }]
        await setFacts(tx, sha256, { kind: 'document', mediaType: 'text/plain', pages })
        await noteFindings(tx, sha256, [
          { code: 'rotation', severity: 'notice', message: 'Turned by 90°.' },
        ])
      }
    })
    if (process.stderr.isTTY) process.stderr.write(`\rfilling ${index + 1}/${incidents} `)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K')
}

/** The same for a number every time; some words often, most seldom (Zipf), as in a text. */
function sentences(seed: number, words: number): string {
  let state = seed + 1
  return Array.from({ length: words }, () => {
    state = (state * 48_271) % 2_147_483_647
    return vocabulary[Math.floor(vocabulary.length ** (state / 2_147_483_647)) - 1]
  }).join(' ')
}

/** Twenty texts of a case. */
function saidOf(index: number): SearchedCase {
  const day = Date.UTC(2031, 0, 1 + (index % 365))
  const kinds = ['claim', 'statement', 'question', 'event', 'story'] as const
  const texts = Array.from({ length: 20 }, (_, at): SearchText => {
    const text = `${sentences(index * 31 + at * 7919, 15)} needle${index}`
    return { kind: kinds[at % kinds.length] ?? 'claim', ref: `t${at}`, text }
  })
  const title = { kind: 'incident', ref: '', text: `Incident ${index}` } as const
  const facts = { revision: 0, earliest: day, latest: day, openQuestions: index % 3 }
  return { ...facts, place: `Pier ${index % 40}`, texts: [title, ...texts] }
}

/** The entry of the incident 50 before the last. */
function late(library: Library): Promise<number> {
  return library.read(async ({ sql }) => {
    const row = await sql
      .selectFrom('incident')
      .select('entry_index')
      .orderBy('entry_index', 'desc')
      .offset(Math.min(50, incidents - 1))
      .limit(1)
      .executeTakeFirst()
    return row?.entry_index ?? 0
  })
}

/** Over a real connection, one after the other. */
async function timed(
  app: { readonly fetch: (request: Request) => Response | Promise<Response> },
  hosts: Set<string>,
  paths: readonly (readonly [what: string, path: string])[],
): Promise<Row[]> {
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  hosts.add(host)
  const rows: Row[] = []
  for (const [what, path] of paths) {
    const took: number[] = []
    for (let turn = -5; turn < asked; turn++) {
      const from = performance.now()
      const answer = await fetch(`http://${host}${path}`)
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
      if (turn >= 0) took.push(performance.now() - from)
    }
    took.sort((one, two) => one - two)
    const at = (share: number): number => took[Math.floor(share * took.length)] ?? 0
    rows.push({ what, medianMilliseconds: at(0.5), p95Milliseconds: at(0.95) })
  }
  await new Promise((resolve) => server.close(resolve))
  return rows
}

function table(name: string, rows: readonly Row[], goalMilliseconds: number): string {
  const lines = rows.map(({ what, medianMilliseconds, p95Milliseconds }) =>
    [what.padEnd(28), ms(medianMilliseconds), ms(p95Milliseconds)].join(''),
  )
  const title = `${incidents} incidents, ${name}`
  const heads = ['', 'median ms', '95 of 100'].map((head, at) =>
    at === 0 ? head.padEnd(28) : head.padStart(12),
  )
  const goal = `goal: incidents listed and searched within ${goalMilliseconds} ms, 95 of 100`
  return `${title}\n${heads.join('')}\n${lines.join('\n')}\n${goal}\n\n`
}

function ms(value: number): string {
  return value.toFixed(1).padStart(12)
}
