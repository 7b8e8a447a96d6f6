import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBundle, memoryBundle } from '../../test/support/bundle-files.ts'
import {
  type CustodyVectorFile,
  asPairs,
  readBundleVectors,
  readCustodyVectors,
} from '../../test/support/vector-files.ts'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import { readCanonicalJson } from './canonical-json.ts'
import { isCheckpointSignedBy, readCheckpoint } from './checkpoint.ts'
import { commitmentOf, readEntry } from './entry.ts'
import { Malformed, createFindings } from './finding.ts'
import { readKey } from './key.ts'
import { readManifest } from './manifest.ts'
import { leadsToRoot, readReceipt } from './receipt.ts'
import { readRecipe } from './recipe.ts'
import { readRecord } from './record.ts'
import { verifyBundle } from './verify-bundle.ts'

const parses = async (code: string, read: () => unknown): Promise<string[]> => {
  try {
    await read()
    return []
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return [code]
  }
}
const holds = (code: string, condition: boolean): string[] => (condition ? [] : [code])

const checkers: Record<string, (vector: CustodyVectorFile) => Promise<string[]>> = {
  'canonical-json': ({ text }) => parses('not-canonical', () => readCanonicalJson(text)),
  record: ({ text }) => parses('record-malformed', () => readRecord(text)),
  commitment: async ({ record, salt, commitment }) => {
    const given = await commitmentOf({ index: 0, recordText: record, salt: fromHex(salt) })
    return holds('record-does-not-open', toHex(given) === commitment)
  },
  inclusion: async ({ index, size, commitment, path, root }) => {
    const receipt = {
      index,
      commitment: fromHex(commitment),
      path: path.map(fromHex),
      checkpointFile: new Uint8Array(0),
    }
    const inside = await leadsToRoot(receipt, { size, root: fromHex(root) })
    return holds('receipt-not-in-checkpoint', inside)
  },
  key: ({ vkey }) => parses('key-malformed', () => readKey(vkey)),
  checkpoint: async ({ text, bytesHex, vkey }) => {
    const file: Bytes = bytesHex === undefined ? utf8(text) : fromHex(bytesHex)
    const codes = await parses('checkpoint-malformed', () => readCheckpoint(file))
    if (codes.length > 0) return codes
    const signed = await isCheckpointSignedBy(readCheckpoint(file), await readKey(vkey))
    return holds('checkpoint-signature-invalid', signed)
  },
  receipt: ({ text }) => parses('receipt-malformed', () => readReceipt(utf8(text))),
  recipe: ({ text }) => parses('recipe-malformed', () => readRecipe(utf8(text))),
  entry: ({ text, index }) => parses('entry-malformed', () => readEntry(utf8(text), index)),
  manifest: async ({ text }) => {
    const findings = createFindings()
    readManifest(utf8(text), findings)
    return [...new Set(findings.all().map(({ code }) => code))].sort()
  },
}

for (const [name, vector] of await readCustodyVectors()) {
  const check = checkers[vector.kind]
  // A bundle holds one checkpoint: the verifier builds no trees and compares no two.
  if (check === undefined) continue
  test(`the verifier reads ${name} as its vector says`, async () => {
    assert.deepEqual(await check(vector), vector.codes)
  })
}

for (const [name, expected] of await readBundleVectors()) {
  test(`a bundle where ${expected.defect} gives just those findings`, async () => {
    const { trustedKey } = expected
    const report = await verifyBundle(
      memoryBundle(await readBundle(expected.folder)),
      trustedKey === undefined ? {} : { trustedKey },
    )
    assert.deepEqual(asPairs(report.findings), asPairs(expected.findings))
    assert.equal(report.ok, expected.findings.length === 0)
    assert.equal(report.facts.keyPinned, name === 'key-trusted')
  })
}
