import { type Bytes, sha256, toHex, utf8 } from '../../../src/custody/bytes.ts'
import { leafHash } from '../../../src/custody/commitment.ts'
import {
  consistencyProof,
  emptyTree,
  growTree,
  inclusionProof,
  treeRoot,
} from '../../../src/custody/merkle-tree.ts'
import { type CustodyVector, bytes32, hash } from './custody-vector.ts'

const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 31, 33]
export const commitments = await Promise.all(
  Array.from({ length: 33 }, (_, index) => sha256(utf8(`commitment ${index}`))),
)
export const tree = await growTree(emptyTree, await Promise.all(commitments.map(leafHash)))
const hexes = (hashes: readonly Bytes[]): string[] => hashes.map(toHex)

export const treeVectors: CustodyVector[] = []
for (const size of sizes) {
  treeVectors.push({
    name: `tree-of-${size}`,
    kind: 'tree',
    codes: [],
    commitments: hexes(commitments.slice(0, size)),
    root: toHex(await treeRoot(tree, size)),
  })
}

const inclusion = async (index: number, size: number) => ({
  kind: 'inclusion',
  index,
  size,
  commitment: toHex(commitments[index] ?? bytes32(0)),
  path: hexes(await inclusionProof(tree, index, size)),
  root: toHex(await treeRoot(tree, size)),
})
const outside = ['receipt-not-in-checkpoint']
const good = await inclusion(4, 13)
for (const [index, size] of [
  [0, 1],
  [0, 2],
  [1, 2],
  [2, 3],
  [4, 5],
  [3, 7],
  [6, 7],
  [12, 13],
  [32, 33],
] as const) {
  const name = `inclusion-valid-${index}-of-${size}`
  treeVectors.push({ name, codes: [], ...(await inclusion(index, size)) })
}
treeVectors.push(
  { name: 'inclusion-of-other-index', codes: outside, ...good, index: 5 },
  { name: 'inclusion-of-index-beyond-size', codes: outside, ...good, index: 13 },
  { name: 'inclusion-of-index-2-to-the-53', codes: outside, ...good, index: 2 ** 53 - 1 },
  { name: 'inclusion-in-size-2-to-the-53', codes: outside, ...good, size: 2 ** 53 - 1 },
  { name: 'inclusion-in-size-above-2-to-the-32', codes: outside, ...good, size: 13 + 2 ** 32 },
  { name: 'inclusion-of-other-commitment', codes: outside, ...good, commitment: hash },
  { name: 'inclusion-in-other-root', codes: outside, ...good, root: hash },
  { name: 'inclusion-path-too-short', codes: outside, ...good, path: good.path.slice(0, -1) },
  { name: 'inclusion-path-too-long', codes: outside, ...good, path: [...good.path, hash] },
  { name: 'inclusion-path-reversed', codes: outside, ...good, path: good.path.toReversed() },
)

const consistency = async (oldSize: number, newSize: number) => ({
  kind: 'consistency',
  oldSize,
  newSize,
  oldRoot: toHex(await treeRoot(tree, oldSize)),
  newRoot: toHex(await treeRoot(tree, newSize)),
  path: hexes(await consistencyProof(tree, oldSize, newSize)),
})
const apart = ['checkpoints-inconsistent']
const grown = await consistency(6, 13)
for (const [from, to] of [
  [0, 0],
  [0, 5],
  [1, 1],
  [1, 2],
  [2, 3],
  [3, 7],
  [4, 7],
  [6, 7],
  [8, 13],
  [6, 13],
  [31, 33],
  [33, 33],
] as const) {
  const name = `consistency-valid-${from}-to-${to}`
  treeVectors.push({ name, codes: [], ...(await consistency(from, to)) })
}
treeVectors.push(
  { name: 'consistency-of-other-old-root', codes: apart, ...grown, oldRoot: hash },
  { name: 'consistency-of-other-new-root', codes: apart, ...grown, newRoot: hash },
  { name: 'consistency-path-too-short', codes: apart, ...grown, path: grown.path.slice(1) },
  { name: 'consistency-path-too-long', codes: apart, ...grown, path: [...grown.path, hash] },
  { name: 'consistency-path-empty', codes: apart, ...grown, path: [] },
  { name: 'consistency-shrinking', codes: apart, ...grown, oldSize: 13, newSize: 6 },
  { name: 'consistency-of-equal-sizes', codes: apart, ...grown, oldSize: 13, path: [] },
  {
    name: 'consistency-of-wrong-empty-root',
    codes: apart,
    ...(await consistency(0, 5)),
    oldRoot: hash,
  },
)
