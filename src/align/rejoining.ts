import type { SolvedGroup } from './group-result.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sampleRateHz } from './sound-features.ts'
import { isAt } from './standing-cuts.ts'
import type { Cuts } from './standing-cuts.ts'
import { endOf, placedIds } from './witnesses.ts'

/** Of recordings of which some part has a place, how much of them lies on one clock at most, seconds. */
export function placedRecordings(
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): ReadonlyMap<string, number> {
  const placed = new Map<string, number>()
  for (const { members } of groups) {
    const ids = new Set(members.map(({ id }) => id))
    const own = Map.groupBy(
      parts.filter(({ id }) => ids.has(id)),
      ({ recording }) => recording,
    )
    for (const [recording, of] of own) {
      const seconds = of.reduce((sum, { samples }) => sum + samples.length, 0) / sampleRateHz
      placed.set(recording, Math.max(seconds, placed.get(recording) ?? 0))
    }
  }
  return placed
}

/** Whether of the parts that end and begin at that moment one has a place and one has none. */
export function isBesideOpen(
  time: number,
  recording: string,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): boolean {
  const placed = placedIds(groups)
  const beside = besideCut(time, recording, parts)
  return beside.filter((part) => part && placed.has(part.id)).length === 1
}

/** A cut that was taken back between two clocks: if nothing was cut there, the recording is their tie. */
export interface Tie {
  readonly recording: string
  /** Whether it hangs together with recordings of either clock now that it is one piece there. */
  readonly holds: (parts: readonly RecordingPart[], groups: readonly SolvedGroup[]) => boolean
}

/** Of the recordings that keep other cuts. */
export function tiesOfOpenCuts(
  cuts: Cuts,
  left: Cuts,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): Tie[] {
  return [...left].flatMap(([recording, kept]) =>
    (cuts.get(recording) ?? [])
      .filter((time) => kept.every((other) => !isAt(other, time)))
      .flatMap((time): Tie[] => {
        const [before, after] = besideCut(time, recording, parts)
        if (!before || !after || groupOf(before, groups) === groupOf(after, groups)) return []
        const sides = [before, after].map((part) => linkedWith(part, parts, groups))
        return [
          {
            recording,
            holds: (partsNow, groupsNow) => {
              const whole = partsNow.findLast(
                (part) => part.recording === recording && part.fromSeconds <= time,
              )
              const linked = linkedWith(whole!, partsNow, groupsNow)
              return sides.every((side) => [...side].some((other) => linked.has(other)))
            },
          },
        ]
      }),
  )
}

/** The parts that end and begin at that moment. */
function besideCut(time: number, recording: string, parts: readonly RecordingPart[]) {
  const own = parts.filter((part) => part.recording === recording)
  return [
    own.find((part) => isAt(endOf(part), time)),
    own.find((part) => isAt(part.fromSeconds, time)),
  ] as const
}

function groupOf({ id }: RecordingPart, groups: readonly SolvedGroup[]): SolvedGroup | undefined {
  return groups.find(({ members }) => members.some((member) => member.id === id))
}

/** Recordings with which accepted links tie a part. */
function linkedWith(
  part: RecordingPart,
  parts: readonly RecordingPart[],
  groups: readonly SolvedGroup[],
): ReadonlySet<string> {
  const recordingOf = new Map(parts.map(({ id, recording }) => [id, recording]))
  const links = groupOf(part, groups)?.links ?? []
  return new Set(
    links
      .filter(({ a, b, accepted }) => accepted && (a === part.id || b === part.id))
      .map(({ a, b }) => recordingOf.get(a === part.id ? b : a)!),
  )
}
