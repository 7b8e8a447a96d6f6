import type { CoverParameters, FacsimileParameters, PhotoParameters } from '../case/recipe.ts'
import { bandColor, drawText } from './burned-text.ts'
import type { Command } from './command.ts'
import { asPixels, ffmpegStart, picture } from './ffmpeg-arguments.ts'
import { guardedPicture } from './guard.ts'

/**
 * A photo, upright, without its metadata. JPEG stays JPEG, the rest becomes
 * PNG. A HEIC photo is first turned into `in/0` as PNG by heif-convert.
 */
export function photoCommand(parameters: PhotoParameters): Command {
  const { sourceFormat, maxSidePixels: most } = parameters
  const jpeg = sourceFormat === 'jpeg'
  const name = jpeg ? 'photo.jpg' : 'photo.png'
  const fit = `scale=w='min(iw,${most})':h='min(ih,${most})':force_original_aspect_ratio=decrease:flags=bicubic+accurate_rnd+full_chroma_int+bitexact`
  return {
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      ...guardedPicture(jpeg ? 'jpeg' : 'png'),
      // FFmpeg turns by the EXIF orientation here.
      '-threads',
      '1',
      '-i',
      'file:in/0',
      '-vf',
      jpeg ? `${fit},format=yuvj420p` : `${fit},format=rgb24`,
      ...picture(name, jpeg ? 'mjpeg' : 'png'),
    ],
    texts: [],
    files: [{ name, mediaType: jpeg ? 'image/jpeg' : 'image/png' }],
    frames: 1,
  }
}

/** One page of a PDF as PNG. */
export function facsimileCommand(parameters: FacsimileParameters): Command {
  const page = String(parameters.page)
  return {
    program: 'pdftoppm',
    args: [
      '-png',
      '-r',
      String(parameters.dotsPerInch),
      '-f',
      page,
      '-l',
      page,
      '-cropbox',
      '-singlefile',
      'in/0',
      'out/page',
    ],
    texts: [],
    files: [{ name: 'page.png', mediaType: 'image/png' }],
    frames: 1,
  }
}

/** A plain dark picture with lines of words in its middle. */
export function coverCommand(parameters: CoverParameters): Command {
  const { widthPixels: width, heightPixels: height, lines } = parameters
  const sizePixels = Math.max(14, Math.round(width / 36))
  const linePixels = Math.round(sizePixels * 1.5)
  const top = Math.round((height - lines.length * linePixels) / 2)
  const filters = [
    ...asPixels('rgb24', 'bicubic'),
    ...lines.map((_, line) =>
      drawText({
        file: line,
        content: 'words',
        sizePixels,
        x: '(w-text_w)/2',
        y: String(top + line * linePixels),
      }),
    ),
  ]
  return {
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      '-f',
      'lavfi',
      '-i',
      `color=c=${bandColor}:s=${width}x${height}:r=1:d=1,format=rgb24`,
      '-vf',
      filters.join(','),
      ...picture('cover.png', 'png'),
    ],
    texts: lines,
    files: [{ name: 'cover.png', mediaType: 'image/png' }],
    frames: 1,
  }
}
