import type { RecordValue } from '../case/case-schema.ts'
import { soleId } from '../case/record-text.ts'
import type { RecordKey } from '../store/case-records.ts'
import { setIncidentTitle } from '../store/incidents.ts'
import { markEdited } from '../store/search-index.ts'
import type { Transactor } from '../store/store.ts'

export interface ChangedRecord extends Omit<RecordKey, 'incident'> {
  /** Null where it was removed. */
  readonly body: string | null
}

/** Called in every act that changes records, after it: what follows from them follows here. */
export async function recordsChanged(
  tx: Transactor,
  incident: string,
  changed: readonly ChangedRecord[],
): Promise<void> {
  await markEdited(tx, incident)
  const facts = changed.find(({ kind }) => kind === soleId.incident)
  if (typeof facts?.body !== 'string') return
  const { title } = JSON.parse(facts.body) as RecordValue<'incident'>
  await setIncidentTitle(tx, incident, title)
}
