/** When phones record: long, middling, short, a clip of some seconds; some that meet another for moments only. */
import type { Random } from '../../scene/random.ts'

export interface RecordingTime {
  readonly startSeconds: number
  readonly endSeconds: number
}

export interface TimesOptions {
  readonly durationSeconds: number
  /** Share of recordings of 10 to 30 s, and of those that meet another for 5 to 20 s at one of its ends. */
  readonly clips: number
  readonly meetings: number
}

export function drawTime(
  random: Random,
  before: readonly RecordingTime[],
  { durationSeconds, clips, meetings }: TimesOptions,
): RecordingTime {
  const length = Math.min(durationSeconds, drawLength(random, clips))
  const anywhere = random.between(0, Math.max(0, durationSeconds - length))
  if (before.length === 0 || !random.chance(meetings)) {
    return { startSeconds: anywhere, endSeconds: anywhere + length }
  }
  const met = random.pick(before)
  const shared = random.between(5, 20)
  const after = {
    startSeconds: met.endSeconds - shared,
    endSeconds: met.endSeconds - shared + length,
  }
  const ahead = {
    startSeconds: met.startSeconds + shared - length,
    endSeconds: met.startSeconds + shared,
  }
  const possible = [after, ahead].filter(
    ({ startSeconds, endSeconds }) => startSeconds >= 0 && endSeconds <= durationSeconds,
  )
  return possible.length > 0
    ? random.pick(possible)
    : { startSeconds: anywhere, endSeconds: anywhere + length }
}

function drawLength(random: Random, clips: number): number {
  if (random.chance(clips)) return random.between(10, 30)
  const [low, high] = random.pick<readonly [number, number]>([
    [20, 60],
    [60, 200],
    [60, 200],
    [200, 600],
    [200, 600],
  ])
  // Evenly by ratio: there are more short ones than long ones.
  return low * (high / low) ** random.next()
}
