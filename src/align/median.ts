/** The middle value, or the mean of the two middle ones; 0 of none. Rearranges the values. */
export function median(values: Float32Array): number {
  const { length } = values
  if (length === 0) return 0
  const middle = length >> 1
  const upper = select(values, middle)
  if (length % 2 === 1) return upper
  let lower = values[0]!
  for (let index = 1; index < middle; index++) lower = Math.max(lower, values[index]!)
  return (lower + upper) / 2
}

/**
 * The value that sorting would put there; smaller ones come to stand before it (Hoare 1961).
 * Pivots wander by the golden section, so that values already in some order cost no more.
 */
function select(values: Float32Array, place: number): number {
  let first = 0
  let last = values.length - 1
  let share = 0
  while (first < last) {
    share = (share + 0.6180339887) % 1
    const pivot = values[first + Math.floor(share * (last - first))]!
    let low = first
    let high = last
    while (low <= high) {
      while (values[low]! < pivot) low++
      while (values[high]! > pivot) high--
      if (low > high) break
      const value = values[low]!
      values[low] = values[high]!
      values[high] = value
      low++
      high--
    }
    if (place <= high) last = high
    else if (place >= low) first = low
    else break
  }
  return values[place]!
}

/** Median and robust standard deviation, from the median of the distances to it. Rearranges the values. */
export function centreAndSpread(values: Float32Array): {
  readonly centre: number
  readonly spread: number
} {
  const centre = median(values)
  for (let index = 0; index < values.length; index++) {
    values[index] = Math.abs(values[index]! - centre)
  }
  return { centre, spread: 1.4826 * median(values) }
}
