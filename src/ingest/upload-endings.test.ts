import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { openContributorLink, readLinkUse } from '../store/contributor-links.ts'
import {
  agent,
  all,
  emptyLibraryFolder,
  openTestLibrary,
  temporaryFolder,
} from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import { openIncident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { beginTip } from '../store/tips.ts'
import { readIncidentBytes, type Upload } from '../store/uploads.ts'
import { declineTip, takeBackTip } from './decide-tip.ts'
import { sweepUploads } from './sweep-uploads.ts'
import { openUploadIntake, type UploadIntake } from './upload-intake.ts'

const incident = 'quay'
const sizeBytes = 4000

async function open(t: TestContext) {
  const library = await openTestLibrary(await emptyLibraryFolder())
  t.after(() => library.close())
  await library.transact(agent, (tx) => openIncident(tx, { id: incident, title: incident }))
  const { link } = await library.transact(agent, (tx) =>
    openContributorLink(tx, {
      incident,
      note: '',
      mostBytes: 1e9,
      mostFiles: 9,
      expiresAt: '2040-01-01T00:00:00.000Z',
    }),
  )
  const tip = await library.transact(agent, (tx) =>
    beginTip(tx, link, { account: 'words', contact: '' }),
  )
  return { library, link: link.id, tip }
}

/** All its bytes are there and nobody has asked for its end. */
async function sent(intake: UploadIntake, tip?: string): Promise<Upload> {
  const to = { incident, ...(tip === undefined ? {} : { tip }) }
  const upload = await intake.begin(agent, { ...to, name: 'CANARY.wav', sizeBytes })
  await intake.write(agent, upload, sound(), 0)
  return upload
}

async function* sound(): AsyncGenerator<Uint8Array> {
  const made = randomBytes(sizeBytes)
  made.write('RIFF', 0)
  made.write('WAVEfmt ', 8)
  yield made
}

const blobsOf = (library: Library) => all(library.blobs.list())
const sweep = (library: Library, intake: UploadIntake) =>
  sweepUploads(library, intake, agent, {
    now: new Date(Date.now() + 1000),
    leaveStraysFor: 0,
    leaveBlobsFor: 0,
  })

/** What else happens at the first act of an intake from now on, before it. */
function meanwhile(library: Library, work: () => Promise<unknown>): Library {
  let isDone = false
  return {
    ...library,
    transactWithoutEntry: async (by, act) => {
      if (!isDone) {
        isDone = true
        await work()
      }
      return library.transactWithoutEntry(by, act)
    },
  }
}

test('withdrawn while its hash is made, by a program that ends then: no byte stays', async (t) => {
  const { library, tip } = await open(t)
  const intake = openUploadIntake(library)
  const before = (await blobsOf(library)).length
  const { id } = await sent(intake, tip.id)
  const cut = { ...intake.files, remove: () => Promise.resolve() }
  const withdraw = () => takeBackTip(library, agent, cut, tip.receipt)
  const other = openUploadIntake(meanwhile(library, withdraw))
  await assert.rejects(other.finish(agent, id), { code: 'upload-gone' })
  assert.equal(intake.files.stat(id), undefined)
  assert.equal((await blobsOf(library)).length, before)
})

test('declined while a file is taken in, then withdrawn: the sweep finds its bytes', async (t) => {
  const { library, tip } = await open(t)
  const before = (await blobsOf(library)).length
  const intake = openUploadIntake(library)
  const { id } = await sent(intake, tip.id)
  await declineTip(library, agent, tip.id)
  await assert.rejects(intake.finish(agent, id), { code: 'tip-decided' })
  assert.equal((await blobsOf(library)).length, before + 1)
  await takeBackTip(library, agent, intake.files, tip.receipt)
  assert.equal((await intake.read(id))?.name, '')
  assert.equal((await sweep(library, intake)).erased, 1)
  assert.equal((await blobsOf(library)).length, before)
  const { findings, notes } = await checkLibrary(library)
  assert.deepEqual([findings, notes], [[], []])
})

test('what is withdrawn or refused counts until its bytes have left', async (t) => {
  const { library, link, tip } = await open(t)
  const intake = openUploadIntake(library)
  const use = () => library.read((reader) => readLinkUse(reader, link))
  const incidentBytes = () => library.read((reader) => readIncidentBytes(reader, incident))
  await intake.finish(agent, (await sent(intake, tip.id)).id)
  const { id: late } = await sent(intake, tip.id)
  await declineTip(library, agent, tip.id)
  await assert.rejects(intake.finish(agent, late), { code: 'tip-decided' })
  await takeBackTip(library, agent, intake.files, tip.receipt)
  assert.deepEqual(await use(), { files: 2, bytes: 2 * sizeBytes })
  assert.equal(await incidentBytes(), 2 * sizeBytes)
  assert.equal((await sweep(library, intake)).erased, 2)
  assert.deepEqual(await use(), { files: 0, bytes: 0 })
  assert.equal(await incidentBytes(), 0)
})

test('a second server leaves to the first what the first has', async (t) => {
  const { library } = await open(t)
  const first = openUploadIntake(library)
  // The same tables and blobs, and a folder of its own.
  const second = openUploadIntake({ ...library, folder: await temporaryFolder() })
  await second.begin(agent, { incident, name: 'its own.wav', sizeBytes })
  const half = await first.begin(agent, { incident, name: 'half.wav', sizeBytes: sizeBytes + 1 })
  await first.write(agent, half, sound(), 0)
  const whole = await sent(first)
  const nothing = { finished: 0, dropped: 0, strays: 0, erased: 0 }
  assert.deepEqual(await sweep(library, second), nothing)
  for (const { id } of [half, whole]) {
    await assert.rejects(second.finish(agent, id), { code: 'upload-elsewhere' })
  }
  assert.throws(() => second.offset(half), { code: 'upload-elsewhere' })
  await assert.rejects(second.write(agent, half, sound(), sizeBytes), { code: 'upload-elsewhere' })
  assert.deepEqual(await sweep(library, first), { ...nothing, finished: 1 })
  assert.equal(first.offset(half), sizeBytes)
  const again = openUploadIntake(library)
  assert.equal(again.offset(half), sizeBytes, 'the folder keeps its id')
  // What has ended is told by each.
  assert.equal((await second.finish(agent, whole.id)).sizeBytes, sizeBytes)
})
