import { type Bytes, concatBytes, equalBytes, sha256 } from './bytes.ts'
import { CustodyError } from './custody-error.ts'

const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> =>
  sha256(concatBytes(Uint8Array.of(1), left, right))

const half = (value: number): number => Math.floor(value / 2)
const isOdd = (value: number): boolean => value % 2 === 1

/**
 * RFC 9162 section 2.1.3.2. Arithmetic, not bit operators: sizes go up to 2⁵³−1.
 * @throws CustodyError receipt-not-in-checkpoint
 */
export const checkInclusion = async (proof: {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly path: readonly Uint8Array[]
  readonly root: Uint8Array
}): Promise<void> => {
  const refuse = (): never => {
    throw new CustodyError('receipt-not-in-checkpoint', 'The proof does not lead to the root.')
  }
  if (proof.index >= proof.size) refuse()
  let [fn, sn] = [proof.index, proof.size - 1]
  let hash: Uint8Array = proof.leafHash
  for (const sibling of proof.path) {
    if (sn === 0) refuse()
    if (isOdd(fn) || fn === sn) {
      hash = await nodeHash(sibling, hash)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      hash = await nodeHash(hash, sibling)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  if (sn !== 0 || !equalBytes(hash, proof.root)) refuse()
}

/**
 * RFC 9162 section 2.1.4.2, with the two cases it leaves to the reader: equal
 * sizes (equal roots, no hashes) and an empty old tree (consistent with any).
 * @throws CustodyError checkpoints-inconsistent
 */
export const checkConsistency = async (proof: {
  readonly oldSize: number
  readonly newSize: number
  readonly oldRoot: Uint8Array
  readonly newRoot: Uint8Array
  readonly path: readonly Uint8Array[]
}): Promise<void> => {
  const require = (holds: boolean): void => {
    if (!holds) throw new CustodyError('checkpoints-inconsistent', 'One is no prefix of the other.')
  }
  const { oldSize, newSize, oldRoot, newRoot } = proof
  require(oldSize <= newSize)
  if (oldSize === 0 || oldSize === newSize) {
    const expectedOld = oldSize === 0 ? await sha256(new Uint8Array(0)) : newRoot
    require(proof.path.length === 0 && equalBytes(oldRoot, expectedOld))
    if (oldSize === newSize) require(equalBytes(oldRoot, newRoot))
    return
  }
  let [fn, sn] = [oldSize - 1, newSize - 1]
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)]
  const path = fn === 0 ? [oldRoot, ...proof.path] : proof.path
  const [first, ...rest] = path
  require(first !== undefined)
  let oldHash = first as Uint8Array
  let newHash = oldHash
  for (const sibling of rest) {
    require(sn !== 0)
    if (isOdd(fn) || fn === sn) {
      oldHash = await nodeHash(sibling, oldHash)
      newHash = await nodeHash(sibling, newHash)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      newHash = await nodeHash(newHash, sibling)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  require(sn === 0 && equalBytes(oldHash, oldRoot) && equalBytes(newHash, newRoot))
}
