import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, link, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { openBlobs } from './blobs.ts'
import { all, bytesOf, roomy, temporaryFolder } from './fixture.ts'

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function emptyBlobs(inside?: string) {
  const folder = inside ?? (await temporaryFolder())
  await mkdir(join(folder, 'blobs'))
  await mkdir(join(folder, 'scratch'))
  return {
    folder,
    blobs: openBlobs(folder, join(folder, 'scratch')),
    scratch: () => readdir(join(folder, 'scratch')),
  }
}

const collect = async (source: AsyncIterable<Uint8Array>) =>
  Buffer.concat(await all(source)).toString()

test('what was put is there under its hash, read-only, with nothing left in scratch', async () => {
  const { blobs, scratch } = await emptyBlobs()
  const blob = await blobs.putStream(bytesOf('four ', 'phones'), roomy)
  assert.deepEqual(blob, { sha256: sha256('four phones'), sizeBytes: 11 })
  assert.equal(await collect(blobs.read(blob.sha256)), 'four phones')
  assert.equal((await stat(blobs.path(blob.sha256))).mode & 0o777, 0o444)
  assert.deepEqual(await scratch(), [])
  assert.deepEqual(await all(blobs.list()), [{ kind: 'blob', ...blob }])
})

test('an empty file is a blob like any other', async () => {
  const { blobs } = await emptyBlobs()
  const blob = await blobs.putStream(bytesOf(), roomy)
  assert.deepEqual(blob, { sha256: sha256(''), sizeBytes: 0 })
  assert.deepEqual(await blobs.verify(blob.sha256), { kind: 'intact', sizeBytes: 0 })
})

test('the same bytes twice are kept once', async () => {
  const { blobs, scratch } = await emptyBlobs()
  const first = await blobs.putStream(bytesOf('seen'), roomy)
  const before = await stat(blobs.path(first.sha256))
  const second = await blobs.putStream(bytesOf('se', 'en'), roomy)
  assert.deepEqual(second, first)
  assert.equal((await stat(blobs.path(first.sha256))).ino, before.ino)
  assert.deepEqual(await scratch(), [])
})

test('two intakes of the same bytes at once both end with the one blob', async () => {
  const { blobs, scratch } = await emptyBlobs()
  const bytes = randomBytes(300_000)
  const slow = async function* () {
    for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
  }
  const blobsPut = await Promise.all([1, 2, 3, 4].map(() => blobs.putStream(slow(), roomy)))
  for (const blob of blobsPut) assert.equal(blob.sha256, sha256(bytes))
  assert.equal((await blobs.verify(sha256(bytes))).kind, 'intact')
  assert.deepEqual(await scratch(), [])
})

test('a file beyond the limit, or one whose sender breaks off, leaves nothing behind', async () => {
  const { blobs, scratch } = await emptyBlobs()
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
})

test('a damaged copy is named, not silently replaced or believed', async () => {
  const { blobs } = await emptyBlobs()
  const { sha256 } = await blobs.putStream(bytesOf('original'), roomy)
  await chmod(blobs.path(sha256), 0o644)
  await writeFile(blobs.path(sha256), 'orIginal')
  assert.equal((await blobs.verify(sha256)).kind, 'damaged')
  await assert.rejects(blobs.putStream(bytesOf('original'), roomy), { code: 'blob-damaged' })
  await rm(blobs.path(sha256))
  assert.deepEqual(await blobs.verify(sha256), { kind: 'missing' })
  await blobs.putStream(bytesOf('original'), roomy)
  assert.equal((await blobs.verify(sha256)).kind, 'intact')
})

test('a range is read without what lies around it', async () => {
  const { blobs } = await emptyBlobs()
  const { sha256 } = await blobs.putStream(bytesOf('0123456789'), roomy)
  assert.equal(await collect(blobs.read(sha256, { start: 3, end: 7 })), '3456')
  assert.equal(await collect(blobs.read(sha256, { start: 8, end: 99 })), '89')
})

test('a finished derivative is moved in from scratch', async () => {
  const { blobs, scratch } = await emptyBlobs()
  await blobs.inScratch(async (work) => {
    await writeFile(join(work, 'proxy.mp4'), 'pictures')
    const blob = await blobs.putFile(join(work, 'proxy.mp4'))
    assert.deepEqual(blob, { sha256: sha256('pictures'), sizeBytes: 8 })
    assert.equal((await stat(blobs.path(blob.sha256))).mode & 0o777, 0o444)
    assert.deepEqual(await readdir(work), [])
    await writeFile(join(work, 'passlog'), 'not needed')
  })
  assert.deepEqual(await scratch(), [])
})

test('only plain files of its own in scratch can be kept', async () => {
  const { folder, blobs } = await emptyBlobs()
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

test('a name that is no hash reaches no file', async () => {
  const { blobs } = await emptyBlobs()
  for (const name of ['../../../etc/passwd', 'ab', 'A'.repeat(64), `${'a'.repeat(64)}/x`]) {
    assert.throws(() => blobs.path(name), { code: 'not-a-hash' })
    await assert.rejects(blobs.open(name), { code: 'not-a-hash' })
  }
  await assert.rejects(blobs.open('a'.repeat(64)), { code: 'blob-missing' })
  assert.equal(await blobs.has('a'.repeat(64)), false)
})

test('files that are no blobs are listed as strays', async () => {
  const { folder, blobs } = await emptyBlobs()
  const { sha256 } = await blobs.putStream(bytesOf('x'), roomy)
  await writeFile(join(folder, 'blobs', 'notes.txt'), '')
  await writeFile(join(folder, 'blobs', sha256.slice(0, 2), 'b'.repeat(64)), '')
  const listed = await all(blobs.list())
  assert.deepEqual(listed.map(({ kind }) => kind).toSorted(), ['blob', 'stray', 'stray'])
})

const isRoot = process.getuid?.() === 0

test(
  'on a full disk an intake fails with a remedy, keeps what was there, and leaves nothing',
  { skip: isRoot ? false : 'mounting a small file system needs root' },
  async (t) => {
    const folder = await temporaryFolder()
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder])
    assert.equal(mounted.status, 0, mounted.stderr.toString())
    t.after(() => spawnSync('umount', [folder]))
    const { blobs, scratch } = await emptyBlobs(folder)
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
