/** How much an incident may take in: its items, what waits for it and what is on its way. */
import { EgressError } from '../egress/egress-error.ts'
import type { Library } from '../store/library.ts'
import type { Reader, Transactor } from '../store/store.ts'
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

/** In the act that took something in: others may have been faster. @throws IngestError `incident-full` */
export async function assertNotOverfull(
  tx: Transactor,
  incident: string,
  incidentBytes: number,
): Promise<void> {
  if ((await bytesLeft(tx, incident, incidentBytes)) < 0) throw full(incidentBytes)
}

const full = (incidentBytes: number, cause?: unknown): IngestError =>
  new IngestError('incident-full', incidentFull(incidentBytes), { cause })
