import type { Finding } from '../case/item-facts.ts'
import type { FrameTable } from '../time/frame-table.ts'

export interface FrameTimes {
  readonly table: FrameTable
  readonly findings: readonly Finding[]
}

/** Ticks of a stream's time base as whole ticks of `timescale`, also for bases such as 1001/30000. */
export interface TimeBase {
  readonly numerator: number
  readonly timescale: number
}

/**
 * The exact frame table: every PTS once, in order. `lastDuration` in ticks is
 * how long the last frame stays; unknown (0), it stays as long as most do.
 */
export function frameTimes(
  pts: readonly number[],
  base: TimeBase,
  lastDuration: number,
): FrameTimes {
  const sorted = pts
    .filter((ticks) => Number.isSafeInteger(ticks))
    .map((ticks) => ticks * base.numerator)
  sorted.sort((a, b) => a - b)
  const ticks: number[] = []
  for (const value of sorted) if (value !== ticks.at(-1)) ticks.push(value)
  const duplicates = sorted.length - ticks.length

  const gaps = ticks.slice(1).map((value, index) => value - (ticks[index] ?? 0))
  const usual = median(gaps)
  const last = ticks.at(-1) ?? 0
  const stay =
    lastDuration > 0
      ? lastDuration * base.numerator
      : (usual ?? Math.max(1, Math.round(base.timescale / 25)))
  const findings: Finding[] = []
  if (duplicates > 0) {
    findings.push(
      notice(
        'duplicated-frames',
        `${count(duplicates, 'frame')} with the time of another frame: only one of each is addressed.`,
      ),
    )
  }
  if (usual !== undefined) findings.push(...rhythm(gaps, usual, base))
  return {
    table: { timescale: base.timescale, ticks, endTicks: last + Math.max(1, stay) },
    findings,
  }
}

function rhythm(gaps: readonly number[], usual: number, base: TimeBase): Finding[] {
  // A file that keeps whole milliseconds alternates 33 and 34: rounding, not rhythm.
  const tolerance = Math.max(1.5 * base.numerator, 0.05 * usual)
  const long = gaps.filter((gap) => gap > 1.5 * usual)
  const odd = gaps.filter(
    (gap) => Math.abs(gap - Math.max(1, Math.round(gap / usual)) * usual) > tolerance,
  )
  const findings: Finding[] = []
  if (odd.length > 0) {
    findings.push(
      notice(
        'variable-frame-rate',
        `The frame rate varies (${count(odd.length, 'gap')} of ${gaps.length} differ from the usual ${milliseconds(usual, base)}). Frames are addressed by their own times.`,
      ),
    )
  }
  if (long.length > 0) {
    const missing = long.reduce((sum, gap) => sum + Math.max(1, Math.round(gap / usual) - 1), 0)
    const longest = Math.max(...long.slice(0, 100_000))
    findings.push(
      notice(
        'dropped-frames',
        `About ${count(missing, 'frame')} missing in ${count(long.length, 'gap')}; the longest gap lasts ${milliseconds(longest, base)}. The camera may have dropped them.`,
      ),
    )
  }
  return findings
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

function milliseconds(ticks: number, base: TimeBase): string {
  return `${((ticks / base.timescale) * 1000).toFixed(1)} ms`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function notice(code: Finding['code'], message: string): Finding {
  return { code, severity: 'notice', message }
}
