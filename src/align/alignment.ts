import type { SampleSource } from './sample-source.ts'

export interface AlignInput {
  readonly id: string
  /** Mono, 8 kHz, full scale ±1; index 0 is the recording's own time 0. NaN counts as silence. */
  readonly samples: Float32Array | SampleSource
  /** Of the sound, such as the file's hash: recordings without it are not remembered. */
  readonly fingerprint?: string
  /** Where the phone stood, metres east and north of any one origin, ± the error of that. */
  readonly position?: {
    readonly xMetres: number
    readonly yMetres: number
    readonly errorMetres: number
  }
}

/** One visual event seen in two recordings, in each one's own time. */
export interface Anchor {
  readonly a: { readonly id: string; readonly atSeconds: number }
  readonly b: { readonly id: string; readonly atSeconds: number }
  /** Half-width: the difference of the two times is right within ± this. */
  readonly errorSeconds: number
}

/**
 * clock = offsetSeconds + rate × own time. Clock zero is the first moment that any member of the
 * group holds: own zero of the member that starts first, unless that one's first piece lies later.
 * Of a recording cut together from pieces, offset and errors are the longest piece's.
 */
export interface AlignedMember {
  readonly id: string
  readonly offsetSeconds: number
  /** Clock seconds per own second; the mean of a group's rates is 1. */
  readonly rate: number
  /** 95 % half-width against the member that starts first, anywhere in the recording: statistics and travel together. */
  readonly errorSeconds: number
  /** The part of it that measurement leaves. */
  readonly statisticalErrorSeconds: number
  /** By how much sound's travel may have shifted this member, 95 %; 0 where anchors lead to the first member. */
  readonly travelBoundSeconds: number
  readonly method: 'sound' | 'anchors' | 'sound and anchors'
  /** In order of own time; one, the whole, for a recording that was not cut. */
  readonly pieces: readonly AlignedPiece[]
}

/**
 * A part of a recording that was recorded without a break. Within it
 * clock = offsetSeconds + the member's rate × own time of the recording. Own time that no piece
 * holds could not be placed.
 */
export interface AlignedPiece {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly offsetSeconds: number
  /** 95 % half-width, and the part of it that is travel's, as the member's. */
  readonly errorSeconds: number
  readonly travelBoundSeconds: number
}

/** Evidence that ties two members. a and b are in order of id. */
export interface AlignmentLink {
  readonly a: string
  readonly b: string
  /** a-time minus b-time of the same sound or event, in the middle of what was compared. */
  readonly lagSeconds: number
  /** (rate of b / rate of a − 1) × 10⁶ as this link alone has it; absent where it has none. */
  readonly driftPpm?: number
  /** Sound: the gap between the two highest peaks. Anchor: how many anchors of the pair agree. */
  readonly confidence: number
  readonly overlapSeconds: number
  /** What the group's solution leaves unexplained, after sound's travel as far as places and anchors show it. */
  readonly residualSeconds: number
  readonly kind: 'sound' | 'anchor'
  /** The two are one recording stored twice: no evidence of a second witness. */
  readonly isSameRecording: boolean
  readonly accepted: boolean
  /** Why it was rejected. */
  readonly reason?: string
}

export interface AlignmentGroup {
  /** In the order in which they start. */
  readonly members: readonly AlignedMember[]
  readonly links: readonly AlignmentLink[]
}

export type ApartCode =
  | 'no-audio'
  | 'silent'
  | 'too-short'
  | 'only-recording'
  | 'ambiguous-sound'
  | 'no-shared-sound'

export interface ApartRecording {
  readonly id: string
  readonly code: ApartCode
  readonly reason: string
}

/**
 * Two recordings that are one, stored twice: other codec, level, start, cuts. `of` is the one
 * that holds more sound; neither is claimed to be the original. They are one witness.
 */
export interface Reupload {
  readonly of: string
  readonly id: string
  /** Nine of ten moments of what they share agree at least so much in waveform: 1 is the same, 0 chance. */
  readonly agreement: number
  readonly sharedSeconds: number
}

export interface Alignment {
  /** Largest first. */
  readonly groups: readonly AlignmentGroup[]
  readonly apart: readonly ApartRecording[]
  readonly reuploads: readonly Reupload[]
}

export interface AlignOptions {
  readonly anchors?: readonly Anchor[]
  readonly soundSpeedMetresPerSecond?: number
  /** What was found of pairs before, from and for a run that is cut short. */
  readonly memory?: PairMemory
}

/** Keeps what was found of pairs, as text; the engine's own version is not part of the key. */
export interface PairMemory {
  readonly get: (key: string) => string | undefined
  readonly set: (key: string, found: string) => void
}

/** Work done a little at a time. */
export type AlignSteps<Result> = Generator<AlignProgress, Result, void>

export interface AlignProgress {
  /** Features of each recording, every two compared, links measured, pieces of edited recordings. */
  readonly step: 'hearing' | 'comparing' | 'measuring' | 'piecing'
  readonly done: number
  readonly total: number
}
