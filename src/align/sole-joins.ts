import { coarseObservation } from './observation.ts'
import type { Observation } from './observation.ts'
import type { PairFinding, SoleLine } from './pair-search.ts'
import { disagreement, isLikelyRate, placeRecordings } from './placement.ts'
import type { Placement } from './placement.ts'

/**
 * For each member of the smaller of two groups so many pairs at most are asked for a line that
 * stands alone, the likeliest, and so many for all.
 */
const askedOfEach = 5
const mostAsked = 32
/** Whoever belongs to a group of more has had many a chance to be clear: of it fewer are asked. */
const fewMembers = 12
const askedAgainstMany = 2
/** Two lone recordings that say less of any lag are not asked. */
const leastShare = 0.05
/** A pair that says less has no voice against others. */
const leastVoice = 0.3
/** A join falls where so much of what speaks for it speaks for other shifts of the two groups. */
const mostOpposed = 0.5
/** Shifts nearer than this are one: sources apart, drift, coarse lags. */
const sameShiftSeconds = 0.5

/**
 * Joins groups by pairs whose likeliest lags evidence alone leaves open: of two groups the
 * likeliest pairs are asked whether one fine line stands alone. The highest line joins
 * first; what has grown is then asked anew. A siren that passes one phone and then another
 * makes a line of its own a few periods off: so a line falls that other pairs contradict,
 * unless two sources make it.
 */
export function* joinBySoleLines(
  start: Placement,
  findings: readonly PairFinding[],
  durations: readonly number[],
  lineOf: (finding: PairFinding) => SoleLine | undefined,
  travelBound: (a: number, b: number) => number,
): Generator<{ readonly done: number; readonly total: number }, Placement, void> {
  const asked = new Map<PairFinding, SoleLine | undefined>()
  const ranked = findings.toSorted((one, two) => two.share - one.share || two.score - one.score)
  let placement = start
  for (;;) {
    const { groups } = placement
    const sizes = Map.groupBy(groups, (group) => group)
    const sizeOf = (place: number) => sizes.get(groups[place]!)!.length
    const open = ranked.filter(
      ({ a, b, share }) =>
        groups[a] !== groups[b] && (share >= leastShare || sizeOf(a) > 1 || sizeOf(b) > 1),
    )
    const between = Map.groupBy(open, ({ a, b }) =>
      [groups[a]!, groups[b]!].sort((one, two) => one - two).join(' '),
    )
    const found: Observation[] = []
    const candidates = [...between.values()].map((pairs) => {
      const [{ a, b }] = pairs as [PairFinding]
      const [smaller, larger] = [sizeOf(a), sizeOf(b)].sort((one, two) => one - two)
      const ofEach = larger! > fewMembers ? askedAgainstMany : askedOfEach
      return { pairs, likeliest: pairs.slice(0, Math.min(mostAsked, ofEach * smaller!)) }
    })
    const total = candidates.reduce((sum, { likeliest }) => sum + likeliest.length, 0)
    let done = 0
    for (const { pairs, likeliest } of candidates) {
      done += likeliest.length
      for (const finding of likeliest) {
        if (!asked.has(finding)) {
          asked.set(finding, lineOf(finding))
          yield { done, total }
        }
        const line = asked.get(finding)
        if (!line || !isLikelyRate(placement, line.observation)) continue
        const { observation, standing } = line
        // A siren is one source: what two say no other pair need confirm.
        if (standing === 'alone' && isOpposed(observation, pairs, placement, durations)) continue
        found.push(observation)
        break
      }
    }
    if (found.length === 0) return placement
    for (const line of found.toSorted((one, two) => two.height! - one.height!)) {
      const isApart = placement.groups[line.a] !== placement.groups[line.b]
      if (isApart) placement = placeRecordings(placement, [[line]], travelBound)
    }
  }
}

/** Whether other pairs of the two groups speak for another shift of one against the other. */
function isOpposed(
  line: Observation,
  pairs: readonly PairFinding[],
  { places, groups }: Placement,
  durations: readonly number[],
): boolean {
  const shiftOf = (one: Observation) =>
    groups[one.a] === groups[line.a] ? disagreement(places, one) : -disagreement(places, one)
  const shift = shiftOf(line)
  let [supporting, opposing] = [0, 0]
  for (const { a, b, share, gap, likely } of pairs) {
    const [lag] = likely
    if (!lag || share < leastVoice) continue
    const lengths = [durations[a]!, durations[b]!] as const
    const said = shiftOf(coarseObservation(a, b, lag.lagSeconds, lengths, gap))
    if (Math.abs(said - shift) < sameShiftSeconds) supporting += share
    else opposing += share
  }
  return opposing > mostOpposed * supporting
}
