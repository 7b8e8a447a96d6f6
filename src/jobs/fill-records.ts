import { text } from 'node:stream/consumers'
import { readCase } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { caseDrafts, storyDraft } from '../case/record-text.ts'
import { replaceCaseRecords } from '../store/case-records.ts'
import { readLatestCase } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Reader } from '../store/store.ts'

/**
 * Gives the records of their latest case to incidents that were imported before there were records:
 * each as the entry of that import says, so this is no act.
 */
export async function fillRecords(library: Library, agent: Agent): Promise<void> {
  for (const incident of await library.read(withoutRecords)) {
    const latest = await library.read((reader) => readLatestCase(reader, incident))
    if (latest === undefined) continue
    const textOf = (sha256: string) => text(library.blobs.read(sha256))
    const { case: facts } = readCase(await textOf(latest.caseSha256))
    if (facts === undefined) continue
    const markdown = await textOf(latest.storySha256)
    const drafts = [
      ...caseDrafts(facts),
      storyDraft(markdown, readStory(markdown, facts).references),
    ]
    await library.transactWithoutEntry(agent, async (tx) => {
      if ((await withoutRecords(tx, incident)).length === 0) return
      await replaceCaseRecords(tx, incident, drafts, latest)
    })
  }
}

async function withoutRecords({ sql }: Reader, only?: string): Promise<string[]> {
  let query = sql
    .selectFrom('case_revision')
    .select('incident')
    .distinct()
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('case_record')
            .select('id')
            .whereRef('case_record.incident', '=', 'case_revision.incident'),
        ),
      ),
    )
  if (only !== undefined) query = query.where('incident', '=', only)
  return (await query.execute()).map(({ incident }) => incident)
}
