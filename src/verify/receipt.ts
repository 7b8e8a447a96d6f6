import { type Bytes, equalBytes, readHash, readIndex, readText, sha256 } from './bytes.ts'
import { Malformed } from './finding.ts'

/** A C2SP tlog-proof in our narrower profile (custody-log.md, section 7). */
export type Receipt = {
  readonly index: number
  readonly commitment: Bytes
  /** From the leaf's sibling up. */
  readonly path: readonly Bytes[]
  readonly checkpointFile: Uint8Array
}

const afterWord = (word: string, line: string | undefined): string => {
  if (line === undefined || !line.startsWith(`${word} `)) throw new Malformed(`No line ‘${word}’.`)
  return line.slice(word.length + 1)
}

export const readReceipt = (file: Uint8Array): Receipt => {
  const end = file.findIndex((byte, at) => byte === 10 && file[at + 1] === 10)
  if (end < 0) throw new Malformed('There is no checkpoint in it.')
  const [version, extra, index, ...path] = readText(file.subarray(0, end)).split('\n')
  if (version !== 'c2sp.org/tlog-proof@v1') throw new Malformed('It is not a tlog-proof.')
  if (path.length > 63) throw new Malformed('The path is too long.')
  return {
    commitment: readHash(afterWord('extra', extra)),
    index: readIndex(afterWord('index', index)),
    path: path.map(readHash),
    checkpointFile: file.subarray(end + 2),
  }
}

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)
const half = (value: number): number => Math.floor(value / 2)

/**
 * RFC 9162 section 2.1.3.2, from the commitment: never from a leaf hash that the
 * bundle states. Division, not shifts: sizes go up to 2⁵³−1.
 */
export const leadsToRoot = async (
  { index, commitment, path }: Receipt,
  { size, root }: { readonly size: number; readonly root: Uint8Array },
): Promise<boolean> => {
  if (index >= size) return false
  let hash = await sha256(leafPrefix, commitment)
  let [position, last] = [index, size - 1]
  for (const sibling of path) {
    if (last === 0) return false
    const isRightChild = position % 2 === 1
    if (isRightChild || position === last) {
      hash = await sha256(nodePrefix, sibling, hash)
      // A node without sibling rises until it is a right child.
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)]
    } else {
      hash = await sha256(nodePrefix, hash, sibling)
    }
    ;[position, last] = [half(position), half(last)]
  }
  return last === 0 && equalBytes(hash, root)
}
