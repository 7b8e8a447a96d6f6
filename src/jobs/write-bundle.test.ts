import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeBundle } from './write-bundle.ts'

const sha256 = 'a'.repeat(64)

test('a bundle’s files lie within it, whatever a desk says they are called', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'sightline-bundle-'))
  const out = join(scratch, 'deep', 'out')
  try {
    for (const path of [
      '../../outside',
      '/etc/x',
      'a/../../b',
      'a//b',
      './a',
      'a\\..\\b',
      'a\0b',
      '',
    ]) {
      let brought = 0
      const bringing = writeBundle(async () => void brought++, [{ path, sha256 }], out)
      await assert.rejects(bringing, { code: 'output-unsafe' }, path)
      assert.equal(brought, 0, path)
    }
    assert.equal(existsSync(out), false)
    const files = [
      { path: 'index.html', sha256 },
      { path: 'proof/log/checkpoint', sha256 },
    ]
    await writeBundle(({ path }, target) => writeFile(target, path), files, out)
    assert.equal(await readFile(join(out, 'proof', 'log', 'checkpoint'), 'utf8'), files[1]?.path)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
})
