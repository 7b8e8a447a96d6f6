/** What `fsck` says. docs/formats/library.md explains each code. */
type FsckFindingCode =
  | 'page-damaged'
  | 'database-unreadable'
  | 'blob-missing'
  | 'blob-damaged'
  | 'blob-unreadable'
  | 'blob-size-differs'
  | 'index-gap'
  | 'entry-malformed'
  | 'entry-does-not-open'
  | 'log-shortened'
  | 'checkpoint-malformed'
  | 'checkpoint-not-signed'
  | 'checkpoint-differs'
  | 'act-not-recorded'
  | 'recorded-act-missing'
  | 'recipe-differs'
  | 'recipe-malformed'
  | 'recipe-input-missing'
  | 'alignment-differs'
  | 'publication-differs'

export type FsckNoteCode = 'blob-unreferenced' | 'stray-file' | 'search-outdated'

export interface FsckFinding<Code = FsckFindingCode> {
  readonly code: Code
  /** What is damaged: a blob's hash, `entry 12`, `derivative …`. */
  readonly what: string
  /** One sentence, safe to show: it repeats no record. */
  readonly message: string
}

/** How many of each were looked at. */
export interface FsckCount {
  pages: number
  blobs: number
  blobBytes: number
  entries: number
  checkpoints: number
  incidents: number
  items: number
  sightings: number
  findings: number
  collections: number
  derivatives: number
  caseRevisions: number
  caseRecords: number
  comments: number
  alignments: number
  publications: number
  links: number
  tips: number
}

export interface FsckReport {
  /** Empty: nothing is wrong. */
  readonly findings: readonly FsckFinding[]
  /** Worth knowing, and no damage. */
  readonly notes: readonly FsckFinding<FsckNoteCode>[]
  readonly counted: Readonly<FsckCount>
}

export interface FsckProgress {
  readonly step: 'database' | 'log' | 'blobs'
  readonly done: number
  readonly total: number
}

/** Collects; nothing stops at the first finding. */
export type Report = (code: FsckFindingCode, what: string, message: string) => void
