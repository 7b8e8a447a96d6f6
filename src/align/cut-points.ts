import { phaseLikelihoods } from './cut-phases.ts'
import { dotOf } from './feature-dots.ts'
import type { SolvedGroup } from './group-result.ts'
import { cautious, hearersFrom, layLine } from './laid-lines.ts'
import type { Hearer, LaidLine, Span } from './laid-lines.ts'
import { agreementSpread, binFrames } from './local-agreement.ts'
import type { RecordingPart } from './recording-parts.ts'
import type { SampleSource } from './sample-source.ts'
import { heardUpTo, sumUpTo } from './heard-at-times.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { clockWitnesses, endOf, placedIds } from './witnesses.ts'

/** A cut is looked for this far to either side of where it was proposed. */
const usualReachSeconds = 4
/** So much of each piece, next to the cut, says how far the witnesses agree with it. */
const nearSeconds = 40
/** How far travel may shift a witness that is linked, and one that is not. */
const linkedReachSeconds = 0.04
const unlinkedReachSeconds = 0.2
/** A witness that agrees less, in standard deviations of a bin, says nothing. */
const leastAgreement = 0.2
/** Nor counts one for more: what is so like is so at its loudest only. */
const mostAgreement = 2
/** Sources far apart shift a witness by so many frames against the usual. */
const sourceShifts = [0, -8, -4, 4, 8]
/** Middle of what a frame of features hears, after its own beginning. */
const frameMiddleSeconds = 0.011
/**
 * Phases tell a cut more sharply than features, but hear one source alone: they are asked this near
 * to where features put it, of so many witnesses that agree most.
 */
const phaseReachSeconds = 2
const phaseWitnesses = 3
/** So much next to the cut says how well phases agree. */
const phaseSeconds = 12

/** Where a cut is looked for, and what it needs to be moved. */
interface CutSearch {
  readonly reachSeconds: number
  /** It stays as proposed where another moment is not likelier by so much, a logarithm. */
  readonly leastGain: number
  /** Whether a witness may cease to hear a piece for a while; far off, that would be taken for the other. */
  readonly hears: 'throughout' | 'at times'
}

const usualSearch: CutSearch = { reachSeconds: usualReachSeconds, leastGain: 2, hears: 'at times' }

/**
 * Own time of the cut between two pieces: up to there the others agree with the
 * piece before, from there on with the piece after.
 */
export function cutBetween(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
  { reachSeconds, leastGain, hears }: CutSearch = usualSearch,
): number {
  const proposed = after.fromSeconds
  const evidence = sidesOf(before, after, parts, groups, featuresOf)
  if (!evidence) return proposed
  const { own, sides } = evidence
  const [first, last] = [-1, 1].map((side) =>
    Math.round((proposed + side * reachSeconds) / frameSeconds),
  )
  const from = Math.max(0, first!, Math.round(before.fromSeconds / frameSeconds))
  const to = Math.min(own.frames, last!, Math.round(endOf(after) / frameSeconds))
  const balance = new Float64Array(Math.max(0, to - from) + 1)
  for (const side of sides) addFeatures(balance, from, side, own, hears)
  return cutOf(balance, from, proposed, leastGain)
}

/** The same, made sharper by the phases of those that hear it best. */
export function refineCut(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
  soundOf: (recording: string) => SampleSource | undefined,
): number {
  const about = cutBetween(before, after, parts, groups, featuresOf)
  const evidence = sidesOf(before, after, parts, groups, featuresOf)
  if (!evidence) return about
  const { own, sides } = evidence
  const from = Math.max(0, Math.round((about - phaseReachSeconds) / frameSeconds))
  const to = Math.min(own.frames, Math.round((about + phaseReachSeconds) / frameSeconds))
  const balance = new Float64Array(Math.max(0, to - from) + 1)
  for (const side of sides) {
    addFeatures(balance, from, side, own, 'at times')
    addPhases(balance, from, side, soundOf)
  }
  return cutOf(balance, from, about, 0)
}

/** A piece beside a cut, and those that hear it. */
interface Side {
  readonly part: RecordingPart
  /** 1 for the piece before, −1 for the piece after. */
  readonly sign: number
  readonly span: Span
  readonly hearers: readonly Hearer[]
  readonly laid: LaidLine
  /** Mean agreement of each hearer. */
  readonly means: readonly number[]
}

function sidesOf(
  before: RecordingPart,
  after: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
  featuresOf: (recording: string) => SoundFeatures | undefined,
): { readonly own: SoundFeatures; readonly sides: readonly Side[] } | undefined {
  const own = featuresOf(before.recording)
  if (!own) return undefined
  const at = after.fromSeconds
  const partOf = new Map(parts.map((one) => [one.id, one]))
  const placed = placedIds(groups)
  const sides = [
    {
      part: before,
      sign: 1,
      span: { fromSeconds: Math.max(before.fromSeconds, at - nearSeconds), toSeconds: at },
    },
    {
      part: after,
      sign: -1,
      span: { fromSeconds: at, toSeconds: Math.min(endOf(after), at + nearSeconds) },
    },
  ].flatMap(({ part, sign, span }): Side[] => {
    const group = groups.find(({ members }) => members.some(({ id }) => id === part.id))
    const member = group?.members.find(({ id }) => id === part.id)
    if (!group || !member) return []
    const { rate } = member
    const line = { offsetSeconds: member.offsetSeconds - rate * part.fromSeconds, rate }
    const witnesses = clockWitnesses(part.recording, partOf, group, placed)
    const hearers = hearersFrom(witnesses, featuresOf)
    const laid = layLine(own, hearers, line, span, ({ isLinked }) =>
      isLinked ? linkedReachSeconds : unlinkedReachSeconds,
    )
    const means = laid.agreement.map((of) => {
      const heard = of.filter((value) => !Number.isNaN(value))
      return heard.reduce((sum, value) => sum + value, 0) / heard.length
    })
    return [{ part, sign, span, hearers, laid, means }]
  })
  return { own, sides }
}

/**
 * Adds, per moment, how much likelier it is that a witness of the piece hears it on that side of the
 * moment, now this source of it and now that, than that it does not.
 */
function addFeatures(
  balance: Float64Array,
  fromFrame: number,
  { sign, span, hearers, laid, means }: Side,
  own: SoundFeatures,
  hears: CutSearch['hears'],
): void {
  const middle = (span.fromSeconds + span.toSeconds) / 2
  hearers.forEach((hearer, index) => {
    const { features } = hearer
    const mean = means[index]!
    if (!(mean >= leastAgreement)) return
    const spread = agreementSpread(own, features)
    const weight = cautious * Math.min(mostAgreement, mean)
    const gains = (hears === 'at times' ? sourceShifts : [0]).map((shift) => {
      const of = new Float64Array(balance.length - 1)
      for (let place = 0; place < of.length; place++) {
        const frame = fromFrame + place
        const drift = (1 - laid.rate / hearer.rate) * (frame * frameSeconds - middle)
        const lag = Math.round((laid.lagSeconds[index]! + drift) / frameSeconds) + shift
        const there = (frame - lag) * frameSeconds
        const isHeard = there >= hearer.fromSeconds && there < hearer.toSeconds
        if (!isHeard || frame < lag || frame - lag >= features.frames) continue
        const product = dotOf(own, features, lag, frame, frame + 1)
        of[place] = (weight * product) / spread - weight ** 2 / 2 / binFrames
      }
      return of
    })
    addHeard(balance, gains, sign, hears)
  })
}

/** The same by phases, each window's at its middle. */
function addPhases(
  balance: Float64Array,
  fromFrame: number,
  { part, sign, span, hearers, laid, means }: Side,
  soundOf: (recording: string) => SampleSource | undefined,
): void {
  const own = soundOf(part.recording)
  const { fromSeconds, toSeconds } = span
  const near =
    sign > 0
      ? { fromSeconds: Math.max(fromSeconds, toSeconds - phaseSeconds), toSeconds }
      : { fromSeconds, toSeconds: Math.min(toSeconds, fromSeconds + phaseSeconds) }
  const asked = {
    fromSeconds: fromFrame * frameSeconds,
    toSeconds: (fromFrame + balance.length - 1) * frameSeconds,
  }
  const best = [...means.keys()]
    .filter((index) => means[index]! >= leastAgreement)
    .sort((one, two) => means[two]! - means[one]! || one - two)
    .slice(0, phaseWitnesses)
  for (const index of best) {
    const hearer = hearers[index]!
    const witness = soundOf(hearer.recording)
    if (!own || !witness) continue
    const line = {
      lagSeconds: laid.lagSeconds[index]!,
      atSeconds: (fromSeconds + toSeconds) / 2,
      drift: 1 - laid.rate / hearer.rate,
    }
    const gains = new Float64Array(balance.length - 1)
    for (const { atSeconds, gain } of phaseLikelihoods(own, witness, hearer, line, near, asked)) {
      const place = Math.round((atSeconds - frameMiddleSeconds) / frameSeconds) - fromFrame
      if (place >= 0 && place < gains.length) gains[place]! += gain
    }
    addHeard(balance, [gains], sign, 'at times')
  }
}

/** `gains`: per source and frame. Before a moment for the piece before, after it for the piece after. */
function addHeard(
  balance: Float64Array,
  gains: readonly Float64Array[],
  sign: number,
  hears: CutSearch['hears'],
): void {
  const upTo = hears === 'at times' ? heardUpTo : sumUpTo
  const told = upTo(sign > 0 ? gains : gains.map((of) => of.toReversed()))
  told.forEach((gain, moment) => {
    balance[sign > 0 ? moment : balance.length - 1 - moment]! += gain
  })
}

/** The moment at which most speaks for the piece before it and for the one after it. */
function cutOf(balance: Float64Array, from: number, proposed: number, leastGain: number): number {
  const place = Math.round(proposed / frameSeconds) - from
  let best = 0
  balance.forEach((value, moment) => {
    if (value > balance[best]!) best = moment
  })
  const isInside = best > 0 && best < balance.length - 1
  const isBetter = balance[best]! - (balance[place] ?? 0) >= leastGain
  return isInside && isBetter ? (from + best) * frameSeconds + frameMiddleSeconds : proposed
}
