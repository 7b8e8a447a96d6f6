import type { FrameTable } from '../time/frame-table.ts'
import type { PictureSource } from './recipe.ts'

/** What the probe found in an original: reported, not believed. */
export type ItemFacts = RecordingFacts | PhotoFacts | DocumentFacts | OtherFacts

export interface RecordingFacts {
  readonly kind: 'recording'
  /** What the bytes are, by content, never by name. */
  readonly mediaType: string
  readonly container: string
  /** What the container declares. */
  readonly declaredDurationSeconds?: number
  /** Last packet's end, as scanned. */
  readonly scannedDurationSeconds: number
  /** One claim about when, beside others. */
  readonly containerTime?: string
  readonly video?: VideoFacts
  readonly sound?: SoundFacts
}

export interface VideoFacts {
  readonly codec: string
  readonly picture: PictureSource
  readonly frames: FrameTable
  /** Of the stored picture, before rotation. */
  readonly storedWidthPixels: number
  readonly storedHeightPixels: number
}

export interface SoundFacts {
  readonly codec: string
  readonly streamIndex: number
  readonly sampleRateHz: number
  readonly channels: number
  /** Own time of the first sample. */
  readonly startSeconds: number
}

export interface PhotoFacts {
  readonly kind: 'photo'
  readonly mediaType: string
  readonly format: 'jpeg' | 'png' | 'heic'
  readonly widthPixels: number
  readonly heightPixels: number
}

export interface DocumentFacts {
  readonly kind: 'document'
  readonly mediaType: string
  readonly pages: readonly DocumentPage[]
}

/** One page (PDF) or the whole text (plain text, HTML). */
export interface DocumentPage {
  readonly text: string
  /** Points, 1/72 inch; absent for plain text and HTML. */
  readonly widthPoints?: number
  readonly heightPoints?: number
  /** Words in reading order with their boxes in points from the upper left; PDF only. */
  readonly words?: readonly PageWord[]
}

export interface PageWord {
  readonly text: string
  readonly xMin: number
  readonly yMin: number
  readonly xMax: number
  readonly yMax: number
}

export interface OtherFacts {
  readonly kind: 'other'
  readonly mediaType: string
}

/** A visible notice about an item. `problem`: it cannot be used as it should; `notice`: it can, with care. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: 'problem' | 'notice'
  /** Names the thing, the reason and the remedy; safe to show. */
  readonly message: string
}

export type FindingCode =
  | 'unreadable-media'
  | 'truncated'
  | 'refers-to-other-files'
  | 'codec-not-allowed'
  | 'too-many-pixels'
  | 'limit-exceeded'
  | 'encrypted'
  | 'unrecognised-content'
  | 'name-and-content-differ'
  | 'no-video-frames'
  | 'no-sound'
  | 'durations-disagree'
  | 'variable-frame-rate'
  | 'dropped-frames'
  | 'duplicated-frames'
  | 'undecodable-frames'
  | 'edit-list'
  | 'rotation'
  | 'sound-starts-late'
  | 'metadata-location'
  | 'text-not-found'
