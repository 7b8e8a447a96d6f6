import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { quick, startObjectStore } from '../../test/support/object-store.ts'
import type { ObjectServer } from '../../test/support/object-store.ts'
import { blobName } from './blobs.ts'
import type { Blobs } from './blobs.ts'
import { all, bytesOf, roomy, temporaryFolder } from './fixture.ts'
import { openFolderBlobs } from './folder-blobs.ts'
import { openObjectBlobs } from './object-blobs.ts'
import { openObjectStore } from './object-store.ts'

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let server: ObjectServer
before(async () => {
  server = await startObjectStore()
})
after(() => server.remove())

interface Place {
  readonly folder: string
  readonly blobs: Blobs
  /** Names in the scratch folder, without copies that are kept for lending. */
  readonly scratch: () => Promise<readonly string[]>
  /** Behind the library's back. */
  readonly spoil: (name: string, text: string) => Promise<void>
  readonly lose: (name: string) => Promise<void>
}

async function folders(inside?: string): Promise<string> {
  const folder = inside ?? (await temporaryFolder())
  await mkdir(join(folder, 'blobs'))
  await mkdir(join(folder, 'scratch'))
  return folder
}

async function inFolder(inside?: string): Promise<Place> {
  const folder = await folders(inside)
  return {
    folder,
    blobs: openFolderBlobs(folder, join(folder, 'scratch')),
    scratch: () => readdir(join(folder, 'scratch')),
    spoil: async (name, text) => {
      await rm(join(folder, 'blobs', name), { force: true })
      await writeFile(join(folder, 'blobs', name), text)
    },
    lose: (name) => rm(join(folder, 'blobs', name)),
  }
}

let prefixes = 0

async function inObjects(inside?: string): Promise<Place> {
  const folder = await folders(inside)
  const store = openObjectStore(server.address(`blobs-${++prefixes}`), quick)
  return {
    folder,
    blobs: openObjectBlobs(store, folder, join(folder, 'scratch')),
    scratch: async () =>
      (await readdir(join(folder, 'scratch'))).filter((name) => !name.startsWith('lent-')),
    spoil: (name, text) => store.putBytes(name, Buffer.from(text)),
    lose: (name) => store.remove(name),
  }
}

/** Each test once for each place that blobs can be in. */
function inBoth(
  name: string,
  run: (open: (inside?: string) => Promise<Place>) => Promise<void>,
): void {
  test(`${name} (folder)`, () => run(inFolder))
  test(`${name} (object store)`, () => run(inObjects))
}

const modeOf = (blobs: Blobs, sha256: string): Promise<number> =>
  blobs.lend(sha256, async (path) => (await stat(path)).mode & 0o777)

const collect = async (source: AsyncIterable<Uint8Array>) =>
  Buffer.concat(await all(source)).toString()

inBoth(
  'what was put is there under its hash, read-only, with nothing left in scratch',
  async (open) => {
    const { blobs, scratch } = await open()
    const blob = await blobs.putStream(bytesOf('four ', 'phones'), roomy)
    assert.deepEqual(blob, { sha256: sha256('four phones'), sizeBytes: 11 })
    assert.equal(await collect(blobs.read(blob.sha256)), 'four phones')
    assert.equal(await modeOf(blobs, blob.sha256), 0o444)
    assert.deepEqual(await scratch(), [])
    assert.deepEqual(await all(blobs.list()), [{ kind: 'blob', ...blob }])
  },
)

inBoth('an empty file is a blob like any other', async (open) => {
  const { blobs } = await open()
  const blob = await blobs.putStream(bytesOf(), roomy)
  assert.deepEqual(blob, { sha256: sha256(''), sizeBytes: 0 })
  assert.deepEqual(await blobs.verify(blob.sha256), { kind: 'intact', sizeBytes: 0 })
})

inBoth('the same bytes twice are kept once', async (open) => {
  const { blobs, scratch } = await open()
  const first = await blobs.putStream(bytesOf('seen'), roomy)
  const before = await blobs.lend(first.sha256, (path) => stat(path))
  const second = await blobs.putStream(bytesOf('se', 'en'), roomy)
  assert.deepEqual(second, first)
  assert.equal((await blobs.lend(first.sha256, (path) => stat(path))).ino, before.ino)
  assert.deepEqual(await all(blobs.list()), [{ kind: 'blob', ...first }])
  assert.deepEqual(await scratch(), [])
})

inBoth('two intakes of the same bytes at once both end with the one blob', async (open) => {
  const { blobs, scratch } = await open()
  const bytes = randomBytes(300_000)
  const slow = async function* () {
    for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
  }
  const blobsPut = await Promise.all([1, 2, 3, 4].map(() => blobs.putStream(slow(), roomy)))
  for (const blob of blobsPut) assert.equal(blob.sha256, sha256(bytes))
  assert.equal((await blobs.verify(sha256(bytes))).kind, 'intact')
  assert.deepEqual(await scratch(), [])
})

inBoth(
  'a file beyond the limit, or one whose sender breaks off, leaves nothing behind',
  async (open) => {
    const { blobs, scratch } = await open()
    await assert.rejects(blobs.putStream(bytesOf('12345', '6'), { maxBytes: 5 }), {
      code: 'too-large',
    })
    const broken = async function* () {
      yield Buffer.from('half')
      throw new Error('connection lost')
    }
    await assert.rejects(blobs.putStream(broken(), roomy), { message: 'connection lost' })
    assert.deepEqual(await scratch(), [])
    assert.deepEqual(await all(blobs.list()), [])
  },
)

inBoth('a damaged copy is named, not silently replaced or believed', async (open) => {
  const { blobs, spoil, lose } = await open()
  const { sha256 } = await blobs.putStream(bytesOf('original'), roomy)
  await spoil(blobName(sha256), 'orIginal')
  assert.equal((await blobs.verify(sha256)).kind, 'damaged')
  await assert.rejects(blobs.putStream(bytesOf('original'), roomy), { code: 'blob-damaged' })
  await lose(blobName(sha256))
  assert.deepEqual(await blobs.verify(sha256), { kind: 'missing' })
  await blobs.putStream(bytesOf('original'), roomy)
  assert.equal((await blobs.verify(sha256)).kind, 'intact')
})

inBoth('a range is read without what lies around it', async (open) => {
  const { blobs } = await open()
  const { sha256 } = await blobs.putStream(bytesOf('0123456789'), roomy)
  assert.equal(await collect(blobs.read(sha256, { start: 3, end: 7 })), '3456')
  assert.equal(await collect(blobs.read(sha256, { start: 8, end: 99 })), '89')
})

inBoth('a finished derivative is moved in from scratch', async (open) => {
  const { blobs, scratch } = await open()
  await blobs.inScratch(async (work) => {
    await writeFile(join(work, 'proxy.mp4'), 'pictures')
    const blob = await blobs.putFile(join(work, 'proxy.mp4'))
    assert.deepEqual(blob, { sha256: sha256('pictures'), sizeBytes: 8 })
    assert.equal(await modeOf(blobs, blob.sha256), 0o444)
    assert.deepEqual(await readdir(work), [])
    await writeFile(join(work, 'passlog'), 'not needed')
  })
  assert.deepEqual(await scratch(), [])
})

inBoth('only plain files of its own in scratch can be kept', async (open) => {
  const { folder, blobs } = await open()
  const outside = join(folder, 'secret')
  await writeFile(outside, 'not yours')
  await blobs.inScratch(async (work) => {
    await symlink(outside, join(work, 'link'))
    await symlink(folder, join(work, 'way-out'))
    await link(outside, join(work, 'hard'))
    for (const path of [
      outside,
      join(work, '..', '..', 'secret'),
      join(work, 'link'),
      join(work, 'way-out', 'secret'),
      join(work, 'hard'),
      work,
    ]) {
      await assert.rejects(blobs.putFile(path), { code: 'outside-scratch' }, path)
    }
  })
  assert.equal((await stat(outside)).mode & 0o200, 0o200)
  assert.deepEqual(await all(blobs.list()), [])
})

inBoth('a name that is no hash reaches no file', async (open) => {
  const { blobs } = await open()
  for (const name of ['../../../etc/passwd', 'ab', 'A'.repeat(64), `${'a'.repeat(64)}/x`]) {
    for (const reach of [
      () => blobs.lend(name, () => Promise.resolve()),
      () => collect(blobs.read(name)),
      () => blobs.stat(name),
      () => blobs.verify(name),
    ]) {
      await assert.rejects(reach, { code: 'not-a-hash' })
    }
  }
  const none = 'a'.repeat(64)
  await assert.rejects(collect(blobs.read(none)), { code: 'blob-missing' })
  await assert.rejects(
    blobs.lend(none, () => Promise.resolve()),
    { code: 'blob-missing' },
  )
  assert.deepEqual(await blobs.verify(none), { kind: 'missing' })
  assert.equal(await blobs.has('a'.repeat(64)), false)
})

inBoth('files that are no blobs are listed as strays', async (open) => {
  const { blobs, spoil } = await open()
  const { sha256 } = await blobs.putStream(bytesOf('x'), roomy)
  await spoil('notes.txt', '')
  await spoil(`${sha256.slice(0, 2)}/${'b'.repeat(64)}`, '')
  const listed = await all(blobs.list())
  assert.deepEqual(listed.map(({ kind }) => kind).toSorted(), ['blob', 'stray', 'stray'])
})

inBoth('what nothing needs is removed, unless it was kept again meanwhile', async (open) => {
  const { blobs } = await open()
  const { sha256 } = await blobs.putStream(bytesOf('withdrawn'), roomy)
  const other = await blobs.putStream(bytesOf('another'), roomy)
  await blobs.lend(sha256, async () => undefined)
  const later = (milliseconds: number) => new Date(Date.now() + milliseconds)
  assert.equal(await blobs.remove(sha256, later(-60_000)), false)
  assert.equal(await blobs.has(sha256), true)
  assert.equal(await blobs.remove(sha256, later(60_000)), true)
  assert.equal(await blobs.has(sha256), false)
  await assert.rejects(
    blobs.lend(sha256, async () => undefined),
    { code: 'blob-missing' },
  )
  assert.equal(await blobs.remove(sha256, later(60_000)), true, 'gone already')
  assert.equal((await blobs.verify(other.sha256)).kind, 'intact')
})

test('a blob that is kept once more counts as new from then on (folder)', async () => {
  const { folder, blobs } = await inFolder()
  const { sha256 } = await blobs.putStream(bytesOf('again'), roomy)
  const past = new Date(Date.now() - 10_000)
  const path = join(folder, 'blobs', blobName(sha256))
  await utimes(path, past, past)
  const between = new Date()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await blobs.putStream(bytesOf('again'), roomy)
  assert.equal(await blobs.remove(sha256, between), false)
})

const isRoot = process.getuid?.() === 0

const onFullDisk = [
  ['folder', inFolder],
  ['object store', inObjects],
] as const
for (const [place, open] of onFullDisk)
  test(
    `on a full disk an intake fails with a remedy, keeps what was there, and leaves nothing (${place})`,
    { skip: isRoot ? false : 'mounting a small file system needs root' },
    async (t) => {
      const folder = await temporaryFolder()
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder])
      assert.equal(mounted.status, 0, mounted.stderr.toString())
      t.after(() => spawnSync('umount', [folder]))
      const { blobs, scratch } = await open(folder)
      const kept = await blobs.putStream(bytesOf('kept'), roomy)
      const large = async function* () {
        for (let chunk = 0; chunk < 400; chunk++) yield randomBytes(50_000)
      }
      await assert.rejects(blobs.putStream(large(), roomy), {
        code: 'storage-full',
        message: /Free some space/,
      })
      assert.deepEqual(await scratch(), [])
      assert.equal((await blobs.verify(kept.sha256)).kind, 'intact')
      await blobs.putStream(bytesOf('small again'), roomy)
      // A media program that found the disk full may not say so.
      const work = blobs.inScratch(async (path) => {
        await writeFile(join(path, 'half'), new Uint8Array(32 << 20)).catch(() => undefined)
        throw new Error('the decoder failed')
      })
      await assert.rejects(work, { code: 'storage-full' })
      const half = blobs.inScratch(async (path) => {
        await writeFile(join(path, 'half'), new Uint8Array(32 << 20)).catch(() => undefined)
        return blobs.putFile(join(path, 'half'))
      })
      await assert.rejects(half, { code: 'storage-full' })
      assert.deepEqual(await scratch(), [])
    },
  )
