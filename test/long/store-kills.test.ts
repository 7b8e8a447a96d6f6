/**
 * The store under kill -9 at many random instants: STORE_KILLS of them, 200
 * unless said otherwise. Part of the long programme only.
 */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'

import { emptyLibraryFolder } from '../../src/store/fixture.ts'
import { checkKept, writeAndKill } from './store-kill.ts'
import type { Promised } from './store-kill.ts'

const kills = Number(process.env['STORE_KILLS'] ?? 200)

test(`nothing promised is lost in ${kills} kills`, async (t) => {
  const folder = await emptyLibraryFolder()
  const promised: Promised[number][] = []
  for (let kill = 0; kill < kills; kill++) {
    promised.push(...(await writeAndKill(folder, randomInt(1, 400))))
    await checkKept(folder, promised)
  }
  assert.ok(promised.length > kills, 'the writer hardly ever came to write')
  t.diagnostic(`${kills} kills, ${promised.length} acknowledged acts, none lost`)
})
