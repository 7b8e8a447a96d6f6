/**
 * In: onsets of each recording and its place on the clock, one piece of it at a
 * time. Out: impulsive sounds with the recordings that hear them. A recording stands in a candidate
 * at most once; what one recording alone has is never corroborated; a weaker
 * beginning soon after another, on whose delay the recordings do not agree, is
 * kept with it as an echo. Nothing is named by its cause. The order of the
 * recordings changes nothing.
 */
import { intervalBetween, type HeardImpulse, type ImpulseCandidate } from '../case/impulse.ts'
import { toClock, type ClockMap } from '../time/clock.ts'
import { mapOf, pieceAt, type ClockPiece, type PiecedClock } from '../time/pieced-clock.ts'
import type { Follower, PlacedOnset } from './impulse-bursts.ts'
import { impulseGroups } from './impulse-groups.ts'
import { statisticalErrorSeconds } from './impulse-travel.ts'
import type { ImpulseOnset } from './impulse-onsets.ts'

/** A recording, or one piece of one that was cut. */
export interface ImpulseRecording {
  readonly id: string
  readonly clock: ClockMap
  /** 95 % half-width of its place on the clock, and the part of it that sound's travel accounts for. */
  readonly errorSeconds: number
  readonly travelBoundSeconds: number
  /** Own time at which its sound begins and ends. */
  readonly fromSeconds: number
  readonly endSeconds: number
  readonly onsets: readonly ImpulseOnset[]
  readonly position?: {
    readonly xMetres: number
    readonly yMetres: number
    readonly errorMetres: number
  }
}

/** The pieces of a recording, each with its own onsets. */
export function impulsePieces(
  recording: PiecedClock<
    ClockPiece & { readonly errorSeconds: number; readonly travelBoundSeconds: number }
  > &
    Pick<ImpulseRecording, 'id' | 'onsets' | 'position'>,
  soundEndSeconds: number,
): readonly ImpulseRecording[] {
  const { id, onsets, position } = recording
  return recording.pieces.map((piece) => ({
    id,
    clock: mapOf(recording, piece),
    errorSeconds: piece.errorSeconds,
    travelBoundSeconds: piece.travelBoundSeconds,
    fromSeconds: Math.max(0, piece.fromSeconds),
    endSeconds: Math.min(soundEndSeconds, piece.toSeconds),
    onsets: onsets.filter(({ ownSeconds }) => pieceAt(recording, ownSeconds) === piece),
    ...(position === undefined ? {} : { position }),
  }))
}

/** Alone, a beginning weaker than this is not worth a person's time. */
const leastAloneDb = 8
/** Together, beginnings must add up to this. */
const leastTogetherDb = 6
/** Steeper than a voice begins: the mean of the two recordings, or the one, in which it is steepest. */
const leastRiseDb = 7

export function impulseCandidates(
  recordings: readonly ImpulseRecording[],
): readonly ImpulseCandidate[] {
  const inOrder = recordings.toSorted((a, b) =>
    a.id === b.id ? a.fromSeconds - b.fromSeconds : a.id < b.id ? -1 : 1,
  )
  const { groups, echoes } = impulseGroups(inOrder)
  const found = groups
    .filter(isWorthwhile)
    .map((members) => candidateOf(members, echoes, inOrder))
    .sort((a, b) => a.clockSeconds - b.clockSeconds)
  const between = (id: string, early: number, late: number): number | undefined => {
    const holdsBoth = ({ fromSeconds, endSeconds }: ImpulseRecording): boolean =>
      early >= fromSeconds && late < endSeconds
    const run = recordings.find((each) => each.id === id && holdsBoth(each))
    return run && (late - early) * run.clock.rate
  }
  return found.map((candidate, index) => {
    const next = found.slice(index + 1).find((other) => other.corroborated)
    if (!candidate.corroborated || next === undefined) return candidate
    return { ...candidate, toNext: intervalBetween(candidate, next, between) }
  })
}

function isWorthwhile(members: readonly PlacedOnset[]): boolean {
  const sum = members.reduce((all, { onset }) => all + onset.prominenceDb, 0)
  if (sum < (members.length > 1 ? leastTogetherDb : leastAloneDb)) return false
  const rises = members.map(({ onset }) => onset.riseDb).sort((a, b) => b - a)
  const [steepest = 0, second = steepest] = rises
  return (steepest + second) / 2 >= leastRiseDb
}

function candidateOf(
  members: readonly PlacedOnset[],
  echoes: readonly Follower[],
  recordings: readonly ImpulseRecording[],
): ImpulseCandidate {
  const inOrder = members.toSorted((a, b) => a.clockSeconds - b.clockSeconds)
  const first = inOrder[0]?.clockSeconds ?? 0
  const clockSeconds = (first + (inOrder.at(-1)?.clockSeconds ?? first)) / 2
  const heard = new Set(members.map(({ recording }) => recording.id))
  return {
    clockSeconds,
    errorSeconds: Math.max(
      ...members.map(
        (member) => Math.abs(member.clockSeconds - clockSeconds) + errorOnClock(member),
      ),
    ),
    heardIn: inOrder.map(({ recording, onset }): HeardImpulse => ({
      recording: recording.id,
      ownSeconds: onset.ownSeconds,
      errorSeconds: onset.errorSeconds,
      prominenceDb: onset.prominenceDb,
      clipped: onset.clipped,
    })),
    silentIn: recordings
      .filter((recording) => !heard.has(recording.id) && ranAt(recording, clockSeconds))
      .map(({ id }) => id),
    corroborated: members.length > 1,
    echoes: echoes
      .filter(({ early }) => members.includes(early))
      .map(({ late, delaySeconds }) => ({ recording: late.recording.id, delaySeconds })),
  }
}

/** Travel is no error of when a recording hears it: only what measurement leaves. */
function errorOnClock({ recording, onset }: PlacedOnset): number {
  return statisticalErrorSeconds(recording) + onset.errorSeconds
}

function ranAt(recording: ImpulseRecording, clockSeconds: number): boolean {
  const { clock, fromSeconds, endSeconds } = recording
  return clockSeconds >= toClock(clock, fromSeconds) && clockSeconds <= toClock(clock, endSeconds)
}
