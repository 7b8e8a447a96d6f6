import type { Hearer, Span } from './laid-lines.ts'
import { openPartSearch, overhangSteps, partFrames } from './part-search.ts'
import { frameSeconds, stepSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** From one part to the next: 3 s. */
const hopFrames = partFrames / 2
/** A part with less sound says nothing. */
const leastActiveSeconds = 2
/** Travel shifts witnesses against each other: each is heard at its best within this. */
const reachSteps = 3
const lessPerStep = 0.03
/** No witness counts for more than so many standard deviations. */
const mostHeight = 10
/** A place needs this much, in standard deviations of what the witnesses say elsewhere. */
const leastVote = 4
const peaksPerPart = 3
/** Places nearer than this are one. */
const sameOffsetSeconds = 0.3
const mostOffsets = 12

/** Where a part of a recording's own time may lie: between these offsets to the clock. */
export interface OpenSpan extends Span {
  readonly leastOffset: number
  readonly mostOffset: number
}

/**
 * Offsets to the clock at which parts of a recording may lie, by all witnesses together: what each
 * says about every 6 s is added up along the clock on which they are already. Best supported first.
 */
export function likelyOffsets(
  own: SoundFeatures,
  rate: number,
  hearers: readonly Hearer[],
  spans: readonly OpenSpan[],
): number[] {
  const parts = spans.flatMap((span) => partsOf(own, span))
  if (parts.length === 0 || hearers.length === 0) return []
  const clockStart = Math.min(...hearers.map((hearer) => clockAt(hearer, hearer.fromSeconds))) - 3
  const clockEnd = Math.max(...hearers.map((hearer) => clockAt(hearer, hearer.toSeconds)))
  const steps = Math.ceil((clockEnd - clockStart) / stepSeconds)
  const ballots = parts.map(() => ({
    sum: new Float32Array(steps),
    expected: new Float32Array(steps),
    variance: new Float32Array(steps),
  }))
  for (const hearer of hearers) {
    const search = openPartSearch(hearer.features)
    const stepAt = (seconds: number): number =>
      Math.ceil((clockAt(hearer, seconds) - clockStart) / stepSeconds)
    const first = Math.max(0, stepAt(hearer.fromSeconds - 3))
    const last = Math.min(steps, stepAt(hearer.toSeconds))
    /** Of each of these steps the place in what is said. */
    const places = Int32Array.from({ length: Math.max(0, last - first) }, (_, index) => {
      const seconds =
        (clockStart + (first + index) * stepSeconds - hearer.offsetSeconds) / hearer.rate
      return Math.round(seconds / stepSeconds) + overhangSteps
    })
    parts.forEach(({ fromFrame }, index) => {
      const said = evidenceOf(search.heights(own, fromFrame))
      const moments = momentsOf(said)
      const { sum, expected, variance } = ballots[index]!
      for (let step = first, at = 0; step < last; step++, at++) {
        const place = places[at]!
        if (place < 0 || place >= said.length) continue
        sum[step]! += said[place]!
        expected[step]! += moments.centre
        variance[step]! += moments.variance
      }
    })
    search.free()
  }
  const found = parts.flatMap(({ fromFrame, span }, index) => {
    const { sum, expected, variance } = ballots[index]!
    const votes = sum.map((value, step) =>
      variance[step]! > 0 ? (value - expected[step]!) / Math.sqrt(variance[step]!) : 0,
    )
    const offsetAt = (step: number) =>
      clockStart + step * stepSeconds - rate * fromFrame * frameSeconds
    return highest(votes, (step) => {
      const offset = offsetAt(step)
      return offset > span.leastOffset && offset < span.mostOffset
    }).map((step) => ({ offset: offsetAt(step), vote: votes[step]! }))
  })
  return mergedOffsets(found)
}

function partsOf(own: SoundFeatures, span: OpenSpan) {
  const parts: { readonly fromFrame: number; readonly span: OpenSpan }[] = []
  const [first, last] = [span.fromSeconds, span.toSeconds].map((at) =>
    Math.round(at / frameSeconds),
  )
  for (let fromFrame = first!; fromFrame < last!; fromFrame += hopFrames) {
    const from = Math.max(0, Math.min(fromFrame, last! - partFrames))
    const active = own.active.subarray(from, from + partFrames)
    const seconds = active.reduce((sum, one) => sum + one, 0) * frameSeconds
    if (seconds >= leastActiveSeconds) parts.push({ fromFrame: from, span })
    if (from < fromFrame || fromFrame + partFrames >= last!) break
  }
  return parts
}

function clockAt({ offsetSeconds, rate }: Hearer, seconds: number): number {
  return offsetSeconds + rate * seconds
}

/** The height nearby, a little less the farther off, squared and halved: about a logarithm of likelihood. */
function evidenceOf(heights: Float32Array): Float32Array {
  const { length } = heights
  const evidence = new Float32Array(length)
  for (let place = 0; place < length; place++) {
    let most = 0
    for (let step = -reachSteps; step <= reachSteps; step++) {
      const near = place + step
      if (near < 0 || near >= length) continue
      const bounded = heights[near]! < mostHeight ? heights[near]! : mostHeight
      const height = bounded * (1 - lessPerStep * (step < 0 ? -step : step))
      if (height > most) most = height
    }
    evidence[place] = (most * most) / 2
  }
  return evidence
}

function momentsOf(values: Float32Array): { readonly centre: number; readonly variance: number } {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value ** 2
  }
  const centre = sum / values.length
  return { centre, variance: squares / values.length - centre ** 2 }
}

/** Steps of the highest votes that are allowed, apart from each other. */
function highest(votes: Float32Array, isAllowed: (step: number) => boolean): number[] {
  const found: number[] = []
  const apart = Math.round(sameOffsetSeconds / stepSeconds)
  while (found.length < peaksPerPart) {
    let best = -1
    for (let step = 0; step < votes.length; step++) {
      const vote = votes[step]!
      if (vote < leastVote || (best >= 0 && vote <= votes[best]!)) continue
      if (found.some((other) => Math.abs(other - step) <= apart)) continue
      if (isAllowed(step)) best = step
    }
    if (best < 0) break
    found.push(best)
  }
  return found
}

function mergedOffsets(found: readonly { readonly offset: number; readonly vote: number }[]) {
  const merged: { readonly offset: number; support: number }[] = []
  for (const { offset, vote } of found.toSorted((one, two) => two.vote - one.vote)) {
    const near = merged.find((other) => Math.abs(other.offset - offset) < sameOffsetSeconds)
    if (near) near.support += vote
    else merged.push({ offset, support: vote })
  }
  return merged
    .sort((one, two) => two.support - one.support)
    .slice(0, mostOffsets)
    .map(({ offset }) => offset)
}
