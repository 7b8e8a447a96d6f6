import {
  isLag,
  peakGap,
  peakNear,
  rankPeaks,
  scoreAt,
  standardise,
  unusable,
} from './coarse-search.ts'
import type { CoarseSearch } from './coarse-search.ts'
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
  search: CoarseSearch,
): Placement {
  const weak = new Map(
    findings.flatMap(({ a, b, observation }) =>
      observation ? [[`${a} ${b}`, observation] as const] : [],
    ),
  )
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
              : stackedJoint(one, two, placement, travelBound, search),
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
  travelBound: (a: number, b: number) => number,
  search: CoarseSearch,
): Joint | undefined {
  const offset = ({ place }: Sound) => placement.places[place]!.offsetSeconds
  const pairs = one.flatMap((p) => two.map((q) => ({ p, q })))
  const start = ({ p, q }: { p: Sound; q: Sound }) =>
    Math.round((offset(q) - offset(p)) / frameSeconds)
  const reach = Math.max(
    ...pairs.map((pair) => pair.p.features.frames + pair.q.features.frames + Math.abs(start(pair))),
  )
  // Clock of group one = clock of group two + shift, so p-time − q-time = shift + offset(q) − offset(p).
  const stacked = new Float32Array(2 * reach + 2)
  const counts = new Uint16Array(stacked.length)
  for (const pair of pairs) {
    const { p, q } = pair
    const isTurned = p.place > q.place
    const { scores, mostLag } = isTurned
      ? search.compare(q.features, p.features)
      : search.compare(p.features, q.features)
    const sign = isTurned ? -1 : 1
    const from = start(pair)
    const span = p.features.frames + q.features.frames
    for (let lag = -span; lag <= span; lag++) {
      const score = highestNear(scores, mostLag, sign * lag)
      if (score <= unusable) continue
      const shift = lag - from
      const place = shift < 0 ? shift + stacked.length : shift
      stacked[place]! += score
      counts[place]! += 1
    }
  }
  for (let place = 0; place < stacked.length; place++) {
    const count = counts[place]!
    stacked[place] = count === 0 ? unusable : stacked[place]! / Math.sqrt(count)
  }
  standardise(stacked)
  const peaks = rankPeaks(stacked, reach)
  const [peak] = peaks
  const gap = peakGap(peaks)
  if (!peak || peak.score < leastStackedScore || gap < leastStackedGap) return undefined
  const members = [...one, ...two].map(({ place }) => place)
  const tolerance = groupTolerance(members, travelBound)
  const observation = clearestPair(pairs, peak.lagSeconds, offset, search, tolerance, gap)
  return observation && { clearness: gap, observation }
}

/** The pair that shows the join best: refined if any can be, else the highest coarse peak. */
function clearestPair(
  pairs: readonly { readonly p: Sound; readonly q: Sound }[],
  shiftSeconds: number,
  offset: (sound: Sound) => number,
  search: CoarseSearch,
  tolerance: number,
  gap: number,
): Observation | undefined {
  const ranked = pairs
    .map(({ p, q }) => {
      const lag = shiftSeconds + offset(q) - offset(p)
      const [a, b, expected] = p.place < q.place ? [p, q, lag] : [q, p, -lag]
      const peak = peakNear(search.compare(a.features, b.features), expected, tolerance)
      return { a, b, expected, peak }
    })
    .flatMap(({ peak, ...pair }) => (peak ? [{ ...pair, peak }] : []))
    .sort((x, y) => y.peak.score - x.peak.score)
  for (const { a, b, expected } of ranked) {
    const refined = compareSoundAt(a, b, expected, tolerance, search)
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

function highestNear(scores: Float32Array, mostLag: number, lag: number): number {
  let highest = unusable
  for (let near = lag - spreadFrames; near <= lag + spreadFrames; near++) {
    if (!isLag(scores, mostLag, near)) continue
    highest = Math.max(highest, scoreAt(scores, near))
  }
  return highest
}

function names(group: readonly Sound[]): string {
  return group.map(({ place }) => place).join('+')
}
