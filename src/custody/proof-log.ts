import { type Bytes, toHex, utf8 } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { commitRecord } from './commitment.ts'
import { CustodyError } from './custody-error.ts'
import { type LogKey, formatVkey } from './key.ts'
import { type MerkleTree, inclusionProof } from './merkle-tree.ts'
import { formatReceipt } from './receipt.ts'
import { isPrivateRecord, parseRecord } from './record.ts'

/** An entry as the library keeps it: the record's text and its salt (32 bytes). */
export type StoredEntry = {
  readonly index: number
  readonly record: string
  readonly salt: Uint8Array
}

export type ProofFile = { readonly path: string; readonly bytes: Bytes }

/**
 * Everything under `proof/log/` of a bundle that opens these entries at this
 * checkpoint (docs/formats/bundle-proof.md, section 4).
 * @throws CustodyError private-record-opened, record-malformed, salt-malformed,
 *   checkpoint-malformed, index-out-of-range
 */
export const proofLogFiles = async (proof: {
  readonly key: LogKey
  readonly checkpoint: Bytes
  readonly tree: MerkleTree
  readonly opened: readonly StoredEntry[]
}): Promise<ProofFile[]> => {
  const { size } = parseCheckpoint(proof.checkpoint)
  const opened = proof.opened.toSorted((a, b) => a.index - b.index)
  const files: ProofFile[] = [
    { path: 'proof/log/key.vkey', bytes: utf8(`${formatVkey(proof.key)}\n`) },
    { path: 'proof/log/checkpoint', bytes: proof.checkpoint },
    { path: 'proof/log/opened', bytes: utf8(opened.map(({ index }) => `${index}\n`).join('')) },
  ]
  for (const { index, record, salt } of opened) {
    if (isPrivateRecord(parseRecord(record))) {
      throw new CustodyError('private-record-opened', 'This type of record is never opened.')
    }
    const entry = canonicalJson({ index, record, salt: toHex(salt) })
    const receipt = formatReceipt({
      index,
      commitment: await commitRecord(record, salt),
      path: await inclusionProof(proof.tree, index, size),
      checkpoint: proof.checkpoint,
    })
    files.push({ path: `proof/log/entries/${index}.json`, bytes: utf8(entry) })
    files.push({ path: `proof/log/receipts/${index}.tlog-proof`, bytes: receipt })
  }
  return files
}
