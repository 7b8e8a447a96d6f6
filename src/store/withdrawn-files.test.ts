import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { startFaultyProxy } from '../../test/support/faulty-proxy.ts'
import { addressAt, inObjects, quick, startObjectStore } from '../../test/support/object-store.ts'
import { blobName } from './blobs.ts'
import { openContributorLink } from './contributor-links.ts'
import {
  agent,
  emptyLibraryFolder,
  openTestLibrary,
  temporaryFolder,
  withLibrary,
} from './fixture.ts'
import { checkLibrary } from './fsck.ts'
import { openIncident } from './incidents.ts'
import { receiveItem } from './items.ts'
import type { Library } from './library.ts'
import { openObjectBlobs } from './object-blobs.ts'
import { openObjectStore } from './object-store.ts'
import { addTipFile, beginTip } from './tips.ts'
import { removeWithdrawnFiles } from './withdrawn-files.ts'

const bytes = Buffer.from('what was sent and taken back')
const sha256OfBytes = createHash('sha256').update(bytes).digest('hex')
const soon = new Date(Date.UTC(2031, 4, 4, 17, 10))
const later = new Date(Date.UTC(2031, 5, 1))
const file = { kind: 'document', mediaType: 'text/plain', name: 'a.txt' } as const

async function withdrawOne(library: Library) {
  const blob = await library.blobs.putBytes(bytes)
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'pier', title: 'The pier' })
    const wish = { incident: 'pier', note: '', mostBytes: 1e6, mostFiles: 9 }
    const expiresAt = '2040-01-01T00:00:00.000Z'
    const { link } = await openContributorLink(tx, { ...wish, expiresAt })
    const tip = await beginTip(tx, link, { account: 'words', contact: '' })
    await addTipFile(tx, tip.id, { blob, ...file })
    await tx.sql.updateTable('tip_file').set({ withdrawn_at: tx.at, name: null }).execute()
  })
  return blob
}

const isLeaving = { code: 'blob-leaving' }

test('a file that comes again while its bytes are removed is not acknowledged without them', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const blob = await withdrawOne(library)
    const take = () =>
      library.transact(agent, (tx) => receiveItem(tx, { incident: 'pier', blob, ...file }))
    const slow: Library = {
      ...library,
      blobs: {
        ...library.blobs,
        // Found old enough; before it goes somebody finds it, and has it.
        remove: async (sha256) => {
          await library.blobs.putBytes(bytes)
          await assert.rejects(take(), isLeaving)
          return library.blobs.remove(sha256, new Date(Date.now() + 86_400_000))
        },
      },
    }
    assert.equal(await removeWithdrawnFiles(slow, agent, later), 1)
    // One that had found it before it went comes to its act only now.
    await assert.rejects(take(), isLeaving)
    await library.blobs.putBytes(bytes)
    await take()
    assert.equal(await removeWithdrawnFiles(library, agent, later), 0)
    assert.equal(await library.blobs.has(blob.sha256), true)
    assert.deepEqual((await checkLibrary(library)).findings, [])
  }))

test('what a killed remover left is removed by the next', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const blob = await withdrawOne(library)
    const killed: Library = {
      ...library,
      blobs: { ...library.blobs, remove: () => Promise.reject(new Error('killed')) },
    }
    await assert.rejects(removeWithdrawnFiles(killed, agent, soon), /killed/)
    assert.equal(await library.blobs.has(blob.sha256), true)
    // Not at once: it may still be at it.
    assert.equal(await removeWithdrawnFiles(library, agent, soon), 0)
    assert.equal(await library.blobs.has(blob.sha256), true)
    assert.equal(await removeWithdrawnFiles(library, agent, later), 1)
    assert.equal(await library.blobs.has(blob.sha256), false)
  }))

test('bytes that were put again in time stay, and the file is taken', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const blob = await withdrawOne(library)
    assert.equal(await removeWithdrawnFiles(library, agent, new Date(0)), 0)
    await library.transact(agent, (tx) => receiveItem(tx, { incident: 'pier', blob, ...file }))
    assert.deepEqual((await checkLibrary(library)).findings, [])
  }))

/** The bytes could not be removed, or nobody heard that they were; once the place is mended they go. */
async function goesOn(library: Library, way: Library, mend: () => Promise<void>): Promise<void> {
  const take = () =>
    library.transact(agent, (tx) => receiveItem(tx, { incident: 'pier', blob, ...file }))
  const blob = { sha256: sha256OfBytes, sizeBytes: bytes.length }
  await assert.rejects(removeWithdrawnFiles(way, agent, soon))
  await assert.rejects(take(), isLeaving)
  await mend()
  assert.equal(await removeWithdrawnFiles(way, agent, soon), 0)
  await assert.rejects(take(), isLeaving)
  assert.equal(await removeWithdrawnFiles(way, agent, later), 1)
  assert.equal(await library.blobs.has(blob.sha256), false)
  assert.equal(await removeWithdrawnFiles(way, agent, later), 0)
  await library.blobs.putBytes(bytes)
  await take()
  assert.equal(await library.blobs.has(blob.sha256), true)
  assert.deepEqual((await checkLibrary(library)).findings, [])
}

const inFolder = { skip: inObjects && 'of blobs in the folder' }

test('a disk that failed while bytes were to leave: they leave later', inFolder, async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const { sha256 } = await withdrawOne(library)
    const part = dirname(join(library.folder, 'blobs', blobName(sha256)))
    await rename(part, `${part}-away`)
    await writeFile(part, '')
    await goesOn(library, library, async () => {
      await rm(part)
      await rename(`${part}-away`, part)
    })
  }),
)

test('an object store that failed while bytes were to leave: they leave later', async (t) => {
  const server = await startObjectStore()
  t.after(() => server.remove())
  const proxy = await startFaultyProxy(server.endpoint)
  t.after(() => proxy.close())
  for (const fault of ['broken', 'lost answer'] as const) {
    const prefix = fault.replace(' ', '-')
    const folder = join(await temporaryFolder(), 'library')
    const library = await openTestLibrary(folder, { objects: server.address(prefix) })
    try {
      const scratch = join(folder, 'scratch', 'faulty')
      await mkdir(scratch)
      const store = openObjectStore(addressAt(proxy.endpoint, prefix), quick)
      const way = { ...library, blobs: openObjectBlobs(store, folder, scratch) }
      const { sha256 } = await withdrawOne(library)
      proxy.fault = ({ method }) => (method === 'DELETE' ? fault : undefined)
      await goesOn(library, way, async () => {
        assert.equal(await library.blobs.has(sha256), fault === 'broken')
        proxy.fault = () => undefined
      })
      store.close()
    } finally {
      await library.close()
    }
  }
})
