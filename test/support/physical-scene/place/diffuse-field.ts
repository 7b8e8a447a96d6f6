/**
 * The diffuse tail as one phone hears it: a feedback delay network (J.-M. Jot and
 * A. Chaigne, 1991) of eight lines whose lengths are the phone's own, so that no two
 * phones have their tails in common.
 */
import type { Random } from '../../scene/random.ts'
import { onePole } from '../signal/filters.ts'
import { rateHz } from '../signal/samples.ts'
import type { Reverberation } from './place.ts'
import type { Arrivals } from './propagation.ts'

const count = 8
/** Samples kept of each line: a power of two, longer than the longest. */
const kept = 2048

/** Adds the tail of what went into the diffuse field to the sound. */
export function addDiffuseField(
  { sound, diffuse: [left, right] }: Arrivals,
  { seconds, cutHz }: Reverberation,
  random: Random,
): void {
  const delays = Int32Array.from({ length: count }, (_, line) =>
    Math.round(rateHz * (0.019 + 0.0085 * line) * random.between(0.93, 1.07)),
  )
  const lost = Float64Array.from(delays, (delay) => 10 ** ((-3 * delay) / rateHz / seconds))
  const damping = onePole(cutHz * 2.2)
  const signs = (): Float64Array =>
    Float64Array.from({ length: count }, () => (random.chance(0.5) ? 1 : -1) / Math.sqrt(count))
  const [leftIn, rightIn, taken] = [signs(), signs(), signs()]
  const meanLoss = lost.reduce((sum, share) => sum + share ** 2, 0) / count
  // So that a tail holds as much energy as what went in.
  const level = Math.sqrt((1 - meanLoss) * count)
  const lines = new Float64Array(count * kept)
  const soft = new Float64Array(count)
  const heard = new Float64Array(count)
  for (let index = 0; index < sound.length; index++) {
    let sum = 0
    for (let line = 0; line < count; line++) {
      const delayed = lines[line * kept + ((index - delays[line]!) & (kept - 1))]!
      const softened = soft[line]! + damping * (delayed - soft[line]!)
      soft[line] = softened
      heard[line] = softened * lost[line]!
      sum += taken[line]! * heard[line]!
    }
    sound[index]! += level * sum
    mix(heard)
    const [fromLeft, fromRight] = [left[index]!, right[index]!]
    const at = index & (kept - 1)
    for (let line = 0; line < count; line++) {
      lines[line * kept + at] = heard[line]! + leftIn[line]! * fromLeft + rightIn[line]! * fromRight
    }
  }
}

/** Times Hadamard's matrix of eight, with the energy kept. */
function mix(v: Float64Array): void {
  for (let half = 1; half < count; half *= 2) {
    for (let k = 0; k < count; k++) {
      if ((k & half) !== 0) continue
      const a = v[k]!
      const b = v[k + half]!
      v[k] = a + b
      v[k + half] = a - b
    }
  }
  for (let k = 0; k < count; k++) v[k]! *= Math.SQRT1_2 / 2
}
