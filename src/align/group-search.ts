import {
  coarseScores,
  peakGap,
  peakNear,
  rankPeaks,
  scoreAt,
  standardise,
  unusable,
} from './coarse-search.ts'
import type { CoarseScores } from './coarse-search.ts'
import { powerOfTwoFrom } from './fft.ts'
import { coarseObservation } from './observation.ts'
import type { Observation } from './observation.ts'
import { compareSoundAt, durationsOf } from './pair-search.ts'
import type { PairFinding, Sound } from './pair-search.ts'
import { groupTolerance, placeRecordings } from './placement.ts'
import type { Placement } from './placement.ts'
import { frameSeconds } from './sound-features.ts'

/** What the sum of scores of all pairs of two groups needs. Measured: docs/guides/alignment.md. */
const leastStackedScore = 6
const leastStackedGap = 4
/** Sources in different places shift single pairs against each other; frames of that allowed for. */
const spreadFrames = 3

/**
 * Joins groups that no single pair could join surely: the coarse scores of all
 * pairs between two groups are added at each shift of the one clock against the
 * other, and again one shift must stand clear. Two single recordings are joined
 * by their own weak link. The clearest join is made first, then all is asked anew.
 */
export function joinGroups(
  start: Placement,
  sounds: readonly Sound[],
  findings: readonly PairFinding[],
  travelBound: (a: number, b: number) => number,
): Placement {
  const weak = new Map(
    findings.flatMap(({ a, b, observation }) =>
      observation ? [[`${a} ${b}`, observation] as const] : [],
    ),
  )
  const scoresOf = remembering()
  const judged = new Map<string, Joint | undefined>()
  let placement = start
  for (;;) {
    const groups = [...Map.groupBy(sounds, ({ place }) => placement.groups[place]!).values()]
    let best: Joint | undefined
    groups.forEach((one, index) => {
      for (const two of groups.slice(index + 1)) {
        const key = `${names(one)} ${names(two)}`
        if (!judged.has(key)) {
          judged.set(
            key,
            one.length * two.length === 1
              ? weakJoint(weak.get(`${one[0]!.place} ${two[0]!.place}`))
              : stackedJoint(one, two, placement, scoresOf, travelBound),
          )
        }
        const joint = judged.get(key)
        if (joint && (!best || joint.clearness > best.clearness)) best = joint
      }
    })
    if (!best) return placement
    placement = placeRecordings(placement, [[best.observation]], travelBound)
  }
}

interface Joint {
  readonly clearness: number
  readonly observation: Observation
}

function weakJoint(observation: Observation | undefined): Joint | undefined {
  return observation && { clearness: observation.confidence, observation }
}

function stackedJoint(
  one: readonly Sound[],
  two: readonly Sound[],
  placement: Placement,
  scoresOf: (a: Sound, b: Sound) => CoarseScores,
  travelBound: (a: number, b: number) => number,
): Joint | undefined {
  const offset = ({ place }: Sound) => placement.places[place]!.offsetSeconds
  const pairs = one.flatMap((p) => two.map((q) => ({ p, q })))
  // Clock of group one = clock of group two + shift, so p-time − q-time = shift + offset(q) − offset(p).
  const laid = pairs.map(({ p, q }) => {
    const flipped = p.place > q.place
    const { scores } = flipped ? scoresOf(q, p) : scoresOf(p, q)
    return {
      scores,
      sign: flipped ? -1 : 1,
      start: Math.round((offset(q) - offset(p)) / frameSeconds),
    }
  })
  const reach = Math.max(...laid.map(({ scores, start }) => scores.length / 2 + Math.abs(start)))
  const stacked = new Float32Array(powerOfTwoFrom(2 * reach + 2)).fill(unusable)
  const usable: number[] = []
  for (let shift = -reach; shift <= reach; shift++) {
    let sum = 0
    let count = 0
    for (const { scores, sign, start } of laid) {
      const score = highestNear(scores, sign * (shift + start))
      if (score <= unusable) continue
      sum += score
      count++
    }
    if (count === 0) continue
    const place = shift < 0 ? shift + stacked.length : shift
    stacked[place] = sum / Math.sqrt(count)
    usable.push(place)
  }
  standardise(stacked, usable)
  const peaks = rankPeaks(stacked)
  const [peak] = peaks
  const gap = peakGap(peaks)
  if (!peak || peak.score < leastStackedScore || gap < leastStackedGap) return undefined
  const members = [...one, ...two].map(({ place }) => place)
  const tolerance = groupTolerance(members, travelBound)
  const observation = clearestPair(pairs, peak.lagSeconds, offset, scoresOf, tolerance, gap)
  return observation && { clearness: gap, observation }
}

/** The pair that shows the join best: refined if any can be, else the highest coarse peak. */
function clearestPair(
  pairs: readonly { readonly p: Sound; readonly q: Sound }[],
  shiftSeconds: number,
  offset: (sound: Sound) => number,
  scoresOf: (a: Sound, b: Sound) => CoarseScores,
  tolerance: number,
  gap: number,
): Observation | undefined {
  const ranked = pairs
    .map(({ p, q }) => {
      const lag = shiftSeconds + offset(q) - offset(p)
      const [a, b, expected] = p.place < q.place ? [p, q, lag] : [q, p, -lag]
      return { a, b, expected, peak: peakNear(scoresOf(a, b), expected, tolerance) }
    })
    .flatMap(({ peak, ...pair }) => (peak ? [{ ...pair, peak }] : []))
    .sort((x, y) => y.peak.score - x.peak.score)
  for (const { a, b, expected } of ranked) {
    const refined = compareSoundAt(a, b, expected, tolerance)
    if (refined) return { ...refined, confidence: gap }
  }
  const [best] = ranked
  return (
    best &&
    coarseObservation(
      best.a.place,
      best.b.place,
      best.peak.lagSeconds,
      durationsOf(best.a, best.b),
      gap,
    )
  )
}

function highestNear(scores: Float32Array, lag: number): number {
  let highest = unusable
  for (let near = lag - spreadFrames; near <= lag + spreadFrames; near++) {
    if (Math.abs(near) >= scores.length / 2) continue
    highest = Math.max(highest, scoreAt(scores, near))
  }
  return highest
}

function names(group: readonly Sound[]): string {
  return group.map(({ place }) => place).join('+')
}

function remembering(): (a: Sound, b: Sound) => CoarseScores {
  const known = new Map<string, CoarseScores>()
  return (a, b) => {
    const key = `${a.place} ${b.place}`
    const made = known.get(key) ?? coarseScores(a.spectra, b.spectra)
    known.set(key, made)
    return made
  }
}
