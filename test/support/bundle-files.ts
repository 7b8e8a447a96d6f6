import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { BundleReader } from '../../src/verify/bundle-reader.ts'
import type { Files } from './story-bundle.ts'

/** A bundle in memory. */
export const memoryBundle = (files: ReadonlyMap<string, Uint8Array>): BundleReader => ({
  listsEverything: true,
  list: async () =>
    [...files].map(([path, bytes]) => ({ path, kind: 'file', sizeBytes: bytes.length })),
  read: async (path) => Uint8Array.from(files.get(path) ?? []),
})

export const writeBundle = async (folder: string, files: Files): Promise<void> => {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
}

export const readBundle = async (folder: string): Promise<Files> => {
  const files: Files = new Map()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const full = join(entry.parentPath, entry.name)
    files.set(relative(folder, full), Uint8Array.from(await readFile(full)))
  }
  return files
}
