import type { SolvedGroup, SolvedMember } from './group-result.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sampleRateHz } from './sound-features.ts'

/** Another recording, or a piece of one, that is on a part's clock. */
export interface Witness {
  readonly recording: string
  /** Own time of the witness at own time of the part's recording. */
  readonly timeOf: (ownSeconds: number) => number
  /** Whether that lies in the witness's piece. */
  readonly holds: (witnessSeconds: number) => boolean
}

/** Every other part on the same clock; where sound tied the two, exactly as it did. */
export function witnessesOf(
  part: RecordingPart,
  partOf: ReadonlyMap<string, RecordingPart>,
  groups: readonly SolvedGroup[],
): Witness[] {
  const group = groups.find(({ members }) => members.some(({ id }) => id === part.id))
  const self = group?.members.find(({ id }) => id === part.id)
  if (!group || !self) return []
  return group.members.flatMap((member): Witness[] => {
    const other = partOf.get(member.id)!
    if (other.recording === part.recording) return []
    const shift = soundShift(group, self, member)
    const length = other.samples.length / sampleRateHz
    return [
      {
        recording: other.recording,
        timeOf: (ownSeconds) => {
          const clock = self.offsetSeconds + self.rate * (ownSeconds - part.fromSeconds)
          return (clock - shift - member.offsetSeconds) / member.rate + other.fromSeconds
        },
        holds: (seconds) => seconds >= other.fromSeconds && seconds < other.fromSeconds + length,
      },
    ]
  })
}

/** Clock of one less clock of the other where they hear the same sound. */
function soundShift({ links }: SolvedGroup, one: SolvedMember, other: SolvedMember): number {
  const link = links.find(
    ({ a, b, kind, accepted }) =>
      accepted &&
      kind === 'sound' &&
      ((a === one.id && b === other.id) || (a === other.id && b === one.id)),
  )
  const unexplained = link?.residualSeconds ?? 0
  const travel = one.travelSeconds - other.travelSeconds
  return travel + (link?.a === other.id ? -unexplained : unexplained)
}
