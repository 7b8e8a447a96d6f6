import { exp, log } from './exact-math.ts'

/** A witness begins or ceases to hear something, or hears another source, so often a frame. */
const changes = 0.01
/** It hears nothing of it for so much of the time, and its usual source for so much of the rest. */
const unheard = 0.3
const usual = 0.6

/**
 * How much likelier it is, up to each moment, that a witness hears a recording than that it does
 * not, if at times it hears nothing of it and at others another source than usual (forward
 * algorithm). A silence so says little, however long. `gains`: per source, the usual one first, and
 * frame, the logarithm of likelihood. One value more comes out, for one moment more.
 */
export function heardUpTo(gains: readonly Float64Array[]): Float64Array {
  const frames = gains[0]!.length
  const shares = [
    unheard,
    ...gains.map((_, source) => {
      if (gains.length === 1) return 1 - unheard
      return (1 - unheard) * (source === 0 ? usual : (1 - usual) / (gains.length - 1))
    }),
  ]
  const upTo = new Float64Array(frames + 1)
  const state = Float64Array.from(shares)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let way = 0; way < state.length; way++) {
      const before = (1 - changes) * state[way]! + changes * shares[way]!
      state[way] = way === 0 ? before : before * exp(gains[way - 1]![frame]!)
      sum += state[way]!
    }
    for (let way = 0; way < state.length; way++) state[way]! /= sum
    upTo[frame + 1] = upTo[frame]! + log(sum)
  }
  return upTo
}

/** The same of a witness that hears its usual source throughout. */
export function sumUpTo([usualSource]: readonly Float64Array[]): Float64Array {
  const upTo = new Float64Array(usualSource!.length + 1)
  usualSource!.forEach((gain, frame) => {
    upTo[frame + 1] = upTo[frame]! + gain
  })
  return upTo
}
