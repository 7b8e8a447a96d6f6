import edtf from 'edtf'

const dayMilliseconds = 86_400_000

/** A date as EDTF (ISO 8601-2) writes it, with the days it may span. */
export interface CalendarDate {
  readonly edtf: string
  /** Milliseconds since 1970 UTC; -Infinity where the start is open. */
  readonly earliest: number
  /** Milliseconds since 1970 UTC; Infinity where the end is open. */
  readonly latest: number
  readonly approximate: boolean
  readonly uncertain: boolean
}

/** To the library five digits or more are milliseconds since 1970, and no date of EDTF: 20260607. */
const unixTime = /^\d{5,}$/

/** Reads EDTF, or returns undefined where the text is none. */
export function readCalendarDate(text: string): CalendarDate | undefined {
  if (unixTime.test(text)) return undefined
  try {
    const parsed = edtf(text)
    const { min, max } = parsed
    return {
      edtf: text,
      earliest: Number.isFinite(min) ? min : -Infinity,
      latest: Number.isFinite(max) ? max : Infinity,
      approximate: (parsed.approximate?.value ?? 0) !== 0,
      uncertain: (parsed.uncertain?.value ?? 0) !== 0,
    }
  } catch {
    return undefined
  }
}

/**
 * Whole days from an asked date to `now`; counted from the latest day that the
 * date allows, so that a vague date never overstates a silence.
 */
export function wholeDaysSince(asked: CalendarDate, now: Date): number | undefined {
  if (!Number.isFinite(asked.latest)) return undefined
  const askedDay = Math.floor(asked.latest / dayMilliseconds)
  return Math.max(0, Math.floor(now.getTime() / dayMilliseconds) - askedDay)
}
