import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { apiFor } from '../../test/support/api-for.ts'
import { localAsker, rightsOf, type Asker } from '../access/asker.ts'
import { agent, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from '../store/fixture.ts'
import { openIncident, readCaseFiles } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { addExchange } from './exchange-routes.ts'

const caseText = `format: sightline-case/1
incident: { id: quay, title: The quay, place: Port Ellery (invented), date: 2026-06-07 }
documents: [{ id: letter, file: documents/letter.txt, title: A letter }]
`
const story = `---
title: The quay
standfirst: A letter came.
byline: The test desk
---

Words.
`
let library: Library
let ours: string
let theirs: string

async function received(incident: string, text: string): Promise<string> {
  const blob = await library.blobs.putStream(bytesOf(text), roomy)
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: incident, title: incident })
    const file = { blob, kind: 'document', mediaType: 'text/plain', name: `${text}.txt` } as const
    await receiveItem(tx, { incident, ...file })
  })
  return blob.sha256
}

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  ours = await received('quay', 'ours')
  theirs = await received('pier', 'theirs')
})
after(() => library.close())

async function put(files: Record<string, string>, asker: Asker = localAsker, text = caseText) {
  const app = apiFor(asker, (api) => addExchange(api, library))
  const answer = await app.request('/api/incidents/quay/case', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ case: text, story, files }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('a case is taken in with items of its own incident alone', async () => {
  const refused = await put({ 'documents/letter.txt': theirs })
  assert.deepEqual([refused.status, refused.body['code']], [422, 'case-invalid'])
  assert.match(String(refused.body['detail']), /the incident has no item/)
  assert.equal((await put({})).status, 422)
  const taken = await put({ 'documents/letter.txt': ours, 'documents/other.txt': theirs })
  assert.deepEqual([taken.status, taken.body], [200, { revision: 1 }])
  const files = await library.read((reader) => readCaseFiles(reader, 'quay', 1))
  assert.deepEqual([...files], [['documents/letter.txt', ours]])
  const again = await put({ 'documents/letter.txt': ours })
  assert.deepEqual(again.body, { revision: 1 }, 'nothing has changed')
})

test('a case that is none, or another incident’s, says where it is wrong', async () => {
  const elsewhere = await put(
    { 'documents/letter.txt': ours },
    localAsker,
    caseText.replace('quay,', 'pier,'),
  )
  assert.equal(elsewhere.status, 422)
  assert.match(String(elsewhere.body['detail']), /is not "quay"/)
  const broken = await put({}, localAsker, 'format: [')
  const [problem] = broken.body['problems'] as { line: number; code: string }[]
  assert.deepEqual([broken.status, problem?.code], [422, 'yaml-syntax'])
})

test('who may edit the story alone does not replace what is recorded', async () => {
  const standing = { installation: ['owner'], incidents: new Map() } as const
  const narrow = rightsOf(standing, { actions: ['story.edit', 'incident.read'] })
  const asker: Asker = { kind: 'token', agent, isFresh: true, ...narrow }
  assert.equal((await put({ 'documents/letter.txt': ours }, asker)).status, 403)
})
