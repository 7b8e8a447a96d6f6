import { type Bundle, isRegular } from './bundle.ts'
import { readIndex, readText, sha256, toHex } from './bytes.ts'
import { Malformed } from './finding.ts'
import {
  checkpointPath,
  entryPath,
  keyPath,
  limitBytes,
  logFolder,
  manifestPath,
  maxManifestLines,
  openedPath,
  receiptPath,
} from './layout.ts'
import { type Manifest, readManifest } from './manifest.ts'

export type ReadManifest = { readonly lines: Manifest; readonly sha256: string }
export type Progress = (done: number, total: number, path: string) => void

const countLines = (file: Uint8Array): number =>
  file.reduce((count, byte) => (byte === 10 ? count + 1 : count), 0)

export const checkManifest = async (bundle: Bundle): Promise<ReadManifest | undefined> => {
  const file = await bundle.content(manifestPath, limitBytes.manifest)
  if (file === undefined) return undefined
  if (countLines(file) > maxManifestLines) {
    const message = `It has more than ${maxManifestLines} lines and was not read.`
    bundle.findings.add('file-too-large', manifestPath, message)
    return undefined
  }
  return { lines: readManifest(file, bundle.findings), sha256: toHex(await sha256(file)) }
}

const readOpened = (file: Uint8Array): number[] => {
  const lines = readText(file).split('\n')
  if (lines.pop() !== '' || lines.length === 0) throw new Malformed('It is not a list of lines.')
  const indices = lines.map(readIndex)
  if (indices.some((index, at) => index <= (indices[at - 1] ?? -1))) {
    throw new Malformed('It is not ascending.')
  }
  return indices
}

/** Without a usable list: what entries and receipts are there. */
const presentIndices = (bundle: Bundle): number[] => {
  const named =
    /^proof\/log\/(?:entries\/(0|[1-9]\d{0,15})\.json|receipts\/(0|[1-9]\d{0,15})\.tlog-proof)$/
  const indices = new Set<number>()
  for (const path of bundle.files.keys()) {
    const match = named.exec(path)
    const index = match === null ? Number.NaN : Number(match[1] ?? match[2])
    if (Number.isSafeInteger(index)) indices.add(index)
  }
  return [...indices].sort((a, b) => a - b)
}

export const checkOpened = async (bundle: Bundle): Promise<readonly number[]> => {
  const file = await bundle.content(openedPath, limitBytes.opened)
  const indices =
    file === undefined
      ? undefined
      : await bundle.findings.attempt('opened-malformed', openedPath, () => readOpened(file))
  return indices ?? presentIndices(bundle)
}

/** Exactly the named files are there, and each is the one the manifest names. */
export const checkFiles = async (
  bundle: Bundle,
  manifest: ReadManifest | undefined,
  opened: readonly number[],
  onProgress: Progress,
): Promise<void> => {
  const { files, findings } = bundle
  const ofLog = new Set([
    keyPath,
    checkpointPath,
    openedPath,
    ...opened.flatMap((index) => [entryPath(index), receiptPath(index)]),
  ])
  const lines: Manifest = manifest?.lines ?? new Map<string, string>()
  for (const path of [manifestPath, ...ofLog, ...lines.keys()]) {
    if (!files.has(path)) findings.add('file-missing', path, 'It is named and not there.')
  }
  for (const path of files.keys()) {
    const isNamed = path.startsWith(logFolder)
      ? ofLog.has(path)
      : path === manifestPath || manifest === undefined || lines.has(path)
    if (!isNamed && isRegular(bundle, path)) {
      findings.add('file-extra', path, 'It is there and nothing names it.')
    }
  }
  let done = 0
  for (const [path, expected] of lines) {
    onProgress(done, lines.size, path)
    const actual = await bundle.sha256(path)
    if (actual !== undefined && actual !== expected) {
      findings.add('file-changed', path, 'It is not the file that the manifest names.')
    }
    done += 1
  }
  onProgress(done, lines.size, '')
}
