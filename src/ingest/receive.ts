import { createReadStream } from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import { sniffFile, type Sniffed } from '../media/sniff.ts'
import type { Blob } from '../store/blobs.ts'
import { openIncident, readIncidents } from '../store/incidents.ts'
import { readItem, readSightings, receiveItem, type Item } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Transactor } from '../store/store.ts'
import { IngestError } from './ingest-error.ts'

/** Larger originals than this are refused before they fill the disk: 64 GiB. */
const maxBytes = 64 * 2 ** 30
const readBytes = 2 ** 20

export interface Arrival {
  readonly incident: string
  /** Title for an incident that is opened by this arrival. */
  readonly incidentTitle: string
  readonly path: string
  /** As the sender calls it; only ever a name. Default: the file's own. */
  readonly name?: string
  /** A folder that the file must lie in, after following symbolic links. */
  readonly within?: string
  /** Import again of the same case is no second sighting; handing a file in again is. */
  readonly again: 'is a sighting' | 'is nothing new'
}

export interface Reception {
  readonly item: Item
  readonly name: string
  /** The library had these bytes before. */
  readonly seenBefore: boolean
}

/**
 * Takes one file in. When this returns, the bytes are durable under their hash,
 * read back and rehashed, and the item stands in the database and the custody
 * log: that is the acknowledgement.
 * @throws IngestError, StoreError
 */
export async function receiveFile(
  library: Library,
  agent: Agent,
  arrival: Arrival,
): Promise<Reception> {
  const name = arrival.name ?? basename(arrival.path)
  const sizeBytes = await checkFile(arrival.path, arrival.within)
  if (arrival.again === 'is nothing new') {
    const item = await seenAlready(library, arrival, name, sizeBytes)
    if (item !== undefined) return { item, name, seenBefore: true }
  }
  const source = createReadStream(arrival.path, { highWaterMark: readBytes })
  const blob = await library.blobs.putStream(source, { maxBytes })
  const sniffed = await library.blobs.lend(blob.sha256, sniffFile)
  return library.transact(agent, (tx) => takeIn(tx, arrival, { blob, sniffed, name }))
}

/** Into the incident, which is opened if there is none of that id: the blob is durable already. */
export async function takeIn(
  tx: Transactor,
  { incident, incidentTitle }: Pick<Arrival, 'incident' | 'incidentTitle'>,
  {
    blob,
    sniffed: { kind, mediaType },
    name,
  }: {
    readonly blob: Blob
    readonly sniffed: Pick<Sniffed, 'kind' | 'mediaType'>
    readonly name: string
  },
): Promise<Reception> {
  const [known] = await readIncidents(tx, incident)
  if (known === undefined) await openIncident(tx, { id: incident, title: incidentTitle })
  const { item, seenBefore } = await receiveItem(tx, { incident, blob, kind, mediaType, name })
  return { item, name, seenBefore }
}

/** The item that this incident received under this name, if the file is still the same. */
async function seenAlready(
  library: Library,
  { incident, path }: Arrival,
  name: string,
  sizeBytes: number,
): Promise<Item | undefined> {
  const items = await library.read(async (reader) => {
    const sightings = await readSightings(reader, incident)
    const named = new Set(sightings.flatMap((seen) => (seen.name === name ? [seen.item] : [])))
    return Promise.all([...named].map((sha256) => readItem(reader, sha256)))
  })
  for (const item of items) {
    if (item?.sizeBytes !== sizeBytes) continue
    if (await library.blobs.holdsSame(path, item.sha256)) return item
  }
  return undefined
}

/** Its size. @throws IngestError for what is no plain file, or lies outside of `within` */
export async function checkFile(path: string, within: string | undefined): Promise<number> {
  const link = await lstat(path).catch((cause: unknown) => {
    throw new IngestError('file-missing', 'there is no such file; check the path', { cause })
  })
  const facts = link.isSymbolicLink()
    ? await stat(path).catch((cause: unknown) => {
        throw new IngestError(
          'file-missing',
          'the symbolic link leads nowhere; give the file itself',
          { cause },
        )
      })
    : link
  if (within !== undefined) {
    const [real, folder] = [await realpath(path), await realpath(within)]
    if (!real.startsWith(folder + sep)) {
      throw new IngestError(
        'outside-case-folder',
        'it leads outside the case folder; copy the file into it',
      )
    }
  }
  if (facts.isDirectory()) {
    throw new IngestError(
      'not-a-file',
      'it is a folder; name the files in it, or import it as a case',
    )
  }
  if (!facts.isFile())
    throw new IngestError('not-a-file', 'it is no ordinary file; give a regular file')
  if (facts.size === 0) {
    throw new IngestError('empty-file', 'it is empty (0 bytes); ask the sender for it again')
  }
  return facts.size
}
