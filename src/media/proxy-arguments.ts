import type { ProxyParameters, RecipeInput } from '../case/recipe.ts'
import type { Command } from './command.ts'
import {
  aac,
  asPixels,
  evenSides,
  ffmpegStart,
  h264,
  inTicks,
  mp4,
  picture as pictureOutput,
  drained,
  emptyInput,
  recordingInput,
  scaled,
  squarePixels,
  upright,
} from './ffmpeg-arguments.ts'
import { filled } from './sound-filters.ts'

export const peakSoundRateHz = 8000

/**
 * Everything that ingest needs from the decoded recording, decoded once: the
 * proxies, the poster, and the sound at 8 kHz on standard output for the peaks.
 */
export function proxyCommand(parameters: ProxyParameters, inputs: readonly RecipeInput[]): Command {
  const { picture, soundStreamIndex: sound, heightsPixels, posterTicks } = parameters
  const heights = picture === undefined ? [] : heightsPixels
  const withPoster = picture !== undefined && posterTicks !== undefined && heights.length > 0
  const soundFiles =
    picture === undefined ? ['sound.m4a'] : heights.map((height) => `${height}p.mp4`)
  const graph: string[] = []

  if (picture !== undefined) {
    // A second frame with the time of the first could not be told apart later.
    const once = "select='isnan(prev_selected_pts)+gt(pts,prev_selected_pts)'"
    let source = `[0:${picture.streamIndex}]${[inTicks(picture), once, ...upright(picture.rotationDegrees), ...squarePixels].join(',')}`
    for (const [index, height] of heights.entries()) {
      const size =
        height === picture.heightPixels
          ? [evenSides]
          : [scaled(`w=-2:h=${height % 2 === 0 ? height : height + 1}`, 'bicubic')]
      const outputs = [
        `[picture${index}]`,
        ...(index === 0 && withPoster ? ['[poster0]'] : []),
        ...(index + 1 < heights.length ? [`[next${index}]`] : []),
      ]
      graph.push(
        `${source}${source.endsWith(']') ? '' : ','}${[...size, ...asPixels('yuv420p', 'bicubic')].join(',')},split=${outputs.length}${outputs.join('')}`,
      )
      source = `[next${index}]`
    }
    if (withPoster) {
      graph.push(
        `[poster0]select='gte(pts,${posterTicks})*isnan(prev_selected_pts)',${asPixels('yuv420p', 'bicubic').join(',')}[poster]`,
      )
    }
  }
  if (sound !== undefined) {
    const names = soundFiles.map((_, index) => `[sound${index}]`).join('')
    graph.push(
      `[0:${sound}]asplit=2[heard][peaks0]`,
      `[heard]aresample=async=1:min_hard_comp=0.01,aformat=channel_layouts=mono|stereo,asplit=${soundFiles.length}${names}`,
      `[peaks0]${filled(peakSoundRateHz)},aformat=sample_fmts=s16:channel_layouts=mono[peaks]`,
    )
  }
  const outputs = soundFiles.flatMap((file, index) => [
    ...(picture === undefined
      ? []
      : [
          '-map',
          `[picture${index}]`,
          ...h264({
            preset: 'veryfast',
            crf: index === 0 ? 23 : 26,
            timescale: picture.timescale,
            threads: index === 0 ? 4 : 2,
          }),
        ]),
    ...(sound === undefined ? [] : ['-map', `[sound${index}]`, ...aac]),
    ...mp4(file),
  ])
  return {
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      ...recordingInput(inputs[0], 0, undefined),
      ...emptyInput,
      '-filter_complex',
      graph.join(';') + drained(1),
      ...outputs,
      ...(withPoster ? ['-map', '[poster]', ...pictureOutput('poster.jpg', 'mjpeg')] : []),
      ...(sound === undefined ? [] : ['-map', '[peaks]', '-f', 's16le', 'pipe:1']),
    ],
    texts: [],
    files: [
      ...soundFiles.map((name) => ({
        name,
        mediaType: picture === undefined ? 'audio/mp4' : 'video/mp4',
      })),
      ...(withPoster ? [{ name: 'poster.jpg', mediaType: 'image/jpeg' }] : []),
    ],
  }
}
