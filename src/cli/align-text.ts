import type { CalendarClaim, CalendarReading } from '../align/calendar-time.ts'
import { plusMinus, timecode } from '../time/text.ts'

/** `± 0.15 s`, `± 6 min` or `± 14.1 h`, never rounded down. */
export function calendarError(seconds: number): string {
  if (seconds < 90) return plusMinus(seconds)
  if (seconds < 5400) return `± ${Math.ceil(seconds / 60)} min`
  return `± ${(Math.ceil(seconds / 360) / 10).toFixed(1)} h`
}

/** `1.20 s earlier`, `2.0 h later`, against the claim. */
function difference(seconds: number): string {
  const size = Math.abs(seconds)
  const text =
    size < 90
      ? `${size.toFixed(2)} s`
      : size < 5400
        ? `${(size / 60).toFixed(1)} min`
        : size < 172_800
          ? `${(size / 3600).toFixed(2)} h`
          : `${Math.round(size / 86_400)} days`
  return `${text} ${seconds < 0 ? 'earlier' : 'later'}`
}

export interface CalendarText {
  readonly at: string
  readonly error: string
  /** How far to trust it. */
  readonly why: string
  /** Each piece of evidence: its recording, and what is said of it. */
  readonly evidence: readonly {
    readonly recording: string
    readonly text: string
    readonly contradicts: boolean
  }[]
}

export function calendarText(claim: CalendarClaim): CalendarText {
  const { basis, agreement, strength } = claim
  const containers = basis.every(({ kind }) => kind === 'container')
  const why =
    strength === 'stated'
      ? 'as stated'
      : agreement.divided
        ? 'weak: the evidence is divided, and this as wide as its sides'
        : containers
          ? 'weak: from a file alone, stated by nobody'
          : 'weak'
  const said = (reading: CalendarReading, verdict: string, contradicts = false) => ({
    recording: reading.recording,
    text: `${evidenceText(reading)}; ${verdict}${reading.remark === undefined ? '' : ` (${reading.remark})`}`,
    contradicts,
  })
  const off = ({ differsBySeconds }: CalendarReading): string => difference(differsBySeconds)
  return {
    at: instantShown(claim),
    error: calendarError(claim.uncertaintySeconds),
    why,
    evidence: [
      ...basis.map((each) =>
        said(
          each,
          Math.abs(each.differsBySeconds) < 0.0005 ? 'the claim’s own' : `reads ${off(each)}`,
        ),
      ),
      ...agreement.agreeing.map((each) => said(each, `agrees, reads ${off(each)}`)),
      ...agreement.contradicting.map((each) => said(each, `contradicts it: ${off(each)}`, true)),
    ],
  }
}

/** Without the fraction of a second where the error drowns it. */
function instantShown({ clockZeroAt, uncertaintySeconds }: CalendarClaim): string {
  return uncertaintySeconds < 90 ? clockZeroAt : clockZeroAt.replace(/\.\d+/, '')
}

function evidenceText(reading: CalendarReading): string {
  const { kind, at, ownSeconds, uncertaintySeconds } = reading
  return kind === 'container'
    ? `the file says ${at.replace(/\.0+(?!\d)/, '')}`
    : `stated ${at} at ${timecode(ownSeconds)} ${plusMinus(uncertaintySeconds)}`
}
