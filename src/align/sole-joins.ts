import type { AlignSteps } from './alignment.ts'
import type { Observation } from './observation.ts'
import type { PairFinding } from './pair-search.ts'
import { placeRecordings } from './placement.ts'
import type { Placement } from './placement.ts'

/** Of two groups, so many pairs at most are asked for a line that stands alone: the likeliest. */
const mostAsked = 8
/** Two lone recordings that say less of any lag are not asked. */
const leastShare = 0.05

/**
 * Joins groups by pairs whose likeliest lags evidence alone leaves open: of two groups the
 * likeliest pairs are asked whether one fine line stands alone. The highest line joins
 * first; what has grown is then asked anew.
 */
export function* joinBySoleLines(
  start: Placement,
  findings: readonly PairFinding[],
  lineOf: (finding: PairFinding) => Observation | undefined,
  travelBound: (a: number, b: number) => number,
): AlignSteps<Placement> {
  const asked = new Map<PairFinding, Observation | undefined>()
  const ranked = findings.toSorted((one, two) => two.share - one.share || two.score - one.score)
  let placement = start
  for (;;) {
    const { groups } = placement
    const sizes = Map.groupBy(groups, (group) => group)
    const isAlone = (place: number) => sizes.get(groups[place]!)!.length === 1
    const open = ranked.filter(
      ({ a, b, share }) =>
        groups[a] !== groups[b] && (share >= leastShare || !isAlone(a) || !isAlone(b)),
    )
    const between = Map.groupBy(open, ({ a, b }) =>
      [groups[a]!, groups[b]!].sort((one, two) => one - two).join(' '),
    )
    const found: Observation[] = []
    for (const pairs of between.values()) {
      for (const finding of pairs.slice(0, mostAsked)) {
        if (!asked.has(finding)) {
          asked.set(finding, lineOf(finding))
          yield { step: 'measuring', done: asked.size, total: open.length }
        }
        const line = asked.get(finding)
        if (line) found.push(line)
      }
    }
    if (found.length === 0) return placement
    for (const line of found.toSorted((one, two) => two.height! - one.height!)) {
      const isApart = placement.groups[line.a] !== placement.groups[line.b]
      if (isApart) placement = placeRecordings(placement, [[line]], travelBound)
    }
  }
}
