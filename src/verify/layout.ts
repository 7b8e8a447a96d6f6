export const manifestPath = 'proof/manifest.sha256'
export const logFolder = 'proof/log/'
export const keyPath = 'proof/log/key.vkey'
export const checkpointPath = 'proof/log/checkpoint'
export const openedPath = 'proof/log/opened'
export const recipeFolder = 'proof/recipes/'
export const mediaFolder = 'media/'

export const entryPath = (index: number): string => `proof/log/entries/${index}.json`
export const receiptPath = (index: number): string => `proof/log/receipts/${index}.tlog-proof`
export const recipePath = (sha256: string): string => `${recipeFolder}${sha256}.json`

/** What a hostile bundle can make us read into memory at once. */
export const limitBytes = {
  manifest: 16_777_216,
  key: 1024,
  checkpoint: 65_536,
  opened: 1_048_576,
  entry: 65_536,
  receipt: 131_072,
  recipe: 1_048_576,
  /** A whole file, by a reader without a streaming hash. */
  wholeFile: 2_147_483_647,
}
export const maxManifestLines = 200_000
export const maxFiles = 200_000
