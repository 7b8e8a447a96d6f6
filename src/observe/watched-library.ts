import type { Blob } from '../store/blobs.ts'
import { logSize } from '../store/custody-log.ts'
import type { Library } from '../store/library.ts'
import type { Metrics } from './metrics.ts'

/** The library, with its acts and what it takes in counted. */
export function watchedLibrary(library: Library, metrics: Metrics): Library {
  const { blobs } = library
  const counted = async <T>(run: () => Promise<T>): Promise<T> => {
    const begun = performance.now()
    let outcome: 'done' | 'failed' = 'failed'
    metrics.actBegan()
    try {
      const result = await run()
      outcome = 'done'
      return result
    } finally {
      metrics.actEnded(outcome, (performance.now() - begun) / 1000)
    }
  }
  const taken = async (put: Promise<Blob>): Promise<Blob> => {
    const blob = await put
    metrics.blobTaken(blob.sizeBytes)
    return blob
  }
  // Before what asks the database itself, and would be counted.
  metrics.gauge(
    'sightline_database_connections',
    'Of this program: open, idle of those, and requests that wait for one',
    ['state'],
    () =>
      Object.entries(library.database.connections()).map(([state, value]) => ({
        labels: { state },
        value,
      })),
  )
  metrics.gauge('sightline_custody_entries', 'Entries of the custody log', [], async () => [
    { labels: {}, value: await library.read(logSize) },
  ])
  return {
    ...library,
    transact: (agent, act) => counted(() => library.transact(agent, act)),
    transactWithoutEntry: (agent, act) => counted(() => library.transactWithoutEntry(agent, act)),
    blobs: {
      ...blobs,
      putStream: (source, limits) => taken(blobs.putStream(source, limits)),
      putBytes: (bytes) => taken(blobs.putBytes(bytes)),
      putFile: (path) => taken(blobs.putFile(path)),
    },
  }
}
