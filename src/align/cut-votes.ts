import { doublesAt, floatsAt, kernels, withRoom } from './kernels/kernels.ts'
import type { Hearer, Span } from './laid-lines.ts'
import { openPartSearch, overhangSteps, partFrames } from './part-search.ts'
import type { PartScores } from './part-search.ts'
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
  const ballots = parts.map(() => new Float32Array(steps))
  /** Of each hearer the steps in which it has a voice, and what each part makes of it by accident. */
  const voices: Voice[] = []
  for (const hearer of hearers) {
    const search = openPartSearch(hearer.features)
    const stretches = stretchesOfSteps(hearer, clockStart, steps)
    const moments = parts.map(({ fromFrame }, index) =>
      withEvidence(search.scores(own, fromFrame), (evidence) => {
        for (const { step, place, count } of stretches) {
          addTo(ballots[index]!, step, evidence.subarray(place, place + count))
        }
      }),
    )
    search.free()
    const last = stretches.at(-1)
    if (last) voices.push({ from: stretches[0]!.step, to: last.step + last.count, moments })
  }
  const found = parts.flatMap(({ fromFrame, span }, index) => {
    const votes = votesOf(ballots[index]!, voices, index)
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

/** Steps of the clock, one after the other, that are so many places of a hearer, one after the other. */
interface StepStretch {
  readonly step: number
  readonly place: number
  readonly count: number
}

/** Where on the clock a part may begin so that the hearer has a voice. */
function stretchesOfSteps(hearer: Hearer, clockStart: number, steps: number): StepStretch[] {
  const stepAt = (seconds: number): number =>
    Math.ceil((clockAt(hearer, seconds) - clockStart) / stepSeconds)
  const placeOf = (step: number): number => {
    const seconds = (clockStart + step * stepSeconds - hearer.offsetSeconds) / hearer.rate
    return Math.round(seconds / stepSeconds) + overhangSteps
  }
  const last = Math.min(steps, stepAt(hearer.toSeconds))
  const stretches: { readonly step: number; readonly place: number; count: number }[] = []
  for (let step = Math.max(0, stepAt(hearer.fromSeconds - 3)); step < last; step++) {
    const place = placeOf(step)
    if (place < 0 || place >= hearer.features.stepCount) continue
    const before = stretches.at(-1)
    if (before && place === before.place + before.count) before.count++
    else stretches.push({ step, place, count: 1 })
  }
  return stretches
}

interface Moments {
  readonly centre: number
  readonly variance: number
}

/**
 * The height nearby, a little less the farther off, squared and halved: about a logarithm of
 * likelihood. The view is good within `use` alone. Returns its mean and variance.
 */
function withEvidence(
  { values, centre, spread }: PartScores,
  use: (evidence: Float32Array) => void,
): Moments {
  const { length } = values
  const scale = spread > 0 ? 1 / spread : 0
  const floats = 4 * (length + 2 * reachSteps + 4)
  return withRoom([4 * length, floats, floats, 16], (scores, room, out, sums) => {
    floatsAt(scores, length).set(values)
    kernels.evidenceNear(
      scores,
      length,
      centre,
      scale,
      mostHeight,
      reachSteps,
      lessPerStep,
      room,
      out,
      sums,
    )
    use(floatsAt(out, length))
    const [sum, squares] = doublesAt(sums, 2)
    const mean = sum! / length
    return { centre: mean, variance: squares! / length - mean ** 2 }
  })
}

function addTo(sums: Float32Array, from: number, values: Float32Array): void {
  for (let index = 0; index < values.length; index++) sums[from + index]! += values[index]!
}

interface Voice {
  readonly from: number
  readonly to: number
  readonly moments: readonly Moments[]
}

/** In standard deviations of what the hearers say of that part by accident; 0 where none has a voice. */
function votesOf(sums: Float32Array, voices: readonly Voice[], part: number): Float32Array {
  const votes = new Float32Array(sums.length)
  const borders = [...new Set(voices.flatMap(({ from, to }) => [from, to]))].sort((x, y) => x - y)
  borders.slice(1).forEach((end, index) => {
    const start = borders[index]!
    const heard = voices.filter(({ from, to }) => from <= start && end <= to)
    const centre = heard.reduce((sum, { moments }) => sum + moments[part]!.centre, 0)
    const variance = heard.reduce((sum, { moments }) => sum + moments[part]!.variance, 0)
    if (!(variance > 0)) return
    const scale = 1 / Math.sqrt(variance)
    for (let step = start; step < end; step++) votes[step] = (sums[step]! - centre) * scale
  })
  return votes
}

/** Steps of the highest votes that are allowed, apart from each other. */
function highest(votes: Float32Array, isAllowed: (step: number) => boolean): number[] {
  const enough: number[] = []
  for (let step = 0; step < votes.length; step++) {
    if (votes[step]! >= leastVote && isAllowed(step)) enough.push(step)
  }
  const found: number[] = []
  const apart = Math.round(sameOffsetSeconds / stepSeconds)
  for (const step of enough.sort((one, two) => votes[two]! - votes[one]! || one - two)) {
    if (found.length === peaksPerPart) break
    if (found.every((other) => Math.abs(other - step) > apart)) found.push(step)
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
