/** What a change from one line to another costs, as a logarithm of likelihood; to or from none half of it. */
const changeCost = 14
/** A bin in which nobody else holds anything speaks a little against its line. */
const uncovered = -1

/**
 * The likeliest line for each bin: 0 stands for none, n for the line n − 1. Viterbi's algorithm;
 * per line and bin how much likelier it is than none, NaN where nobody else holds anything.
 */
export function likeliestPath(gains: readonly Float32Array[]): Uint8Array {
  const bins = gains[0]?.length ?? 0
  const states = gains.length + 1
  const changeTo = (to: number, from: number): number =>
    to === from ? 0 : to === 0 || from === 0 ? changeCost / 2 : changeCost
  const before = new Uint8Array(bins * states)
  let scores = Float64Array.from({ length: states }, (_, state) => -changeTo(state, 0))
  for (let bin = 0; bin < bins; bin++) {
    const highest = placeOfHighest(scores)
    const next = new Float64Array(states)
    for (let state = 0; state < states; state++) {
      let from = state
      for (const other of [highest, 0]) {
        const score = scores[other]! - changeTo(state, other)
        if (score > scores[from]! - changeTo(state, from)) from = other
      }
      before[bin * states + state] = from
      next[state] = scores[from]! - changeTo(state, from)
      if (state === 0) continue
      const gain = gains[state - 1]![bin]!
      next[state]! += Number.isNaN(gain) ? uncovered : gain
    }
    scores = next
  }
  const path = new Uint8Array(bins)
  let state = placeOfHighest(scores)
  for (let bin = bins - 1; bin >= 0; bin--) {
    path[bin] = state
    state = before[bin * states + state]!
  }
  return path
}

function placeOfHighest(values: Float64Array): number {
  let highest = 0
  values.forEach((value, place) => {
    if (value > values[highest]!) highest = place
  })
  return highest
}
