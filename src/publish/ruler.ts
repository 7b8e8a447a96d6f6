import type { Element } from 'hast'
import { s } from 'hastscript'

/** A stretch of time laid over a width; positions are percent of it. */
export interface Ruler {
  readonly fromSeconds: number
  readonly toSeconds: number
}

function percent(ruler: Ruler, seconds: number): number {
  const length = ruler.toSeconds - ruler.fromSeconds
  const share = length <= 0 ? 0 : (seconds - ruler.fromSeconds) / length
  return Math.round(Math.min(1, Math.max(0, share)) * 1e5) / 1e3
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]

/** Round times on the ruler, at most `most`. */
function tickTimes(ruler: Ruler, most: number): number[] {
  const length = ruler.toSeconds - ruler.fromSeconds
  const step = steps.find((each) => length / each <= most) ?? 3600
  const times: number[] = []
  for (
    let k = Math.ceil(ruler.fromSeconds / step - 1e-9);
    k * step <= ruler.toSeconds + 1e-9;
    k += 1
  ) {
    times.push(Math.round(k * step * 1000) / 1000)
  }
  return times
}

export function axis(ruler: Ruler, most = 6): Element {
  const times = tickTimes(ruler, most)
  return s('svg.axis', { width: '100%', height: 24, ariaHidden: 'true' }, [
    s('line', { x1: '0%', x2: '100%', y1: 23.5, y2: 23.5 }),
    ...times.flatMap((seconds) => {
      const x = percent(ruler, seconds)
      const textAnchor = x < 4 ? 'start' : x > 96 ? 'end' : 'middle'
      return [
        s('line', { x1: `${x}%`, x2: `${x}%`, y1: 17, y2: 23.5 }),
        s('text', { x: `${x}%`, y: 12, textAnchor }, tickText(seconds)),
      ]
    }),
  ])
}

function tickText(seconds: number): string {
  if (seconds === 0) return '0 s'
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds)} s`
}

/** Bars from one time to another, e.g. while an angle has a picture; what lies off the ruler has none. */
export function bars(ruler: Ruler, stretches: readonly Ruler[]): Element {
  const shown = stretches.filter(
    ({ fromSeconds, toSeconds }) => toSeconds > ruler.fromSeconds && fromSeconds < ruler.toSeconds,
  )
  return s('svg.bar', { width: '100%', height: 10, ariaHidden: 'true' }, [
    s('line.track', { x1: '0%', x2: '100%', y1: 5, y2: 5 }),
    ...shown.map(({ fromSeconds, toSeconds }) => {
      const x = percent(ruler, fromSeconds)
      const width = percent(ruler, toSeconds) - x
      return s('rect', { x: `${x}%`, width: `${Math.max(width, 0.4)}%`, y: 2, height: 6 })
    }),
  ])
}

/** A time with its uncertainty: the band is the interval, the line the best estimate. */
export function band(
  ruler: Ruler,
  fromSeconds: number,
  toSeconds: number,
  plusMinusSeconds: number,
): Element {
  const x = percent(ruler, fromSeconds - plusMinusSeconds)
  const width = percent(ruler, toSeconds + plusMinusSeconds) - x
  const from = percent(ruler, fromSeconds)
  const to = percent(ruler, toSeconds)
  return s('svg.band', { width: '100%', height: 16, ariaHidden: 'true' }, [
    s('line.track', { x1: '0%', x2: '100%', y1: 8, y2: 8 }),
    s('rect.uncertain', { x: `${x}%`, width: `${Math.max(width, 0.2)}%`, y: 2, height: 12 }),
    to > from
      ? s('rect.span', { x: `${from}%`, width: `${to - from}%`, y: 5, height: 6 })
      : s('line.best', { x1: `${from}%`, x2: `${from}%`, y1: 0, y2: 16 }),
  ])
}
