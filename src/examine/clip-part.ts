import type { PartRole, PlannedPart } from '../case/exhibit.ts'
import type { VideoFacts } from '../case/item-facts.ts'
import type { FrameSpan } from '../case/recipe.ts'
import { framesBetween } from '../time/frame-table.ts'
import { timecode } from '../time/text.ts'
import { outsideRecording, recordingOf, type ExamineContext } from './context.ts'
import { enlargementOf, maxSidePixels, treatmentOf, type EnlargementWish } from './enlargement.ts'

export function spanOf(
  video: VideoFacts,
  footage: string,
  fromSeconds: number,
  toSeconds: number,
): FrameSpan {
  const { frames } = video
  const between = framesBetween(frames, fromSeconds, toSeconds)
  const firstTicks = frames.ticks[between?.first ?? -1]
  const lastTicks = frames.ticks[between?.last ?? -1]
  if (between === undefined || firstTicks === undefined || lastTicks === undefined) {
    throw outsideRecording(video, footage, `${timecode(fromSeconds)} to ${timecode(toSeconds)}`)
  }
  const beforeTicks = frames.ticks[between.first - 1]
  return {
    firstFrame: between.first,
    lastFrame: between.last,
    firstTicks,
    lastTicks,
    ...(beforeTicks === undefined ? {} : { beforeTicks }),
    endTicks: frames.ticks[between.last + 1] ?? frames.endTicks,
  }
}

interface ClipWish extends EnlargementWish {
  readonly footage: string
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** The frames of an interval, in order, at real speed or slowed. */
export function clipPart(
  context: ExamineContext,
  role: PartRole,
  name: string,
  wish: ClipWish,
  slowdown: number,
): PlannedPart {
  const { item, facts, video } = recordingOf(context, wish.footage)
  const span = spanOf(video, wish.footage, wish.fromSeconds, wish.toSeconds)
  const enlargement = enlargementOf(video, wish)
  return {
    role,
    name,
    treatment: treatmentOf(slowdown, enlargement),
    durationSeconds: ((span.endTicks - span.firstTicks) / video.picture.timescale) * slowdown,
    draft: {
      format: 'sightline-recipe/1',
      kind: 'clip',
      inputs: [{ item, container: facts.container }],
      parameters: {
        picture: video.picture,
        span,
        slowdown,
        ...(enlargement === undefined ? {} : { enlargement }),
        maxSidePixels,
        ...(slowdown === 1 && facts.sound !== undefined
          ? { soundStreamIndex: facts.sound.streamIndex }
          : {}),
        burnedClock: true,
      },
    },
  }
}
