import { createHash } from 'node:crypto'
import type { AlignInput, Alignment, Anchor } from '../align/alignment.ts'
import type { Case } from '../case/case-schema.ts'
import type { ImpulseCandidate } from '../case/impulse.ts'
import type { IncidentClock, RecordingOnClock } from '../case/on-clock.ts'
import { canonicalJson } from '../custody/canonical-json.ts'
import { toClock, withZeroAt } from '../time/clock.ts'
import { microsecondsOf, roundedWhole } from '../time/microseconds.ts'
import type { ExaminedItem } from '../ingest/examine-item.ts'
import type { SoundFile } from '../media/sound-file.ts'
import { decodeSound8k } from '../media/sound.ts'
import { addAlignment, readAlignment } from '../store/derivatives.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import { incidentImpulses, storedOnsets, type StoredOnsets } from './incident-impulses.ts'
import type { Progress } from './progress.ts'
import { engineVersion, runAlignment } from './run-alignment.ts'

export interface IncidentAlignment {
  readonly clock: IncidentClock
  /** Of the recordings on that clock; nobody has decided on them. */
  readonly impulses: readonly ImpulseCandidate[]
  readonly resultSha256: string
  /** Of the custody entries that record it. */
  readonly entries: readonly number[]
  readonly result: StoredAlignment
}

/** As kept and hashed: integers and strings only. */
export interface StoredAlignment {
  readonly format: 'sightline-alignment/1'
  readonly groups: readonly {
    readonly members: readonly {
      readonly footage: string
      readonly offsetMicroseconds: number
      readonly ratePartsPerBillion: number
      readonly errorMicroseconds: number
      readonly statisticalErrorMicroseconds: number
      readonly travelBoundMicroseconds: number
      readonly method: RecordingOnClock['method']
    }[]
    readonly links: readonly {
      readonly a: string
      readonly b: string
      readonly kind: 'sound' | 'anchor'
      readonly lagMicroseconds: number
      readonly driftPartsPerBillion: number
      readonly overlapMilliseconds: number
      readonly confidenceHundredths: number
      readonly residualMicroseconds: number
      readonly accepted: boolean
      readonly reason?: string
    }[]
  }[]
  readonly apart: readonly {
    readonly footage: string
    readonly code: string
    readonly reason: string
  }[]
  readonly reuploads: readonly { readonly of: string; readonly footage: string }[]
  readonly onsets: readonly StoredOnsets[]
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
        recordings.map(({ id, position, examined }) => [id, examined.sha256, position ?? null]),
        anchors,
      ]),
    )
    .digest('hex')
  const incident = facts.incident.id
  const known = await library.read((reader) => readAlignment(reader, incident, inputsSha256))
  if (known !== undefined) {
    const result = JSON.parse(known.result) as StoredAlignment
    return {
      ...readings(facts, result),
      result,
      resultSha256: known.resultSha256,
      entries: [known.entryIndex],
    }
  }

  const { alignment, onsets } = await library.blobs.inScratch(async (scratch) => {
    const sounds: SoundFile[] = []
    try {
      for (const [index, { id, examined, facts: recording }] of recordings.entries()) {
        progress({ step: 'Listening', done: index, total: recordings.length, what: id })
        const path = library.blobs.path(examined.sha256)
        sounds.push(await decodeSound8k(path, recording, scratch))
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
  const stored = await library.transact(agent, (tx) =>
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

function readings(facts: Case, result: StoredAlignment) {
  const clock = clockOf(facts, result)
  // A recording stored twice is one witness.
  const copies = new Set(result.reuploads.map(({ footage }) => footage))
  const witnesses = clock.recordings.filter(({ footage }) => !copies.has(footage))
  const impulses = incidentImpulses(facts, { ...clock, recordings: witnesses }, result.onsets)
  return { clock, impulses }
}

function storedAlignment(alignment: Alignment, onsets: readonly StoredOnsets[]): StoredAlignment {
  return {
    format: 'sightline-alignment/1',
    groups: alignment.groups.map(({ members, links }) => ({
      members: members.map((member) => ({
        footage: member.id,
        offsetMicroseconds: microsecondsOf(member.offsetSeconds),
        ratePartsPerBillion: roundedWhole(member.rate * 1e9),
        errorMicroseconds: microsecondsOf(member.errorSeconds),
        statisticalErrorMicroseconds: microsecondsOf(member.statisticalErrorSeconds),
        travelBoundMicroseconds: microsecondsOf(member.travelBoundSeconds),
        method: member.method,
      })),
      links: links.map((link) => ({
        a: link.a,
        b: link.b,
        kind: link.kind,
        lagMicroseconds: microsecondsOf(link.lagSeconds),
        driftPartsPerBillion: roundedWhole(link.driftPpm * 1000),
        overlapMilliseconds: roundedWhole(link.overlapSeconds * 1000),
        confidenceHundredths: roundedWhole(link.confidence * 100),
        residualMicroseconds: microsecondsOf(link.residualSeconds),
        accepted: link.accepted,
        ...(link.reason === undefined ? {} : { reason: link.reason }),
      })),
    })),
    apart: alignment.apart.map(({ id, code, reason }) => ({ footage: id, code, reason })),
    reuploads: alignment.reuploads.map(({ of, id }) => ({ of, footage: id })),
    onsets,
  }
}

/**
 * The incident's clock: the group that holds the case's zero, or the largest.
 * Other groups and lone recordings stay apart, with the reason.
 */
function clockOf(facts: Case, result: StoredAlignment): IncidentClock {
  const { zero } = facts.incident
  const group =
    zero === undefined
      ? result.groups[0]
      : result.groups.find(({ members }) =>
          members.some((member) => member.footage === zero.footage),
        )
  const labelOf = (id: string): string =>
    facts.footage.find((entry) => entry.id === id)?.label ?? id
  const members = group?.members ?? []
  const alone = zero?.footage ?? result.apart[0]?.footage
  const recordings: RecordingOnClock[] =
    members.length === 0 && alone !== undefined
      ? [
          {
            footage: alone,
            clock: { offsetSeconds: 0, rate: 1 },
            errorSeconds: 0,
            travelBoundSeconds: 0,
            method: 'reference',
          },
        ]
      : members.map((member) => ({
          footage: member.footage,
          clock: {
            offsetSeconds: member.offsetMicroseconds / 1e6,
            rate: member.ratePartsPerBillion / 1e9,
          },
          errorSeconds: member.errorMicroseconds / 1e6,
          travelBoundSeconds: member.travelBoundMicroseconds / 1e6,
          method: member.method,
        }))
  const zeroRecording = recordings.find(({ footage }) => footage === zero?.footage)
  const zeroSeconds =
    zero !== undefined && zeroRecording !== undefined
      ? toClock(zeroRecording.clock, zero.at)
      : Math.min(...recordings.map(({ clock }) => clock.offsetSeconds), Infinity)
  const first = recordings.toSorted((a, b) => a.clock.offsetSeconds - b.clock.offsetSeconds)[0]
  const others = result.groups
    .filter((candidate) => candidate !== group)
    .flatMap(({ members: apart }) =>
      apart.map(({ footage }) => ({
        footage,
        code: 'another-group',
        reason: `shares sound with ${apart
          .filter((other) => other.footage !== footage)
          .map((other) => labelOf(other.footage))
          .join(', ')}, but with none of the recordings on this clock`,
      })),
    )
  return {
    recordings: recordings.map((recording) => ({
      ...recording,
      clock: withZeroAt(recording.clock, Number.isFinite(zeroSeconds) ? zeroSeconds : 0),
    })),
    apart: [
      ...result.apart.filter(({ footage }) => !recordings.some((on) => on.footage === footage)),
      ...others,
    ],
    zeroLabel:
      zero === undefined || zeroRecording === undefined
        ? `the start of ${first === undefined ? 'the first recording' : labelOf(first.footage)}`
        : `${zero.label}, in ${labelOf(zero.footage)}`,
  }
}
