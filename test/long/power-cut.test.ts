/**
 * The embedded library under power cuts: POWER_CUTS of them, 50 unless said otherwise, while it is
 * made, while it is opened and while it is written to. What was acknowledged was said to
 * a pipe, and so is not on the disk that was cut.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { cutDisk, whyNoCutDisk, type CutDisk } from '../support/cut-disk.ts'
import { checkKept, promisedIn, type Promised } from './store-kill.ts'

const cuts = Number(process.env['POWER_CUTS'] ?? 50)
const whileMade = Math.ceil(cuts / 10)
const whileOpened = Math.ceil(cuts / 5)

test(
  `nothing acknowledged is lost in ${cuts} power cuts, and the library always opens`,
  { skip: whyNoCutDisk() ?? false },
  async (t) => {
    const promised: Promised[number][] = []
    let unsyncedLost = 0
    for (let made = 0; made < whileMade; made++) {
      const disk = cutDisk(1 << 30)
      const said = await writeAndCut(disk, 'start', randomInt(0, 8000))
      unsyncedLost += restored(disk)
      await checkKept(join(disk.folder, 'library'), said)
      disk.remove()
    }
    const disk = cutDisk(8 * 2 ** 30)
    const folder = join(disk.folder, 'library')
    for (let cut = whileMade; cut < cuts; cut++) {
      const isOpening = cut < whileMade + whileOpened
      const milliseconds = isOpening ? randomInt(0, 3000) : randomInt(1, 1500)
      promised.push(...(await writeAndCut(disk, isOpening ? 'start' : 'open', milliseconds)))
      unsyncedLost += restored(disk)
      await checkKept(folder, promised)
    }
    disk.remove()
    // Otherwise the cuts would show nothing.
    assert.ok(unsyncedLost > cuts / 2, 'what nobody synced outlives most cuts')
    assert.ok(promised.length > cuts, 'the writer hardly ever came to write')
    t.diagnostic(
      `${cuts} cuts, ${promised.length} acknowledged acts, none lost; of ${cuts} files not synced ${unsyncedLost}`,
    )
  },
)

const notSynced = 'written and not synced'
/** Under a new name each time: ext4 writes out a file that is replaced. */
let written = 0
const unsynced = (disk: CutDisk): string => join(disk.folder, `unsynced-${written}`)

/** Cuts so many milliseconds after the writer started, or after it said that the library is open. */
async function writeAndCut(
  disk: CutDisk,
  from: 'start' | 'open',
  milliseconds: number,
): Promise<Promised> {
  const program = join(import.meta.dirname, 'store-writer.ts')
  const child = spawn(process.execPath, [program, join(disk.folder, 'library')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = once(child, 'exit')
  const begun = from === 'start' ? once(child, 'spawn') : once(child.stdout, 'data')
  const said: string[] = []
  child.stdout.setEncoding('utf8').on('data', (part: string) => said.push(part))
  await Promise.race([begun, exited])
  await sleep(milliseconds)
  assert.equal(child.exitCode, null, `the writer ended before the cut: ${said.join('')}`)
  written++
  writeFileSync(unsynced(disk), notSynced)
  disk.cut()
  // What it acknowledges on a dead disk is a promise as well.
  await Promise.race([exited, sleep(300)])
  child.kill('SIGKILL')
  await exited
  return promisedIn(said.join(''))
}

/** 1 where what was not synced is gone. */
function restored(disk: CutDisk): number {
  disk.restore()
  const path = unsynced(disk)
  return existsSync(path) && readFileSync(path, 'utf8') === notSynced ? 0 : 1
}
