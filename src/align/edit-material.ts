import type { SolvedGroup } from './group-result.ts'
import type { Span } from './laid-lines.ts'
import type { PairFinding } from './pair-search.ts'
import type { RecordingPart } from './recording-parts.ts'
import type { SoundFeatures } from './sound-features.ts'

/**
 * Of more, only those that show a cut are followed again once there are pieces, and of these none
 * is asked for a line that stands alone: so many witnesses say it surely, or it is none.
 */
const fewRecordings = 40
/** Where a part of a recording lies against others, by all of them together. */
export interface Expected extends Span {
  /** Own time of the recording less own time of the other. Surest first. */
  readonly against: readonly { readonly recording: string; readonly lagSeconds: number }[]
}

export interface EditMaterial {
  readonly parts: readonly RecordingPart[]
  readonly groups: readonly SolvedGroup[]
  /** Of pairs of whole recordings, by id. */
  readonly findings: readonly (PairFinding & { readonly ids: readonly [string, string] })[]
  readonly featuresOf: (recording: string) => SoundFeatures | undefined
  /** Lags of the links of two whole recordings, own time of the first less own time of the second. */
  readonly lagsOf: (a: string, b: string) => readonly number[]
}

/** Whether these are parts of more than a few recordings. */
export function areMany(parts: readonly RecordingPart[]): boolean {
  return new Set(parts.map(({ recording }) => recording)).size > fewRecordings
}
