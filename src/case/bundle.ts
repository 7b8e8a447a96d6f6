import type { Case } from './case-schema.ts'
import type { RenderedExhibit } from './exhibit.ts'
import type { Finding, ItemFacts } from './item-facts.ts'
import type { IncidentClock } from './on-clock.ts'
import type { CaseReadingTables, ConfirmedImpulse } from './reading.ts'
import type { Story } from './story.ts'

/** An original that the case names. */
export interface CaseItem {
  /** SHA-256 of the original. */
  readonly item: string
  readonly sizeBytes: number
  readonly facts: ItemFacts
  readonly findings: readonly Finding[]
  /** RFC 3339. */
  readonly receivedAt: string
}

/** Everything a story bundle is made from; nothing in it reads a disk or a clock. */
export interface StoryMaterial {
  readonly case: Case
  readonly story: Story
  /** By the case's id of footage, photo or document. */
  readonly items: ReadonlyMap<string, CaseItem>
  readonly clock: IncidentClock
  readonly tables: CaseReadingTables
  /** In order of time. No other impulsive sound of the case is published. */
  readonly impulses: readonly ConfirmedImpulse[]
  readonly exhibits: ReadonlyMap<string, RenderedExhibit>
  /** Marked passages on facsimile pages, by statement id. */
  readonly passages: ReadonlyMap<string, Passage>
  readonly revision: number
  /** RFC 3339, UTC. */
  readonly publishedAt: string
  /** Of revision 1; the same as `publishedAt` for that one. */
  readonly firstPublishedAt: string
  /** The log whose checkpoint closes the bundle, as its signed notes name it. */
  readonly logOrigin: string
  readonly toolVersion: string
  readonly assets: readonly BundleFile[]
}

/** Where a statement's quote stands in its document. */
export interface Passage {
  readonly document: string
  /** 0-based index into `DocumentFacts.pages`. */
  readonly page: number
  /** UTF-16 offsets into that page's text. */
  readonly start: number
  readonly end: number
  /** One box for each line it covers, in fractions of the page's width and height. */
  readonly boxes: readonly {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }[]
}

/** One file of a story bundle: bytes made here, or a blob copied from the library. */
export type BundleFile =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly blob: string }
