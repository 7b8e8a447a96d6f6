import { dotOf } from './feature-dots.ts'
import { agreementAlong, agreementSpread, binSeconds } from './local-agreement.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import type { ClockWitness } from './witnesses.ts'

/** The place of a line is looked for in blocks of so many frames: 2 s. */
const blockFrames = 200
/** A block agrees from so many standard deviations of a bin on. */
const agreeingBlock = 4
const shiftStepSeconds = 0.02
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
 * far off as travel may shift it.
 */
export function layLine(
  own: SoundFeatures,
  hearers: readonly Hearer[],
  line: Line,
  span: Span,
  reachOf: (hearer: Hearer) => number,
): LaidLine {
  const middle = (span.fromSeconds + span.toSeconds) / 2
  const laid = hearers.map((hearer) => {
    const timeOf = (ownSeconds: number) =>
      (line.offsetSeconds + line.rate * ownSeconds - hearer.offsetSeconds) / hearer.rate
    const heard = heardSpan(own, hearer, line, span)
    const isAsked = line.cluster === undefined || line.cluster === hearer.cluster
    if (!isAsked || heard.toSeconds - heard.fromSeconds < binSeconds)
      return { agreement: unheard(own), lag: 0 }
    const shift = bestShift(own, hearer.features, timeOf, heard, reachOf(hearer))
    const lagAt = (at: number) => at - timeOf(at) + shift
    return {
      agreement: agreementAlong(own, hearer.features, lagAt, heard),
      lag: lagAt(middle),
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

/** By how much the lag is to be changed so that most blocks agree, and most surely. */
function bestShift(
  own: SoundFeatures,
  other: SoundFeatures,
  timeOf: (ownSeconds: number) => number,
  { fromSeconds, toSeconds }: Span,
  reachSeconds: number,
): number {
  const steps = Math.round(reachSeconds / shiftStepSeconds)
  const least = agreeingBlock * agreementSpread(own, other)
  const [from, to] = [fromSeconds, toSeconds].map((at) => Math.round(at / frameSeconds))
  let best = { shift: 0, score: 0 }
  // From the middle outwards, so that what is nearer stays where two are alike.
  for (let step = 0; step <= 2 * steps; step++) {
    const shift = shiftStepSeconds * (step % 2 === 0 ? step / 2 : -(step + 1) / 2)
    let score = 0
    for (let frame = from!; frame < to!; frame += blockFrames) {
      const at = (frame + blockFrames / 2) * frameSeconds
      const lag = Math.round((at - timeOf(at) + shift) / frameSeconds)
      const first = Math.max(frame, lag)
      const last = Math.min(frame + blockFrames, to!, other.frames + lag)
      const sum = last > first ? dotOf(own, other, lag, first, last) : 0
      if (sum > least) score += sum - least
    }
    if (score > best.score) best = { shift, score }
  }
  return best.shift
}

/** How much likelier the line is than none, per bin, for all witnesses together; NaN where none holds anything. */
export function gainsOf({ agreement }: LaidLine, means: readonly number[]): Float32Array {
  return Float32Array.from({ length: agreement[0]?.length ?? 0 }, (_, bin) => {
    let gain = 0
    let isHeard = false
    agreement.forEach((of, witness) => {
      const value = of[bin]!
      const mean = cautious * means[witness]!
      if (Number.isNaN(value)) return
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
