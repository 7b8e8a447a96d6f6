/** Signed tree heads of the custody log. */
import { equalBytes, fromUtf8, utf8 } from '../custody/bytes.ts'
import type { Bytes } from '../custody/bytes.ts'
import { parseCheckpoint, signCheckpoint } from '../custody/checkpoint.ts'
import { emptyTree, growTree, treeRoot } from '../custody/merkle-tree.ts'
import type { MerkleTree } from '../custody/merkle-tree.ts'
import type { Signer } from '../custody/signer.ts'
import { leafHashes, logSize } from './custody-log.ts'
import { StoreError } from './store-error.ts'
import type { Reader, Transactor } from './store.ts'

/** The whole log as a tree, for proofs. */
export async function readTree(reader: Reader): Promise<MerkleTree> {
  return growTree(emptyTree, await leafHashes(reader, { from: 0, to: await logSize(reader) }))
}

/**
 * Signs the log as it is now and keeps the note; the same size gives the same note.
 * Refuses when the log no longer contains what was signed before: two checkpoints
 * that contradict each other must never exist.
 * @throws StoreError `library-damaged`
 */
export async function signedCheckpoint(tx: Transactor, signer: Signer): Promise<Bytes> {
  const tree = await readTree(tx)
  const last = await readLatestCheckpoint(tx)
  if (last !== undefined) {
    const { size, root } = parseCheckpoint(last)
    if (size > tree.size || !equalBytes(root, await treeRoot(tree, size))) {
      throw new StoreError(
        'library-damaged',
        'The custody log no longer contains what its last checkpoint signed. Run `sightline fsck`.',
      )
    }
    if (size === tree.size) return last
  }
  const note = await signCheckpoint(signer.name, tree.size, await treeRoot(tree), signer)
  await tx.sql
    .insertInto('custody_checkpoint')
    .values({ size: tree.size, note: fromUtf8(note), at: tx.at })
    .execute()
  return note
}

/** The note as it was signed. */
export async function readLatestCheckpoint(reader: Reader): Promise<Bytes | undefined> {
  const row = await reader.sql
    .selectFrom('custody_checkpoint')
    .select('note')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && utf8(row.note)
}
