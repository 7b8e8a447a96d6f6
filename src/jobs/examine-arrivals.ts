import { examineItem, type ItemWish } from '../ingest/examine-item.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'

export interface Examination {
  readonly add: (item: ItemWish) => void
  /** Those that arrived and were not examined when the program last ended. */
  resume(): Promise<void>
  /** Ends after the one that is going on. */
  stop(): Promise<void>
}

/** Examines what arrives, one after the other. */
export function examineArrivals(
  library: Library,
  agent: Agent,
  onError: (error: unknown) => void,
): Examination {
  let last: Promise<unknown> = Promise.resolve()
  let stopped = false
  const add = (item: ItemWish): void => {
    last = last.then(async () => {
      if (!stopped) await examineItem(library, agent, item, () => undefined).catch(onError)
    })
  }
  return {
    add,
    resume: async () => {
      const rows = await library.read(({ sql }) =>
        sql
          .selectFrom('sighting')
          .leftJoin('item_fact', 'item_fact.item', 'sighting.item')
          .where('item_fact.item', 'is', null)
          .select(['sighting.item', 'sighting.incident', 'sighting.name'])
          .orderBy('sighting.id')
          .execute(),
      )
      for (const { item, incident, name } of rows) add({ incident, sha256: item, name })
    },
    stop: async () => {
      stopped = true
      await last
    },
  }
}
