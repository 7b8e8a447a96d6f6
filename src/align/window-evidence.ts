import type { CoarsePeak } from './coarse-search.ts'
import { dotRuns } from './feature-dots.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { accidentOfBest, mostFramesBetweenSources, sourceLags } from './source-lags.ts'

/** Agreement is weighed second by second. */
const windowFrames = 100
/**
 * No second counts for more than so many standard deviations: one stretch that
 * fits, such as a song that two places have in common, cannot outweigh the rest
 * of an overlap that does not fit.
 */
const windowCeiling = 2
/** A short overlap may still reach this much evidence, all its seconds together. */
const reachableEvidence = 14
/** An overlap's stretches. */
const stretchSeconds = 10
/** Overlaps of fewer windows are judged as if they had these: short ones match by chance. */
const leastWindows = 20
/** A second with less than this share of a recording's usual energy says nothing. */
const leastShareOfEnergy = 0.1
/** 100 frames of 24 bands, neighbours alike: accident is not rarer than this. */
const leastDeviation = 0.03
const unlikeliest = 1
/** Windows at unlikely lags that say what accident makes. */
const accidentalWindows = 200
const accidentalLags = 24
/** Lags this near to a peak are no accident, frames. */
const peakReach = 50

/** A lag at which two recordings might belong together, with what speaks for it over the whole overlap. */
export interface WeighedPeak extends CoarsePeak {
  /**
   * Sum of the bounded agreement of each second, over the root of their number:
   * about normal with deviation 1 where nothing is shared.
   */
  readonly evidence: number
  /** Whole seconds that overlap there. */
  readonly windows: number
  /** Mean correlation of the seconds: 1 where both are one recording. */
  readonly likeness: number
  /** Mean agreement of the weaker half of the overlap's stretches over that of all, 0 to 1. */
  readonly evenness: number
}

/** Some ten seconds of an overlap. */
export interface Stretch {
  readonly sum: number
  readonly windows: number
}

export interface PeakWithCourse extends WeighedPeak {
  readonly course: AgreementCourse
}

interface Agreement extends Pick<PeakWithCourse, 'windows' | 'likeness' | 'course'> {
  /** In standard deviations, each second bounded. */
  readonly sum: number
  readonly stretches: readonly Stretch[]
}

/** How a lag's agreement goes, second by second of the overlap. */
export interface AgreementCourse {
  /** Own time of a at which the first second begins. */
  readonly fromFrame: number
  /** Bounded, in standard deviations of accident; NaN where one of the two holds next to nothing. */
  readonly agreement: Float64Array
}

/** So alike are only copies of one recording, however short: noise of their own keeps others apart. */
const likenessOfCopies = 0.95
const shareOfCopies = 10

/**
 * The gap that makes one lag clear. A shorter overlap needs more: a siren or a
 * song that passes once fills all of it. Measured: docs/guides/alignment.md.
 */
function clearGap(windows: number): number {
  return 2.3 + 70 / Math.max(leastWindows, windows)
}

/** Peaks by evidence, the strongest first. */
export function weighPeaks(
  a: SoundFeatures,
  b: SoundFeatures,
  peaks: readonly CoarsePeak[],
): PeakWithCourse[] {
  const deviation = accidentalDeviation(a, b, peaks.map(lagOf))
  return peaks.map((peak) => weighedAt(a, b, peak, [peak.lagFrames], deviation)).sort(byEvidence)
}

/**
 * The same where several sources were heard, each at a lag of its own; other peaks so near are no
 * rivals. Undefined where there is but one source. At least one peak.
 */
export function weighSources(
  a: SoundFeatures,
  b: SoundFeatures,
  peaks: readonly CoarsePeak[],
): PeakWithCourse[] | undefined {
  const deviation = accidentalDeviation(a, b, peaks.map(lagOf))
  const lagsOf = ({ lagFrames }: CoarsePeak): number[] =>
    overlapFrames(a, b, lagFrames) < leastWindows * windowFrames
      ? [lagFrames]
      : sourceLags(a, b, lagFrames, deviation, windowFrames).slice(0, accidentOfBest.length)
  // Between sources' lags lies the highest peak, at which no second need agree.
  const highest = peaks.reduce((one, two) => (two.score > one.score ? two : one))
  const lagsOfHighest = lagsOf(highest)
  if (lagsOfHighest.length === 1) return undefined
  const weighed = peaks
    .map((peak) =>
      weighedAt(a, b, peak, peak === highest ? lagsOfHighest : lagsOf(peak), deviation),
    )
    .sort(byEvidence)
  return weighed.filter(({ lagFrames }, place) =>
    weighed
      .slice(0, place)
      .every((higher) => Math.abs(higher.lagFrames - lagFrames) > mostFramesBetweenSources),
  )
}

function weighedAt(
  a: SoundFeatures,
  b: SoundFeatures,
  peak: CoarsePeak,
  lags: readonly number[],
  deviation: number,
): PeakWithCourse {
  const { sum, stretches, ...said } = boundedAgreement(a, b, lags, deviation)
  return {
    ...peak,
    ...said,
    evidence: evidenceOf(sum, said.windows),
    evenness: evennessOf(stretches),
  }
}

function byEvidence(one: WeighedPeak, two: WeighedPeak): number {
  return two.evidence - one.evidence || two.score - one.score
}

/** How far the strongest peak stands clear of the next: the confidence. */
export function evidenceGap(peaks: readonly WeighedPeak[]): number {
  const [first, second] = peaks
  return first === undefined ? 0 : first.evidence - Math.max(0, second?.evidence ?? 0)
}

/** Whether one lag stands clear of all others: its place is worth measuring. */
export function isClear(peaks: readonly WeighedPeak[]): boolean {
  return shareOfGap(peaks) >= 1 || isSure(peaks)
}

/**
 * How surely two recordings belong together: the gap as a share of what makes a lag clear, times
 * its evenness. A siren that passes two places at one speed makes a gap, but is over before the
 * overlap is.
 */
export function shareOfClear(peaks: readonly WeighedPeak[]): number {
  return shareOfGap(peaks) * (peaks[0]?.evenness ?? 0)
}

function shareOfGap(peaks: readonly WeighedPeak[]): number {
  const [first] = peaks
  if (first === undefined) return 0
  const share = evidenceGap(peaks) / clearGap(first.windows)
  return first.likeness >= likenessOfCopies ? Math.max(share, shareOfCopies) : share
}

/**
 * Whether two recordings may be joined by their lag alone. A siren passes for half a minute, so
 * that an overlap of less may be even by accident. Measured: docs/guides/alignment.md.
 */
export function isSure(peaks: readonly WeighedPeak[]): boolean {
  const windows = Math.max(23, peaks[0]?.windows ?? 0)
  return shareOfClear(peaks) >= 0.42 + 24 / windows
}

/**
 * Whether one lag stands very clear, but only a part of the overlap says so: both places heard a
 * siren pass, or one of the two recordings was cut.
 */
export function isClearInPart(peaks: readonly WeighedPeak[]): boolean {
  const windows = Math.max(leastWindows, peaks[0]?.windows ?? 0)
  return shareOfGap(peaks) >= 1.15 + 9 / windows && !isSure(peaks)
}

/** Whether one lag may stand clear once the peaks are placed to a frame. */
export function mayBeClear(peaks: readonly WeighedPeak[]): boolean {
  const [first] = peaks
  if (first === undefined) return false
  const isAlike = first.likeness >= likenessOfCopies / 2
  return isAlike || evidenceGap(peaks) >= clearGap(first.windows) / 3
}

/** Of the sum over so many windows. */
export function evidenceOf(sum: number, windows: number): number {
  return sum / Math.sqrt(Math.max(windows, leastWindows))
}

/**
 * The seconds' agreement at a lag; of several, each second's at the best of them, less what the
 * best of so many makes by accident.
 */
export function boundedAgreement(
  a: SoundFeatures,
  b: SoundFeatures,
  lags: readonly number[],
  deviation: number,
): Agreement {
  const fromFrame = Math.max(0, ...lags)
  const count = Math.min(...lags.map((lag) => windowsFrom(a, b, lag, fromFrame)))
  const each = lags.map((lag) => windowLikenesses(a, b, lag, count, fromFrame))
  const [first] = each as [Float64Array]
  const accident = accidentOfBest[lags.length - 1]! * deviation
  const likenesses =
    each.length === 1
      ? first
      : first.map((_, second) => Math.max(...each.map((one) => one[second]!)) - accident)
  const said = likenesses.filter((likeness) => !Number.isNaN(likeness))
  const windows = said.length
  const ceiling = ceilingFor(windows)
  const agreement = likenesses.map((likeness) =>
    Math.max(-ceiling, Math.min(ceiling, likeness / deviation)),
  )
  const heard = agreement.filter((one) => !Number.isNaN(one))
  return {
    sum: sumOf(heard),
    windows,
    likeness: windows === 0 ? 0 : sumOf(said) / windows,
    stretches: stretchesOf(heard, windows),
    course: { fromFrame, agreement },
  }
}

/** The seconds of an overlap that hold sound: their middles in a's own time, and how far they agree. */
export function secondsOf({ fromFrame, agreement }: AgreementCourse) {
  return [...agreement.entries()].flatMap(([second, said]) =>
    Number.isNaN(said)
      ? []
      : [
          {
            middleSeconds: (fromFrame + (second + 0.5) * windowFrames) * frameSeconds,
            agreement: said,
          },
        ],
  )
}

/** What windows across so many seconds say, by stretches of some ten seconds, two at least. */
export function stretchesOf(values: Float64Array, seconds: number): Stretch[] {
  const count = Math.max(2, Math.round(seconds / stretchSeconds))
  const startOf = (stretch: number): number => Math.floor((stretch * values.length) / count)
  return Array.from({ length: count }, (_, stretch) => {
    const within = values.subarray(startOf(stretch), startOf(stretch + 1))
    return { sum: sumOf(within), windows: within.length }
  }).filter(({ windows }) => windows > 0)
}

/** Mean agreement of the weaker half of the stretches over that of all, 0 to 1; of two nothing can be told. */
export function evennessOf(stretches: readonly Stretch[]): number {
  const mean = meanOf(stretches)
  if (stretches.length < 3) return 1
  if (!(mean > 0)) return 0
  const weaker = stretches
    .toSorted((one, two) => one.sum / one.windows - two.sum / two.windows)
    .slice(0, Math.max(1, Math.floor(stretches.length / 2)))
  return Math.max(0, Math.min(1, meanOf(weaker) / mean))
}

function meanOf(stretches: readonly Stretch[]): number {
  const windows = sumOf(stretches.map((stretch) => stretch.windows))
  return sumOf(stretches.map(({ sum }) => sum)) / windows
}

function sumOf(values: Float64Array | readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

function ceilingFor(windows: number): number {
  return Math.max(
    windowCeiling,
    (reachableEvidence * Math.sqrt(Math.max(windows, leastWindows))) / Math.max(1, windows),
  )
}

/**
 * The correlation of each whole second of the overlap at a lag (a-time minus
 * b-time), at most so many: products over bands and frames, over the root of both
 * energies; NaN for seconds in which one recording holds next to nothing.
 */
function windowLikenesses(
  a: SoundFeatures,
  b: SoundFeatures,
  lag: number,
  most = Infinity,
  from = Math.max(0, lag),
): Float64Array {
  const count = Math.max(0, Math.min(windowsFrom(a, b, lag, from), most))
  const [leastOfA, leastOfB] = [leastEnergy(a), leastEnergy(b)]
  const dots = dotRuns(a, b, lag, from, windowFrames, count)
  const likenesses = new Float64Array(count).fill(Number.NaN)
  for (let window = 0; window < count; window++) {
    const start = from + window * windowFrames
    const ofA = a.energyBefore[start + windowFrames]! - a.energyBefore[start]!
    const ofB = b.energyBefore[start - lag + windowFrames]! - b.energyBefore[start - lag]!
    if (ofA < leastOfA || ofB < leastOfB) continue
    likenesses[window] = dots[window]! / Math.sqrt(ofA * ofB)
  }
  return likenesses
}

/** Whole seconds of the overlap from a frame of a on. */
function windowsFrom(a: SoundFeatures, b: SoundFeatures, lag: number, from: number): number {
  return Math.floor((Math.min(a.frames, b.frames + lag) - from) / windowFrames)
}

function overlapFrames(a: SoundFeatures, b: SoundFeatures, lag: number): number {
  return Math.min(a.frames, b.frames + lag) - Math.max(0, lag)
}

function leastEnergy({ frames, energyBefore }: SoundFeatures): number {
  return (leastShareOfEnergy * windowFrames * energyBefore[frames]!) / Math.max(1, frames) + 1e-9
}

const lagOf = ({ lagFrames }: CoarsePeak): number => lagFrames

/** Robust standard deviation of a second's likeness at other lags than these. */
export function accidentalDeviation(
  a: SoundFeatures,
  b: SoundFeatures,
  suggestedLags: readonly number[],
): number {
  const third = Math.floor(Math.min(a.frames, b.frames) / 3)
  const shortest = Math.max(windowFrames, Math.min(third, 3 * windowFrames))
  const span = a.frames + b.frames - 2 * shortest
  const sizes: number[] = []
  for (let index = 0; index < accidentalLags && sizes.length < accidentalWindows; index++) {
    // The golden section spreads any number of lags evenly.
    const lag = Math.round(shortest - b.frames + span * ((index * 0.6180339887) % 1))
    if (suggestedLags.some((one) => Math.abs(one - lag) < peakReach)) continue
    const wanted = accidentalWindows - sizes.length
    for (const likeness of windowLikenesses(a, b, lag, wanted)) {
      if (!Number.isNaN(likeness)) sizes.push(Math.abs(likeness))
    }
  }
  if (sizes.length === 0) return unlikeliest
  const sorted = Float64Array.from(sizes).sort()
  return Math.max(leastDeviation, 1.4826 * sorted[sorted.length >> 1]!)
}
