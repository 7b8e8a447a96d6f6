import type { RecipeDraft } from '../case/exhibit.ts'
import type { VideoFacts } from '../case/item-facts.ts'
import type {
  CompositeAngle,
  CompositeParameters,
  Enlargement,
  FrameSpan,
  PictureSource,
  Region,
} from '../case/recipe.ts'
import type { Interval } from '../case/redaction.ts'
import { fromClock } from '../time/clock.ts'
import { framesBetween } from '../time/frame-table.ts'

/** What a reader sees or hears of an original. */
export type Shown = ShownPicture | ShownSound

export interface ShownPicture {
  readonly kind: 'picture'
  /** SHA-256 of the original. */
  readonly item: string
  /** From the first frame's beginning to the last one's end, own time; absent of photos and pages. */
  readonly interval?: Interval
  /** Of a PDF, from 1; absent where the whole is shown. */
  readonly page?: number
  /** Where no more than this part of the upright picture is shown. */
  readonly crop?: {
    readonly region: Region
    readonly widthPixels: number
    readonly heightPixels: number
  }
}

export interface ShownSound {
  readonly kind: 'sound'
  readonly item: string
  readonly interval: Interval
}

const always: Interval = { fromSeconds: -Infinity, toSeconds: Infinity }

/** Sound is cut to the sample, but jumps of container times below this are left where they are. */
const soundJumpSeconds = 0.01

/** Everything that a recipe's output shows of its originals. */
export function shownBy(
  draft: RecipeDraft,
  videoOf: (item: string) => VideoFacts | undefined,
): readonly Shown[] {
  const item = draft.inputs[0]?.item ?? ''
  switch (draft.kind) {
    case 'cover':
      // A plain ground with words: its inputs say what it stands before.
      return []
    case 'proxy':
      return [
        { kind: 'picture', item, interval: always },
        { kind: 'sound', item, interval: always },
      ]
    case 'photo':
      return [{ kind: 'picture', item }]
    case 'facsimile':
      return [{ kind: 'picture', item, page: draft.parameters.page }]
    case 'composite':
      return draft.parameters.angles.flatMap((angle, index) => {
        const input = draft.inputs[index]?.item ?? ''
        return shownInGrid(draft.parameters, angle, index, input, videoOf(input))
      })
    case 'still': {
      const { picture, ticks, endTicks, enlargement } = draft.parameters
      return [shownFrames(item, picture, { firstTicks: ticks, endTicks }, enlargement)]
    }
    case 'clip': {
      const { picture, span, enlargement, soundStreamIndex } = draft.parameters
      const seen = shownFrames(item, picture, span, enlargement)
      return soundStreamIndex === undefined ? [seen] : [seen, heard(item, seen.interval)]
    }
  }
}

function shownFrames(
  item: string,
  { timescale, widthPixels, heightPixels }: PictureSource,
  { firstTicks, endTicks }: Pick<FrameSpan, 'firstTicks' | 'endTicks'>,
  enlargement: Enlargement | undefined,
) {
  const interval = { fromSeconds: firstTicks / timescale, toSeconds: endTicks / timescale }
  const crop = enlargement && { region: enlargement.crop, widthPixels, heightPixels }
  return { kind: 'picture', item, interval, ...(crop && { crop }) } as const
}

function heard(item: string, { fromSeconds, toSeconds }: Interval): ShownSound {
  const interval = {
    fromSeconds: fromSeconds - soundJumpSeconds,
    toSeconds: toSeconds + soundJumpSeconds,
  }
  return { kind: 'sound', item, interval }
}

/** One angle of a grid: every frame that is on screen in it, as far as its piece goes. */
function shownInGrid(
  { fromMicroseconds, toMicroseconds, framesPerSecond, soundInput }: CompositeParameters,
  angle: CompositeAngle,
  index: number,
  item: string,
  video: VideoFacts | undefined,
): readonly Shown[] {
  const rate = angle.ratePartsPerBillion / 1e9
  const map = { offsetSeconds: angle.offsetMicroseconds / 1e6, rate }
  const ownAt = (clockMicroseconds: number) => fromClock(map, clockMicroseconds / 1e6)
  const slotMicroseconds = 1e6 / framesPerSecond
  // A slot shows what is on screen in its middle; there is at least one.
  const lastMicroseconds = Math.max(toMicroseconds, fromMicroseconds + slotMicroseconds)
  const own = { fromSeconds: ownAt(fromMicroseconds), toSeconds: ownAt(lastMicroseconds) }
  const { timescale } = angle.picture
  const fromSeconds = Math.max(own.fromSeconds, angle.firstTicks / timescale)
  const toSeconds = Math.min(own.toSeconds, angle.endTicks / timescale)
  const seen: Shown[] =
    toSeconds <= fromSeconds
      ? []
      : [{ kind: 'picture', item, interval: wholeFrames(video, { fromSeconds, toSeconds }) }]
  if (index !== soundInput) return seen
  // Whole slots are heard, the last of which may end half a slot after the grid was asked to.
  return [...seen, heard(item, { ...own, toSeconds: ownAt(lastMicroseconds + slotMicroseconds) })]
}

function wholeFrames(video: VideoFacts | undefined, interval: Interval): Interval {
  const frames = video?.frames
  const on = frames && framesBetween(frames, interval.fromSeconds, interval.toSeconds)
  if (frames === undefined || on === undefined) return interval
  const { ticks, endTicks, timescale } = frames
  return {
    fromSeconds: (ticks[on.first] ?? 0) / timescale,
    toSeconds: (ticks[on.last + 1] ?? endTicks) / timescale,
  }
}
