/**
 * Rechecks a story bundle, offline and from the bundle alone.
 *
 * In: a reader of the bundle's files, perhaps a key trusted beforehand.
 * Out: every finding, what the bundle says of itself, and what all this shows
 * and does not show. Guaranteed: no content of a bundle makes it throw; no path
 * is read that the reader did not list; nothing outside this folder is imported.
 *
 * The checks and their order are docs/formats/bundle-proof.md, section 6.
 */
import type { BundleReader } from './bundle-reader.ts'
import { openBundle } from './bundle.ts'
import { checkDerivatives, checkMedia, checkRecipes } from './check-chain.ts'
import { type Progress, checkFiles, checkManifest, checkOpened } from './check-files.ts'
import { checkCheckpoint, checkEntries, checkKey } from './check-log.ts'
import { checkPublication } from './check-story.ts'
import { type Findings, Malformed, createFindings } from './finding.ts'
import { type Key, isSameKey, readKey } from './key.ts'
import { type BundleFacts, type VerifyReport, createReport } from './report.ts'

export type VerifyOptions = {
  /** A signed-note verifier key obtained elsewhere; a line feed at its end is allowed. */
  readonly trustedKey?: string
  readonly onProgress?: Progress
}

export class VerifyError extends Error {
  readonly code: 'trusted-key-malformed'

  constructor(code: 'trusted-key-malformed', message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'VerifyError'
    this.code = code
  }
}

const readTrustedKey = async (line: string | undefined): Promise<Key | undefined> => {
  if (line === undefined) return undefined
  try {
    return await readKey(line.replace(/\n$/, ''))
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause
    throw new VerifyError('trusted-key-malformed', `The trusted key: ${cause.message}`, { cause })
  }
}

const noFacts: BundleFacts = {
  files: 0,
  bytes: undefined,
  entries: 0,
  checkpointSize: undefined,
  origin: undefined,
  keyId: undefined,
  keyPinned: false,
  listedEverything: false,
  publishedAt: undefined,
  incident: undefined,
  revision: undefined,
}

const verifyWith = async (
  reader: BundleReader,
  findings: Findings,
  trusted: Key | undefined,
  onProgress: Progress,
): Promise<BundleFacts> => {
  const bundle = await openBundle(reader, findings)
  if (bundle === undefined) return noFacts

  const manifest = await checkManifest(bundle)
  const opened = await checkOpened(bundle)
  await checkFiles(bundle, manifest, opened, onProgress)

  const key = await checkKey(bundle, trusted)
  const head = await checkCheckpoint(bundle, key)
  const records = await checkEntries(bundle, opened, head)

  const publication = checkPublication(bundle, records, manifest)
  const recipes = await checkRecipes(bundle)
  checkDerivatives(bundle, records, recipes)
  checkMedia(bundle, records, manifest)

  const files = [...bundle.files.values()]
  const knowsSizes = files.every(({ sizeBytes }) => sizeBytes !== undefined)
  return {
    files: files.length,
    bytes: knowsSizes ? files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0) : undefined,
    entries: opened.length,
    checkpointSize: head?.checkpoint?.size,
    origin: head?.checkpoint?.origin,
    keyId: key?.keyId,
    keyPinned: key !== undefined && trusted !== undefined && isSameKey(key, trusted),
    listedEverything: reader.listsEverything,
    publishedAt: publication?.at,
    incident: publication?.incident,
    revision: publication?.revision,
  }
}

/**
 * @throws VerifyError trusted-key-malformed, for a wrong option only: whatever
 *   is wrong with the bundle is a finding.
 */
export const verifyBundle = async (
  reader: BundleReader,
  options: VerifyOptions = {},
): Promise<VerifyReport> => {
  const trusted = await readTrustedKey(options.trustedKey)
  const findings = createFindings()
  const facts = await verifyWith(reader, findings, trusted, options.onProgress ?? (() => {}))
  return createReport(findings.all(), facts)
}
