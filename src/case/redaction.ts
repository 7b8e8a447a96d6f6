import type { Redaction } from './case-schema.ts'

/** In shares of the picture's or page's width and height, from the upper left. */
export type PictureShare = NonNullable<Redaction['region']>

/** Own time of a recording; infinite where a redaction is of the whole. */
export interface Interval {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** The item that it is of: the list of the case and the id in it. */
export function redactedItem({ footage, photo, document }: Redaction) {
  if (footage !== undefined) return { list: 'footage', id: footage } as const
  if (photo !== undefined) return { list: 'photos', id: photo } as const
  return { list: 'documents', id: document ?? '' } as const
}

export function redactedInterval({ from, to }: Redaction): Interval {
  return { fromSeconds: from ?? -Infinity, toSeconds: to ?? Infinity }
}

/**
 * The smallest region that holds all that is covered at any time of an interval; undefined of a redaction that covers nothing. The larger area stays covered:
 * between two keyframes what holds both, before the first and after the last what they say.
 */
export function coveredRegion(
  { region, keyframes = [] }: Redaction,
  { fromSeconds, toSeconds }: Interval,
): PictureShare | undefined {
  if (region !== undefined) return region
  const before = keyframes.findLastIndex(({ at }) => at <= fromSeconds)
  const after = keyframes.findIndex(({ at }) => at >= toSeconds)
  const held = keyframes.slice(Math.max(before, 0), after < 0 ? undefined : after + 1)
  return smallestAround(held.map((keyframe) => keyframe.region))
}

function smallestAround(regions: readonly PictureShare[]): PictureShare | undefined {
  if (regions.length === 0) return undefined
  const x = Math.min(...regions.map((each) => each.x))
  const y = Math.min(...regions.map((each) => each.y))
  const right = Math.max(...regions.map((each) => each.x + each.width))
  const bottom = Math.max(...regions.map((each) => each.y + each.height))
  return { x, y, width: right - x, height: bottom - y }
}
