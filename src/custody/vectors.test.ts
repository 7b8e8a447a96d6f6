import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CustodyVectorFile, readCustodyVectors } from '../../test/support/vector-files.ts'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import { parseCanonicalJson } from './canonical-json.ts'
import { openCheckpoint } from './checkpoint.ts'
import { leafHash, openCommitment } from './commitment.ts'
import { CustodyError } from './custody-error.ts'
import { parseVkey } from './key.ts'
import { checkConsistency, checkInclusion } from './merkle-proof.ts'
import { rootOf } from './merkle-tree.ts'
import { parseReceipt } from './receipt.ts'
import { parseRecord } from './record.ts'

const bytes = (hex: string): Bytes => fromHex(hex) ?? assert.fail('Not hexadecimal.')

const readers: Record<string, (vector: CustodyVectorFile) => unknown> = {
  'canonical-json': ({ text }) => parseCanonicalJson(text),
  record: ({ text }) => parseRecord(text),
  commitment: ({ commitment, record, salt }) =>
    openCommitment(bytes(commitment), record, bytes(salt)),
  tree: async ({ commitments, root }) => {
    const hashes = commitments.map((hex) => leafHash(bytes(hex)))
    assert.equal(toHex(await rootOf(await Promise.all(hashes))), root)
  },
  inclusion: async ({ index, size, commitment, path, root }) =>
    checkInclusion({
      index,
      size,
      leafHash: await leafHash(bytes(commitment)),
      path: path.map(bytes),
      root: bytes(root),
    }),
  consistency: ({ oldSize, newSize, oldRoot, newRoot, path }) =>
    checkConsistency({
      oldSize,
      newSize,
      oldRoot: bytes(oldRoot),
      newRoot: bytes(newRoot),
      path: path.map(bytes),
    }),
  key: ({ vkey }) => parseVkey(vkey),
  checkpoint: async ({ text, bytesHex, vkey }) =>
    openCheckpoint(bytesHex === undefined ? utf8(text) : bytes(bytesHex), await parseVkey(vkey)),
  receipt: ({ text }) => parseReceipt(utf8(text)),
}

for (const [name, vector] of await readCustodyVectors()) {
  const read = readers[vector.kind]
  // Manifests, recipes and entries are only written here; verify/ reads them.
  if (read === undefined) continue
  test(`the log reads ${name} as its vector says`, async () => {
    const codes = await Promise.resolve(vector)
      .then(read)
      .then(
        () => [],
        (error: unknown) => [error instanceof CustodyError ? error.code : String(error)],
      )
    assert.deepEqual(codes, vector.codes)
  })
}
