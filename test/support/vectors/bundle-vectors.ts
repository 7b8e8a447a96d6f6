import type { BundleVector } from './bundle-vector.ts'
import { entryDefects } from './entry-defects.ts'
import { fileDefects } from './file-defects.ts'
import { signatureDefects } from './signature-defects.ts'
import { storyDefects } from './story-defects.ts'

export const bundleVectors: readonly BundleVector[] = [
  ...fileDefects,
  ...entryDefects,
  ...signatureDefects,
  ...storyDefects,
]
