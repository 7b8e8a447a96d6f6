import { breaksOf } from './breaks.ts'
import type { CoarseSearch } from './coarse-search.ts'
import { agreementAlong } from './local-agreement.ts'
import type { Observation } from './observation.ts'
import type { PairFinding, Sound } from './pair-search.ts'
import { sampleRateHz } from './sound-features.ts'
import { findStretches } from './stretches.ts'

/** Heights from which two peaks of one pair are looked into. */
const leastScore = 5
/** Once a recording shows a cut, its weaker pairs are asked as well. */
const leastScoreOfEdited = 4.5
/** Pairs of one recording that are followed through time: of hundreds, not all. */
const mostAsked = 12
/** Bins at an end of what a linked pair shares that must not agree: 4.4 s. */
const holeBins = 44
/** Share of the usual agreement under which they do not. */
const holeShare = 0.05
/** A pair that usually agrees less has holes everywhere. */
const leastMean = 0.3
/** Cuts of one recording that different pairs show are one within this. */
const sameCutSeconds = 2
/** Of two cuts nearer than this the surer one stays: a sound that repeats is soon taken for a piece. */
const shortestPieceSeconds = 4.5

/**
 * Own times at which recordings seem to be cut, by id: only where some pair
 * shows both sides. Nothing is claimed yet: the pieces must then be placed apart
 * by the usual evidence.
 */
export function proposeCuts(
  sounds: readonly (Sound & { readonly id: string })[],
  findings: readonly PairReport[],
  search: CoarseSearch,
): Map<string, number[]> {
  const byPlace = new Map(sounds.map((sound) => [sound.place, sound]))
  const found = new Map<string, Found[]>()
  const asked = new Set<PairReport>()
  const ask = (finding: PairReport): void => {
    asked.add(finding)
    const [a, b] = [byPlace.get(finding.a)!, byPlace.get(finding.b)!]
    for (const cut of breaksOf(findStretches(a.features, b.features, search))) {
      const { id } = cut.in === 'a' ? a : b
      found.set(id, [...(found.get(id) ?? []), cut])
    }
  }
  const suspicious = findings.filter((finding) => {
    const [a, b] = [byPlace.get(finding.a)!, byPlace.get(finding.b)!]
    return isSuspicious(finding, a, b)
  })
  for (const finding of highestOfEach(suspicious)) ask(finding)
  const ofEdited = findings.filter((finding) => {
    if (asked.has(finding) || finding.score < leastScoreOfEdited) return false
    return [finding.a, finding.b].some((place) => found.has(byPlace.get(place)!.id))
  })
  for (const finding of highestOfEach(ofEdited)) ask(finding)
  return new Map(
    sounds.flatMap(({ id, samples }) => {
      const cuts = mergeCuts(found.get(id) ?? [], samples.length / sampleRateHz)
      return cuts.length > 0 ? [[id, cuts] as const] : []
    }),
  )
}

/** What was found of a pair, and the link that was measured, if any. */
type PairReport = PairFinding & { readonly observation: Observation | undefined }

/** Of each recording so many pairs at most, those with the highest second peak first; in the order given. */
function highestOfEach(findings: readonly PairReport[]): PairReport[] {
  const asked = new Map<number, number>()
  const chosen = new Set(
    findings
      .toSorted((one, two) => two.nextScore - one.nextScore)
      .filter(({ a, b }) => {
        const [ofA, ofB] = [asked.get(a) ?? 0, asked.get(b) ?? 0]
        if (Math.max(ofA, ofB) >= mostAsked) return false
        asked.set(a, ofA + 1)
        asked.set(b, ofB + 1)
        return true
      }),
  )
  return findings.filter((finding) => chosen.has(finding))
}

interface Found {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly gain: number
}

/** No link but more than one high peak, or a link that does not hold throughout. */
function isSuspicious({ clear, observation, nextScore }: PairReport, a: Sound, b: Sound): boolean {
  if (!observation) return !clear && nextScore >= leastScore
  const { aSeconds, bSeconds, drift } = observation
  const lagAt = (at: number) => aSeconds - bSeconds + (drift?.perSecond ?? 0) * (at - aSeconds)
  return endsApart(agreementAlong(a.features, b.features, lagAt))
}

/** After a cut the old lag never comes back: what both recorded agrees nowhere from some moment on, or up to one. */
function endsApart(agreement: Float32Array): boolean {
  const means = runningMeans(agreement, holeBins)
  if (means.length === 0) return false
  const sorted = means.toSorted((one, two) => two - one)
  const usual = sorted[Math.floor(sorted.length / 4)]!
  return usual >= leastMean && Math.min(means[0]!, means.at(-1)!) < holeShare * usual
}

/** Means of so many bins in a row, where b covers all of them. */
function runningMeans(bins: Float32Array, width: number): number[] {
  const means: number[] = []
  let sum = 0
  let covered = 0
  for (let bin = 0; bin < bins.length; bin++) {
    if (Number.isNaN(bins[bin]!)) {
      sum = 0
      covered = 0
      continue
    }
    sum += bins[bin]!
    covered += 1
    if (covered > width) sum -= bins[bin - width]!
    if (covered >= width) means.push(sum / width)
  }
  return means
}

/** One time for what several pairs show, the narrowest and surest counting most. */
function mergeCuts(found: readonly Found[], seconds: number): number[] {
  const cuts: { at: number; weight: number }[] = []
  const middle = ({ fromSeconds, toSeconds }: Found) => (fromSeconds + toSeconds) / 2
  const weight = ({ fromSeconds, toSeconds, gain }: Found) =>
    gain / (0.1 + toSeconds - fromSeconds) ** 2
  for (const cut of found.toSorted((one, two) => weight(two) - weight(one))) {
    const near = cuts.find(({ at }) => Math.abs(at - middle(cut)) < sameCutSeconds)
    if (near) {
      const total = near.weight + weight(cut)
      near.at += ((middle(cut) - near.at) * weight(cut)) / total
      near.weight = total
    } else if (
      middle(cut) >= shortestPieceSeconds &&
      middle(cut) <= seconds - shortestPieceSeconds &&
      cuts.every(({ at }) => Math.abs(at - middle(cut)) >= shortestPieceSeconds)
    ) {
      cuts.push({ at: middle(cut), weight: weight(cut) })
    }
  }
  return cuts.map(({ at }) => at).sort((one, two) => one - two)
}
