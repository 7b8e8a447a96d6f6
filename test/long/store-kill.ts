/** Kills a process that writes into a library, and checks that it kept its promises. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { toHex } from '../../src/custody/bytes.ts'
import { openEntries } from '../../src/store/custody-log.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { openLibrary } from '../../src/store/library.ts'

/** What the writer said it had been promised: `item <sha256> <entry> <commitment>`. */
export type Promised = readonly { sha256: string; entry: number; commitment: string }[]

/**
 * Lets the writer write until it has said that the library is open, and for so
 * many milliseconds more; then ends it with SIGKILL.
 */
export async function writeAndKill(folder: string, milliseconds: number): Promise<Promised> {
  const program = join(import.meta.dirname, 'store-writer.ts')
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), milliseconds))
  const said = await text(child.stdout)
  const [status, signal] = (await exited) as [number | null, string | null]
  assert.equal(signal, 'SIGKILL', `the writer ended by itself with status ${status}: ${said}`)
  return promisedIn(said)
}

/** The last line may be cut off: then it was never said. */
export function promisedIn(said: string): Promised {
  return said
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '))
    .filter(([kind]) => kind === 'item')
    .map(([, sha256 = '', entry, commitment = '']) => ({
      sha256,
      entry: Number(entry),
      commitment,
    }))
}

/** Reopens the library: everything promised is there, and fsck finds nothing wrong. */
export async function checkKept(folder: string, promised: Promised): Promise<void> {
  const effects = { now: () => new Date(), randomBytes }
  const library = await openLibrary(folder, { command: 'check', effects })
  try {
    const entries = await library.read((reader) =>
      openEntries(
        reader,
        promised.map(({ entry }) => entry),
      ),
    )
    assert.deepEqual(
      entries.map(({ index, commitment }) => [index, toHex(commitment)]),
      promised.map(({ entry, commitment }) => [entry, commitment]),
    )
    for (const { sha256 } of promised) {
      assert.equal(await library.blobs.has(sha256), true, `${sha256} was promised and is gone`)
    }
    const { findings } = await checkLibrary(library)
    assert.deepEqual(findings, [])
  } finally {
    await library.close()
  }
}
