import { entryVectors, manifestVectors, recipeVectors } from './bundle-file-vectors.ts'
import type { CustodyVector } from './custody-vector.ts'
import { canonicalVectors, commitmentVectors, recordVectors } from './record-vectors.ts'
import { checkpointVectors, keyVectors, receiptVectors } from './signed-vectors.ts'
import { treeVectors } from './tree-vectors.ts'

export const custodyVectors: readonly CustodyVector[] = [
  ...canonicalVectors,
  ...recordVectors,
  ...commitmentVectors,
  ...treeVectors,
  ...keyVectors,
  ...checkpointVectors,
  ...receiptVectors,
  ...recipeVectors,
  ...entryVectors,
  ...manifestVectors,
]
