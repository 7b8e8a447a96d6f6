/**
 * Takes a file in from an address on the web: fetched once by the egress process,
 * kept as it came, with a record of where, when and how.
 */
import { canonicalJson } from '../custody/canonical-json.ts'
import { utf8 } from '../custody/bytes.ts'
import { EgressError } from '../egress/egress-error.ts'
import type { FetchReport } from '../egress/fetch-file.ts'
import type { Fetching, fetchInProcess } from '../egress/fetch-in-process.ts'
import type { Progress } from '../jobs/progress.ts'
import { currentSignal } from '../media/abort.ts'
import { sniffFile } from '../media/sniff.ts'
import { addCollection } from '../store/collections.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Effects, Transactor } from '../store/store.ts'
import { setRoomAside, usualIncidentBytes, withinQuota } from './incident-quota.ts'
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

export interface CollectWorld {
  readonly fetch: typeof fetchInProcess
  readonly effects: Effects
  /** All that an incident may have taken in. */
  readonly incidentBytes?: number
  readonly progress?: Progress
  /** Which bytes are to leave is written also where `library` lets no act begin any more. */
  readonly setAsideIn?: Pick<Library, 'transactWithoutEntry'>
  /** Part of the act that keeps the file. */
  readonly onTaken?: (tx: Transactor, file: CollectedFile) => Promise<void>
}

/**
 * `incident` is opened, with its id as title, if there is none. Within a job that is to stop the
 * fetch ends.
 * @throws EgressError, StoreError, IngestError `incident-full`; nothing is recorded then, and bytes
 *   that are there already leave with the sweep, which takes what nothing names
 */
export async function collectFile(
  library: Library,
  agent: Agent,
  wish: { readonly incident: string; readonly address: string },
  world: CollectWorld,
): Promise<CollectedFile> {
  const { incident, address } = wish
  const { effects, incidentBytes = usualIncidentBytes, setAsideIn = library, onTaken } = world
  const quota = { incident, incidentBytes }
  const startedAt = effects.now().toISOString()
  const { blob, report } = await withinQuota(library, quota, maxBytes, (most) =>
    keep(library, address, most, world),
  )
  const facts = { startedAt, endedAt: effects.now().toISOString(), agent, item: blob.sha256 }
  const record = await library.blobs.putBytes(recordOf(address, report, facts))
  const blobs = { files: [blob], records: [record] }
  const room = await setRoomAside(setAsideIn, agent, quota, blobs)
  const sniffed = await library.blobs.lend(blob.sha256, sniffFile)
  const name = nameIn(report.address)
  return library.transact(agent, async (tx) => {
    await room.claim(tx)
    const received = await takeIn(
      tx,
      { incident, incidentTitle: incident },
      { blob, sniffed, name },
    )
    await addCollection(tx, { incident, item: blob.sha256, record: record.sha256 })
    const file = { ...received, collectionSha256: record.sha256, address: report.address }
    await onTaken?.(tx, file)
    return file
  })
}

async function keep(
  library: Library,
  address: string,
  most: number,
  { fetch, progress = () => undefined }: CollectWorld,
) {
  const signal = currentSignal()
  signal?.throwIfAborted()
  let total = 0
  const fetching: Fetching = fetch(
    { address, maxBytes: most, seconds: mostSeconds },
    (announced) => (total = announced),
  )
  const show = (done: number): void => progress({ step: 'Fetching', done, total, unit: 'bytes' })
  const stop = (): void => fetching.stop()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const blob = await library.blobs.putStream(counted(fetching.body, show), { maxBytes: most })
    const fetched = await fetching.report
    if (fetched.sizeBytes === blob.sizeBytes) return { blob, report: fetched }
    throw new EgressError('incomplete', 'fewer bytes came than were fetched')
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  show: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    show(bytes)
    yield chunk
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
