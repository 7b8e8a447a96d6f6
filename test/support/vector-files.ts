import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export const vectorFolder = join(import.meta.dirname, '../vectors')

/** test/vectors/custody/README.md says which of these a vector's kind has. */
export type CustodyVectorFile = {
  readonly kind: string
  readonly codes: readonly string[]
  readonly text: string
  readonly bytesHex?: string
  readonly record: string
  readonly salt: string
  readonly commitment: string
  readonly commitments: readonly string[]
  readonly index: number
  readonly size: number
  readonly path: readonly string[]
  readonly root: string
  readonly oldSize: number
  readonly newSize: number
  readonly oldRoot: string
  readonly newRoot: string
  readonly vkey: string
}

export type ExpectedFile = {
  readonly defect: string
  readonly findings: readonly { readonly code: string; readonly path?: string }[]
  readonly trustedKey?: string
}

export const readCustodyVectors = async (): Promise<Map<string, CustodyVectorFile>> => {
  const folder = join(vectorFolder, 'custody')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const vectors = new Map<string, CustodyVectorFile>()
  for (const name of names) {
    const text = await readFile(join(folder, name), 'utf8')
    vectors.set(name, JSON.parse(text) as CustodyVectorFile)
  }
  return vectors
}

/** By name: the bundle's folder and what a checker must find in it. */
export const readBundleVectors = async (): Promise<
  Map<string, ExpectedFile & { readonly folder: string }>
> => {
  const folder = join(vectorFolder, 'bundles')
  const vectors = new Map<string, ExpectedFile & { readonly folder: string }>()
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const text = await readFile(join(folder, entry.name, 'expected.json'), 'utf8')
    const expected = JSON.parse(text) as ExpectedFile
    vectors.set(entry.name, { ...expected, folder: join(folder, entry.name, 'bundle') })
  }
  return vectors
}

/** Findings as two checkers must agree on them: code and path, each once. */
export const asPairs = (findings: ExpectedFile['findings']): string[] =>
  [...new Set(findings.map(({ code, path }) => `${code} ${path ?? ''}`))].toSorted()
