/** How much an incident may take in: its items, what waits for it and what is on its way. */
import { EgressError } from '../egress/egress-error.ts'
import type { Blob } from '../store/blobs.ts'
import { openIncident, readIncidents } from '../store/incidents.ts'
import { isInIncident } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Reader, Transactor } from '../store/store.ts'
import { claimUntaken, leaveUnlessTaken, type UntakenBlob } from '../store/untaken-blobs.ts'
import { readIncidentBytes } from '../store/uploads.ts'
import { IngestError } from './ingest-error.ts'

export const usualIncidentBytes = 2 * 2 ** 40

/** Below zero where it holds more than it may. */
export async function bytesLeft(
  reader: Reader,
  incident: string,
  incidentBytes: number,
): Promise<number> {
  return incidentBytes - (await readIncidentBytes(reader, incident))
}

export const incidentFull = (incidentBytes: number): string =>
  `This incident may take in ${incidentBytes} bytes, and this would be more. ` +
  'Open another incident for what is still to come.'

/**
 * Collects at most `mostBytes`, or what there is room for: how much will come nobody knows before.
 * @throws IngestError `incident-full`, and what `collect` throws
 */
export async function withinQuota<T>(
  library: Library,
  { incident, incidentBytes }: { readonly incident: string; readonly incidentBytes: number },
  mostBytes: number,
  collect: (mostBytes: number) => Promise<T>,
): Promise<T> {
  const left = await library.read((reader) => bytesLeft(reader, incident, incidentBytes))
  if (left <= 0) throw full(incidentBytes)
  try {
    return await collect(Math.min(mostBytes, left))
  } catch (error) {
    const isTooLarge = error instanceof EgressError && error.code === 'too-large'
    throw isTooLarge && left < mostBytes ? full(incidentBytes, error) : error
  }
}

/** What collected files need to be taken in: `claim` first in the act that does so. */
export interface RoomSetAside {
  claim(tx: Transactor): Promise<void>
}

/**
 * Gives blobs room in the incident, which is opened, with its id as title, if there is none: others
 * may have been faster. Those that no act claims count to it until they leave with the sweep, also
 * where they are refused here. Records of a collection need no room, and leave the same way.
 * @throws IngestError `incident-full`
 */
export async function setRoomAside(
  library: Pick<Library, 'transactWithoutEntry'>,
  agent: Agent,
  { incident, incidentBytes }: { readonly incident: string; readonly incidentBytes: number },
  { files, records }: { readonly files: readonly Blob[]; readonly records: readonly Blob[] },
): Promise<RoomSetAside> {
  const { untaken, isRoom } = await library.transactWithoutEntry(agent, async (tx) => {
    const [known] = await readIncidents(tx, incident)
    if (known === undefined) await openIncident(tx, { id: incident, title: incident })
    const left = await bytesLeft(tx, incident, incidentBytes)
    const untaken: UntakenBlob[] = []
    for (const file of new Map(files.map((each) => [each.sha256, each])).values()) {
      if (await isInIncident(tx, incident, file.sha256)) continue
      untaken.push(await leaveUnlessTaken(tx, incident, file))
    }
    const needed = untaken.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    for (const record of records) untaken.push(await leaveUnlessTaken(tx, incident, record))
    return { untaken, isRoom: needed <= left }
  })
  if (!isRoom) throw full(incidentBytes)
  return {
    claim: async (tx) => {
      for (const blob of untaken) await claimUntaken(tx, blob)
    },
  }
}

const full = (incidentBytes: number, cause?: unknown): IngestError =>
  new IngestError('incident-full', incidentFull(incidentBytes), { cause })
