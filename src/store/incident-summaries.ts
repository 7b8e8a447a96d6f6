import type { Finding, ItemFacts } from '../case/item-facts.ts'
import { readIncidents, readPublications, type Publication } from './incidents.ts'
import { readFindings, readSightings } from './items.ts'
import type { Library } from './library.ts'

export interface IncidentSummary {
  readonly id: string
  readonly title: string
  /** Distinct items by kind. */
  readonly items: Readonly<Record<ItemFacts['kind'], number>>
  readonly problems: readonly ItemFinding[]
  readonly notices: readonly ItemFinding[]
  /** The latest. */
  readonly publication?: Publication
}

export interface ItemFinding extends Finding {
  readonly item: string
}

/** What the desk's first page shows of every incident, oldest first. */
export async function readIncidentSummaries(library: Library): Promise<readonly IncidentSummary[]> {
  return library.read(async (reader) => {
    const summaries: IncidentSummary[] = []
    for (const { id, title } of await readIncidents(reader)) {
      const sightings = await readSightings(reader, id)
      const hashes = [...new Set(sightings.map((sighting) => sighting.item))]
      const kinds =
        hashes.length === 0
          ? []
          : await reader.sql
              .selectFrom('item')
              .select('kind')
              .where('sha256', 'in', hashes)
              .execute()
      const findings: ItemFinding[] = []
      for (const item of hashes) {
        for (const finding of await readFindings(reader, item)) findings.push({ ...finding, item })
      }
      const publication = (await readPublications(reader, id)).at(-1)
      const items = { recording: 0, photo: 0, document: 0, other: 0 }
      for (const { kind } of kinds) items[kind] += 1
      summaries.push({
        id,
        title,
        items,
        problems: findings.filter((finding) => finding.severity === 'problem'),
        notices: findings.filter((finding) => finding.severity === 'notice'),
        ...(publication === undefined ? {} : { publication }),
      })
    }
    return summaries
  })
}
