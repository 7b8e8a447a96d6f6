/** Checks the custody log by itself: entries open, are contiguous, and are what was signed. */
import { equalBytes, utf8 } from '../custody/bytes.ts'
import type { Bytes } from '../custody/bytes.ts'
import { openCheckpoint, parseCheckpoint } from '../custody/checkpoint.ts'
import type { Checkpoint } from '../custody/checkpoint.ts'
import { commitRecord, leafHash } from '../custody/commitment.ts'
import { CustodyError } from '../custody/custody-error.ts'
import type { LogKey } from '../custody/key.ts'
import { emptyTree, growTree, treeRoot } from '../custody/merkle-tree.ts'
import type { MerkleTree } from '../custody/merkle-tree.ts'
import { parseRecord } from '../custody/record.ts'
import type { CustodyRecord } from '../custody/record.ts'
import { logSize, readEntries } from './custody-log.ts'
import type { CustodyEntry } from './custody-log.ts'
import type { Report } from './fsck-report.ts'
import type { Reader } from './store.ts'

/** Records by entry index; those that cannot be read are missing. */
export type Records = ReadonlyMap<number, CustodyRecord>

export interface CheckedLog {
  readonly records: Records
  readonly entries: number
  readonly checkpoints: number
}

const batchSize = 1000

export async function checkLog(
  reader: Reader,
  key: LogKey,
  report: Report,
  onProgress: (done: number, total: number) => void,
): Promise<CheckedLog> {
  const records = new Map<number, CustodyRecord>()
  const size = await logSize(reader)
  let tree: MerkleTree = emptyTree
  let next = 0
  let entries = 0
  for (let from = 0; from < size; from += batchSize) {
    const leaves: Bytes[] = []
    for (const entry of await readEntries(reader, { from, to: from + batchSize })) {
      if (entry.index !== next) {
        report(
          'index-gap',
          `entry ${next}`,
          `${entry.index - next} missing before entry ${entry.index}.`,
        )
      }
      next = entry.index + 1
      entries++
      const record = await checkEntry(entry, report)
      if (record !== undefined) records.set(entry.index, record)
      leaves.push(await leafHash(entry.commitment))
    }
    tree = await growTree(tree, leaves)
    onProgress(Math.min(from + batchSize, size), size)
  }
  const checkpoints = await checkCheckpoints(reader, key, tree, report)
  return { records, entries, checkpoints }
}

async function checkEntry(entry: CustodyEntry, report: Report): Promise<CustodyRecord | undefined> {
  const what = `entry ${entry.index}`
  if (!equalBytes(entry.commitment, await commitRecord(entry.record, entry.salt))) {
    report('entry-does-not-open', what, 'Record and salt do not give the commitment in the log.')
    return undefined
  }
  try {
    return parseRecord(entry.record)
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error
    report('entry-malformed', what, error.message)
    return undefined
  }
}

/** The signed sizes' roots must follow from the entries that are there now. */
async function checkCheckpoints(
  reader: Reader,
  key: LogKey,
  tree: MerkleTree,
  report: Report,
): Promise<number> {
  const rows = await reader.sql
    .selectFrom('custody_checkpoint')
    .select(['size', 'note'])
    .orderBy('size')
    .execute()
  for (const row of rows) {
    const what = `checkpoint ${row.size}`
    let checkpoint: Checkpoint
    try {
      checkpoint = parseCheckpoint(utf8(row.note))
      await openCheckpoint(utf8(row.note), key)
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error
      const malformed = error.code === 'checkpoint-malformed'
      report(malformed ? 'checkpoint-malformed' : 'checkpoint-not-signed', what, error.message)
      continue
    }
    if (checkpoint.size !== row.size) {
      report('checkpoint-differs', what, `The note is of a log with ${checkpoint.size} entries.`)
    } else if (checkpoint.size > tree.size) {
      report('log-shortened', what, `The log had ${checkpoint.size} entries and has ${tree.size}.`)
    } else if (!equalBytes(checkpoint.root, await treeRoot(tree, checkpoint.size))) {
      report('checkpoint-differs', what, 'The entries are not those that were signed.')
    }
  }
  return rows.length
}
