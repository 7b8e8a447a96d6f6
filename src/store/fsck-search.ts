/** Whether what is searched is what the incidents and documents say; it can be made again. */
import type { FsckFinding, FsckNoteCode } from './fsck-report.ts'
import { readUnfitting, readUnindexed } from './search-index.ts'
import type { Reader } from './store.ts'

export async function checkSearch(reader: Reader): Promise<readonly FsckFinding<FsckNoteCode>[]> {
  const { incidents, items } = await readUnindexed(reader)
  const unfitting = await readUnfitting(reader)
  return [
    ...[...incidents, ...items].map((what) => ({
      code: 'search-outdated' as const,
      what,
      message: 'It is not indexed yet; the next search or start of the desk does that.',
    })),
    ...unfitting.map((what) => ({
      code: 'search-outdated' as const,
      what,
      message:
        'The search index is not what was written. Make it again: sightline search --reindex',
    })),
  ]
}
