import { createReadStream } from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import { sniffFile } from '../media/sniff.ts'
import { openIncident, readIncidents } from '../store/incidents.ts'
import { readItem, readSightings, receiveItem, type Item } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import { IngestError } from './ingest-error.ts'

/** Larger originals than this are refused before they fill the disk: 64 GiB. */
const maxBytes = 64 * 2 ** 30

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
  await checkFile(arrival.path, arrival.within)
  const blob = await library.blobs.putStream(createReadStream(arrival.path), { maxBytes })
  const sniffed = await sniffFile(library.blobs.path(blob.sha256))
  if (arrival.again === 'is nothing new') {
    const item = await seenAlready(library, arrival.incident, blob.sha256, name)
    if (item !== undefined) return { item, name, seenBefore: true }
  }
  return library.transact(agent, async (tx) => {
    const [incident] = await readIncidents(tx, arrival.incident)
    if (incident === undefined) {
      await openIncident(tx, { id: arrival.incident, title: arrival.incidentTitle })
    }
    const { kind, mediaType } = sniffed
    const received = await receiveItem(tx, {
      incident: arrival.incident,
      blob,
      kind,
      mediaType,
      name,
    })
    return { item: received.item, name, seenBefore: received.seenBefore }
  })
}

async function seenAlready(
  library: Library,
  incident: string,
  sha256: string,
  name: string,
): Promise<Item | undefined> {
  return library.read(async (reader) => {
    const sightings = await readSightings(reader, incident)
    const seen = sightings.some((sighting) => sighting.item === sha256 && sighting.name === name)
    return seen ? readItem(reader, sha256) : undefined
  })
}

async function checkFile(path: string, within: string | undefined): Promise<void> {
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
}
