import type { Case } from '../case/case-schema.ts'
import type { ImpulseCandidate } from '../case/impulse.ts'
import type { IncidentClock } from '../case/on-clock.ts'
import type { ImpulseReading } from '../case/reading.ts'
import { impulseCandidates, impulsePieces } from '../examine/impulse-candidates.ts'
import { findImpulseOnsets, type SoundPieces } from '../examine/impulse-onsets.ts'
import { microsecondsOf, roundedWhole } from '../time/microseconds.ts'
import { fromZero, plusMinus, timecode } from '../time/text.ts'

/** A recording's onsets as kept and hashed: integers, strings and truth values only. */
export interface StoredOnsets {
  readonly footage: string
  /** Own time at which its sound ends. */
  readonly endMicroseconds: number
  readonly onsets: readonly {
    readonly ownMicroseconds: number
    readonly errorMicroseconds: number
    readonly prominenceHundredthsDb: number
    readonly riseHundredthsDb: number
    readonly levelHundredthsDb: number
    readonly clipped: boolean
    /** Base64 of `ImpulseShape`. */
    readonly shape: string
  }[]
}

export function storedOnsets(footage: string, samples: Float32Array | SoundPieces): StoredOnsets {
  return {
    footage,
    endMicroseconds: microsecondsOf(samples.length / 8000),
    onsets: findImpulseOnsets(samples).map((onset) => ({
      ownMicroseconds: microsecondsOf(onset.ownSeconds),
      errorMicroseconds: microsecondsOf(onset.errorSeconds),
      prominenceHundredthsDb: roundedWhole(onset.prominenceDb * 100),
      riseHundredthsDb: roundedWhole(onset.riseDb * 100),
      levelHundredthsDb: roundedWhole(onset.levelDb * 100),
      clipped: onset.clipped,
      shape: Buffer.from(onset.shape.buffer).toString('base64'),
    })),
  }
}

/** The impulsive sounds of the recordings on the incident's clock. */
export function incidentImpulses(
  facts: Case,
  clock: IncidentClock,
  stored: readonly StoredOnsets[],
): readonly ImpulseCandidate[] {
  return impulseCandidates(
    clock.recordings.flatMap((placed) => {
      const own = stored.find(({ footage }) => footage === placed.footage)
      if (own === undefined) return []
      const position = facts.footage.find(({ id }) => id === placed.footage)?.position
      return impulsePieces(
        {
          ...placed,
          id: placed.footage,
          onsets: own.onsets.map((onset) => ({
            ownSeconds: onset.ownMicroseconds / 1e6,
            errorSeconds: onset.errorMicroseconds / 1e6,
            prominenceDb: onset.prominenceHundredthsDb / 100,
            riseDb: onset.riseHundredthsDb / 100,
            levelDb: onset.levelHundredthsDb / 100,
            clipped: onset.clipped,
            shape: new Int8Array(Buffer.from(onset.shape, 'base64')),
          })),
          ...(position === undefined
            ? {}
            : {
                position: {
                  xMetres: position.x,
                  yMetres: position.y,
                  errorMetres: position.error,
                },
              }),
        },
        own.endMicroseconds / 1e6,
      )
    }),
  )
}

/** What a person has still to decide, said to the team; none of it is on the page. */
export function undecidedNotices(reading: ImpulseReading): readonly string[] {
  return [
    ...reading.undecidedEvents.map(
      ({ id }) =>
        `event "${id}" is an impulsive sound that nobody confirmed: left out; add decision and by`,
    ),
    ...reading.undecided.map(({ clockSeconds, errorSeconds, heardIn, silentIn }) => {
      const at = heardIn.map((heard) => `${heard.recording} ${timecode(heard.ownSeconds)}`)
      const of = heardIn.length + silentIn.length
      return `impulsive sound at ${fromZero(clockSeconds)} ${plusMinus(errorSeconds)}, heard in ${heardIn.length} of ${of} (${at.join(', ')}): nobody decided on it`
    }),
  ]
}
