import type { Case } from '../case/case-schema.ts'
import { cutWords, type IncidentClock, type RecordingOnClock } from '../case/on-clock.ts'
import { toClock } from '../time/clock.ts'
import { clockAt, cutsOf, mapOf, withOpenEnds } from '../time/pieced-clock.ts'
import type { StoredAlignment, StoredMember } from './stored-alignment.ts'

type Zero = Case['incident']['zero']

/**
 * The incident's clock: the group that holds the case's zero, or the largest.
 * Other groups and lone recordings stay apart, with the reason.
 */
export function incidentClock(facts: Case, result: StoredAlignment): IncidentClock {
  const { zero } = facts.incident
  const groups = result.groups.map(({ members }) =>
    members.map((member) => recordingOnClock(member, result.onsets)),
  )
  const own = zero === undefined ? groups[0] : groups.find((group) => holdsZero(group, zero))
  const alone = zero?.footage ?? result.apart[0]?.footage
  const recordings = own ?? (alone === undefined ? [] : [loneRecording(alone)])
  const labelOf = (id: string): string =>
    facts.footage.find((entry) => entry.id === id)?.label ?? id
  const first = recordings.toSorted((a, b) => startOf(a) - startOf(b))[0]
  const zeroSeconds = zeroOnClock(recordings, zero)
  const apart = [
    ...result.apart,
    ...groups
      .filter((group) => group !== own)
      .flatMap((group) =>
        group.map(({ footage }) => ({
          footage,
          code: 'another-group',
          reason: `shares sound with ${group
            .filter((other) => other.footage !== footage)
            .map((other) => labelOf(other.footage))
            .join(', ')}, but with none of the recordings on this clock`,
        })),
      ),
  ]
  return {
    recordings: recordings.map((recording) =>
      withZeroAt(recording, zeroSeconds ?? (first === undefined ? 0 : startOf(first))),
    ),
    apart: apart.filter(({ footage }) => !recordings.some((on) => on.footage === footage)),
    zeroLabel:
      zero === undefined || zeroSeconds === undefined
        ? `the start of ${first === undefined ? 'the first recording' : labelOf(first.footage)}`
        : `${zero.label}, in ${labelOf(zero.footage)}`,
  }
}

/** Said to the team; the page says it too. */
export function cutNotices(clock: IncidentClock): readonly string[] {
  return clock.recordings.flatMap((recording) =>
    cutsOf(recording).map((cut) => `"${recording.footage}" was cut or paused ${cutWords(cut)}`),
  )
}

function recordingOnClock(
  member: StoredMember,
  onsets: StoredAlignment['onsets'],
): RecordingOnClock {
  const { footage, method } = member
  const sound = onsets.find((each) => each.footage === footage)
  const pieces = member.pieces.map((piece) => ({
    fromSeconds: piece.fromMicroseconds / 1e6,
    toSeconds: piece.toMicroseconds / 1e6,
    offsetSeconds: piece.offsetMicroseconds / 1e6,
    errorSeconds: piece.errorMicroseconds / 1e6,
    travelBoundSeconds: piece.travelBoundMicroseconds / 1e6,
  }))
  return {
    footage,
    rate: member.ratePartsPerBillion / 1e9,
    method,
    pieces: withOpenEnds(pieces, (sound?.endMicroseconds ?? 0) / 1e6),
  }
}

/** On no clock but its own. */
function loneRecording(footage: string): RecordingOnClock {
  return {
    footage,
    rate: 1,
    method: 'reference',
    pieces: [
      {
        fromSeconds: -Infinity,
        toSeconds: Infinity,
        offsetSeconds: 0,
        errorSeconds: 0,
        travelBoundSeconds: 0,
      },
    ],
  }
}

function zeroOnClock(recordings: readonly RecordingOnClock[], zero: Zero): number | undefined {
  const recording = recordings.find(({ footage }) => footage === zero?.footage)
  return zero && recording && clockAt(recording, zero.at)
}

function holdsZero(recordings: readonly RecordingOnClock[], zero: Zero): boolean {
  return zeroOnClock(recordings, zero) !== undefined
}

/** Own time 0 on the clock, or where its first piece begins. */
function startOf(recording: RecordingOnClock): number {
  const [first] = recording.pieces
  if (first === undefined) return Infinity
  return toClock(mapOf(recording, first), Math.max(0, first.fromSeconds))
}

function withZeroAt(recording: RecordingOnClock, zeroSeconds: number): RecordingOnClock {
  return {
    ...recording,
    pieces: recording.pieces.map((piece) => ({
      ...piece,
      offsetSeconds: piece.offsetSeconds - zeroSeconds,
    })),
  }
}
