/**
 * By how many seconds `late` comes after `early`, both sampled at `rateHz`, to
 * a small part of a sample: the top of their cross-correlation within ± 100 ms.
 */
export function lagOf(early: Float32Array, late: Float32Array, rateHz: number): number {
  const reach = Math.round(0.1 * rateHz)
  const length = Math.min(early.length, late.length) - reach
  const at = (lag: number): number => {
    let sum = 0
    for (let index = reach; index < length; index++) sum += early[index]! * late[index + lag]!
    return sum
  }
  let best = 0
  let highest = -Infinity
  for (let lag = -reach; lag <= reach; lag++) {
    const sum = at(lag)
    if (sum > highest) {
      highest = sum
      best = lag
    }
  }
  const [before, after] = [at(best - 1), at(best + 1)]
  return (best + (0.5 * (before - after)) / (before - 2 * highest + after)) / rateHz
}
