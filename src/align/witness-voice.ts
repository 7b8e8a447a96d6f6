import { binSeconds } from './local-agreement.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Frames whose energy is taken together: 1 s. */
const togetherFrames = 100
/** A recording of which more repeated is taken for one of which so much did. */
const mostRepeated = 0.9

/**
 * How much of what two recordings usually say is left in each bin, 0 to 1; NaN where the agreement
 * is: under a siren, most of it was taken off as repeating, and what remains is each phone's own.
 * It then cannot say that the two do not belong together.
 */
export function witnessVoice(
  own: SoundFeatures,
  witness: SoundFeatures,
  lagSeconds: number,
  agreement: Float32Array,
): Float32Array {
  const usual = togetherFrames * Math.sqrt(usualEnergy(own) * usualEnergy(witness))
  return agreement.map((value, bin) => {
    if (Number.isNaN(value)) return Number.NaN
    const at = (bin + 0.5) * binSeconds
    const here = Math.sqrt(energyAbout(own, at) * energyAbout(witness, at - lagSeconds))
    return here < usual ? here / usual : 1
  })
}

function energyAbout({ energyBefore, frames }: SoundFeatures, seconds: number): number {
  const half = togetherFrames / 2
  const middle = Math.max(
    Math.min(half, frames),
    Math.min(frames - half, Math.round(seconds / frameSeconds)),
  )
  return energyBefore[Math.min(frames, middle + half)]! - energyBefore[Math.max(0, middle - half)]!
}

/** Of a frame that holds sound, before what repeats was taken off. */
function usualEnergy({ energyBefore, activeFrames, repeatedShare }: SoundFeatures): number {
  const energy = energyBefore.at(-1)!
  return activeFrames > 0 ? energy / activeFrames / (1 - Math.min(mostRepeated, repeatedShare)) : 0
}
