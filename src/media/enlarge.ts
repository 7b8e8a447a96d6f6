import type { Enlargement, Kernel, PictureSource } from '../case/recipe.ts'
import { asPixels, evenSides, scaled, upright } from './ffmpeg-arguments.ts'
import { bandColor } from './burned-text.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Filters and size of a picture before any band: upright, then cropped and enlarged, or fitted. */
export function shown(
  source: PictureSource,
  enlargement: Enlargement | undefined,
  maxSidePixels: number,
): { readonly filters: readonly string[]; readonly size: Size } {
  const turn = upright(source.rotationDegrees)
  if (enlargement !== undefined) {
    const { crop, factor, kernel } = enlargement
    const size = { width: crop.width * factor, height: crop.height * factor }
    return {
      // Full chroma first: a crop at an odd pixel would move the colours by one.
      filters: [
        ...turn,
        ...asPixels('yuv444p', 'neighbor'),
        `crop=w=${crop.width}:h=${crop.height}:x=${crop.x}:y=${crop.y}:exact=1`,
        ...(factor === 1 ? [] : [scaled(`w=${size.width}:h=${size.height}`, kernel)]),
      ],
      size,
    }
  }
  const longest = Math.max(source.widthPixels, source.heightPixels)
  if (longest <= maxSidePixels) {
    return { filters: turn, size: { width: source.widthPixels, height: source.heightPixels } }
  }
  const size = {
    width: even((source.widthPixels * maxSidePixels) / longest),
    height: even((source.heightPixels * maxSidePixels) / longest),
  }
  return { filters: [...turn, scaled(`w=${size.width}:h=${size.height}`, 'bicubic')], size }
}

function even(pixels: number): number {
  return Math.max(2, Math.round(pixels / 2) * 2)
}

/** A band under the picture for `lines` lines of text; never over it. */
export function banded(
  size: Size,
  lines: number,
): {
  readonly filters: readonly string[]
  readonly size: Size
  readonly textPixels: number
  readonly lineTop: (line: number) => number
} {
  const evenHeight = Math.ceil(size.height / 2) * 2
  if (lines === 0) {
    const width = Math.ceil(size.width / 2) * 2
    return {
      filters: [evenSides],
      size: { width, height: evenHeight },
      textPixels: 0,
      lineTop: () => 0,
    }
  }
  const width = Math.max(384, Math.ceil(size.width / 2) * 2)
  const textPixels = Math.min(36, Math.max(14, Math.floor(width / 24)))
  const linePixels = Math.ceil(textPixels * 0.75) * 2
  const height = evenHeight + lines * linePixels
  return {
    filters: [
      `pad=w=${width}:h=${height}:x=${Math.floor((width - size.width) / 4) * 2}:y=0:color=${bandColor}`,
    ],
    size: { width, height },
    textPixels,
    lineTop: (line) => evenHeight + line * linePixels + Math.round((linePixels - textPixels) / 2),
  }
}

const kernelWords: Readonly<Record<Kernel, string>> = {
  neighbor: 'nearest neighbour',
  bilinear: 'bilinear',
  bicubic: 'bicubic',
  lanczos: 'Lanczos',
}

/** `0.25×, enlarged 4×, nearest neighbour`; empty where nothing was altered. */
export function alterationText(slowdown: number, enlargement: Enlargement | undefined): string {
  const words: string[] = []
  if (slowdown !== 1) words.push(`${Number((1 / slowdown).toFixed(3))}×`)
  if (enlargement !== undefined && enlargement.factor > 1) {
    words.push(`enlarged ${enlargement.factor}×`, kernelWords[enlargement.kernel])
  } else if (enlargement !== undefined) words.push('cropped')
  return words.join(', ')
}
