import { toClock } from '../time/clock.ts'
import type { PlacedOnset } from './impulse-bursts.ts'
import type { ImpulseRecording } from './impulse-candidates.ts'
import type { ImpulseGroup } from './impulse-groups.ts'
import { alikeness } from './impulse-shape.ts'
import type { Shifts } from './impulse-shifts.ts'
import { nearestSeconds, shortestRateSeconds } from './impulse-times.ts'

/** Of the groups that stand, chance may have made this share. */
const mostByChance = 0.01
/** Of each recording so many onsets are held against another's, this far from it on the clock. */
const mostCompared = 48
const apartSeconds = 1
const smallestShare = 1 / (1 + 2 * mostCompared)

/**
 * Of groups of several, those that knocks at random times in all the recordings
 * together do not explain: with eight phones there are 28 pairs in which two
 * may fall together. False discoveries as Benjamini and Hochberg bound them;
 * what stands is no knock, and is left out when the others are rated again.
 */
export function groupsBeyondChance(
  groups: readonly ImpulseGroup[],
  heads: readonly PlacedOnset[],
  recordings: readonly ImpulseRecording[],
  shifts: Shifts,
): ReadonlySet<ImpulseGroup> {
  const standing = new Set<ImpulseGroup>()
  let before = -1
  while (standing.size > before) {
    before = standing.size
    const explained = new Set([...standing].flat())
    const unexplained = Map.groupBy(
      heads.filter((head) => !explained.has(head)),
      ({ recording }) => recording,
    )
    const rated = groups
      .filter((group) => group.length > 1 && !standing.has(group))
      .map((group) => {
        const expected = expectedByChance(group, unexplained, recordings, shifts)
        const alike = expectedAlike(group, expected, groups.length, unexplained)
        return { group, expected: Math.min(expected, alike) }
      })
      .sort((a, b) => a.expected - b.expected)
    const last = rated.findLastIndex(
      ({ expected }, index) => expected <= mostByChance * (index + 1),
    )
    for (const { group } of rated.slice(0, last + 1)) standing.add(group)
  }
  return standing
}

/** How many groups of as many recordings, as near and as prominent, chance makes of these onsets. */
function expectedByChance(
  group: ImpulseGroup,
  heads: ReadonlyMap<ImpulseRecording, readonly PlacedOnset[]>,
  recordings: readonly ImpulseRecording[],
  shifts: Shifts,
): number {
  const [first] = group
  if (first === undefined) return 0
  const least = Math.min(...group.map(({ onset }) => onset.prominenceDb))
  const times = group.map((each) => each.clockSeconds + (shifts.get(each.recording) ?? 0))
  const withinSeconds = Math.max(nearestSeconds, Math.max(...times) - Math.min(...times))
  const running = recordings.filter((recording) => runsAt(recording, first.clockSeconds))
  const seconds = Math.max(...running.map(ranSeconds), shortestRateSeconds)
  // Element n: the sum, over every choice of n of them, of the product of their rates.
  const products = [1]
  for (const recording of running) {
    const count = (heads.get(recording) ?? []).filter(
      ({ onset }) => onset.prominenceDb >= least,
    ).length
    const rate = count / Math.max(shortestRateSeconds, ranSeconds(recording))
    for (let size = products.length; size > 0; size--) {
      products[size] = (products[size] ?? 0) + rate * products[size - 1]!
    }
  }
  const size = group.length
  return seconds * size * withinSeconds ** (size - 1) * (products[size] ?? 0)
}

/**
 * How many of them are besides as alike. A small product of several shares comes about in more
 * ways than a small share: for shares even from the smallest to 1, in Σ (−ln smallest)^k / k!
 * times as many (R. A. Fisher, Statistical Methods for Research Workers, 1932, for a product).
 */
function expectedAlike(
  group: ImpulseGroup,
  expected: number,
  groupCount: number,
  heads: ReadonlyMap<ImpulseRecording, readonly PlacedOnset[]>,
): number {
  let [ways, term] = [1, 1]
  for (let other = 1; other < group.length; other++) {
    term *= -Math.log(smallestShare) / other
    ways += term
  }
  const atBest = expected * ways * smallestShare ** (group.length - 1)
  return atBest > mostByChance * groupCount ? atBest : expected * ways * alikeByChance(group, heads)
}

/**
 * How seldom two that have no common cause are as alike as the most prominent
 * is to each of the others: what the same recordings hear at other times says.
 */
function alikeByChance(
  group: ImpulseGroup,
  heads: ReadonlyMap<ImpulseRecording, readonly PlacedOnset[]>,
): number {
  const [hub, ...others] = group.toSorted((a, b) => b.onset.prominenceDb - a.onset.prominenceDb)
  if (hub === undefined) return 1
  const besideHub = elsewhere(hub, heads)
  return others.reduce((share, other) => {
    const alike = alikeness(hub.onset.shape, other.onset.shape)
    const beside = [
      ...besideHub.map(({ onset }) => alikeness(onset.shape, other.onset.shape)),
      ...elsewhere(other, heads).map(({ onset }) => alikeness(hub.onset.shape, onset.shape)),
    ]
    return (share * (1 + beside.filter((each) => each >= alike).length)) / (1 + beside.length)
  }, 1)
}

/** Other onsets of the same recording, evenly chosen. */
function elsewhere(
  one: PlacedOnset,
  heads: ReadonlyMap<ImpulseRecording, readonly PlacedOnset[]>,
): readonly PlacedOnset[] {
  const away = (heads.get(one.recording) ?? []).filter(
    ({ clockSeconds }) => Math.abs(clockSeconds - one.clockSeconds) >= apartSeconds,
  )
  const step = Math.ceil(away.length / mostCompared)
  return away.filter((_, index) => index % step === 0)
}

function ranSeconds({ fromSeconds, endSeconds }: ImpulseRecording): number {
  return endSeconds - fromSeconds
}

function runsAt(
  { clock, fromSeconds, endSeconds }: ImpulseRecording,
  clockSeconds: number,
): boolean {
  const marginSeconds = 1
  return (
    clockSeconds >= toClock(clock, fromSeconds) - marginSeconds &&
    clockSeconds <= toClock(clock, endSeconds) + marginSeconds
  )
}
