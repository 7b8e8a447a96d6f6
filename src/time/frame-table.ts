/**
 * Every frame of one video stream in presentation order. A frame is on screen
 * from its own PTS to the next frame's; the last one until `endTicks`.
 */
export interface FrameTable {
  /** Ticks in a second, the stream's own time base. */
  readonly timescale: number
  /** PTS of each frame, strictly increasing. */
  readonly ticks: readonly number[]
  /** Where the last frame leaves the screen. */
  readonly endTicks: number
}

/** Index of the frame on screen at `seconds`, or undefined where none is. */
export function frameOnScreen(table: FrameTable, seconds: number): number | undefined {
  const first = table.ticks[0]
  if (first === undefined) return undefined
  // A time printed to the microsecond may fall half a microsecond short of its
  // own frame; snap to the frame that starts within that rounding.
  const at = seconds * table.timescale + table.timescale * 0.5e-6
  if (at < first || seconds * table.timescale >= table.endTicks) return undefined
  let low = 0
  let high = table.ticks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((table.ticks[middle] ?? Infinity) <= at) low = middle
    else high = middle - 1
  }
  return low
}

/** Seconds at which frame `index` appears. Throws RangeError outside the table. */
export function frameStartSeconds(table: FrameTable, index: number): number {
  const ticks = table.ticks[index]
  if (ticks === undefined) throw new RangeError(`the recording has no frame ${index}`)
  return ticks / table.timescale
}

/** First and last frame that are on screen at some time in [from, to). */
export function framesBetween(
  table: FrameTable,
  fromSeconds: number,
  toSeconds: number,
): { readonly first: number; readonly last: number } | undefined {
  const start = frameStartSecondsOrUndefined(table)
  if (start === undefined || toSeconds <= fromSeconds) return undefined
  const end = table.endTicks / table.timescale
  if (toSeconds <= start || fromSeconds >= end) return undefined
  const first = fromSeconds <= start ? 0 : frameOnScreen(table, fromSeconds)
  if (first === undefined) return undefined
  let last = first
  while (last + 1 < table.ticks.length && frameStartSeconds(table, last + 1) < toSeconds - 0.5e-6) {
    last += 1
  }
  return { first, last }
}

function frameStartSecondsOrUndefined(table: FrameTable): number | undefined {
  return table.ticks.length === 0 ? undefined : frameStartSeconds(table, 0)
}
