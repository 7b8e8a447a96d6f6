import { toClock } from '../time/clock.ts'
import type { PlacedOnset } from './impulse-bursts.ts'
import type { ImpulseRecording } from './impulse-candidates.ts'
import type { ImpulseGroup } from './impulse-groups.ts'
import type { Shifts } from './impulse-shifts.ts'
import { nearestSeconds, shortestRateSeconds } from './impulse-times.ts'

/** Of the groups that stand, chance may have made this share. */
const mostByChance = 0.01

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
      .map((group) => ({
        group,
        expected: expectedByChance(group, unexplained, recordings, shifts),
      }))
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
