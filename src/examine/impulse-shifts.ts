import { toClock } from '../time/clock.ts'
import type { PlacedOnset } from './impulse-bursts.ts'
import type { ImpulseRecording } from './impulse-candidates.ts'
import { hearingToleranceSeconds } from './impulse-travel.ts'
import { nearestSeconds, shortestRateSeconds, nearestTo, within } from './impulse-times.ts'

export type Shifts = ReadonlyMap<ImpulseRecording, number>

/** Sources within some 8 m of each other agree by this on how much later one phone hears than another. */
export const agreementSeconds = 0.025
/** No two recordings hear one sound further apart on the clock. */
const farthestSeconds = 1

/** So many agreements may chance make among onsets that have no common cause. */
const mostByChance = 0.01

interface Heard {
  seconds: number
  count: number
  weight: number
  readonly recording: ImpulseRecording
}

/**
 * Two recordings hear sounds from about one place with about one difference.
 * Seconds to add to each recording's clock times so that they fall on those of
 * the recordings before it, the most telling first; 0 where no two sounds agree
 * or chance explains it. It tells the shots of a burst apart where travel alone cannot.
 */
export function commonShifts(
  recordings: readonly ImpulseRecording[],
  heads: readonly PlacedOnset[],
): Shifts {
  const byRecording = Map.groupBy(heads, ({ recording }) => recording)
  const weightOf = (recording: ImpulseRecording): number =>
    (byRecording.get(recording) ?? []).reduce((sum, { onset }) => sum + onset.prominenceDb, 0)
  const weights = new Map(recordings.map((recording) => [recording, weightOf(recording)]))
  const shifts = new Map<ImpulseRecording, number>()
  let heard: readonly Heard[] = []
  for (const recording of recordings.toSorted((a, b) => weights.get(b)! - weights.get(a)!)) {
    const own = byRecording.get(recording) ?? []
    const shift = bestShift(own, heard)
    shifts.set(recording, shift)
    heard = withMore(heard, own, shift)
  }
  return shifts
}

function withMore(
  heard: readonly Heard[],
  own: readonly PlacedOnset[],
  shift: number,
): readonly Heard[] {
  const more: Heard[] = []
  for (const { recording, onset, clockSeconds } of own) {
    const seconds = clockSeconds + shift
    const same = nearestTo(heard, seconds)
    if (same !== undefined && Math.abs(same.seconds - seconds) <= agreementSeconds) {
      same.count += 1
      same.seconds += (seconds - same.seconds) / same.count
      same.weight = Math.max(same.weight, onset.prominenceDb)
    } else more.push({ seconds, count: 1, weight: onset.prominenceDb, recording })
  }
  return [...heard, ...more].sort((a, b) => a.seconds - b.seconds)
}

interface Vote {
  readonly shift: number
  readonly weight: number
}

/** The shift within tolerance on which most prominence agrees; 0 where chance may have made it. */
function bestShift(own: readonly PlacedOnset[], heard: readonly Heard[]): number {
  const votes = own
    .flatMap(({ recording, onset, clockSeconds }) =>
      within(heard, clockSeconds, farthestSeconds).flatMap((other): Vote[] => {
        const shift = other.seconds - clockSeconds
        return Math.abs(shift) <= hearingToleranceSeconds(recording, other.recording)
          ? [{ shift, weight: Math.min(onset.prominenceDb, other.weight) }]
          : []
      }),
    )
    .sort((a, b) => a.shift - b.shift)
  let best = { weight: 0, from: 0, to: 0, shift: 0 }
  let from = 0
  let weight = 0
  let weighted = 0
  for (let to = 0; to < votes.length; to++) {
    weight += votes[to]!.weight
    weighted += votes[to]!.weight * votes[to]!.shift
    while (votes[to]!.shift - votes[from]!.shift > agreementSeconds) {
      weight -= votes[from]!.weight
      weighted -= votes[from]!.weight * votes[from]!.shift
      from += 1
    }
    if (to === from) continue
    const shift = weighted / weight
    const nearer = weight > best.weight - 1e-6 && Math.abs(shift) < Math.abs(best.shift)
    if (weight > best.weight + 1e-6 || nearer) best = { weight, from, to, shift }
  }
  return isBeyondChance(votes.slice(best.from, best.to + 1), own, heard) ? best.shift : 0
}

/** Whether onsets at random times, as many and as prominent, would hardly ever agree so. */
function isBeyondChance(
  agreeing: readonly Vote[],
  own: readonly PlacedOnset[],
  heard: readonly Heard[],
): boolean {
  const first = own[0]
  if (first === undefined) return false
  const { clock, fromSeconds, endSeconds } = first.recording
  const [start, end] = [toClock(clock, fromSeconds), toClock(clock, endSeconds)]
  const beside = heard.filter(({ seconds }) => seconds >= start && seconds <= end)
  const ranSeconds = Math.max(shortestRateSeconds, endSeconds - fromSeconds)
  return agreeing.some(({ weight: least }) => {
    const shifts = agreeing.filter(({ weight }) => weight >= least).map(({ shift }) => shift)
    const ownCount = own.filter(({ onset }) => onset.prominenceDb >= least).length
    const otherCount = beside.filter(({ weight }) => weight >= least).length
    // A small shift is the likelier one: counted are those as small.
    const room = 2 * (Math.max(...shifts.map(Math.abs)) + agreementSeconds)
    const spread = Math.max(nearestSeconds, Math.max(...shifts) - Math.min(...shifts))
    const votes = (ownCount * otherCount * room) / ranSeconds
    let expected = shifts.length * (spread / room) ** (shifts.length - 1)
    for (let vote = 1; vote <= shifts.length; vote++) expected *= votes / vote
    return shifts.length >= 2 && expected <= mostByChance
  })
}
