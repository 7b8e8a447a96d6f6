import type { CalendarClaim, CalendarReading } from '../align/calendar-time.ts'
import { impulsesAsJson } from './align-impulses.ts'
import type { AlignReport } from './align-report.ts'

/** What `--json` prints. */
export function alignJson({ groups, apart, reuploads, impulses, unheard }: AlignReport) {
  return {
    groups: groups.map(({ members, links, calendar }) => ({
      members: members.map(({ id, ...member }) => ({ path: id, ...member })),
      links,
      calendar: calendarJson(calendar),
    })),
    apart: apart.map(({ id, code, reason, calendar }) => ({
      path: id,
      code,
      reason,
      calendar: calendarJson(calendar),
    })),
    reuploads: reuploads.map(({ id, ...reupload }) => ({ path: id, ...reupload })),
    impulses: impulsesAsJson(impulses),
    unheard: unheard.map(({ id, seconds }) => ({ path: id, seconds })),
  }
}

/** Absent where nothing says what time it was. */
function calendarJson(claim: CalendarClaim | undefined) {
  if (claim === undefined) return undefined
  const { basis, agreement, ...rest } = claim
  return {
    ...rest,
    basis: basis.map(readingJson),
    agreement: {
      divided: agreement.divided,
      agreeing: agreement.agreeing.map(readingJson),
      contradicting: agreement.contradicting.map(readingJson),
    },
  }
}

function readingJson({ recording, ...reading }: CalendarReading) {
  return { path: recording, ...reading }
}
