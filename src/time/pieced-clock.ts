import { toClock, type ClockMap } from './clock.ts'

/** Own time recorded without a break; `toSeconds` is the first moment after it. */
export interface ClockPiece {
  readonly fromSeconds: number
  readonly toSeconds: number
  /** `clock = offsetSeconds + rate × own` within it. */
  readonly offsetSeconds: number
}

/**
 * A recording on a clock: one piece, or those it was cut together from, in order
 * of own time and of the clock. Between two pieces the clock goes on and the
 * recording shows nothing. Own time that no piece holds has no place on the clock.
 */
export interface PiecedClock<Piece extends ClockPiece = ClockPiece> {
  readonly rate: number
  readonly pieces: readonly Piece[]
}

export function mapOf({ rate }: PiecedClock, { offsetSeconds }: ClockPiece): ClockMap {
  return { offsetSeconds, rate }
}

export function pieceAt<Piece extends ClockPiece>(
  recording: PiecedClock<Piece>,
  ownSeconds: number,
): Piece | undefined {
  return recording.pieces.find(
    ({ fromSeconds, toSeconds }) => ownSeconds >= fromSeconds && ownSeconds < toSeconds,
  )
}

/** Own time → the clock. */
export function clockAt(recording: PiecedClock, ownSeconds: number): number | undefined {
  const piece = pieceAt(recording, ownSeconds)
  return piece && toClock(mapOf(recording, piece), ownSeconds)
}

/** The piece that holds a whole stretch of the clock; none for what a cut left out. */
export function pieceThrough<Piece extends ClockPiece>(
  recording: PiecedClock<Piece>,
  fromClockSeconds: number,
  toClockSeconds: number,
): Piece | undefined {
  return recording.pieces.find((piece) => {
    const map = mapOf(recording, piece)
    const ends = toClock(map, piece.toSeconds)
    return (
      fromClockSeconds >= toClock(map, piece.fromSeconds) &&
      fromClockSeconds < ends &&
      toClockSeconds <= ends
    )
  })
}

export interface Cut<Piece extends ClockPiece = ClockPiece> {
  readonly before: Piece
  readonly after: Piece
  /** Where it lies in own time. */
  readonly ownSeconds: number
  /** The stretch of the clock that it left out. */
  readonly fromClockSeconds: number
  readonly toClockSeconds: number
}

export function cutsOf<Piece extends ClockPiece>(
  recording: PiecedClock<Piece>,
): readonly Cut<Piece>[] {
  return recording.pieces.slice(1).flatMap((after, index) => {
    const before = recording.pieces[index]
    if (before === undefined) return []
    return [
      {
        before,
        after,
        ownSeconds: before.toSeconds,
        fromClockSeconds: toClock(mapOf(recording, before), before.toSeconds),
        toClockSeconds: toClock(mapOf(recording, after), after.fromSeconds),
      },
    ]
  })
}

/**
 * The pieces that begin and end with the recording's sound, open there: its
 * picture may begin before and end after that.
 */
export function withOpenEnds<Piece extends ClockPiece>(
  pieces: readonly Piece[],
  soundEndSeconds: number,
): readonly Piece[] {
  const millisecond = 0.001
  return pieces.map((piece) => ({
    ...piece,
    fromSeconds: piece.fromSeconds <= millisecond ? -Infinity : piece.fromSeconds,
    toSeconds: piece.toSeconds >= soundEndSeconds - millisecond ? Infinity : piece.toSeconds,
  }))
}
