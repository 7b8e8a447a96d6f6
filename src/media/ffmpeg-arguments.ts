import type { Kernel, PictureSource, RecipeInput, RotationDegrees } from '../case/recipe.ts'
import { guardedInput } from './guard.ts'
import { MediaError } from './media-error.ts'
import { containers, type Container } from './sniff.ts'

/**
 * Before everything. `-copyts`: all times are the container's own, so that
 * picture and sound share one zero whatever the file's start time.
 */
export const ffmpegStart: readonly string[] = [
  '-nostdin',
  '-hide_banner',
  '-v',
  'error',
  '-y',
  '-copyts',
  '-filter_complex_threads',
  '1',
]

/** Nothing of the original's metadata, and nothing of the machine that made it. */
const plainOutput: readonly string[] = [
  '-map_metadata',
  '-1',
  '-map_chapters',
  '-1',
  '-sn',
  '-dn',
  '-fflags',
  '+bitexact',
  '-flags:v',
  '+bitexact',
  '-flags:a',
  '+bitexact',
]

export interface VideoOutput {
  readonly preset: 'veryfast' | 'faster'
  readonly crf: number
  readonly timescale: number
  /** x264's bytes depend on their number, so it never follows the machine. */
  readonly threads: number
}

/** H.264 High without B-frames, every frame at its own time. */
export function h264(output: VideoOutput): string[] {
  return [
    '-c:v',
    'libx264',
    '-profile:v',
    'high',
    '-preset',
    output.preset,
    '-crf',
    String(output.crf),
    '-g',
    '15',
    '-bf',
    '0',
    '-threads:v',
    String(output.threads),
    '-x264-params',
    'cpu-independent=1',
    '-fps_mode',
    'passthrough',
    '-enc_time_base:v',
    `1/${output.timescale}`,
    '-video_track_timescale',
    String(output.timescale),
  ]
}

export const aac: readonly string[] = ['-c:a', 'aac', '-b:a', '128k', '-threads:a', '1']

export function mp4(file: string): string[] {
  return [
    ...plainOutput,
    '-movie_timescale',
    '90000',
    '-movflags',
    '+faststart',
    '-f',
    'mp4',
    `file:out/${file}`,
  ]
}

export function picture(file: string, codec: 'png' | 'mjpeg'): string[] {
  return [
    ...plainOutput,
    '-frames:v',
    '1',
    '-c:v',
    codec,
    '-threads:v',
    '1',
    ...(codec === 'png' ? ['-pred', 'mixed'] : ['-q:v', '3']),
    '-fps_mode',
    'passthrough',
    '-f',
    'image2',
    '-update',
    '1',
    `file:out/${file}`,
  ]
}

/** Containers whose index leads a seek to a key frame; in the others FFmpeg lands anywhere. */
const indexed: ReadonlySet<string> = new Set<Container>(['mov', 'matroska'])

/**
 * One recording as input `index`. Reading starts at a key frame at least a
 * second before `neededSeconds`, so that pre-roll, open groups of pictures and
 * the sound decoder's warm-up lie before what is shown; filters cut by PTS.
 */
export function recordingInput(
  input: RecipeInput | undefined,
  index: number,
  neededSeconds: number | undefined,
): string[] {
  const container = containerOf(input)
  const from = neededSeconds === undefined ? 0 : Math.floor((neededSeconds - 1) * 1000) / 1000
  return [
    ...guardedInput(container),
    '-noautorotate',
    '-threads',
    '2',
    ...(container !== undefined && indexed.has(container) && from > 0
      ? ['-seek_timestamp', '1', '-noaccurate_seek', '-ss', from.toFixed(3)]
      : []),
    '-i',
    `file:in/${index}`,
  ]
}

/**
 * An empty input beside the recordings, drained by `drained`. A filter graph
 * with one single input makes FFmpeg copy that stream's display matrix to the
 * output, and players would turn a picture again that is upright already.
 */
export const emptyInput: readonly string[] = ['-f', 'lavfi', '-i', 'nullsrc=s=16x16:d=0.04']

/** The graph's end for `emptyInput`, which comes after `recordings` inputs. */
export function drained(recordings: number): string {
  return `;[${recordings}:v]nullsink`
}

function containerOf(input: RecipeInput | undefined): Container | undefined {
  const named = input?.container
  if (named === undefined) return undefined
  const known = containers.find((container) => container === named)
  if (known === undefined) {
    throw new MediaError('rejected', 'the recipe names a container that is not read here')
  }
  return known
}

/** Filters that turn the stored picture upright. */
export function upright(rotation: RotationDegrees): string[] {
  switch (rotation) {
    case 0:
      return []
    case 90:
      return ['transpose=clock']
    case 180:
      return ['hflip', 'vflip']
    case 270:
      return ['transpose=cclock']
  }
}

/** Times in whole ticks of the picture's timescale from here on. */
export function inTicks(source: PictureSource): string {
  return `settb=1/${source.timescale}`
}

/** A scale filter whose arithmetic does not depend on the processor. */
export function scaled(size: string | undefined, kernel: Kernel): string {
  const flags = `flags=${kernel}+accurate_rnd+full_chroma_int+bitexact`
  return size === undefined ? `scale=${flags}` : `scale=${size}:${flags}`
}

export function asPixels(format: 'yuv420p' | 'yuv444p' | 'rgb24', kernel: Kernel): string[] {
  return [scaled(undefined, kernel), `format=${format}`]
}

/** For non-square pixels only: the picture as wide as it is meant to look. */
export const squarePixels: readonly string[] = [
  "scale=w='if(eq(sar,1),iw,trunc(iw*sar/2)*2)':h=ih:flags=bicubic+accurate_rnd+bitexact",
  'setsar=1',
]

export const evenSides = 'pad=w=ceil(iw/2)*2:h=ceil(ih/2)*2'
