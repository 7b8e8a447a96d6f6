/** `3003x299 6006x1` in ticks → where each frame starts, in video seconds, and where the last ends. */
export function frameStarts(runs: string, ticksPerSecond: number): number[] {
  const starts = [0]
  let ticks = 0
  for (const run of runs.split(' ')) {
    const [length = 0, count = 0] = run.split('x').map(Number)
    for (let n = 0; n < count; n += 1) starts.push((ticks += length) / ticksPerSecond)
  }
  return starts
}

/**
 * Where to seek for the frame `step` frames away from the one on screen: its
 * middle, because a time on a frame's edge is at the mercy of rounding.
 */
export function stepTarget(starts: readonly number[], seconds: number, step: number): number {
  let index = 0
  while (index + 2 < starts.length && (starts[index + 1] ?? Infinity) <= seconds + 1e-6) index += 1
  const target = Math.min(Math.max(index + step, 0), starts.length - 2)
  return ((starts[target] ?? 0) + (starts[target + 1] ?? 0)) / 2
}
