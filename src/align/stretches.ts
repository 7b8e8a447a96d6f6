import { shortestOverlapSeconds } from './coarse-search.ts'
import type { CoarseSearch } from './coarse-search.ts'
import { agreementLines, binSeconds } from './local-agreement.ts'
import type { AgreementLine } from './local-agreement.ts'
import { openPartSearch, partFrames } from './part-search.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { likeliestPath } from './stretch-path.ts'

/** Heights from which a peak proposes a lag: of the whole recordings, and of one part. */
const wholeScore = 4
const partScore = 5.5
/** Of one part, the second peak is heard only from here on. */
const secondPartScore = 6
const mostLags = 12
/** Lags this near are one: drift moves a lag by up to 0.1 s in some minutes. */
const sameLagFrames = 25
/** Agreement where two recordings belong together, in standard deviations of a bin: first guess and limits. */
const startMean = 0.8
const leastMean = 0.3
const largestMean = 2.5
const rounds = 3

/** A part of a's own time in which a and b agree on one lag. */
export interface Stretch {
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Logarithm of how much likelier this lag is there than none. */
  readonly gain: number
  readonly line: AgreementLine
}

export interface PairStretches {
  readonly stretches: readonly Stretch[]
  /** Mean agreement of a bin within the stretches. */
  readonly mean: number
}

/** In which parts of a's time a and b agree, and at which lag: one lag for two unedited recordings. */
export function findStretches(
  a: SoundFeatures,
  b: SoundFeatures,
  search: CoarseSearch,
): PairStretches {
  const lines = agreementLines(a, b, possibleLags(a, b, search))
  let mean = startMean
  let path = likeliestPath(lines, mean)
  for (let round = 1; round < rounds; round++) {
    mean = meanAlong(path, lines)
    path = likeliestPath(lines, mean)
  }
  const stretches: Stretch[] = []
  for (let from = 0; from < path.length;) {
    let to = from + 1
    while (to < path.length && path[to] === path[from]) to++
    const line = lines[path[from]! - 1]
    if (line) {
      stretches.push({
        fromSeconds: from * binSeconds,
        toSeconds: to * binSeconds,
        gain: gainAlong(line, from, to, mean),
        line,
      })
    }
    from = to
  }
  return { stretches, mean }
}

/** How much likelier the line is than none over these bins; what b does not cover says nothing. */
export function gainAlong(line: AgreementLine, from: number, to: number, mean: number): number {
  let gain = 0
  for (let bin = Math.max(0, from); bin < Math.min(to, line.agreement.length); bin++) {
    const agreement = line.agreement[bin]!
    if (!Number.isNaN(agreement)) gain += mean * agreement - (mean * mean) / 2
  }
  return gain
}

function meanAlong(path: Uint8Array, lines: readonly AgreementLine[]): number {
  let sum = 0
  let count = 0
  path.forEach((state, bin) => {
    const agreement = lines[state - 1]?.agreement[bin] ?? Number.NaN
    if (Number.isNaN(agreement)) return
    sum += agreement
    count += 1
  })
  return count === 0 ? startMean : Math.max(leastMean, Math.min(largestMean, sum / count))
}

/** Lags of the whole recordings' peaks and of single parts' peaks, best supported first. */
function possibleLags(a: SoundFeatures, b: SoundFeatures, search: CoarseSearch): number[] {
  const votes = search
    .compare(a, b)
    .peaks.filter(({ score }) => score >= wholeScore)
    .map(({ lagFrames, score }) => ({ lag: lagFrames, score }))
  const parts = openPartSearch(b)
  for (let from = 0; from + partFrames / 2 < a.frames; from += partFrames / 2) {
    const active = a.active.subarray(from, from + partFrames).reduce((sum, one) => sum + one, 0)
    if (active * frameSeconds < shortestOverlapSeconds) continue
    const [first, second] = parts.find(a, from)
    for (const [peak, least] of [
      [first, partScore],
      [second, secondPartScore],
    ] as const) {
      if (peak && peak.score >= least) votes.push({ lag: peak.lagFrames, score: peak.score })
    }
  }
  parts.free()
  const lags: { readonly lag: number; support: number }[] = []
  for (const { lag, score } of votes.toSorted((one, two) => two.score - one.score)) {
    const known = lags.find((other) => Math.abs(other.lag - lag) <= sameLagFrames)
    if (known) known.support += score
    else lags.push({ lag, support: score })
  }
  return lags
    .sort((one, two) => two.support - one.support)
    .slice(0, mostLags)
    .map(({ lag }) => lag)
}
