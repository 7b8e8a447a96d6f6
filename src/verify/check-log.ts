import type { Bundle } from './bundle.ts'
import { type Bytes, equalBytes, readText } from './bytes.ts'
import { type Checkpoint, isCheckpointSignedBy, readCheckpoint } from './checkpoint.ts'
import { commitmentOf, readEntry } from './entry.ts'
import { Malformed } from './finding.ts'
import { type Key, isSameKey, readKey } from './key.ts'
import { checkpointPath, entryPath, keyPath, limitBytes, receiptPath } from './layout.ts'
import { leadsToRoot, readReceipt } from './receipt.ts'
import { type OpenedRecord, privateTypes, readRecord } from './record.ts'

/** A well-formed record, by the index of its entry. Its proof may have failed; that is a finding. */
export type Records = ReadonlyMap<number, OpenedRecord>

export const checkKey = async (bundle: Bundle, trusted: Key | undefined) => {
  const { findings } = bundle
  const file = await bundle.content(keyPath, limitBytes.key)
  if (file === undefined) return undefined
  const key = await findings.attempt('key-malformed', keyPath, () => {
    const line = readText(file)
    if (!line.endsWith('\n')) throw new Malformed('Its line is not ended.')
    return readKey(line.slice(0, -1))
  })
  if (key !== undefined && trusted !== undefined && !isSameKey(key, trusted)) {
    findings.add('key-not-trusted', keyPath, 'It is not the key you trust.')
  }
  return key
}

export type ReadCheckpoint = {
  readonly file: Bytes
  /** Undefined when the file is not well-formed. */
  readonly checkpoint: Checkpoint | undefined
}

export const checkCheckpoint = async (
  bundle: Bundle,
  key: Key | undefined,
): Promise<ReadCheckpoint | undefined> => {
  const { findings } = bundle
  const file = await bundle.content(checkpointPath, limitBytes.checkpoint)
  if (file === undefined) return undefined
  const checkpoint = await findings.attempt('checkpoint-malformed', checkpointPath, () =>
    readCheckpoint(file),
  )
  if (checkpoint !== undefined && key !== undefined) {
    if (!(await isCheckpointSignedBy(checkpoint, key))) {
      const message = 'It is not signed by the key of the bundle.'
      findings.add('checkpoint-signature-invalid', checkpointPath, message)
    }
  }
  return { file, checkpoint }
}

const checkEntry = async (bundle: Bundle, index: number) => {
  const { findings } = bundle
  const path = entryPath(index)
  const file = await bundle.content(path, limitBytes.entry)
  if (file === undefined) return {}
  const entry = await findings.attempt('entry-malformed', path, () => readEntry(file, index))
  if (entry === undefined) return {}
  const record = await findings.attempt('record-malformed', path, () =>
    readRecord(entry.recordText),
  )
  if (record !== undefined && privateTypes.has(record.type)) {
    findings.add('private-record-opened', path, 'A record of this type is never opened.')
  }
  return { commitment: await commitmentOf(entry), record }
}

const checkReceipt = async (
  bundle: Bundle,
  index: number,
  head: ReadCheckpoint | undefined,
  commitment: Bytes | undefined,
): Promise<void> => {
  const { findings } = bundle
  const path = receiptPath(index)
  const file = await bundle.content(path, limitBytes.receipt)
  if (file === undefined) return
  const receipt = await findings.attempt('receipt-malformed', path, () => {
    const read = readReceipt(file)
    if (read.index !== index) throw new Malformed('Its index is not that of its name.')
    return read
  })
  if (receipt === undefined) return
  if (head !== undefined && !equalBytes(receipt.checkpointFile, head.file)) {
    findings.add('receipt-checkpoint-differs', path, 'It leads to another checkpoint.')
  }
  if (commitment !== undefined && !equalBytes(receipt.commitment, commitment)) {
    const message = 'Record and salt are not those that the log committed to.'
    findings.add('record-does-not-open', entryPath(index), message)
  }
  if (head?.checkpoint !== undefined && !(await leadsToRoot(receipt, head.checkpoint))) {
    findings.add('receipt-not-in-checkpoint', path, 'It does not lead to the checkpoint’s root.')
  }
}

/** Each opened entry opens, and its receipt leads to the checkpoint. */
export const checkEntries = async (
  bundle: Bundle,
  opened: readonly number[],
  head: ReadCheckpoint | undefined,
): Promise<Records> => {
  const records = new Map<number, OpenedRecord>()
  for (const index of opened) {
    const { commitment, record } = await checkEntry(bundle, index)
    await checkReceipt(bundle, index, head, commitment)
    if (record !== undefined) records.set(index, record)
  }
  return records
}
