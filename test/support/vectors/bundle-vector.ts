import { fromUtf8, utf8 } from '../../../src/custody/bytes.ts'
import { type Damage, type Files, storyBundle } from '../story-bundle.ts'

type Expected = { readonly code: string; readonly path?: string }
export type BundleVector = {
  readonly name: string
  readonly defect: string
  readonly damage: Damage
  readonly findings: readonly Expected[]
  readonly trustedKey?: string
}

export const manifestPath = 'proof/manifest.sha256'
export const keyPath = 'proof/log/key.vkey'
export const checkpointPath = 'proof/log/checkpoint'
export const openedPath = 'proof/log/opened'

export const found = (code: string, path?: string): Expected =>
  path === undefined ? { code } : { code, path }
export const textOf = (files: Files, path: string): string =>
  fromUtf8(files.get(path) ?? new Uint8Array(0))
export const edit = (files: Files, path: string, change: (before: string) => string): void => {
  files.set(path, utf8(change(textOf(files, path))))
}
export const afterwards = (bundle: NonNullable<Damage['bundle']>): Damage => ({ bundle })
export const addLine = (line: string) => (manifest: string) =>
  `${[...manifest.split('\n').slice(0, -1), line]
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    .join('\n')}\n`
export const someHash = 'ab'.repeat(32)

export const raise = (): never => {
  throw new Error('The vector does not fit the bundle any more.')
}
export const base = await storyBundle()
