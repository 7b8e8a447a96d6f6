import { dotOf } from './feature-dots.ts'
import { agreementSpread, binFrames } from './local-agreement.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { accidentOfBest } from './source-lags.ts'

/** Shifts are looked for in blocks of so many frames: 2 s. */
const blockFrames = 200
export const blockSeconds = blockFrames * frameSeconds
const binsOfBlock = Math.sqrt(blockFrames / binFrames)
/** A block agrees from so many standard deviations of a bin on. */
const agreeingBlock = 4
const shiftStepSeconds = 0.02
/** What a further source must add, in standard deviations of a block. */
const leastOfSource = 5

/** How far a witness is heard from where the clock has it. */
export interface WitnessShifts {
  /** Where most blocks agree, and most surely. */
  readonly seconds: number
  /** Of each block, where several sources were found. */
  readonly ofBlocks: readonly number[]
  /** What accident makes of the best of so many, in standard deviations of a bin. */
  readonly accident: number
}

export interface ShiftSearch {
  /** How far travel may shift it. */
  readonly reachSeconds: number
  /** Sources in different places that are told apart at most; each block is heard at its best. */
  readonly mostSources: number
}

/**
 * By how much a lag is to be changed so that most blocks of a stretch agree, and most surely. `lagAt`:
 * own time less the witness's own time, at own time.
 */
export function witnessShifts(
  own: SoundFeatures,
  witness: SoundFeatures,
  lagAt: (ownSeconds: number) => number,
  { fromSeconds, toSeconds }: { readonly fromSeconds: number; readonly toSeconds: number },
  { reachSeconds, mostSources }: ShiftSearch,
): WitnessShifts {
  const steps = Math.round(reachSeconds / shiftStepSeconds)
  const spread = agreementSpread(own, witness)
  const [from, to] = [fromSeconds, toSeconds].map((at) => Math.round(at / frameSeconds))
  // From the middle outwards, so that what is nearer stays where two are alike.
  const tried = Array.from({ length: 2 * steps + 1 }, (_, step) => {
    const seconds = shiftStepSeconds * (step % 2 === 0 ? step / 2 : -(step + 1) / 2)
    const blocks: number[] = []
    for (let frame = from!; frame < to!; frame += blockFrames) {
      const lag = Math.round(
        (lagAt((frame + blockFrames / 2) * frameSeconds) + seconds) / frameSeconds,
      )
      const first = Math.max(frame, lag)
      const last = Math.min(frame + blockFrames, to!, witness.frames + lag)
      blocks.push(last > first ? dotOf(own, witness, lag, first, last) : 0)
    }
    return { seconds, blocks }
  })
  const chosen: (typeof tried)[number][] = []
  let reached = tried[0]!.blocks.map(() => agreeingBlock * spread)
  while (chosen.length < mostSources) {
    let best = tried[0]!
    let most = chosen.length === 0 ? 0 : leastOfSource * binsOfBlock * spread
    const before = most
    for (const one of tried) {
      const added = one.blocks.reduce(
        (sum, value, block) => sum + Math.max(0, value - reached[block]!),
        0,
      )
      if (added <= most) continue
      best = one
      most = added
    }
    if (chosen.length > 0 && most === before) break
    chosen.push(best)
    reached = reached.map((value, block) => Math.max(value, best.blocks[block]!))
  }
  const bestOf = (block: number) =>
    chosen.reduce((one, two) => (two.blocks[block]! > one.blocks[block]! ? two : one))
  return {
    seconds: chosen[0]!.seconds,
    ofBlocks: chosen.length === 1 ? [] : reached.map((_, block) => bestOf(block).seconds),
    accident: accidentOfBest[chosen.length - 1]! / binsOfBlock,
  }
}
