import { leastJumpSeconds } from './breaks.ts'
import { frameSeconds } from './sound-features.ts'
import type { PeakWithCourse } from './window-evidence.ts'

/**
 * Agreement of a second that belongs together, in standard deviations of accident. The logarithm of
 * its likelihood grows by so much per deviation, less half the square.
 */
const usualAgreement = 1
/** Seconds of two lags begin at different frames. */
const slackSeconds = 1

/**
 * By how much likelier two lags, one up to some moment and another from then on, explain a pair
 * than one lag alone, as a logarithm: it is high where one of the two recordings was cut.
 */
export function gainOfSecondLag(peaks: readonly PeakWithCourse[]): number {
  const lines = peaks.map((peak) => ({ lagSeconds: peak.lagSeconds, ...bestRuns(peak) }))
  const one = Math.max(0, ...lines.map(({ untilThen }) => untilThen.at(-1)?.gain ?? 0))
  let best = 0
  for (const first of lines) {
    for (const second of lines) {
      const leap = second.lagSeconds - first.lagSeconds
      if (Math.abs(leap) < leastJumpSeconds) continue
      for (const { gain, toSecond } of first.untilThen) {
        // The second comes later in the own time of either.
        const soonest = toSecond + Math.ceil(Math.max(0, leap - slackSeconds))
        const two = gain + (second.fromThenOn[soonest] ?? 0)
        best = Math.max(best, two - one)
      }
    }
  }
  return best
}

/** For each second of a's own time, the run with the highest gain that ends by then, and the gain of the best that begins no sooner. */
function bestRuns({ course: { fromFrame, agreement } }: PeakWithCourse) {
  const first = Math.round(fromFrame * frameSeconds)
  const gains = new Float64Array(first + agreement.length)
  agreement.forEach((value, second) => {
    if (Number.isNaN(value)) return
    gains[first + second] = usualAgreement * value - usualAgreement ** 2 / 2
  })
  const untilThen: { readonly gain: number; readonly toSecond: number }[] = []
  const fromThenOn = new Float64Array(gains.length)
  let best = { gain: 0, toSecond: 0 }
  let running = 0
  gains.forEach((gain, second) => {
    running = Math.max(0, running) + gain
    if (running > best.gain) best = { gain: running, toSecond: second + 1 }
    untilThen.push(best)
  })
  let highest = 0
  running = 0
  for (let second = gains.length - 1; second >= 0; second--) {
    running = Math.max(0, running) + gains[second]!
    highest = Math.max(highest, running)
    fromThenOn[second] = highest
  }
  return { untilThen, fromThenOn }
}
