import type { ClipParameters, RecipeInput } from '../case/recipe.ts'
import { drawText, ownTimeText } from './burned-text.ts'
import { alterationText, banded, shown } from './enlarge.ts'
import type { Command } from './command.ts'
import {
  aac,
  asPixels,
  ffmpegStart,
  h264,
  inTicks,
  mp4,
  drained,
  emptyInput,
  recordingInput,
} from './ffmpeg-arguments.ts'
import { cutSound } from './sound-filters.ts'

/**
 * The frames of a span in order, each as long as it was on screen, times
 * `slowdown`. Frames are taken by PTS; none is made, none is dropped.
 */
export function clipCommand(parameters: ClipParameters, inputs: readonly RecipeInput[]): Command {
  const { picture, span, slowdown, enlargement, soundStreamIndex } = parameters
  const { timescale } = picture
  const texts = [
    ...(parameters.burnedClock ? [ownTimeText] : []),
    ...[alterationText(slowdown, enlargement)].filter((text) => text !== ''),
  ]
  const view = shown(picture, enlargement, parameters.maxSidePixels)
  const band = banded(view.size, texts.length)
  const frames = span.lastFrame - span.firstFrame + 1
  const video = [
    inTicks(picture),
    `trim=start_pts=${span.firstTicks}:end_pts=${span.lastTicks + 1}`,
    ...view.filters,
    ...asPixels('yuv420p', 'bicubic'),
    ...band.filters,
    ...texts.map((text, line) =>
      drawText({
        file: line,
        content: text === ownTimeText ? 'clock' : 'words',
        sizePixels: band.textPixels,
        x: '(w-text_w)/2',
        y: String(band.lineTop(line)),
      }),
    ),
    `setpts=(PTS-(${span.firstTicks}))*${slowdown}`,
  ]
  const withSound = slowdown === 1 && soundStreamIndex !== undefined
  const sound = withSound
    ? `;[0:${soundStreamIndex}]${cutSound(span.firstTicks / timescale, (span.endTicks - span.firstTicks) / timescale)}[sound]`
    : ''
  return {
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      ...recordingInput(inputs[0], 0, span.firstTicks / timescale),
      ...emptyInput,
      '-filter_complex',
      `[0:${picture.streamIndex}]${video.join(',')}[picture]${sound}${drained(1)}`,
      '-map',
      '[picture]',
      ...(withSound ? ['-map', '[sound]'] : []),
      ...h264({ preset: 'faster', crf: 19, timescale, threads: 4 }),
      // The encoder gives the last frame some length of its own; this is its true one.
      '-bsf:v',
      `setts=duration=if(eq(N\\,${frames - 1})\\,${(span.endTicks - span.lastTicks) * slowdown}\\,DURATION)`,
      ...(withSound ? aac : []),
      ...mp4('clip.mp4'),
    ],
    texts,
    files: [{ name: 'clip.mp4', mediaType: 'video/mp4' }],
    frames,
  }
}
