import type { RecipeInput, StillParameters } from '../case/recipe.ts'
import { drawText } from './burned-text.ts'
import type { Command } from './command.ts'
import { alterationText, banded, shown } from './enlarge.ts'
import { asPixels, ffmpegStart, inTicks, picture, recordingInput } from './ffmpeg-arguments.ts'

/** The one frame with this PTS, as PNG. */
export function stillCommand(parameters: StillParameters, inputs: readonly RecipeInput[]): Command {
  const { picture: source, ticks, enlargement } = parameters
  const texts = [alterationText(1, enlargement)].filter((text) => text !== '')
  const view = shown(source, enlargement, parameters.maxSidePixels)
  const band = banded(view.size, texts.length)
  const filters = [
    inTicks(source),
    `trim=start_pts=${ticks}:end_pts=${ticks + 1}`,
    ...view.filters,
    ...asPixels('rgb24', 'bicubic'),
    ...band.filters,
    ...texts.map((_, line) =>
      drawText({
        file: line,
        content: 'words',
        sizePixels: band.textPixels,
        x: '(w-text_w)/2',
        y: String(band.lineTop(line)),
      }),
    ),
  ]
  return {
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      ...recordingInput(inputs[0], 0, ticks / source.timescale),
      '-filter_complex',
      `[0:${source.streamIndex}]${filters.join(',')}[picture]`,
      '-map',
      '[picture]',
      ...picture('still.png', 'png'),
    ],
    texts,
    files: [{ name: 'still.png', mediaType: 'image/png' }],
    frames: 1,
  }
}
