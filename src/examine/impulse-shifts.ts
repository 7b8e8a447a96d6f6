import type { PlacedOnset } from './impulse-bursts.ts'
import type { ImpulseRecording } from './impulse-candidates.ts'
import { hearingToleranceSeconds } from './impulse-travel.ts'
import { nearestTo, within } from './impulse-times.ts'

export type Shifts = ReadonlyMap<ImpulseRecording, number>

/** Sources within some 8 m of each other agree by this on how much later one phone hears than another. */
export const agreementSeconds = 0.025
/** No two recordings hear one sound further apart on the clock. */
const farthestSeconds = 1

interface Heard {
  seconds: number
  count: number
  weight: number
  readonly recording: ImpulseRecording
}

/**
 * Two recordings hear sounds from about one place with about one difference.
 * Seconds to add to each recording's clock times so that they fall on those of
 * the recordings before it, the most telling first; 0 where fewer than two
 * sounds agree. It tells the shots of a burst apart where travel alone cannot.
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

/** The shift within tolerance on which most prominence agrees. */
function bestShift(own: readonly PlacedOnset[], heard: readonly Heard[]): number {
  const votes = own
    .flatMap(({ recording, onset, clockSeconds }) =>
      within(heard, clockSeconds, farthestSeconds).flatMap((other) => {
        const shift = other.seconds - clockSeconds
        return Math.abs(shift) <= hearingToleranceSeconds(recording, other.recording)
          ? [{ shift, weight: Math.min(onset.prominenceDb, other.weight) }]
          : []
      }),
    )
    .sort((a, b) => a.shift - b.shift)
  let best = { weight: 0, count: 0, shift: 0 }
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
    const shift = weighted / weight
    const nearer = weight > best.weight - 1e-6 && Math.abs(shift) < Math.abs(best.shift)
    if (weight > best.weight + 1e-6 || nearer) best = { weight, count: to - from + 1, shift }
  }
  return best.count >= 2 ? best.shift : 0
}
