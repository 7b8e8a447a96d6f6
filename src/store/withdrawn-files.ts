/** Takes away the bytes of what was withdrawn, unless something else has them. */
import { isNamed } from './leaving-blobs.ts'
import type { Library } from './library.ts'
import type { Agent, Reader, Transactor } from './store.ts'

/** An intake that found the blob there may still be about to record it. */
const leaveForMilliseconds = 3_600_000

/** How many are gone. */
export async function removeWithdrawnFiles(
  library: Library,
  agent: Agent,
  now: Date,
  leaveFor = leaveForMilliseconds,
): Promise<number> {
  const before = new Date(now.getTime() - leaveFor)
  let gone = 0
  await library.transactWithoutEntry(agent, (tx) =>
    tx.sql.deleteFrom('leaving_blob').where('gone_at', '<', before.toISOString()).execute(),
  )
  for (const sha256 of await library.read(withdrawn)) {
    const leaves = await library.transactWithoutEntry(agent, (tx) =>
      beginLeaving(tx, sha256, before),
    )
    if (!leaves) continue
    // Outside of any act: an object store may take its time.
    const isGone = await library.blobs.remove(sha256, before)
    await library.transactWithoutEntry(agent, async (tx) => {
      if (!isGone) {
        await tx.sql.deleteFrom('leaving_blob').where('sha256', '=', sha256).execute()
        return
      }
      await tx.sql
        .updateTable('leaving_blob')
        .set({ gone_at: tx.effects.now().toISOString() })
        .where('sha256', '=', sha256)
        .execute()
      await settle(tx, sha256)
    })
    if (isGone) gone += 1
  }
  return gone
}

/** From here on no act records it. */
async function beginLeaving(tx: Transactor, sha256: string, before: Date): Promise<boolean> {
  const begun = await tx.sql
    .selectFrom('leaving_blob')
    .select(['since', 'gone_at'])
    .where('sha256', '=', sha256)
    .executeTakeFirst()
  // Another program may still be at it.
  if (begun?.gone_at === null && new Date(begun.since) >= before) return false
  if (await isArriving(tx, sha256)) return false
  if (await isNamed(tx.sql, sha256)) {
    await settle(tx, sha256)
    return false
  }
  await tx.sql
    .insertInto('leaving_blob')
    .values({ sha256, since: tx.at, gone_at: null })
    .onConflict((conflict) =>
      conflict.column('sha256').doUpdateSet({ since: tx.at, gone_at: null }),
    )
    .execute()
  return true
}

/** Nothing is left to remove for what was withdrawn. */
async function settle(tx: Transactor, sha256: string): Promise<void> {
  await tx.sql
    .updateTable('tip_file')
    .set({ bytes_left_at: tx.at })
    .where('sha256', '=', sha256)
    .where('withdrawn_at', 'is not', null)
    .execute()
  await tx.sql
    .updateTable('upload')
    .set({ sha256: null })
    .where('sha256', '=', sha256)
    .where('refused', 'is not', null)
    .execute()
}

/** Files of withdrawn tips, and those that came for one when it was withdrawn. */
async function withdrawn(reader: Reader): Promise<ReadonlySet<string>> {
  const files = await reader.sql
    .selectFrom('tip_file')
    .select('sha256')
    .where('withdrawn_at', 'is not', null)
    .where('bytes_left_at', 'is', null)
    .execute()
  const refused = await reader.sql
    .selectFrom('upload')
    .select('sha256')
    .where('refused', 'is not', null)
    .where('sha256', 'is not', null)
    .execute()
  return new Set([...files, ...refused].flatMap(({ sha256 }) => sha256 ?? []))
}

async function isArriving(tx: Transactor, sha256: string): Promise<boolean> {
  const found = await tx.sql
    .selectFrom('upload')
    .select('id')
    .where('sha256', '=', sha256)
    .where('ended_at', 'is', null)
    .limit(1)
    .execute()
  return found.length > 0
}
