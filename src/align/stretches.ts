import { gainsOf, gainWithin } from './laid-lines.ts'
import type { LaidLine, Span } from './laid-lines.ts'
import { binSeconds } from './local-agreement.ts'
import { likeliestPath } from './stretch-path.ts'

/** Agreement where two recordings belong together, in standard deviations of a bin: first guess and limits. */
const startMean = 0.6
const largestMean = 2.5
/** A witness that agrees less says nothing. */
const leastMean = 0.15
const rounds = 3

/** A part of a recording's own time in which its witnesses agree with it on one line. */
export interface Stretch extends Span {
  /** Logarithm of how much likelier this line is there than none. */
  readonly gain: number
  readonly line: LaidLine
  /** Per bin of own time, what speaks for the line. */
  readonly gains: Float32Array
}

export interface Followed {
  readonly stretches: readonly Stretch[]
  /** Per witness: mean agreement of a bin within the stretches. */
  readonly means: readonly number[]
  readonly lines: readonly LaidLine[]
  /** Per line and bin of own time, what speaks for it. */
  readonly gains: readonly Float32Array[]
}

/** On which line a recording lies at what time, by all witnesses together. */
export function followLines(lines: readonly LaidLine[]): Followed {
  const witnesses = lines[0]?.agreement.length ?? 0
  let means = Array.from({ length: witnesses }, () => startMean)
  let gains: Float32Array[] = []
  let path = new Uint8Array(0)
  for (let round = 0; round < rounds; round++) {
    gains = lines.map((line) => gainsOf(line, means))
    path = new Uint8Array(likeliestPath(gains))
    if (round < rounds - 1) means = means.map((_, witness) => meanAlong(path, lines, witness))
  }
  const stretches: Stretch[] = []
  for (let from = 0; from < path.length;) {
    let to = from + 1
    while (to < path.length && path[to] === path[from]) to++
    const line = lines[path[from]! - 1]
    if (line) {
      const span = { fromSeconds: from * binSeconds, toSeconds: to * binSeconds }
      const along = gains[path[from]! - 1]!
      stretches.push({ ...span, gain: gainWithin(along, span), line, gains: along })
    }
    from = to
  }
  return { stretches, means, lines, gains }
}

function meanAlong(path: Uint8Array, lines: readonly LaidLine[], witness: number): number {
  let sum = 0
  let count = 0
  path.forEach((state, bin) => {
    const agreement = lines[state - 1]?.agreement[witness]![bin] ?? Number.NaN
    if (Number.isNaN(agreement)) return
    sum += agreement
    count += 1
  })
  if (count === 0) return startMean
  const mean = sum / count
  return mean < leastMean ? 0 : Math.min(largestMean, mean)
}

/** Neighbours on one line become one stretch, whatever quiet lies between. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const stretch of stretches) {
    const last = joined.at(-1)
    if (last?.line === stretch.line) {
      const gain = last.gain + stretch.gain
      joined[joined.length - 1] = { ...last, toSeconds: stretch.toSeconds, gain }
    } else {
      joined.push(stretch)
    }
  }
  return joined
}
