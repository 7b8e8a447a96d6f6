import type { PartRole, PlannedPart } from '../case/exhibit.ts'
import { frameOnScreen } from '../time/frame-table.ts'
import { timecode } from '../time/text.ts'
import { outsideRecording, recordingOf, type ExamineContext } from './context.ts'
import { enlargementOf, maxSidePixels, treatmentOf, type EnlargementWish } from './enlargement.ts'

interface StillWish extends EnlargementWish {
  readonly footage: string
  readonly atSeconds: number
}

/** Exactly the frame on screen at a moment. */
export function stillPart(
  context: ExamineContext,
  role: PartRole,
  name: string,
  wish: StillWish,
): PlannedPart {
  const { item, facts, video } = recordingOf(context, wish.footage)
  const { frames, picture } = video
  const frame = frameOnScreen(frames, wish.atSeconds)
  const ticks = frames.ticks[frame ?? -1]
  if (frame === undefined || ticks === undefined)
    throw outsideRecording(video, wish.footage, timecode(wish.atSeconds))
  const beforeTicks = frames.ticks[frame - 1]
  const enlargement = enlargementOf(video, wish)
  const at = `frame ${frame} at ${timecode(ticks / frames.timescale)}`
  return {
    role,
    name,
    treatment: `${at}${enlargement === undefined ? ', unaltered' : `, ${treatmentOf(1, enlargement).replace('real speed, ', '')}`}`,
    draft: {
      format: 'sightline-recipe/1',
      kind: 'still',
      inputs: [{ item, container: facts.container }],
      parameters: {
        picture,
        frame,
        ticks,
        ...(beforeTicks === undefined ? {} : { beforeTicks }),
        endTicks: frames.ticks[frame + 1] ?? frames.endTicks,
        ...(enlargement === undefined ? {} : { enlargement }),
        maxSidePixels,
      },
    },
  }
}
