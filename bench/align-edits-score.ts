/** How right an alignment is about cuts and re-uploads, by the truth beside a sound scene's files. */
import type { Alignment } from '../src/align/alignment.ts'
import { sceneTime } from '../test/support/scene/scene.ts'
import type { SoundScene } from '../test/support/scene/sound-scene.ts'
import { truePairs } from '../test/support/scene/sound-scene-truth.ts'
import type {
  SoundTruth,
  TruePiece,
  TrueSoundRecording,
} from '../test/support/scene/sound-scene-truth.ts'
import { beyond, clockDifference } from './align-score.ts'

export type EditedAlignment = Pick<Alignment, 'groups'>

type Member = EditedAlignment['groups'][number]['members'][number]

export interface PieceScore {
  readonly recording: string
  readonly seconds: number
  /** Whether an unedited recording heard 5 s of it. */
  readonly isHeard: boolean
  /** Absent: no piece was placed where this one lies. */
  readonly found?: {
    /**
     * Clock against the unedited members that share 5 s with this piece, beyond
     * what sound's travel allows, at the worst of its beginning, middle and end: the middle of them.
     */
    readonly errorSeconds: number
  }
}

export interface CutScore {
  readonly recording: string
  readonly atSeconds: number
  /** Of the nearest cut found within 2 s. */
  readonly errorSeconds?: number
}

export interface EditScore {
  readonly pieces: readonly PieceScore[]
  readonly cuts: readonly CutScore[]
  /** Cuts claimed where there is none within 2 s. */
  readonly falseCuts: readonly { readonly recording: string; readonly atSeconds: number }[]
}

const sameCutSeconds = 2
const wrongFromSeconds = 0.05

export function scoreEdits(
  scene: SoundScene,
  truth: SoundTruth,
  alignment: EditedAlignment,
): EditScore {
  const whole = truth.recordings.filter(({ pieces }) => pieces === undefined)
  const edited = truth.recordings.filter(({ pieces }) => pieces !== undefined)
  const found = (id: string): { member: Member; others: readonly Member[] }[] =>
    alignment.groups.flatMap(({ members }) =>
      members.filter((member) => member.id === id).map((member) => ({ member, others: members })),
    )
  /** Where pieces begin, and where they end with nothing that has a place beyond. */
  const cutsFound = ({ id, durationSeconds }: TrueSoundRecording): number[] => {
    const pieces = found(id).flatMap(({ member }) => member.pieces)
    const ends = pieces.map(({ toSeconds }) => toSeconds).filter((to) => to < durationSeconds - 0.5)
    const starts = pieces.map(({ fromSeconds }) => fromSeconds).filter((from) => from > 0)
    return [...new Set([...starts, ...ends])]
  }
  const trueCuts = ({ pieces = [] }: TrueSoundRecording) =>
    pieces.slice(1).map(({ fromSeconds }) => fromSeconds)
  return {
    pieces: edited.flatMap((recording) =>
      recording.pieces!.map((piece): PieceScore => {
        const errors = found(recording.id).flatMap(({ member, others }) =>
          pieceErrors(scene, whole, recording, piece, member, others),
        )
        const seconds = piece.toSeconds - piece.fromSeconds
        const error = errors.sort((a, b) => a - b)[errors.length >> 1]
        const isFound = error !== undefined && error < wrongFromSeconds
        return {
          recording: recording.id,
          seconds,
          isHeard: whole.some(
            (partner) => truePairs(scene, [pieceAlone(recording, piece), partner]).length > 0,
          ),
          ...(isFound ? { found: { errorSeconds: error } } : {}),
        }
      }),
    ),
    cuts: edited.flatMap((recording) =>
      trueCuts(recording).map((atSeconds): CutScore => {
        const off = cutsFound(recording).map((at) => Math.abs(at - atSeconds))
        const errorSeconds = Math.min(Infinity, ...off)
        return {
          recording: recording.id,
          atSeconds,
          ...(errorSeconds < sameCutSeconds ? { errorSeconds } : {}),
        }
      }),
    ),
    falseCuts: truth.recordings.flatMap((recording) =>
      cutsFound(recording)
        .filter((at) =>
          trueCuts(recording).every((atSeconds) => Math.abs(at - atSeconds) >= sameCutSeconds),
        )
        .map((atSeconds) => ({ recording: recording.id, atSeconds })),
    ),
  }
}

function pieceErrors(
  scene: SoundScene,
  whole: readonly TrueSoundRecording[],
  recording: TrueSoundRecording,
  piece: TruePiece,
  member: Member,
  others: readonly Member[],
): number[] {
  const middle = (piece.fromSeconds + piece.toSeconds) / 2
  const placed = member.pieces.find(
    ({ fromSeconds, toSeconds }) => fromSeconds <= middle && middle < toSeconds,
  )
  if (!placed) return []
  const alone = pieceAlone(recording, piece)
  const onClock = {
    offsetSeconds: placed.offsetSeconds + member.rate * piece.fromSeconds,
    rate: member.rate,
  }
  return others.flatMap((other) => {
    const partner = whole.find(({ id }) => id === other.id)
    if (!partner) return []
    return truePairs(scene, [alone, partner]).map(({ moments }) =>
      Math.max(
        ...moments.map((moment) =>
          beyond(moment, clockDifference(moment.atSeconds, alone, onClock, partner, other)),
        ),
      ),
    )
  })
}

function pieceAlone(recording: TrueSoundRecording, piece: TruePiece): TrueSoundRecording {
  const { pieces: _, ...unedited } = recording
  return {
    ...unedited,
    startSeconds: sceneTime(piece, piece.fromSeconds),
    durationSeconds: piece.toSeconds - piece.fromSeconds,
  }
}
