import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { measureEdits } from '../../bench/align-edits.ts'

const scenes = [{ seed: 202, difficulty: 3 }] as const

for (const { seed, difficulty } of scenes) {
  test(`scene ${seed} of difficulty ${difficulty}: cut recordings in their pieces, re-uploads as one witness`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sightline-edits-'))
    try {
      const measured = await measureEdits(folder, seed, difficulty, 150, () => undefined)
      const { pieces, cuts, falseCuts } = measured.beside
      assert.ok(cuts.length >= 3)
      for (const { recording, found } of pieces) {
        assert.ok(found && found.errorSeconds <= 0.01, `${recording}: ${found?.errorSeconds}`)
      }
      for (const { recording, atSeconds, errorSeconds = Infinity } of cuts) {
        assert.ok(errorSeconds <= 0.1, `${recording} at ${atSeconds} s: ${errorSeconds}`)
      }
      assert.deepEqual(falseCuts, [])
      assert.deepEqual(measured.instead.falseCuts, [])
      assert.equal(measured.wholeFalseCuts, 0)
      assert.deepEqual(measured.reuploads, { made: 3, recognised: 3, false: 0 })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}
