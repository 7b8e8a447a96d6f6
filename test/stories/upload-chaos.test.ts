import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { emptyLibraryFolder, temporaryFolder } from '../../src/store/fixture.ts'
import { uploadThroughChaos } from '../support/upload-chaos.ts'

test('eight files through a proxy that cuts, to a server that is killed: each is there once', async () => {
  const from = await temporaryFolder()
  const files = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const bytes = randomBytes(300_000)
      bytes.write('RIFF', 0)
      bytes.write('WAVEfmt ', 8)
      const path = join(from, `${index}.wav`)
      await writeFile(path, bytes)
      return path
    }),
  )
  const folder = await emptyLibraryFolder()
  const result = await uploadThroughChaos({
    folder,
    files,
    atOnce: 4,
    cutsEach: 6,
    killEveryMilliseconds: 1200,
  })
  assert.ok(result.cuts >= 20, `${result.cuts} cuts`)
  assert.ok(result.kills >= 1, `${result.kills} kills`)
  process.stdout.write(`${JSON.stringify(result)}\n`)
})
