import type { BundleReader, ListedFile } from './bundle-reader.ts'
import { type Bytes, sha256, toHex } from './bytes.ts'
import type { Findings } from './finding.ts'
import { limitBytes, maxFiles } from './layout.ts'

/** A bundle that could be listed. Only listed regular files are ever read. */
export type Bundle = {
  readonly files: ReadonlyMap<string, ListedFile>
  readonly findings: Findings
  /** The bytes, or undefined with the lack reported: absent files are for the caller to report. */
  readonly content: (path: string, limit: number) => Promise<Bytes | undefined>
  readonly sha256: (path: string) => Promise<string | undefined>
}

export const isRegular = (bundle: Bundle, path: string): boolean =>
  bundle.files.get(path)?.kind === 'file'

export const openBundle = async (
  reader: BundleReader,
  findings: Findings,
): Promise<Bundle | undefined> => {
  let listed: readonly ListedFile[]
  try {
    listed = await reader.list()
  } catch {
    findings.add('bundle-unreadable', undefined, 'The bundle cannot be listed.')
    return undefined
  }
  if (listed.length > maxFiles) {
    findings.add('bundle-unreadable', undefined, `It holds more than ${maxFiles} files.`)
    return undefined
  }
  const files = new Map(listed.map((file) => [file.path, file]))
  for (const { path, kind } of listed) {
    if (kind !== 'file') findings.add('file-not-regular', path, 'It is a link or a device.')
  }

  const read = async <T>(path: string, how: () => Promise<T>): Promise<T | undefined> => {
    if (files.get(path)?.kind !== 'file') return undefined
    try {
      return await how()
    } catch {
      findings.add('file-unreadable', path, 'It cannot be read.')
      return undefined
    }
  }
  const content: Bundle['content'] = async (path, limit) => {
    const known = files.get(path)?.sizeBytes ?? 0
    const bytes = known > limit ? undefined : await read(path, () => reader.read(path, limit))
    if (known > limit || (bytes !== undefined && bytes.length > limit)) {
      findings.add('file-too-large', path, `It has more than ${limit} bytes and was not read.`)
      return undefined
    }
    return bytes
  }
  const hash: Bundle['sha256'] = async (path) => {
    const { sha256: streamed } = reader
    if (streamed !== undefined) return read(path, () => streamed(path))
    const bytes = await content(path, limitBytes.wholeFile)
    return bytes === undefined ? undefined : toHex(await sha256(bytes))
  }
  return { files, findings, content, sha256: hash }
}
