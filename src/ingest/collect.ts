/**
 * Takes a file in from an address on the web: fetched once by the egress process,
 * kept as it came, with a record of where, when and how.
 */
import { canonicalJson } from '../custody/canonical-json.ts'
import { utf8 } from '../custody/bytes.ts'
import { EgressError } from '../egress/egress-error.ts'
import type { FetchReport } from '../egress/fetch-file.ts'
import type { Fetching, fetchInProcess } from '../egress/fetch-in-process.ts'
import { sniffFile } from '../media/sniff.ts'
import { addCollection } from '../store/collections.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Effects } from '../store/store.ts'
import { takeIn, type Reception } from './receive.ts'

/** 8 GiB: what is larger should be asked for. */
export const maxBytes = 8 * 2 ** 30
export const mostSeconds = 3600

export interface CollectedFile extends Reception {
  /** SHA-256 of the collection record, which is a blob. */
  readonly collectionSha256: string
  /** Where it came from in the end. */
  readonly address: string
}

/**
 * `incident` is opened, with its id as title, if there is none.
 * @throws EgressError, StoreError; nothing is kept then
 */
export async function collectFile(
  library: Library,
  agent: Agent,
  wish: { readonly incident: string; readonly address: string },
  { fetch, effects }: { readonly fetch: typeof fetchInProcess; readonly effects: Effects },
): Promise<CollectedFile> {
  const { incident, address } = wish
  const startedAt = effects.now().toISOString()
  const fetching: Fetching = fetch({ address, maxBytes, seconds: mostSeconds })
  const { blob, report } = await keep(library, fetching)
  const facts = { startedAt, endedAt: effects.now().toISOString(), agent, item: blob.sha256 }
  const record = await library.blobs.putBytes(recordOf(address, report, facts))
  const sniffed = await library.blobs.lend(blob.sha256, sniffFile)
  const name = nameIn(report.address)
  return library.transact(agent, async (tx) => {
    const received = await takeIn(
      tx,
      { incident, incidentTitle: incident },
      { blob, sniffed, name },
    )
    await addCollection(tx, { incident, item: blob.sha256, record: record.sha256 })
    return { ...received, collectionSha256: record.sha256, address: report.address }
  })
}

async function keep(library: Library, fetching: Fetching) {
  try {
    const blob = await library.blobs.putStream(fetching.body, { maxBytes })
    const fetched = await fetching.report
    if (fetched.sizeBytes === blob.sizeBytes) return { blob, report: fetched }
    throw new EgressError('incomplete', 'fewer bytes came than were fetched')
  } finally {
    fetching.stop()
  }
}

/** docs/formats/collection.md */
function recordOf(
  asked: string,
  { sizeBytes, ...report }: FetchReport,
  facts: {
    readonly startedAt: string
    readonly endedAt: string
    readonly agent: Agent
    readonly item: string
  },
): Uint8Array {
  const { agent, ...times } = facts
  return utf8(
    canonicalJson({
      format: 'sightline-collection/1',
      method: 'https-get',
      tool: agent.tool,
      asked,
      sizeBytes,
      ...times,
      ...report,
    }),
  )
}

/** What the file would be called if it were saved. */
function nameIn(address: string): string {
  const { pathname, hostname } = new URL(address)
  const last = pathname.split('/').at(-1) ?? ''
  if (last === '') return hostname
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
