import type { Observation } from './observation.ts'
import type { PairFinding } from './pair-search.ts'
import { groupTolerance } from './placement.ts'
import { isLikelyLine } from './sole-moment.ts'

/** What the third pair must say, as a share of what makes a lag clear, and the two weaker ones together. */
const leastShare = 0.4
const leastOfWeaker = 1.3
/** Coarse lags in the middle of three different overlaps, at clocks that drift. */
const slackSeconds = 0.15

/**
 * Of links that are clear but not surely so, those that belong to three recordings whose
 * likeliest lags close, if more is heard than their line. Where a sound repeats all the time no
 * line stands alone, but a moment that three pairs find is hardly an accident.
 */
export function* closedTriangles(
  links: readonly Observation[],
  findings: readonly PairFinding[],
  isHeardBesides: (link: Observation) => boolean,
  travelBound: (a: number, b: number) => number,
): Generator<{ readonly done: number; readonly total: number }, Observation[], void> {
  const closing = linksThatClose(links, findings, travelBound)
  const heardBesides: Observation[] = []
  for (const [index, link] of closing.entries()) {
    if (isHeardBesides(link)) heardBesides.push(link)
    yield { done: index + 1, total: closing.length }
  }
  return heardBesides
}

function linksThatClose(
  links: readonly Observation[],
  findings: readonly PairFinding[],
  travelBound: (a: number, b: number) => number,
): Observation[] {
  const saying = findings.filter(({ share, likely }) => share >= leastShare && likely.length > 0)
  const findingOf = new Map(saying.map((finding) => [keyOf(finding.a, finding.b), finding]))
  const others = Map.groupBy(
    saying.flatMap(({ a, b }) => [[a, b] as const, [b, a] as const]),
    ([one]) => one,
  )
  /** one-time minus two-time. */
  const between = (one: number, two: number) => {
    const finding = findingOf.get(keyOf(Math.min(one, two), Math.max(one, two)))
    const lag = finding?.likely[0]?.lagSeconds
    return finding && lag !== undefined
      ? { share: finding.share, lagSeconds: one < two ? lag : -lag }
      : undefined
  }
  return links.filter(({ a, b, height = 0, drift }) => {
    const ab = between(a, b)
    if (!ab || !isLikelyLine(height, drift?.perSecond ?? 0)) return false
    return (others.get(a) ?? []).some(([, c]) => {
      const [bc, ac] = [between(b, c), between(a, c)]
      if (!bc || !ac) return false
      const [first, second] = [ab.share, bc.share, ac.share].sort((one, two) => one - two)
      const open = Math.abs(ab.lagSeconds + bc.lagSeconds - ac.lagSeconds)
      return (
        first! + second! >= leastOfWeaker &&
        open <= groupTolerance([a, b, c], travelBound) + slackSeconds
      )
    })
  })
}

const keyOf = (a: number, b: number): string => `${a} ${b}`
