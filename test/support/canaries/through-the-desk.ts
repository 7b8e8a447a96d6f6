/**
 * What people and contributors bring to a running desk, with something private wherever there is
 * room for it: uploads, tips, comments, edits of records, jobs that fail.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from '../asking.ts'
import type { Canaries } from './canaries.ts'
import { markedPhoto } from './marked-files.ts'

export interface Desk {
  /** As somebody who is signed in as its owner, or as nobody. */
  readonly ask: (
    who: 'owner' | 'nobody',
    method: string,
    path: string,
    body?: object | string | Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>
  readonly kept: Canaries
  /** For files on their way in. */
  readonly scratch: string
  readonly published: string
  readonly unpublished: string
}

/** By the names that routes give to them: what is there, and belongs to somebody. */
export type Ids = Readonly<Record<'link' | 'tip' | 'upload' | 'comment' | 'item', string[]>>

export interface Contribution {
  readonly token: string
  readonly receipt: string
  /** Which canaries whoever has link and receipt knows. */
  readonly known: ReadonlySet<string>
}

/** Of what is planted here nothing but a hash is kept, or nothing at all. */
export const onlyHashed = /^(?:token|code|receipt)\b|withdrawn$/

export async function plantThroughDesk(
  desk: Desk,
): Promise<{ readonly ids: Ids; readonly contribution: Contribution }> {
  const ids: Ids = { link: [], tip: [], upload: [], comment: [], item: [] }
  const contribution = await contributors(desk, ids)
  await uploadsOfTheTeam(desk, ids)
  await readers(desk, ids)
  await edits(desk)
  await addressThatFails(desk)
  await jobsThatEnded(desk)
  return { ids, contribution }
}

const json = async <T>(answer: Answer | Promise<Answer>): Promise<T> =>
  JSON.parse((await answer).text) as T
const base64 = (text: string): string => Buffer.from(text).toString('base64')

function photo({ kept, scratch }: Desk, of: string): readonly [name: string, bytes: Buffer] {
  const name = kept.plant(`file name of ${of}`, (word) => `<i>${word}.jpg`)
  const path = join(scratch, `${kept.all.length}.jpg`)
  markedPhoto(path, kept, of)
  return [name, readFileSync(path)]
}

async function contributors(desk: Desk, ids: Ids): Promise<Contribution> {
  const { ask, kept, published } = desk
  const links = `/api/incidents/${published}/links`
  const link = await json<{ id: string; path: string }>(
    ask('owner', 'POST', links, { note: kept.plant('note of a contributor link') }),
  )
  ids.link.push(link.id)
  const token = link.path.split('/').at(-1) ?? ''
  kept.watch('token of a contributor link', token)

  const send = async (of: string): Promise<string> => {
    const form = new FormData()
    form.append('account', kept.plant(`account of ${of}`))
    form.append(
      'contact',
      kept.plant(`contact of ${of}`, (word) => `${word}@mail.example`),
    )
    const [name, bytes] = photo(desk, `the photo of ${of}`)
    form.append('files', new File([Uint8Array.from(bytes)], name))
    const whole = new Response(form)
    const answer = await ask(
      'nobody',
      'POST',
      link.path,
      new Uint8Array(await whole.arrayBuffer()),
      { 'content-type': whole.headers.get('content-type') ?? '' },
    )
    return watchReceipt(kept, of, answer)
  }
  await send('a tip that was accepted')
  const withdrawn = await send('a tip that was withdrawn')
  await ask(
    'nobody',
    'POST',
    '/contribute/receipt/withdraw',
    String(new URLSearchParams({ receipt: withdrawn })),
    { 'content-type': 'application/x-www-form-urlencoded' },
  )
  await send('a tip that waits')
  const before = kept.all.length
  const said = {
    account: kept.plant('account of a tip on its way'),
    contact: kept.plant('contact of a tip on its way'),
  }
  const receipt = watchReceipt(
    kept,
    'a tip on its way',
    await ask('nobody', 'POST', `${link.path}/tips`, said),
  )
  const half = await tus(
    desk,
    'nobody',
    `${link.path}/uploads`,
    'a contributor’s half upload',
    0.5,
    {
      'sightline-receipt': receipt,
    },
  )
  ids.upload.push(half)
  const known = new Set(kept.all.slice(before).map(({ planted }) => planted))
  const { tips } = await json<{ tips: { id: string; state: string }[] }>(
    ask('owner', 'GET', `/api/incidents/${published}/tips`),
  )
  ids.tip.push(...tips.map(({ id }) => id))
  await ask('owner', 'POST', `/api/incidents/${published}/tips/${ids.tip[0]}/acceptance`, {})
  return {
    token,
    receipt,
    known: known.add('token of a contributor link').add('note of a contributor link'),
  }
}

function watchReceipt(kept: Canaries, of: string, { text }: Answer): string {
  const receipt = /(?:[A-Z]{4}-){5}[A-Z]{4}/.exec(text)?.[0]
  assert.ok(receipt, text)
  kept.watch(`receipt code of ${of}`, receipt)
  kept.watch(`receipt code of ${of}, typed in one`, receipt.replaceAll('-', ''))
  return receipt
}

/** Returns its id. */
async function tus(
  desk: Desk,
  who: 'owner' | 'nobody',
  path: string,
  of: string,
  share: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [name, bytes] = photo(desk, of)
  const more = { 'tus-resumable': '1.0.0', ...headers }
  const begun = await desk.ask(who, 'POST', path, '', {
    ...more,
    'upload-length': String(bytes.length),
    'upload-metadata': `filename ${base64(name)}`,
  })
  const { location = '' } = begun.headers
  const at = new URL(location, 'http://localhost').pathname
  await desk.ask(who, 'PATCH', at, bytes.subarray(0, Math.floor(bytes.length * share)), {
    ...more,
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
  })
  return at.split('/').at(-1) ?? ''
}

async function uploadsOfTheTeam(desk: Desk, ids: Ids): Promise<void> {
  for (const incident of [desk.published, desk.unpublished]) {
    const path = `/api/incidents/${incident}/uploads`
    for (const [of, share] of [
      ['whole', 1],
      ['half', 0.5],
    ] as const) {
      ids.upload.push(await tus(desk, 'owner', path, `a ${of} upload, ${ids.upload.length}`, share))
    }
    const { items } = await json<{ items: { sha256: string }[] }>(
      desk.ask('owner', 'GET', `/api/incidents/${incident}/items`),
    )
    ids.item.push(items.at(-1)?.sha256 ?? '')
  }
}

async function readers({ ask, kept, published }: Desk, ids: Ids): Promise<void> {
  for (const state of ['waiting', 'rejected', 'approved'] as const) {
    // What is approved is there to be read.
    const like = state === 'approved' ? () => 'A reader.' : undefined
    const word = (what: string): string =>
      like === undefined ? kept.plant(`${what} of a ${state} comment`) : like()
    const { id } = await json<{ id: string }>(
      ask('nobody', 'POST', `/api/incidents/${published}/comments`, {
        about: { kind: 'story' },
        name: word('name'),
        text: word('text'),
      }),
    )
    ids.comment.push(id)
    if (state === 'waiting') continue
    const decision = { decision: state, reason: kept.plant(`why a comment was ${state}`) }
    await ask('owner', 'POST', `/api/incidents/${published}/moderation/${id}/decisions`, decision)
  }
}

async function edits(desk: Desk): Promise<void> {
  const { ask, kept, published } = desk
  const at = `/api/incidents/${published}`
  const post = (list: string, value: object): Promise<Answer> =>
    ask('owner', 'POST', `${at}/${list}`, value)
  const put = async (path: string, change: (value: never) => object): Promise<Answer> => {
    const was = await ask('owner', 'GET', `${at}/${path}`)
    const { value } = await json<{ value: never }>(was)
    return ask('owner', 'PUT', `${at}/${path}`, change(value), {
      'if-match': was.headers.etag ?? '',
    })
  }
  await put('footage/quay', (value: object) => ({
    ...value,
    note: kept.plant('note of a recording, edited'),
  }))
  await post('accounts', {
    id: 'told-later',
    source: 'witness-a',
    date: '2026-06-11',
    note: kept.plant('note of an account, made over HTTP'),
  })
  await post('events', {
    id: 'pop',
    label: kept.plant('a rejected sound, made over HTTP'),
    footage: 'quay',
    at: 4,
    kind: 'impulsive sound',
    decision: 'rejected',
    by: kept.plant('who rejected a sound, over HTTP'),
    note: kept.plant('note of a rejected sound, made over HTTP'),
  })
  const removed = { id: 'mistaken', text: kept.plant('a claim that was removed') }
  const { etag = '' } = (await post('claims', removed)).headers
  await ask('owner', 'DELETE', `${at}/claims/mistaken`, undefined, { 'if-match': etag })
  assert.equal(await publishes(desk), 'done')

  // From here on nothing is published any more.
  await post('claims', { id: 'later', text: kept.plant('a claim that is not published yet') })
  await post('observations', {
    id: 'looked',
    claim: 'two-children',
    by: kept.plant('who observed what is not published yet'),
    date: '2026-06-12',
    judgement: 'not visible',
    note: kept.plant('an observation that is not published yet'),
  })
  await post('questions', {
    id: 'asked',
    text: kept.plant('a question that is not published yet'),
    to: 'police',
    asked: '2026-06-12',
  })
  await post('sources', {
    id: 'protected',
    name: kept.plant('name of a source that is not published'),
    kind: 'witness',
    about: kept.plant('about a source that is not published'),
  })
}

/** Asks for it, and returns what became of the job. */
async function publishes({ ask, published }: Desk): Promise<string> {
  const asked = await ask('owner', 'POST', `/api/incidents/${published}/publish`)
  const { id } = await json<{ id: number }>(asked)
  for (const until = performance.now() + 300_000; performance.now() < until; await sleep(200)) {
    const { state } = await json<{ state: string }>(ask('owner', 'GET', `/api/jobs/${id}`))
    if (state !== 'waiting' && state !== 'running') return state
  }
  throw new Error('the story was not published in five minutes')
}

/** Of the web: tried once in vain, which is logged, and then cancelled. */
async function addressThatFails({ ask, kept, published }: Desk): Promise<void> {
  const path = kept.plant('path of an address that a job fetches')
  const key = kept.plant('key in an address that a job fetches')
  const address = `https://nobody.invalid/${path}?key=${key}`
  const asked = await ask('owner', 'POST', `/api/incidents/${published}/collect`, { address })
  const { id } = await json<{ id: number }>(asked)
  for (let reason: unknown; reason === undefined; await sleep(200)) {
    ;({ reason } = await json<{ reason?: unknown }>(ask('owner', 'GET', `/api/jobs/${id}`)))
  }
  await ask('owner', 'POST', `/api/jobs/${id}/cancel`)
}

/** One in quarantine, with a reason that quotes the case; the others as they come. */
async function jobsThatEnded(desk: Desk): Promise<void> {
  const { ask, kept, published } = desk
  const quote = kept.plant('a quote that stands nowhere')
  const word = kept.plant('reason of a job in quarantine', (text) => text.toLowerCase())
  const at = `/api/incidents/${published}`
  const { file } = (
    await json<{ value: { file: string } }>(ask('owner', 'GET', `${at}/documents/account`))
  ).value
  await ask('owner', 'POST', `${at}/documents`, { id: word, file, title: 'Once more' })
  const account = { id: 'again', source: 'witness-a', date: '2026-06-12', document: word }
  await ask('owner', 'POST', `${at}/accounts`, account)
  await ask('owner', 'POST', `${at}/statements`, { id: 'nowhere', account: 'again', quote })
  assert.equal(await publishes(desk), 'quarantined')
  const { jobs } = await json<{ jobs: { reason?: { message: string } }[] }>(
    ask('owner', 'GET', `/api/jobs?incident=${published}&state=quarantined`),
  )
  assert.match(jobs[0]?.reason?.message ?? '', new RegExp(word))
  for (let open = 1; open > 0; await sleep(200)) {
    const all = await json<{ jobs: { state: string }[] }>(ask('owner', 'GET', '/api/jobs'))
    open = all.jobs.filter(({ state }) => state === 'waiting' || state === 'running').length
  }
}
