/** Nearer than this two onsets are not told apart. */
export const nearestSeconds = 0.004
/** In less than this too few onsets are heard to speak of a rate. */
export const shortestRateSeconds = 10

interface Timed {
  readonly seconds: number
}

/** Of entries in order of time, the one nearest to a time. */
export function nearestTo<Entry extends Timed>(
  sorted: readonly Entry[],
  seconds: number,
): Entry | undefined {
  const at = firstFrom(sorted, seconds)
  const [before, after] = [sorted[at - 1], sorted[at]]
  if (before === undefined || after === undefined) return before ?? after
  return seconds - before.seconds <= after.seconds - seconds ? before : after
}

/** Of entries in order of time, those at most `reach` from a time. */
export function within<Entry extends Timed>(
  sorted: readonly Entry[],
  seconds: number,
  reach: number,
): readonly Entry[] {
  const from = firstFrom(sorted, seconds - reach)
  let to = from
  while (to < sorted.length && sorted[to]!.seconds <= seconds + reach) to += 1
  return sorted.slice(from, to)
}

/** Index of the first entry not before a time. */
function firstFrom(sorted: readonly Timed[], seconds: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]!.seconds < seconds) low = middle + 1
    else high = middle
  }
  return low
}
