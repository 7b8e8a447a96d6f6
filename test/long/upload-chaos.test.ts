/**
 * Issue 4, showing 3: 200 small uploads of 20 cuts each and one of 4 GiB, to a
 * server that is killed every few seconds. SIGHTLINE_CHAOS_GIB makes the large one smaller.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { open, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { emptyLibraryFolder, temporaryFolder } from '../../src/store/fixture.ts'
import { uploadThroughChaos } from '../support/upload-chaos.ts'

function head(bytes: number): Buffer {
  const made = randomBytes(bytes)
  made.write('RIFF', 0)
  made.write('WAVEfmt ', 8)
  return made
}

test('200 uploads of 20 cuts each', async (t) => {
  const from = await temporaryFolder()
  const files = []
  for (let index = 0; index < 200; index += 1) {
    const path = join(from, `${index}.wav`)
    await writeFile(path, head(200_000 + index * 1000))
    files.push(path)
  }
  const folder = await emptyLibraryFolder()
  const result = await uploadThroughChaos({
    folder,
    files,
    atOnce: 8,
    cutsEach: 22,
    killEveryMilliseconds: 4000,
  })
  t.diagnostic(JSON.stringify(result))
  assert.ok(result.cuts >= 200 * 20, `${result.cuts} cuts`)
  assert.ok(result.kills >= 5, `${result.kills} kills`)
})

const gibibytes = Number(process.env['SIGHTLINE_CHAOS_GIB'] ?? '4')

test(`one of ${gibibytes} GiB`, async (t) => {
  const from = await temporaryFolder()
  const { bavail, bsize } = await statfs(from)
  const size = gibibytes * 2 ** 30
  if (bavail * bsize < 2.5 * size) return t.skip('the disk has no room for it')
  // Holes cost nothing on this side; what stands between them differs.
  const path = join(from, 'long.wav')
  const file = await open(path, 'wx')
  await file.write(head(1 << 20), 0, 1 << 20, 0)
  for (let at = 1 << 26; at < size; at += 1 << 26)
    await file.write(randomBytes(1 << 16), 0, 1 << 16, at)
  await file.truncate(size)
  await file.close()
  const folder = await emptyLibraryFolder()
  const chaos = { folder, files: [path], atOnce: 1, cutsEach: 20 }
  const result = await uploadThroughChaos({ ...chaos, killEveryMilliseconds: 8000 })
  t.diagnostic(JSON.stringify(result))
  assert.ok(result.kills >= 1 && result.cuts >= 10, JSON.stringify(result))
})
