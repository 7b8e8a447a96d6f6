import {
  type Bytes,
  concatBytes,
  fromBase64,
  fromUtf8,
  parseIndex,
  toBase64,
  utf8,
} from './bytes.ts'
import { CustodyError } from './custody-error.ts'

/** Proof that an entry's commitment stands at `index` in the checkpointed tree. */
export type Receipt = {
  readonly index: number
  /** 32 bytes. Not signed by itself: only the path to the checkpoint's root binds it. */
  readonly commitment: Bytes
  /** From the leaf's sibling up. */
  readonly path: readonly Bytes[]
  /** The signed note, byte for byte. */
  readonly checkpoint: Bytes
}

const maxPathLength = 63

/**
 * The bytes of a C2SP `.tlog-proof` file:
 *
 *     c2sp.org/tlog-proof@v1⏎
 *     extra <base64 commitment>⏎
 *     index 12⏎
 *     <base64 hash>⏎ …
 *     ⏎
 *     <checkpoint>
 */
export const formatReceipt = ({ index, commitment, path, checkpoint }: Receipt): Bytes => {
  const head = [
    'c2sp.org/tlog-proof@v1',
    `extra ${toBase64(commitment)}`,
    `index ${index}`,
    ...path.map((hash) => toBase64(hash)),
  ]
  return concatBytes(utf8(`${head.join('\n')}\n\n`), checkpoint)
}

const endOfHead = (bytes: Uint8Array): number =>
  bytes.findIndex((byte, at) => byte === 10 && bytes[at + 1] === 10)

/** @throws CustodyError receipt-malformed */
export const parseReceipt = (bytes: Bytes): Receipt => {
  const refuse = (what: string): never => {
    throw new CustodyError('receipt-malformed', what)
  }
  const hashOf = (base64: string): Bytes => {
    const hash = fromBase64(base64)
    return hash?.length === 32 ? hash : refuse('A hash is not well-formed.')
  }
  const end = endOfHead(bytes)
  if (end < 0) return refuse('Without a checkpoint.')
  let head: string
  try {
    head = fromUtf8(bytes.subarray(0, end))
  } catch {
    return refuse('Not text.')
  }
  const [version, extra = '', indexLine = '', ...hashes] = head.split('\n')
  if (version !== 'c2sp.org/tlog-proof@v1') return refuse('Not a tlog-proof, version 1.')
  if (!extra.startsWith('extra ')) return refuse('Without the commitment.')
  const index = indexLine.startsWith('index ') ? parseIndex(indexLine.slice(6)) : undefined
  if (index === undefined) return refuse('The index is not well-formed.')
  if (hashes.length > maxPathLength) return refuse('The path is too long.')
  return {
    index,
    commitment: hashOf(extra.slice(6)),
    path: hashes.map(hashOf),
    checkpoint: bytes.slice(end + 2),
  }
}
