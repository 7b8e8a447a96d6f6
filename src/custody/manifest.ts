import { isSha256Hex } from './bytes.ts'
import { CustodyError } from './custody-error.ts'

export const manifestPath = 'proof/manifest.sha256'

const segment = /^(?!\.)[A-Za-z0-9._-]{1,128}(?<!\.)$/

/** A path that means the same in every file system and address. bundle-proof.md, section 1. */
export const isBundlePath = (path: string): boolean => {
  const segments = path.split('/')
  return path.length <= 512 && segments.length <= 16 && segments.every((part) => segment.test(part))
}

const lowerAscii = (path: string): string =>
  path.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * `proof/manifest.sha256` for these files, in any order: every file of the
 * bundle but the manifest itself and what lies under `proof/log/`.
 * @throws CustodyError manifest-path-unsafe, manifest-path-duplicate
 */
export const formatManifest = (
  files: readonly { readonly path: string; readonly sha256: string }[],
): string => {
  const seen = new Set<string>()
  for (const { path, sha256 } of files) {
    const lowered = lowerAscii(path)
    if (!isBundlePath(path) || !isSha256Hex(sha256)) {
      throw new CustodyError('manifest-path-unsafe', 'A bundle cannot hold a file of this name.')
    }
    if (seen.has(lowered)) {
      throw new CustodyError('manifest-path-duplicate', 'Two files differ only in case.')
    }
    if (lowered === manifestPath || lowered.startsWith('proof/log/')) {
      throw new CustodyError('manifest-path-unsafe', 'The manifest does not name the log.')
    }
    seen.add(lowered)
  }
  return files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join('')
}
