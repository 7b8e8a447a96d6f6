import { agreementAlong, binSeconds } from './local-agreement.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { blockSeconds, witnessShifts } from './witness-shifts.ts'
import type { ClockWitness } from './witnesses.ts'

/** Likelihoods are those of this share of the usual agreement: at times a phone hears less. */
export const cautious = 0.7

/** A witness with what it heard. */
export interface Hearer extends ClockWitness {
  readonly features: SoundFeatures
}

/** Those of the witnesses that hold sound. */
export function hearersFrom(
  witnesses: readonly ClockWitness[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): Hearer[] {
  return witnesses.flatMap((witness) => {
    const features = featuresOf(witness.recording)
    return features ? [{ ...witness, features }] : []
  })
}

/** A recording laid on the clock of its witnesses: clock = offsetSeconds + rate × own time. */
export interface Line {
  readonly offsetSeconds: number
  readonly rate: number
  /** By the witnesses of this cluster alone; without it by all. */
  readonly cluster?: number
}

/** Where a recording would lie, and how far each witness agrees with it there. */
export interface LaidLine extends Line {
  /** Per witness and bin of own time, in standard deviations of chance; NaN where it holds nothing. */
  readonly agreement: readonly Float32Array[]
  /** Per witness: own time of the recording less own time of the witness, in the middle of the span. */
  readonly lagSeconds: readonly number[]
}

/** Own time of a recording, from and to. */
export interface Span {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/**
 * The recording laid on that line within a span; each witness is heard where it agrees most, as
 * far off as travel may shift it; if so many sources are told apart, every two seconds at the best of them.
 */
export function layLine(
  own: SoundFeatures,
  hearers: readonly Hearer[],
  line: Line,
  span: Span,
  reachOf: (hearer: Hearer) => number,
  mostSources = 1,
): LaidLine {
  const middle = (span.fromSeconds + span.toSeconds) / 2
  const laid = hearers.map((hearer) => {
    const { features } = hearer
    const timeOf = (ownSeconds: number) =>
      (line.offsetSeconds + line.rate * ownSeconds - hearer.offsetSeconds) / hearer.rate
    const heard = heardSpan(own, hearer, line, span)
    const isAsked = line.cluster === undefined || line.cluster === hearer.cluster
    if (!isAsked || heard.toSeconds - heard.fromSeconds < binSeconds)
      return { agreement: unheard(own), lag: 0 }
    const search = { reachSeconds: reachOf(hearer), mostSources }
    const lagAt = (at: number) => at - timeOf(at)
    const shifts = witnessShifts(own, features, lagAt, heard, search)
    const shiftAt = (at: number) =>
      shifts.ofBlocks[Math.floor((at - heard.fromSeconds) / blockSeconds)] ?? shifts.seconds
    const agreement = agreementAlong(own, features, (at) => lagAt(at) + shiftAt(at), heard)
    return {
      agreement: agreement.map((value) => value - shifts.accident),
      lag: lagAt(middle) + shifts.seconds,
    }
  })
  return {
    ...line,
    agreement: laid.map(({ agreement }) => agreement),
    lagSeconds: laid.map(({ lag }) => lag),
  }
}

function unheard({ frames }: SoundFeatures): Float32Array {
  return new Float32Array(Math.ceil((frames * frameSeconds) / binSeconds)).fill(Number.NaN)
}

/** The part of a span of own time that a witness holds. */
function heardSpan(own: SoundFeatures, hearer: Hearer, line: Line, span: Span): Span {
  const ownOf = (seconds: number) =>
    (hearer.offsetSeconds + hearer.rate * seconds - line.offsetSeconds) / line.rate
  return {
    fromSeconds: Math.max(0, span.fromSeconds, ownOf(hearer.fromSeconds)),
    toSeconds: Math.min(own.frames * frameSeconds, span.toSeconds, ownOf(hearer.toSeconds)),
  }
}

/** How much likelier the line is than none, per bin, for all witnesses together; NaN where none holds anything. */
export function gainsOf({ agreement }: LaidLine, means: readonly number[]): Float32Array {
  return Float32Array.from({ length: agreement[0]?.length ?? 0 }, (_, bin) => {
    let gain = 0
    let isHeard = false
    agreement.forEach((of, witness) => {
      const value = of[bin]!
      if (Number.isNaN(value)) return
      const mean = cautious * means[witness]!
      isHeard = true
      gain += mean * value - mean ** 2 / 2
    })
    return isHeard ? gain : Number.NaN
  })
}

/** Sum over a span of own time. */
export function gainWithin(gains: Float32Array, { fromSeconds, toSeconds }: Span): number {
  let sum = 0
  const last = Math.min(gains.length, Math.round(toSeconds / binSeconds))
  for (let bin = Math.max(0, Math.round(fromSeconds / binSeconds)); bin < last; bin++) {
    if (!Number.isNaN(gains[bin]!)) sum += gains[bin]!
  }
  return sum
}
