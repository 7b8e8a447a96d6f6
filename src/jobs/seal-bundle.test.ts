import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agent, bytesOf, emptyLibraryFolder, roomy, withLibrary } from '../store/fixture.ts'
import { openIncident, readPublications } from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { readPublicationFiles } from '../store/publications.ts'
import { recordPublication, sealEarlier, sealPublication } from './seal-bundle.ts'

const incident = 'pier'

async function recordTwo(library: Library) {
  const blob = await library.blobs.putStream(bytesOf('footage'), roomy)
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: incident, title: 'The pier' })
    const file = { kind: 'recording', mediaType: 'video/mp4', name: 'a.mp4' } as const
    await receiveItem(tx, { incident, blob, ...file })
  })
  const reliance = { parts: [], items: [blob.sha256], alignmentEntries: [] }
  const record = (revision: number) =>
    recordPublication(
      library,
      agent,
      {
        incident,
        revision,
        contentSha256: String(revision).repeat(64),
        caseRevision: 1,
        redactions: [],
      },
      [{ path: 'index.html', bytes: Buffer.from(`<p>${revision}`) }],
      reliance,
    )
  return { reliance, first: await record(1), second: await record(2) }
}

const opened = async (library: Library, revision: number): Promise<string | undefined> => {
  const files = await library.read((reader) => readPublicationFiles(reader, incident, revision))
  const file = files.find(({ path }) => path === 'proof/log/opened')
  if (file === undefined) return undefined
  const chunks: Uint8Array[] = []
  for await (const chunk of library.blobs.read(file.sha256)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('no file of a proof is kept while an act holds up the others', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const { second, reliance } = await recordTwo(library)
    let kept = 0
    const watched: Library = {
      ...library,
      blobs: {
        ...library.blobs,
        // Inside an act this is refused.
        putBytes: (bytes) => {
          kept++
          return library.read(() => Promise.resolve()).then(() => library.blobs.putBytes(bytes))
        },
      },
    }
    const files = await sealPublication(watched, agent, second, reliance)
    assert.equal(kept, 7)
    assert.equal(files.filter(({ path }) => path.startsWith('proof/log/')).length, 7)
    assert.deepEqual(await sealPublication(watched, agent, second, reliance), files)
    assert.equal(kept, 7)
  }))

test('two programs that close one publication close it once', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const { second, reliance } = await recordTwo(library)
    const seal = () => sealPublication(library, agent, second, reliance)
    const [one, other] = await Promise.all([seal(), seal()])
    assert.deepEqual(one, other)
  }))

test('a publication that was never closed is closed though another came after it', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const { first, second } = await recordTwo(library)
    await sealEarlier(
      library,
      agent,
      await library.read((reader) => readPublications(reader, incident)),
    )
    assert.equal(await opened(library, 1), `1\n${first.entryIndex}\n`)
    assert.equal(await opened(library, 2), `1\n${second.entryIndex}\n`)
  }))

test('a story that relies on nothing but its own entry is closed as well', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    await library.transact(agent, (tx) => openIncident(tx, { id: 'words', title: 'Words' }))
    const reliance = { parts: [], items: [], alignmentEntries: [] }
    const publication = { incident: 'words', revision: 1, contentSha256: 'a'.repeat(64) }
    const page = [{ path: 'index.html', bytes: Buffer.from('<p>Words.') }]
    const recorded = { ...publication, caseRevision: 1, redactions: [] }
    const published = await recordPublication(library, agent, recorded, page, reliance)
    const files = await sealPublication(library, agent, published, reliance)
    assert.ok(files.some(({ path }) => path === 'proof/log/checkpoint'))
  }))
