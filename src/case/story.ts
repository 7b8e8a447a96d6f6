import type { Root } from 'mdast'
import type { Kernel, Region } from './recipe.ts'

/** A story as written: front matter, Markdown and the exhibits it asks for. */
export interface Story {
  readonly title: string
  readonly standfirst: string
  readonly byline: string
  /** Shown before any picture: what, when, sound, how long. */
  readonly warning?: string
  readonly corrections: readonly Correction[]
  /** Directive nodes of exhibits and blocks carry `data.placeId`, a key of `places`. */
  readonly tree: Root
  readonly places: ReadonlyMap<string, Place>
}

export interface Correction {
  /** EDTF. */
  readonly date: string
  readonly text: string
}

/** What a directive asks to stand at its place in the story. */
export type Place =
  | CompositePlace
  | SegmentPlace
  | SlowMotionPlace
  | StillPlace
  | EnlargementPlace
  | PhotoPlace
  | FacsimilePlace
  | QuotePlace
  | ListPlace

interface Placed<Kind extends string> {
  readonly kind: Kind
  /** Unique in the story; an HTML id, shareable in an address. */
  readonly id: string
  readonly caption: string
  /** 1-based, in story.md, for problems found later. */
  readonly line: number
  readonly column: number
}

interface Moving {
  /** A specific warning; its exhibit shows a plain cover and never a frame before it is started. */
  readonly warning?: string
}

interface Enlargeable {
  readonly crop?: Region
  /** Whole number, 1 for none. */
  readonly factor: number
  readonly kernel: Kernel
}

export interface CompositePlace extends Placed<'composite'>, Moving {
  /** Seconds from the clock's zero. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Ids of footage, in the order of the cells. */
  readonly angles: readonly string[]
  /** Footage whose sound is heard. */
  readonly sound?: string
}

export interface SegmentPlace extends Placed<'segment'>, Moving, Enlargeable {
  readonly footage: string
  /** Own time of the recording. */
  readonly fromSeconds: number
  readonly toSeconds: number
}

export interface SlowMotionPlace extends Placed<'slow-motion'>, Moving, Enlargeable {
  readonly footage: string
  readonly fromSeconds: number
  readonly toSeconds: number
  /** 4 is shown as 0.25×. */
  readonly slowdown: number
}

export interface StillPlace extends Placed<'still'>, Enlargeable {
  readonly footage: string
  readonly atSeconds: number
}

/** A still with a region marked, beside that region enlarged. */
export interface EnlargementPlace extends Placed<'enlargement'>, Enlargeable {
  readonly footage: string
  readonly atSeconds: number
  readonly crop: Region
}

export interface PhotoPlace extends Placed<'photo'> {
  readonly photo: string
}

export interface FacsimilePlace extends Placed<'facsimile'> {
  readonly document: string
  /** Statements whose passages are marked. */
  readonly statements: readonly string[]
}

export interface QuotePlace extends Placed<'quote'> {
  readonly statement: string
}

export interface ListPlace extends Placed<'timeline' | 'claims' | 'contradictions' | 'questions'> {}
