/** Rehashes every blob, and says which are damaged or gone: fsck without what only a library at rest has. */
import { checkBlobs } from './fsck-blobs.ts'
import type { FsckFinding, Report } from './fsck-report.ts'
import { neededBlobs } from './fsck.ts'
import type { Library } from './library.ts'

export interface Fixity {
  readonly blobs: number
  readonly blobBytes: number
  readonly findings: readonly FsckFinding[]
}

/** Blobs that arrive meanwhile may be missed; the next time sees them. */
export async function checkFixity(
  library: Library,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<Fixity> {
  const findings: FsckFinding[] = []
  const report: Report = (code, what, message) => findings.push({ code, what, message })
  const readNeeded = async () => (await neededBlobs(library)) ?? []
  const { blobs: number, blobBytes } = await checkBlobs(
    library.blobs,
    await readNeeded(),
    readNeeded,
    report,
    onProgress,
  )
  return { blobs: number, blobBytes, findings }
}
