import { createHash } from 'node:crypto'
import type { AlignInput, Anchor } from '../align/alignment.ts'
import type { Case } from '../case/case-schema.ts'
import type { ImpulseCandidate } from '../case/impulse.ts'
import type { IncidentClock } from '../case/on-clock.ts'
import { canonicalJson } from '../custody/canonical-json.ts'
import type { ExaminedItem } from '../ingest/examine-item.ts'
import type { SoundFile } from '../media/sound-file.ts'
import { decodeSound8k } from '../media/sound.ts'
import { addAlignment, readAlignment } from '../store/derivatives.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Reader } from '../store/store.ts'
import { incidentClock } from './incident-clock.ts'
import { incidentImpulses, storedOnsets } from './incident-impulses.ts'
import type { Progress } from './progress.ts'
import { engineVersion, runAlignment } from './run-alignment.ts'
import {
  alignmentFormat,
  readStoredAlignment,
  storedAlignment,
  type StoredAlignment,
} from './stored-alignment.ts'

export interface IncidentAlignment {
  readonly clock: IncidentClock
  /** Of the recordings on that clock; nobody has decided on them. */
  readonly impulses: readonly ImpulseCandidate[]
  readonly resultSha256: string
  /** Of the custody entries that record it. */
  readonly entries: readonly number[]
  readonly result: StoredAlignment
}

/**
 * Puts an incident's recordings on one clock, or takes the result of the same
 * inputs from the library.
 */
export async function alignIncident(
  library: Library,
  agent: Agent,
  facts: Case,
  items: ReadonlyMap<string, ExaminedItem>,
  progress: Progress,
): Promise<IncidentAlignment> {
  const recordings = facts.footage.flatMap(({ id, position }) => {
    const examined = items.get(id)
    return examined?.facts.kind === 'recording'
      ? [{ id, position, examined, facts: examined.facts }]
      : []
  })
  const anchors = facts.anchors.map((anchor): Anchor => ({
    a: { id: anchor.a.footage, atSeconds: anchor.a.at },
    b: { id: anchor.b.footage, atSeconds: anchor.b.at },
    errorSeconds: anchor['plus-minus-seconds'],
  }))
  const inputsSha256 = createHash('sha256')
    .update(
      JSON.stringify([
        engineVersion,
        alignmentFormat,
        recordings.map(({ id, position, examined }) => [id, examined.sha256, position ?? null]),
        anchors,
      ]),
    )
    .digest('hex')
  const incident = facts.incident.id
  const known = await library.read((reader) => readAlignment(reader, incident, inputsSha256))
  const kept = known && readStoredAlignment(known.result)
  if (known !== undefined && kept !== undefined) {
    return {
      ...readings(facts, kept),
      result: kept,
      resultSha256: known.resultSha256,
      entries: [known.entryIndex],
    }
  }

  const { alignment, onsets } = await library.blobs.inScratch(async (scratch) => {
    const sounds: SoundFile[] = []
    try {
      for (const [index, { id, examined, facts: recording }] of recordings.entries()) {
        progress({ step: 'Listening', done: index, total: recordings.length, what: id })
        const decode = (path: string) => decodeSound8k(path, recording, scratch)
        sounds.push(await library.blobs.lend(examined.sha256, decode))
      }
      const inputs = recordings.map(({ id, position }, index): AlignInput => ({
        id,
        samples: sounds[index]!,
        ...(position === undefined
          ? {}
          : {
              position: { xMetres: position.x, yMetres: position.y, errorMetres: position.error },
            }),
      }))
      return {
        alignment: await runAlignment(inputs, { anchors }, progress),
        onsets: inputs.map(({ id, samples }) => storedOnsets(id, samples)),
      }
    } finally {
      for (const sound of sounds) sound.close()
    }
  })
  const result = storedAlignment(alignment, onsets)
  if (recordings.length === 0) {
    return { ...readings(facts, result), result, resultSha256: '', entries: [] }
  }
  // Somebody else may have come to the same end meanwhile; then nothing is recorded.
  const stored = await library.transactWithoutEntry(
    agent,
    async (tx) =>
      (await alignedBefore(tx, incident, inputsSha256)) ??
      addAlignment(tx, {
        incident,
        inputs: [...new Set(recordings.map(({ examined }) => examined.sha256))],
        inputsSha256,
        result: canonicalJson(result),
      }),
  )
  return {
    ...readings(facts, result),
    result,
    resultSha256: stored.resultSha256,
    entries: [stored.entryIndex],
  }
}

/** In the format of today. */
async function alignedBefore(reader: Reader, incident: string, inputsSha256: string) {
  const known = await readAlignment(reader, incident, inputsSha256)
  return known && readStoredAlignment(known.result) ? known : undefined
}

function readings(facts: Case, result: StoredAlignment) {
  const clock = incidentClock(facts, result)
  // A recording stored twice is one witness.
  const copies = new Set(result.reuploads.map(({ footage }) => footage))
  const witnesses = clock.recordings.filter(({ footage }) => !copies.has(footage))
  const impulses = incidentImpulses(facts, { ...clock, recordings: witnesses }, result.onsets)
  return { clock, impulses }
}
