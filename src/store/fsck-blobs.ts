/** Rehashes every blob and finds those that are gone, changed, or needed by nothing. */
import type { Blobs } from './blobs.ts'
import type { FsckFinding, FsckNoteCode, Report } from './fsck-report.ts'
import type { NeededBlob } from './fsck-rows.ts'

export interface CheckedBlobs {
  readonly blobs: number
  readonly blobBytes: number
  readonly notes: readonly FsckFinding<FsckNoteCode>[]
}

/** `needed`, and `readNeeded` again, as the tables say it. */
export async function checkBlobs(
  blobs: Blobs,
  needed: readonly NeededBlob[],
  readNeeded: () => Promise<readonly NeededBlob[]>,
  report: Report,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<CheckedBlobs> {
  const listed = new Map<string, number>()
  const notes: FsckFinding<FsckNoteCode>[] = []
  for await (const found of blobs.list()) {
    if (found.kind === 'blob') listed.set(found.sha256, found.sizeBytes)
    else {
      const message = 'Not a blob. The library never reads it.'
      notes.push({ code: 'stray-file', what: found.name, message })
    }
  }
  const isGone = ({ sha256 }: NeededBlob): boolean => !listed.has(sha256)
  // What was withdrawn since the tables were read has left as it should.
  const still = hashesOf(needed.some(isGone) ? await readNeeded() : [])
  for (const { sha256, sizeBytes, neededBy } of needed) {
    const onDisk = listed.get(sha256)
    if (onDisk === undefined) {
      if (!still.has(sha256)) continue
      report('blob-missing', sha256, `The file is gone; it belongs to ${neededBy}.`)
    } else if (sizeBytes !== undefined && sizeBytes !== onDisk) {
      report('blob-size-differs', sha256, `It has ${onDisk} bytes, ${neededBy} says ${sizeBytes}.`)
    }
  }
  const wanted = hashesOf(needed)
  const totalBytes = [...listed.values()].reduce((sum, bytes) => sum + bytes, 0)
  let doneBytes = 0
  for (const [sha256, sizeBytes] of listed) {
    const check = await blobs.verify(sha256)
    if (check.kind === 'damaged') {
      report('blob-damaged', sha256, `The file's SHA-256 is ${check.actualSha256}.`)
    } else if (check.kind === 'unreadable') {
      report('blob-unreadable', sha256, `The file cannot be read (${check.reason}).`)
    }
    if (!wanted.has(sha256)) {
      const message = 'No item, derivative or case refers to it.'
      notes.push({ code: 'blob-unreferenced', what: sha256, message })
    }
    doneBytes += sizeBytes
    onProgress(doneBytes, totalBytes)
  }
  return { blobs: listed.size, blobBytes: totalBytes, notes }
}

const hashesOf = (blobs: readonly NeededBlob[]): ReadonlySet<string> =>
  new Set(blobs.map(({ sha256 }) => sha256))
