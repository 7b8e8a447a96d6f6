import type { Alignment } from '../align/alignment.ts'
import type { RecordingOnClock } from '../case/on-clock.ts'
import { microsecondsOf, roundedWhole } from '../time/microseconds.ts'
import type { StoredOnsets } from './incident-impulses.ts'

/** Another one's results are neither found nor read: they are made anew. */
export const alignmentFormat = 'sightline-alignment/3'

/** As kept and hashed: integers and strings only. `docs/formats/alignment.md`. */
export interface StoredAlignment {
  readonly format: typeof alignmentFormat
  readonly groups: readonly {
    readonly members: readonly StoredMember[]
    readonly links: readonly {
      readonly a: string
      readonly b: string
      readonly kind: 'sound' | 'anchor'
      readonly lagMicroseconds: number
      /** Absent where the link has none of its own. */
      readonly driftPartsPerBillion?: number
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

export interface StoredMember {
  readonly footage: string
  readonly ratePartsPerBillion: number
  readonly method: RecordingOnClock['method']
  /** In order of own time; one for a recording that was not cut. */
  readonly pieces: readonly {
    readonly fromMicroseconds: number
    readonly toMicroseconds: number
    readonly offsetMicroseconds: number
    readonly errorMicroseconds: number
    readonly travelBoundMicroseconds: number
  }[]
}

export function storedAlignment(
  alignment: Alignment,
  onsets: readonly StoredOnsets[],
): StoredAlignment {
  return {
    format: alignmentFormat,
    groups: alignment.groups.map(({ members, links }) => ({
      members: members.map((member) => ({
        footage: member.id,
        ratePartsPerBillion: roundedWhole(member.rate * 1e9),
        method: member.method,
        pieces: member.pieces.map((piece) => ({
          fromMicroseconds: microsecondsOf(piece.fromSeconds),
          toMicroseconds: microsecondsOf(piece.toSeconds),
          offsetMicroseconds: microsecondsOf(piece.offsetSeconds),
          errorMicroseconds: microsecondsOf(piece.errorSeconds),
          travelBoundMicroseconds: microsecondsOf(piece.travelBoundSeconds),
        })),
      })),
      links: links.map((link) => ({
        a: link.a,
        b: link.b,
        kind: link.kind,
        lagMicroseconds: microsecondsOf(link.lagSeconds),
        ...(link.driftPpm === undefined
          ? {}
          : { driftPartsPerBillion: roundedWhole(link.driftPpm * 1000) }),
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

/** Undefined for one of another format. */
export function readStoredAlignment(text: string): StoredAlignment | undefined {
  const stored = JSON.parse(text) as { readonly format: string }
  return stored.format === alignmentFormat ? (stored as StoredAlignment) : undefined
}
