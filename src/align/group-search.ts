import { peakNear, refined } from './coarse-search.ts'
import type { CoarsePeak, CoarseScores, CoarseSearch } from './coarse-search.ts'
import { centreAndSpread } from './median.ts'
import { coarseObservation } from './observation.ts'
import type { Observation } from './observation.ts'
import { compareSoundAt, durationsOf, isHeardBesidesLink, soleLineAt } from './pair-search.ts'
import type { Sound } from './pair-search.ts'
import {
  disagreement,
  groupTolerance,
  isLikelyRate,
  placeRecordings,
  sharedTime,
} from './placement.ts'
import type { Place, Placement } from './placement.ts'
import { mostHeight } from './sole-moment.ts'
import { sampleRateHz } from './sound-features.ts'
import {
  accidentalDeviation,
  boundedAgreement,
  evidenceGap,
  evennessOf,
  evidenceOf,
  isSure,
  shareOfClear,
} from './window-evidence.ts'
import type { Stretch, WeighedPeak } from './window-evidence.ts'

/** Shifts of two clocks that are weighed, after a look at their coarse scores. */
const weighedShifts = 10
/** Shifts nearer than this are one. */
const sameShiftSeconds = 0.25
/** Sources in different places shift single pairs against each other: allowed for, at most. */
const mostReachSeconds = 0.12
/** Of two groups, so many pairs at most are asked: the longest. */
const mostPairs = 16
/** Of 3,000 recordings of another place, against groups of up to eight, one reached 0.6, in a siren. */
const leastShare = 0.75
/** With less, down to this, some pair's fine line must stand alone there. */
const leastShareWithLine = 0.2
/** A short line says less of what else was heard: so much more for it, times one second. */
const shareOfShortLine = 2
/** So many pairs are asked for it. */
const mostAsked = 4
/** Shifts that say what accident makes. */
const accidentalShifts = 24

/**
 * Joins groups that no single pair could join surely: what all pairs between two
 * groups say is added at each likely shift of the one clock against the other,
 * and one shift must stand clear. The clearest joins are made first; what has
 * grown is then asked anew. Of two groups one must be open.
 */
export function joinGroups(
  start: Placement,
  sounds: readonly Sound[],
  travelBound: (a: number, b: number) => number,
  search: CoarseSearch,
  isOpen: (group: readonly Sound[]) => boolean,
): Placement {
  const judged = new Map<string, Joint | undefined>()
  let placement = start
  for (;;) {
    const groups = [...Map.groupBy(sounds, ({ place }) => placement.groups[place]!).values()]
    const joints = groups.flatMap((one, index) =>
      groups.slice(index + 1).flatMap((two) => {
        // Two single recordings have been compared already.
        if (one.length * two.length === 1 || !(isOpen(one) || isOpen(two))) return []
        const key = `${names(one)} ${names(two)}`
        if (!judged.has(key)) {
          judged.set(key, stackedJoint(one, two, placement, travelBound, search))
        }
        return judged.get(key) ?? []
      }),
    )
    if (joints.length === 0) return placement
    for (const { observation } of joints.toSorted((x, y) => y.clearness - x.clearness)) {
      const isApart = placement.groups[observation.a] !== placement.groups[observation.b]
      if (isApart) placement = placeRecordings(placement, [[observation]], travelBound)
    }
  }
}

interface Joint {
  readonly clearness: number
  readonly observation: Observation
}

/** A pair across two groups; `a` is the one that is first in the list of recordings. */
interface Crossing {
  readonly a: Sound
  readonly b: Sound
  readonly scores: CoarseScores
  readonly deviation: number
}

/** Two that meet at a shift, and their peak there. */
interface Meeting {
  readonly crossing: Crossing
  readonly peak: CoarsePeak
}

function stackedJoint(
  one: readonly Sound[],
  two: readonly Sound[],
  placement: Placement,
  travelBound: (a: number, b: number) => number,
  search: CoarseSearch,
): Joint | undefined {
  const moved = new Set(two.map(({ place }) => place))
  const crossings = one
    .flatMap((p) => two.map((q) => (p.place < q.place ? { a: p, b: q } : { a: q, b: p })))
    .sort((x, y) => shorter(y) - shorter(x))
    .slice(0, mostPairs)
    .map(({ a, b }): Crossing => {
      const scores = search.compare(a.features, b.features)
      const deviation = accidentalDeviation(
        a.features,
        b.features,
        scores.peaks.map(({ lagFrames }) => lagFrames),
      )
      return { a, b, scores: { ...scores, heights: scores.heights.slice() }, deviation }
    })
  const members = [...one, ...two].map(({ place }) => place)
  const tolerance = groupTolerance(members, travelBound)
  const reach = Math.min(mostReachSeconds, tolerance)
  /** Where the two groups meet, the second one's clock moved by a shift. */
  const meetingsAt = (shift: number): Meeting[] =>
    crossings.flatMap((crossing) => {
      const lag = lagBetween(crossing, (place) => {
        const at = placement.places[place]!
        return moved.has(place) ? { ...at, offsetSeconds: at.offsetSeconds + shift } : at
      })
      const peak = lag === undefined ? undefined : peakNear(crossing.scores, lag, reach)
      return peak ? [{ crossing, peak }] : []
    })
  const agreementAt = (shift: number) => {
    let sum = 0
    let windows = 0
    const stretches: Stretch[] = []
    const meetings = meetingsAt(shift)
    for (const { crossing, peak } of meetings) {
      const { a, b, deviation } = crossing
      const { lagFrames } = refined(a.features, b.features, peak)
      const said = boundedAgreement(a.features, b.features, [lagFrames], deviation)
      sum += said.sum
      windows += said.windows
      stretches.push(...said.stretches)
    }
    // Pairs are not independent of each other: so many count as their root.
    const root = Math.sqrt(Math.max(1, meetings.length))
    return {
      evidence: evidenceOf(sum, windows),
      windows: windows / root,
      evenness: evennessOf(stretches),
    }
  }
  const shifts = likelyShifts(crossings, moved, placement.places)
  const found = shifts
    .map((shift) => {
      const scores = meetingsAt(shift).map(({ peak }) => peak.score)
      return { shift, score: scores.reduce((sum, x) => sum + x, 0) / Math.sqrt(scores.length || 1) }
    })
    .sort((x, y) => y.score - x.score)
    .slice(0, weighedShifts)
    .map(({ shift, score }): WeighedPeak => {
      return { lagFrames: 0, lagSeconds: shift, score, likeness: 0, ...agreementAt(shift) }
    })
    .sort((x, y) => y.evidence - x.evidence)
  // What accident makes is asked only where it decides: it takes away and adds nothing.
  if (shareOfClear(found) < leastShareWithLine) return undefined
  const { centre, spread } = accidentalEvidence(shifts, (shift) => agreementAt(shift).evidence)
  const weighed = found.map((peak) => ({ ...peak, evidence: (peak.evidence - centre) / spread }))
  const clearness = evidenceGap(weighed)
  const share = shareOfClear(weighed)
  if (share < leastShareWithLine) return undefined
  const meetings = meetingsAt(weighed[0]!.lagSeconds)
  const observation =
    isSure(weighed) && share >= leastShare
      ? clearestPair(meetings, search, tolerance, clearness, share)
      : pairThatStandsAlone(meetings, placement, search, tolerance, share)
  return observation && { clearness, observation }
}

/**
 * Centre and deviation of the evidence at shifts that nothing suggests: pairs that hear the
 * same sounds say the same by accident too, so that many of them are hardly more than one.
 */
function accidentalEvidence(
  shifts: readonly number[],
  evidenceAt: (shift: number) => number,
): { readonly centre: number; readonly spread: number } {
  const lowest = Math.min(...shifts)
  const span = Math.max(...shifts) - lowest
  const found: number[] = []
  for (let index = 1; index <= accidentalShifts; index++) {
    // The golden section spreads any number of shifts evenly.
    const shift = lowest + span * ((index * 0.6180339887) % 1)
    if (shifts.every((one) => Math.abs(one - shift) > sameShiftSeconds)) {
      found.push(evidenceAt(shift))
    }
  }
  const { centre, spread } = centreAndSpread(Float32Array.from(found))
  return { centre: Math.max(0, centre), spread: Math.max(1, spread) }
}

/** Shifts that single pairs suggest, each once. */
function likelyShifts(
  crossings: readonly Crossing[],
  moved: ReadonlySet<number>,
  places: readonly Place[],
): number[] {
  const shifts: number[] = []
  const suggested = crossings
    .flatMap(({ a, b, scores }) =>
      scores.peaks.map(({ lagSeconds, score }) => {
        const said = coarseObservation(a.place, b.place, lagSeconds, durationsOf(a, b), score)
        const apart = disagreement(places, said)
        return { shift: moved.has(b.place) ? apart : -apart, score }
      }),
    )
    .sort((x, y) => y.score - x.score)
  for (const { shift } of suggested) {
    if (shifts.every((known) => Math.abs(known - shift) > sameShiftSeconds)) shifts.push(shift)
  }
  return shifts
}

/** a-time minus b-time in the middle of their overlap; nothing if they do not meet. */
function lagBetween({ a, b }: Crossing, placeOf: (place: number) => Place): number | undefined {
  const durations = { [a.place]: seconds(a), [b.place]: seconds(b) }
  const places = { [a.place]: placeOf(a.place), [b.place]: placeOf(b.place) }
  const { fromSeconds, toSeconds, lagSeconds } = sharedTime(places, durations, a.place, b.place)
  return toSeconds > fromSeconds ? lagSeconds : undefined
}

/**
 * The pair that shows the join best: refined if any can be, else the highest coarse peak. Nothing
 * if its line is one recorded sound's: what all say together is, of each, less by their root.
 */
function clearestPair(
  meetings: readonly Meeting[],
  search: CoarseSearch,
  reach: number,
  clearness: number,
  share: number,
): Observation | undefined {
  const most = mostHeight(share / Math.sqrt(Math.max(1, meetings.length)))
  const ranked = meetings.toSorted((x, y) => y.peak.score - x.peak.score)
  for (const { crossing, peak } of ranked) {
    const { a, b } = crossing
    const refined = compareSoundAt(a, b, peak.lagSeconds, reach, search)
    if (!refined) continue
    const isMeeting = refined.height! <= most && isHeardBesidesLink(a, b, refined)
    return isMeeting ? { ...refined, confidence: clearness } : undefined
  }
  const [best] = ranked
  if (!best) return undefined
  const { a, b } = best.crossing
  return coarseObservation(a.place, b.place, best.peak.lagSeconds, durationsOf(a, b), clearness)
}

/** The first of the highest coarse peaks whose fine line stands alone. */
function pairThatStandsAlone(
  meetings: readonly Meeting[],
  placement: Placement,
  search: CoarseSearch,
  reach: number,
  share: number,
): Observation | undefined {
  const ranked = meetings.toSorted((x, y) => y.peak.score - x.peak.score).slice(0, mostAsked)
  for (const { crossing, peak } of ranked) {
    const { a, b } = crossing
    const overlapSeconds = sharedSeconds(a, b, peak.lagSeconds)
    if (share < leastShareWithLine + shareOfShortLine / overlapSeconds) continue
    const line = soleLineAt(a, b, peak.lagSeconds, reach, share, search)
    if (line && isLikelyRate(placement, line)) return line
  }
  return undefined
}

function sharedSeconds(a: Sound, b: Sound, lagSeconds: number): number {
  return Math.min(seconds(a), seconds(b) + lagSeconds) - Math.max(0, lagSeconds)
}

const seconds = ({ samples }: Sound): number => samples.length / sampleRateHz

const shorter = ({ a, b }: { readonly a: Sound; readonly b: Sound }): number =>
  Math.min(a.features.frames, b.features.frames)

function names(group: readonly Sound[]): string {
  return group.map(({ place }) => place).join('+')
}
