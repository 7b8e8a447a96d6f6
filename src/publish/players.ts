import type { StoryMaterial } from '../case/bundle.ts'
import type { RenderedPart } from '../case/exhibit.ts'
import type { RecordingOnClock } from '../case/on-clock.ts'
import type { CompositePlace, SegmentPlace, SlowMotionPlace } from '../case/story.ts'
import { toClock, type UncertainSeconds } from '../time/clock.ts'
import { clockAt, mapOf, pieceAt } from '../time/pieced-clock.ts'

export type MovingPlace = CompositePlace | SegmentPlace | SlowMotionPlace

/**
 * A video of the page and how its time maps to what readers are told: `t` is
 * seconds on the clock, or the recording's own time where it is not on the
 * clock or the video runs on across a cut. `video time = (t − startSeconds) × scale`.
 */
export interface Player {
  readonly id: string
  readonly place: MovingPlace
  readonly part: RenderedPart
  readonly counts: 'clock' | 'own time'
  readonly startSeconds: number
  readonly endSeconds: number
  /** Video seconds for one second of `t`; about 4 where shown at 0.25×. */
  readonly scale: number
  readonly angles: readonly string[]
}

export function playersOf(material: StoryMaterial): readonly Player[] {
  return [...material.story.places.values()].flatMap((place) => {
    if (place.kind !== 'composite' && place.kind !== 'segment' && place.kind !== 'slow-motion')
      return []
    const parts = material.exhibits.get(place.id)?.parts ?? []
    return parts.flatMap((part) => {
      const player = part.role === 'poster' ? undefined : playerOf(material, place, part)
      return player === undefined ? [] : [player]
    })
  })
}

function playerOf(
  material: StoryMaterial,
  place: MovingPlace,
  part: RenderedPart,
): Player | undefined {
  const { recipe } = part
  const base = { id: `${place.id}-${part.role}`, place, part }
  if (place.kind === 'composite') {
    if (recipe.kind !== 'composite') return undefined
    const startSeconds = recipe.parameters.fromMicroseconds / 1e6
    const endSeconds = recipe.parameters.toMicroseconds / 1e6
    return { ...base, counts: 'clock', startSeconds, endSeconds, scale: 1, angles: place.angles }
  }
  const span = clipSpan(part)
  if (recipe.kind !== 'clip' || span === undefined) return undefined
  const { fromSeconds, toSeconds } = span
  const recording = onClock(material, place.footage)
  const piece =
    recording === undefined || runsAcrossCut(material, place, part)
      ? undefined
      : pieceAt(recording, fromSeconds)
  const clock = recording && piece && mapOf(recording, piece)
  return {
    ...base,
    counts: clock === undefined ? 'own time' : 'clock',
    startSeconds: clock === undefined ? fromSeconds : toClock(clock, fromSeconds),
    endSeconds: clock === undefined ? toSeconds : toClock(clock, toSeconds),
    scale: recipe.parameters.slowdown / (clock?.rate ?? 1),
    angles: [place.footage],
  }
}

/** Own time of a clip: its first frame, its last one, and when that leaves the screen. */
export function clipSpan({ recipe }: RenderedPart) {
  if (recipe.kind !== 'clip') return undefined
  const { span, picture } = recipe.parameters
  return {
    fromSeconds: span.firstTicks / picture.timescale,
    lastFrameSeconds: span.lastTicks / picture.timescale,
    toSeconds: span.endTicks / picture.timescale,
  }
}

/** Whether a clip goes on over a cut of its recording, as the file itself does. */
export function runsAcrossCut(
  material: StoryMaterial,
  place: SegmentPlace | SlowMotionPlace,
  part: RenderedPart,
): boolean {
  const [recording, span] = [onClock(material, place.footage), clipSpan(part)]
  if (recording === undefined || span === undefined) return false
  return pieceAt(recording, span.fromSeconds) !== pieceAt(recording, span.lastFrameSeconds)
}

export function onClock(material: StoryMaterial, footage: string): RecordingOnClock | undefined {
  return material.clock.recordings.find((recording) => recording.footage === footage)
}

/** A moment of a recording on the clock, with the error of its place there. */
export function momentOnClock(
  material: StoryMaterial,
  footage: string,
  ownSeconds: number,
): UncertainSeconds | undefined {
  const recording = onClock(material, footage)
  const seconds = recording && clockAt(recording, ownSeconds)
  const piece = recording && pieceAt(recording, ownSeconds)
  if (seconds === undefined || piece === undefined) return undefined
  return { seconds, plusMinusSeconds: piece.errorSeconds }
}

/** `t` of a moment of one recording as this player counts it; undefined where it does not show it. */
export function timeIn(
  player: Player,
  material: StoryMaterial,
  footage: string,
  ownSeconds: number,
): number | undefined {
  if (player.counts === 'own time') return player.angles[0] === footage ? ownSeconds : undefined
  return momentOnClock(material, footage, ownSeconds)?.seconds
}

export function holds(player: Player, t: number): boolean {
  // Half a millisecond of slack: times are printed to the millisecond.
  return t >= player.startSeconds - 5e-4 && t < player.endSeconds + 5e-4
}

export function videoSeconds(player: Player, t: number): number {
  return Math.max(0, (t - player.startSeconds) * player.scale)
}

/**
 * How long each frame stays, in ticks, run-length: `3003x299 6006x1`. The
 * page's scripts step by it; undefined where the rate is constant.
 */
export function frameRuns(material: StoryMaterial, player: Player): string | undefined {
  const { recipe } = player.part
  if (recipe.kind !== 'clip' || player.place.kind === 'composite') return undefined
  const facts = material.items.get(player.place.footage)?.facts
  if (facts?.kind !== 'recording' || facts.video === undefined) return undefined
  const { ticks, endTicks } = facts.video.frames
  const { firstFrame, lastFrame } = recipe.parameters.span
  const runs: { length: number; count: number }[] = []
  for (let frame = firstFrame; frame <= lastFrame; frame += 1) {
    const length = (ticks[frame + 1] ?? endTicks) - (ticks[frame] ?? endTicks)
    const last = runs.at(-1)
    if (last?.length === length) last.count += 1
    else runs.push({ length, count: 1 })
  }
  return runs.map((run) => `${run.length}x${run.count}`).join(' ')
}
