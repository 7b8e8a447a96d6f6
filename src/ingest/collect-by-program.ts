/** Takes in what the operator's own collector brings from an address: `docs/guides/collectors.md`. */
import { join } from 'node:path'
import { utf8 } from '../custody/bytes.ts'
import { canonicalJson } from '../custody/canonical-json.ts'
import { readCollector, runCollector } from '../egress/run-collector.ts'
import type { CollectorLimits } from '../egress/run-collector.ts'
import { sniffFile, type Sniffed } from '../media/sniff.ts'
import type { Blob } from '../store/blobs.ts'
import { addCollection } from '../store/collections.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Effects } from '../store/store.ts'
import { setRoomAside, usualIncidentBytes, withinQuota } from './incident-quota.ts'
import { takeIn, type Reception } from './receive.ts'

export interface CollectedFiles {
  readonly files: readonly (Reception & { readonly collectionSha256: string })[]
  /** Links and whatever else is no plain file with something in it: not taken in. */
  readonly leftOut: readonly string[]
}

interface Kept {
  readonly blob: Blob
  readonly sniffed: Sniffed
  readonly name: string
  readonly record: Blob
}

/**
 * All its files are one act, each with a record of its own. `incident` is opened, with its id as
 * title, if there is none.
 * @throws EgressError, StoreError, IngestError `incident-full`; nothing is recorded then, and bytes
 *   that are there already leave with the sweep, which takes what nothing names
 */
export async function collectByProgram(
  library: Library,
  agent: Agent,
  wish: { readonly incident: string; readonly address: string; readonly program: string },
  {
    effects,
    limits,
    incidentBytes = usualIncidentBytes,
  }: {
    readonly effects: Effects
    readonly limits: CollectorLimits
    /** All that an incident may have taken in. */
    readonly incidentBytes?: number
  },
): Promise<CollectedFiles> {
  const { incident, address } = wish
  const quota = { incident, incidentBytes }
  return library.blobs.inScratch(async (scratch) => {
    const collector = await readCollector(wish.program, scratch)
    const startedAt = effects.now().toISOString()
    const { files, others } = await withinQuota(library, quota, limits.maxBytes, (most) =>
      runCollector(collector, address, scratch, { ...limits, maxBytes: most }),
    )
    const endedAt = effects.now().toISOString()
    const { path: _, ...program } = collector
    const kept: Kept[] = []
    for (const name of files) {
      const blob = await library.blobs.putFile(join(scratch, 'out', name))
      const { sha256: item, sizeBytes } = blob
      const said = {
        format: 'sightline-collection/1',
        method: 'program',
        tool: agent.tool,
        asked: address.toWellFormed(),
        program,
        startedAt,
        endedAt,
        name: name.toWellFormed(),
        item,
        sizeBytes,
      }
      const record = await library.blobs.putBytes(utf8(canonicalJson(said)))
      const sniffed = await library.blobs.lend(item, sniffFile)
      kept.push({ blob, sniffed, name, record })
    }
    const blobs = {
      files: kept.map(({ blob }) => blob),
      records: kept.map(({ record }) => record),
    }
    const room = await setRoomAside(library, agent, quota, blobs)
    const taken = await library.transact(agent, async (tx) => {
      await room.claim(tx)
      const all: CollectedFiles['files'][number][] = []
      for (const { record, ...file } of kept) {
        const received = await takeIn(tx, { incident, incidentTitle: incident }, file)
        await addCollection(tx, { incident, item: file.blob.sha256, record: record.sha256 })
        all.push({ ...received, collectionSha256: record.sha256 })
      }
      return all
    })
    return { files: taken, leftOut: others }
  })
}
