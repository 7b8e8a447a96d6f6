import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Bytes, fromHex, toHex, utf8 } from './bytes.ts'
import { leafHash } from './commitment.ts'
import { checkConsistency, checkInclusion } from './merkle-proof.ts'
import {
  consistencyProof,
  emptyTree,
  growTree,
  inclusionProof,
  rootOf,
  treeRoot,
} from './merkle-tree.ts'

const leaves = await Promise.all(
  Array.from({ length: 70 }, (_, index) => leafHash(utf8(`entry ${index}`))),
)
const tree = await growTree(emptyTree, leaves)

test('the tree has the roots that the reference tests of Certificate Transparency give', async () => {
  const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657']
  data.push('606162636465666768696a6b6c6d6e6f')
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]
  const hashes = await Promise.all(data.map((hex) => leafHash(fromHex(hex) as Bytes)))
  for (const [at, root] of roots.entries()) {
    assert.equal(toHex(await rootOf(hashes.slice(0, at + 1))), root)
  }
})

test('a tree grown in steps is the tree grown at once', async () => {
  let grown = emptyTree
  for (const end of [1, 2, 5, 6, 16, 17, 40, 70]) {
    grown = await growTree(grown, leaves.slice(grown.size, end))
    assert.deepEqual(await treeRoot(grown), await rootOf(leaves.slice(0, end)))
    assert.deepEqual(await treeRoot(grown), await treeRoot(tree, end))
  }
  assert.deepEqual(grown, tree)
})

test('every entry of every size has an inclusion proof, and it fails for any neighbour', async () => {
  for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 70]) {
    const root = await treeRoot(tree, size)
    for (let index = 0; index < size; index += 1) {
      const path = await inclusionProof(tree, index, size)
      const proof = { index, size, path, root, leafHash: leaves[index] as Bytes }
      await checkInclusion(proof)
      const moved = { ...proof, leafHash: leaves[(index + 1) % leaves.length] as Bytes }
      await assert.rejects(checkInclusion(moved), { code: 'receipt-not-in-checkpoint' })
    }
  }
})

test('every earlier size is consistent with every later one, and with no other root', async () => {
  const roots = await Promise.all(Array.from({ length: 41 }, (_, size) => treeRoot(tree, size)))
  for (let newSize = 0; newSize <= 40; newSize += 1) {
    for (let oldSize = 0; oldSize <= newSize; oldSize += 1) {
      const path = await consistencyProof(tree, oldSize, newSize)
      const [oldRoot, newRoot] = [roots[oldSize] as Bytes, roots[newSize] as Bytes]
      await checkConsistency({ oldSize, newSize, oldRoot, newRoot, path })
      const wrong = { oldSize, newSize, oldRoot: leaves[69] as Bytes, newRoot, path }
      await assert.rejects(checkConsistency(wrong), { code: 'checkpoints-inconsistent' })
    }
  }
})

test('a proof of an entry or size that the tree does not have is refused', async () => {
  for (const [index, size] of [
    [70, 70],
    [5, 5],
    [0, 0],
    [-1, 3],
    [0.5, 3],
    [0, 71],
  ] as const) {
    await assert.rejects(inclusionProof(tree, index, size), { code: 'index-out-of-range' })
  }
  await assert.rejects(consistencyProof(tree, 5, 4), { code: 'index-out-of-range' })
  await assert.rejects(consistencyProof(tree, 5, 71), { code: 'index-out-of-range' })
  await assert.rejects(treeRoot(tree, 71), { code: 'index-out-of-range' })
})
