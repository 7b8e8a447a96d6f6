import type { Bytes } from './bytes.ts'

/** A path of the folder that is not a directory: relative, segments joined by `/`. */
export type ListedFile = {
  readonly path: string
  /** `other` is a socket, device or pipe. Links are never followed. */
  readonly kind: 'file' | 'link' | 'other'
  readonly sizeBytes?: number
}

/**
 * Where a bundle lies: a folder, files picked in a browser, a web server.
 * The reader is trusted, what it reads is not.
 */
export type BundleReader = {
  /** False for a served page, which cannot find files that nothing names. */
  readonly listsEverything: boolean
  readonly list: () => Promise<readonly ListedFile[]>
  /** The file's bytes. A file longer than `limitBytes` may be cut after `limitBytes` + 1. */
  readonly read: (path: string, limitBytes: number) => Promise<Bytes>
  /** Lower-case hexadecimal, for files too large for memory. Without it they are read whole. */
  readonly sha256?: (path: string) => Promise<string>
}
