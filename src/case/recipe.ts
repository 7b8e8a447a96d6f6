/**
 * How a derivative is made, enough to make it again (SWGDE 15-M-002). Recipes
 * are hashed as canonical JSON, so they hold strings, booleans and integers
 * only; times are ticks or microseconds, rates parts per billion.
 *
 * `tool.arguments` is the exact command, with `in/0`, `in/1` … and `out/…` for the
 * files; whoever replays a recipe rebuilds the arguments from `parameters` and
 * compares them, and never runs a list that a stranger wrote.
 */
export type Recipe =
  | RecipeOf<'proxy', ProxyParameters>
  | RecipeOf<'clip', ClipParameters>
  | RecipeOf<'still', StillParameters>
  | RecipeOf<'composite', CompositeParameters>
  | RecipeOf<'photo', PhotoParameters>
  | RecipeOf<'facsimile', FacsimileParameters>
  | RecipeOf<'cover', CoverParameters>

interface RecipeOf<Kind extends string, Parameters> {
  readonly format: 'sightline-recipe/1'
  readonly kind: Kind
  /** In the order of `in/0`, `in/1` … */
  readonly inputs: readonly RecipeInput[]
  readonly parameters: Parameters
  readonly tool: Tool
}

export interface RecipeInput {
  /** SHA-256 of an original. */
  readonly item: string
  /** A recording's `container` as probed: how its bytes are read. Absent for photos and documents. */
  readonly container?: string
}

export interface Tool {
  readonly name: 'ffmpeg' | 'pdftoppm' | 'heif-convert'
  readonly version: string
  /** The exact command. */
  readonly arguments: readonly string[]
}

/** Clockwise turn that brings the stored picture upright. */
export type RotationDegrees = 0 | 90 | 180 | 270

/** Where a recording's frames are: the video stream, as probed. */
export interface PictureSource {
  /** Index among all streams of the file. */
  readonly streamIndex: number
  readonly timescale: number
  readonly rotationDegrees: RotationDegrees
  /** Of the upright picture, after rotation, square pixels not assumed. */
  readonly widthPixels: number
  readonly heightPixels: number
}

/** First and last frame, both included, by index and by PTS. */
export interface FrameSpan {
  readonly firstFrame: number
  readonly lastFrame: number
  readonly firstTicks: number
  readonly lastTicks: number
  /** PTS of the frame before the first; absent when the first is frame 0. */
  readonly beforeTicks?: number
  /** PTS at which the last frame leaves the screen. */
  readonly endTicks: number
}

/** In pixels of the upright picture. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Named after FFmpeg's scaler flags; nearest neighbour unless chosen. */
export type Kernel = 'neighbor' | 'bilinear' | 'bicubic' | 'lanczos'

export interface Enlargement {
  readonly crop: Region
  /** Whole number: how many output pixels one source pixel becomes. */
  readonly factor: number
  readonly kernel: Kernel
}

export interface ProxyParameters {
  readonly picture?: PictureSource
  readonly soundStreamIndex?: number
  /** Of the upright picture, never more than the original's. */
  readonly heightsPixels: readonly number[]
  /** PTS of the frame that becomes the poster. */
  readonly posterTicks?: number
}

/** A segment at real speed, or slowed by a whole number: no frame is invented. */
export interface ClipParameters {
  readonly picture: PictureSource
  readonly span: FrameSpan
  /** 1 is real speed; 4 is shown as 0.25×. */
  readonly slowdown: number
  readonly enlargement?: Enlargement
  /** Longest side of the output where no enlargement is asked for; never scales up. */
  readonly maxSidePixels: number
  /** Absent: silent. Slowed sound is never offered. */
  readonly soundStreamIndex?: number
  /** Elapsed own time of the recording, burned in at the lower edge. */
  readonly burnedClock: boolean
}

export interface StillParameters {
  readonly picture: PictureSource
  readonly frame: number
  readonly ticks: number
  readonly beforeTicks?: number
  readonly endTicks: number
  readonly enlargement?: Enlargement
  readonly maxSidePixels: number
}

export interface CompositeParameters {
  /** On the clock. */
  readonly fromMicroseconds: number
  readonly toMicroseconds: number
  readonly framesPerSecond: number
  readonly columns: number
  readonly cellWidthPixels: number
  readonly cellHeightPixels: number
  /** One for each input, row by row. */
  readonly angles: readonly CompositeAngle[]
  /** Input whose sound is heard; absent: silent. */
  readonly soundInput?: number
  /** One slot only, as a PNG: what stands in the video's place before it plays. */
  readonly asPicture?: true
}

export interface CompositeAngle {
  readonly picture: PictureSource
  readonly label: string
  /** clock = offset + rate × own. */
  readonly offsetMicroseconds: number
  readonly ratePartsPerBillion: number
  /** Own time at which the first and the last frame of the recording start and end. */
  readonly firstTicks: number
  readonly endTicks: number
  readonly soundStreamIndex?: number
}

export interface PhotoParameters {
  readonly sourceFormat: 'jpeg' | 'png' | 'heic'
  readonly maxSidePixels: number
}

export interface FacsimileParameters {
  /** 1-based. */
  readonly page: number
  readonly dotsPerInch: number
}

/** A plain dark picture with a warning, burned in, that stands before graphic footage. */
export interface CoverParameters {
  readonly widthPixels: number
  readonly heightPixels: number
  readonly lines: readonly string[]
}
