/**
 * Blobs that are there before the act that takes them in, which may fail or never come. Each has
 * a row like that of a refused upload, so that it counts to its incident and leaves with the sweep
 * (`withdrawn-files.ts`), unless the act claims it.
 */
import type { Blob } from './blobs.ts'
import { isNamed } from './leaving-blobs.ts'
import { StoreError } from './store-error.ts'
import type { Transactor } from './store.ts'

export interface UntakenBlob extends Blob {
  /** Of its row. */
  readonly id: string
}

/** Of no machine's `uploads/`: its bytes are a blob. */
const noPlace = '0'.repeat(32)

/** The incident has to be there. */
export async function leaveUnlessTaken(
  tx: Transactor,
  incident: string,
  { sha256, sizeBytes }: Blob,
): Promise<UntakenBlob> {
  const id = Buffer.from(tx.effects.randomBytes(16)).toString('hex')
  await tx.sql
    .insertInto('upload')
    .values({
      id,
      incident,
      tip: null,
      name: '',
      size_bytes: sizeBytes,
      said_sha256: null,
      begun_at: tx.at,
      place: noPlace,
      sha256,
      kind: null,
      media_type: null,
      seen_before: null,
      ended_at: tx.at,
      refused: 'not-taken',
    })
    .execute()
  return { id, sha256, sizeBytes }
}

/**
 * First in the act that takes it in.
 * @throws StoreError `blob-leaving` where it has left meanwhile
 */
export async function claimUntaken(tx: Transactor, { id, sha256 }: UntakenBlob): Promise<void> {
  const { numDeletedRows } = await tx.sql
    .deleteFrom('upload')
    .where('id', '=', id)
    .where('sha256', 'is not', null)
    .executeTakeFirst()
  // The sweep has seen to it: it stayed only where something else names it.
  if (numDeletedRows > 0n || (await isNamed(tx.sql, sha256))) return
  throw new StoreError(
    'blob-leaving',
    `The bytes of ${sha256} were not taken in for so long that they were removed. Collect the file again.`,
  )
}
