import type { StoryMaterial } from '../case/bundle.ts'
import { cutWords, type RecordingOnClock } from '../case/on-clock.ts'
import { toClock } from '../time/clock.ts'
import { cutsOf, mapOf } from '../time/pieced-clock.ts'
import { onClock } from './players.ts'

/** A stretch of the clock. */
export interface Stretch {
  readonly fromSeconds: number
  readonly toSeconds: number
}

/** `It was cut or paused at about 0:30.0 of its own time, where … are left out.` */
export function cutSentence(material: StoryMaterial, footage: string): string | undefined {
  const recording = onClock(material, footage)
  const cuts = recording === undefined ? [] : cutsOf(recording)
  return cuts.length === 0
    ? undefined
    : unbroken(`It was cut or paused ${cuts.map(cutWords).join('; and ')}.`)
}

/** Numbers stay with their units and their errors. */
function unbroken(words: string): string {
  return words.replaceAll(/(?<=[\d±]) (?=[\ds±])/g, '\u00a0')
}

/** Recordings from which a moment of the clock was left out. */
export function leftOutOf(material: StoryMaterial, clockSeconds: number): readonly string[] {
  return material.clock.recordings
    .filter((recording) =>
      cutsOf(recording).some(
        ({ fromClockSeconds, toClockSeconds }) =>
          clockSeconds >= fromClockSeconds && clockSeconds < toClockSeconds,
      ),
    )
    .map(({ footage }) => footage)
}

/** When a recording's picture runs, or its sound where it has none: piece by piece. */
export function recordedStretches(
  material: StoryMaterial,
  recording: RecordingOnClock,
): readonly Stretch[] {
  const [begins, ends] = ownSpan(material, recording.footage)
  return recording.pieces.flatMap((piece) => {
    const map = mapOf(recording, piece)
    const [from, to] = [Math.max(begins, piece.fromSeconds), Math.min(ends, piece.toSeconds)]
    return to > from ? [{ fromSeconds: toClock(map, from), toSeconds: toClock(map, to) }] : []
  })
}

function ownSpan(material: StoryMaterial, footage: string): readonly [number, number] {
  const facts = material.items.get(footage)?.facts
  if (facts?.kind !== 'recording') return [0, 0]
  if (facts.video === undefined) return [0, facts.scannedDurationSeconds]
  const { ticks, timescale, endTicks } = facts.video.frames
  return [(ticks[0] ?? 0) / timescale, endTicks / timescale]
}
