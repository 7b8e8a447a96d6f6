import { type Bytes, concatBytes, sha256 } from './bytes.ts'
import { CustodyError } from './custody-error.ts'

/**
 * The log's tree. `levels[k][i]` is the hash of the full subtree over the leaves
 * i·2ᵏ … (i+1)·2ᵏ−1, so `levels[0]` are the leaf hashes. Subtrees that are not
 * full yet are not kept: they change with every entry.
 */
export type MerkleTree = { readonly size: number; readonly levels: readonly (readonly Bytes[])[] }

export const emptyTree: MerkleTree = { size: 0, levels: [] }

const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> =>
  sha256(concatBytes(Uint8Array.of(1), left, right))

/** Hashes in the air at once: enough to hide the latency of subtle.digest, bounded in memory. */
const batchSize = 512

/** A tree with these leaf hashes appended. The given tree is left as it was. */
export const growTree = async (
  tree: MerkleTree,
  leafHashes: readonly Bytes[],
): Promise<MerkleTree> => {
  const levels: (readonly Bytes[])[] = []
  let level: readonly Bytes[] = [...(tree.levels[0] ?? []), ...leafHashes]
  const size = level.length
  while (level.length > 0) {
    levels.push(level)
    const next = [...(tree.levels[levels.length] ?? [])]
    const full = Math.floor(level.length / 2)
    while (next.length < full) {
      const first = next.length
      const below = level
      const count = Math.min(batchSize, full - first)
      const hashes = await Promise.all(
        Array.from({ length: count }, (_, offset) => {
          const left = 2 * (first + offset)
          return nodeHash(below[left] as Bytes, below[left + 1] as Bytes)
        }),
      )
      for (const hash of hashes) next.push(hash)
    }
    level = next
  }
  return { size, levels }
}

const outOfRange = (what: string): never => {
  throw new CustodyError('index-out-of-range', what)
}

const largestPowerOfTwoBelow = (size: number): number => {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** MTH(D[start:end]) of RFC 9162 section 2.1.1. `start` is a multiple of the widest subtree. */
const rangeHash = async (tree: MerkleTree, start: number, end: number): Promise<Bytes> => {
  const width = end - start
  const level = Math.log2(width)
  const known = Number.isInteger(level) ? tree.levels[level]?.[start / width] : undefined
  if (known !== undefined) return known
  const split = start + largestPowerOfTwoBelow(width)
  return nodeHash(await rangeHash(tree, start, split), await rangeHash(tree, split, end))
}

/** @throws CustodyError index-out-of-range */
export const treeRoot = async (tree: MerkleTree, size = tree.size): Promise<Bytes> => {
  if (!Number.isSafeInteger(size) || size < 0 || size > tree.size) outOfRange('No such tree size.')
  return size === 0 ? sha256(new Uint8Array(0)) : rangeHash(tree, 0, size)
}

/** The RFC 9162 root over leaf hashes, in order. */
export const rootOf = async (leafHashes: readonly Bytes[]): Promise<Bytes> =>
  treeRoot(await growTree(emptyTree, leafHashes))

/**
 * RFC 9162 section 2.1.3.1: from the leaf's sibling up.
 * @throws CustodyError index-out-of-range
 */
export const inclusionProof = async (
  tree: MerkleTree,
  index: number,
  size = tree.size,
): Promise<Bytes[]> => {
  if (!Number.isSafeInteger(size) || size > tree.size) outOfRange('No such tree size.')
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) outOfRange('No such entry.')
  const siblings: Promise<Bytes>[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const split = start + largestPowerOfTwoBelow(end - start)
    if (index < split) {
      siblings.push(rangeHash(tree, split, end))
      end = split
    } else {
      siblings.push(rangeHash(tree, start, split))
      start = split
    }
  }
  return (await Promise.all(siblings)).reverse()
}

/**
 * RFC 9162 section 2.1.4.1: that the tree of `oldSize` is a prefix of the one of `newSize`.
 * Empty when the sizes are equal, or the old tree is.
 * @throws CustodyError index-out-of-range
 */
export const consistencyProof = async (
  tree: MerkleTree,
  oldSize: number,
  newSize = tree.size,
): Promise<Bytes[]> => {
  if (!Number.isSafeInteger(newSize) || newSize > tree.size) outOfRange('No such tree size.')
  if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > newSize) {
    outOfRange('No such earlier size.')
  }
  if (oldSize === 0 || oldSize === newSize) return []
  const hashes: Promise<Bytes>[] = []
  let [start, end] = [0, newSize]
  while (end !== oldSize) {
    const split = start + largestPowerOfTwoBelow(end - start)
    if (oldSize <= split) {
      hashes.push(rangeHash(tree, split, end))
      end = split
    } else {
      hashes.push(rangeHash(tree, start, split))
      start = split
    }
  }
  // The old tree itself is a full left subtree exactly when nothing lies left of it;
  // the reader then has its root already.
  if (start !== 0) hashes.push(rangeHash(tree, start, oldSize))
  return (await Promise.all(hashes)).reverse()
}
