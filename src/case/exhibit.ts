import type { Recipe } from './recipe.ts'

/** A recipe before the tool's version and the exact command are filled in. */
export type RecipeDraft = Recipe extends infer Each
  ? Each extends Recipe
    ? Omit<Each, 'tool'>
    : never
  : never

export type PartRole =
  | 'main'
  | 'slow'
  | 'real-speed'
  | 'whole'
  | 'enlarged'
  | 'page'
  /** Stands in a video's place until the reader starts it. */
  | 'poster'

/** What an exhibit shows, before it is rendered. */
export interface PlannedExhibit {
  /** The `Place` it stands at. */
  readonly placeId: string
  readonly parts: readonly PlannedPart[]
}

export interface PlannedPart {
  readonly role: PartRole
  /** File name in the bundle's `media/`, without an extension. */
  readonly name: string
  readonly draft: RecipeDraft
  /** Printed beside it: factor, crop, kernel, frames; "otherwise unaltered". */
  readonly treatment: string
  readonly durationSeconds?: number
}

/** A part as it stands in the bundle. */
export interface RenderedPart extends PlannedPart {
  /** `media/…` */
  readonly path: string
  readonly mediaType: string
  readonly widthPixels: number
  readonly heightPixels: number
  readonly sizeBytes: number
  readonly sha256: string
  readonly recipeSha256: string
  readonly recipe: Recipe
  /** Of the custody entry that records it. */
  readonly entryIndex: number
}

export interface RenderedExhibit {
  readonly placeId: string
  readonly parts: readonly RenderedPart[]
}
