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
    return [
      {
        recording: other.recording,
        timeOf: (ownSeconds) => {
          const clock = self.offsetSeconds + self.rate * (ownSeconds - part.fromSeconds)
          return (clock - shift - member.offsetSeconds) / member.rate + other.fromSeconds
        },
        holds: (seconds) => seconds >= other.fromSeconds && seconds < endOf(other),
      },
    ]
  })
}

/** Another recording, or a piece of one, on a group's clock as a certain recording hears it. */
export interface ClockWitness {
  readonly recording: string
  /** Sound ties the two. */
  readonly isLinked: boolean
  /** Number of those that hang together without the recording. */
  readonly cluster: number
  /** clock = offsetSeconds + rate × own time of the witness's recording. */
  readonly offsetSeconds: number
  readonly rate: number
  /** Where its piece may be heard, in own time of its recording. */
  readonly fromSeconds: number
  readonly toSeconds: number
}

/**
 * All of a group that are not of this recording, set as its pieces in the group hear them.
 * `placed`: the parts that lie in any group.
 */
export function clockWitnesses(
  recording: string,
  partOf: ReadonlyMap<string, RecordingPart>,
  group: SolvedGroup,
  placed: ReadonlySet<string>,
): ClockWitness[] {
  const isOwn = ({ id }: SolvedMember) => partOf.get(id)!.recording === recording
  const own = group.members.filter(isOwn)
  const ownIds = new Set(own.map(({ id }) => id))
  const clusterOf = clustersWithout(ownIds, group)
  const ties = { ...group, links: group.links.filter(({ a, b }) => ownIds.has(a) || ownIds.has(b)) }
  const partsOf = Map.groupBy(partOf.values(), (part) => part.recording)
  return group.members.flatMap((member): ClockWitness[] => {
    if (isOwn(member)) return []
    const part = partOf.get(member.id)!
    const self = own.find((one) => linkBetween(ties, one, member)) ?? own[0]
    const shift = self ? soundShift(ties, self, member) : -member.travelSeconds
    return [
      {
        recording: part.recording,
        cluster: clusterOf.get(member.id)!,
        isLinked: self !== undefined && linkBetween(ties, self, member) !== undefined,
        offsetSeconds: member.offsetSeconds - member.rate * part.fromSeconds + shift,
        rate: member.rate,
        ...spanWithNeighbours(part, placed, partsOf.get(part.recording)!),
      },
    ]
  })
}

/** A piece and what lies beside it of its recording without a place: it is taken to go on. */
function spanWithNeighbours(
  part: RecordingPart,
  placed: ReadonlySet<string>,
  own: readonly RecordingPart[],
): Pick<ClockWitness, 'fromSeconds' | 'toSeconds'> {
  const others = own.filter(({ id }) => placed.has(id))
  const ends = others.map(endOf).filter((end) => end <= part.fromSeconds)
  const starts = others.map(({ fromSeconds }) => fromSeconds).filter((from) => from >= endOf(part))
  return {
    fromSeconds: Math.max(0, ...ends),
    toSeconds: Math.min(Math.max(...own.map(endOf)), ...starts),
  }
}

export function placedIds(groups: readonly SolvedGroup[]): ReadonlySet<string> {
  return new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)))
}

/** What hangs together by accepted links if some members are left out. */
function clustersWithout(left: ReadonlySet<string>, group: SolvedGroup): Map<string, number> {
  const clusters = new Map<string, number>()
  group.members.forEach(({ id }, index) => clusters.set(id, index))
  for (const { a, b, accepted } of group.links) {
    if (!accepted || left.has(a) || left.has(b)) continue
    const [kept, joined] = [clusters.get(a)!, clusters.get(b)!]
    if (kept === joined) continue
    for (const [id, cluster] of clusters) if (cluster === joined) clusters.set(id, kept)
  }
  return clusters
}

export function endOf({ fromSeconds, samples }: RecordingPart): number {
  return fromSeconds + samples.length / sampleRateHz
}

/** Clock of one less clock of the other where they hear the same sound. */
function soundShift(group: SolvedGroup, one: SolvedMember, other: SolvedMember): number {
  const link = linkBetween(group, one, other)
  const unexplained = link?.residualSeconds ?? 0
  const travel = one.travelSeconds - other.travelSeconds
  return travel + (link?.a === other.id ? -unexplained : unexplained)
}

function linkBetween({ links }: SolvedGroup, one: SolvedMember, other: SolvedMember) {
  return links.find(
    ({ a, b, kind, accepted }) =>
      accepted &&
      kind === 'sound' &&
      ((a === one.id && b === other.id) || (a === other.id && b === one.id)),
  )
}
