import type { BundleReader, ListedFile } from './bundle-reader.ts'
import { type Bytes, sha256, toHex } from './bytes.ts'
import {
  checkpointPath,
  entryPath,
  keyPath,
  limitBytes,
  manifestPath,
  maxFiles,
  openedPath,
  receiptPath,
} from './layout.ts'

const asText = (bytes: Bytes | undefined): string =>
  bytes === undefined ? '' : new TextDecoder().decode(bytes)

/** Never a parent, an absolute path or an empty segment: it becomes an address. */
const isPlain = (path: string): boolean =>
  path.split('/').every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part))

const namedPaths = (manifest: string, opened: string): ReadonlySet<string> => {
  const lines = manifest.split('\n').map((line) => line.slice(66))
  const indices = opened.split('\n').filter((line) => /^\d{1,15}$/.test(line))
  const ofLog = indices.map(Number).flatMap((index) => [entryPath(index), receiptPath(index)])
  const fixed = [manifestPath, keyPath, checkpointPath, openedPath]
  return new Set([...fixed, ...lines.filter(isPlain), ...ofLog])
}

/**
 * A reader of a bundle behind a web server, which cannot list a folder: it
 * looks for the files that the bundle itself names, so extra ones stay unseen.
 * `fetchFile` resolves to undefined for a file that is not there, and may cut a
 * longer one after `limitBytes` + 1. Each file is fetched once.
 */
export const servedBundle = (
  fetchFile: (path: string, limitBytes: number) => Promise<Bytes | undefined>,
): BundleReader => {
  // Small files are parsed later and kept; of the others only the hash is.
  const kept = new Map<string, Bytes>()
  const hashes = new Map<string, string>()

  const list = async (): Promise<ListedFile[]> => {
    const manifest = await fetchFile(manifestPath, limitBytes.manifest)
    const opened = await fetchFile(openedPath, limitBytes.opened)
    const paths = namedPaths(asText(manifest), asText(opened))
    if (paths.size > maxFiles) throw new Error('It names too many files.')
    const present: ListedFile[] = []
    for (const path of paths) {
      const bytes =
        path === manifestPath
          ? manifest
          : path === openedPath
            ? opened
            : await fetchFile(path, limitBytes.wholeFile)
      if (bytes === undefined) continue
      present.push({ path, kind: 'file', sizeBytes: bytes.length })
      hashes.set(path, toHex(await sha256(bytes)))
      if (bytes.length <= limitBytes.recipe || path === manifestPath) kept.set(path, bytes)
    }
    return present
  }
  const fetched = async <T>(value: T | undefined): Promise<T> => {
    if (value === undefined) throw new Error('It was not fetched.')
    return value
  }
  return {
    listsEverything: false,
    list,
    read: (path) => fetched(kept.get(path)),
    sha256: (path) => fetched(hashes.get(path)),
  }
}
