import type { Bundle } from './bundle.ts'
import type { ReadManifest } from './check-files.ts'
import type { Records } from './check-log.ts'
import { entryPath, manifestPath } from './layout.ts'
import type { OpenedRecord } from './record.ts'

/** One publication, of these files, after everything else that is opened. */
export const checkPublication = (
  bundle: Bundle,
  records: Records,
  manifest: ReadManifest | undefined,
): OpenedRecord | undefined => {
  const { findings } = bundle
  const published = [...records].filter(([, record]) => record.type === 'story-published')
  const [first, second] = published
  if (first === undefined) {
    const message = 'No opened record says that this was published.'
    findings.add('publication-record-missing', undefined, message)
    return undefined
  }
  if (second !== undefined) {
    const message = `${published.length} opened records say that this was published.`
    findings.add('publication-record-ambiguous', undefined, message)
    return undefined
  }
  const [publishedIndex, publication] = first
  if (manifest !== undefined && manifest.sha256 !== publication.text('manifestSha256')) {
    findings.add('manifest-changed', manifestPath, 'It is not the manifest that was published.')
  }
  for (const [index, record] of records) {
    if (record.incident !== undefined && record.incident !== publication.incident) {
      findings.add('incident-differs', entryPath(index), 'It belongs to another incident.')
    }
    if (index > publishedIndex) {
      findings.add('record-after-publication', entryPath(index), 'It is younger than the story.')
    }
  }
  return publication
}
