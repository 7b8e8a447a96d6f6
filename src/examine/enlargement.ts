import type { VideoFacts } from '../case/item-facts.ts'
import type { Enlargement, Kernel, Region } from '../case/recipe.ts'
import { ExamineError } from './context.ts'

export interface EnlargementWish {
  readonly crop?: Region
  /** Whole number, 1 for none. */
  readonly factor: number
  readonly kernel: Kernel
}

/** Longest side of what is shown where no enlargement is asked for. */
export const maxSidePixels = 1280

export function enlargementOf(video: VideoFacts, wish: EnlargementWish): Enlargement | undefined {
  const { crop, factor, kernel } = wish
  if (crop === undefined) return undefined
  const { widthPixels, heightPixels } = video.picture
  if (crop.x + crop.width > widthPixels || crop.y + crop.height > heightPixels) {
    throw new ExamineError(
      'directive-attribute',
      `the crop ${crop.x},${crop.y},${crop.width},${crop.height} reaches outside the upright picture of ${widthPixels} × ${heightPixels} pixels`,
    )
  }
  if (crop.width * factor > 3840 || crop.height * factor > 3840) {
    throw new ExamineError(
      'directive-attribute',
      `enlarged ${factor}×, the crop would be wider or higher than 3840 pixels; choose a smaller crop or factor`,
    )
  }
  return { crop, factor, kernel }
}

const kernelWords: Readonly<Record<Kernel, string>> = {
  neighbor: 'nearest neighbour',
  bilinear: 'bilinear',
  bicubic: 'bicubic',
  lanczos: 'Lanczos',
}

export function treatmentOf(slowdown: number, enlargement: Enlargement | undefined): string {
  const parts = [slowdown === 1 ? 'real speed' : `${1 / slowdown}× speed`]
  if (enlargement !== undefined) {
    const { crop, factor, kernel } = enlargement
    if (factor > 1) parts.push(`enlarged ${factor}×, ${kernelWords[kernel]}`)
    parts.push(`cropped to ${crop.width} × ${crop.height} pixels at ${crop.x}, ${crop.y}`)
  }
  return `${parts.join(', ')}, otherwise unaltered`
}
