import type { AlignedMember, AlignmentLink, Reupload } from '../align/alignment.ts'
import type { CalendarClaim } from '../align/calendar-time.ts'
import { toClock } from '../time/clock.ts'
import { clockAt, mapOf } from '../time/pieced-clock.ts'
import type { GroupImpulse } from './align-impulses.ts'
import { printable } from './terminal.ts'

/** What every face of `align` shows. */
export interface AlignReport {
  readonly groups: readonly ReportGroup[]
  readonly apart: readonly ReportApart[]
  readonly reuploads: readonly Reupload[]
  readonly impulses: readonly GroupImpulse[]
  /** Whose sound begins before own time 0, and by how much: nothing listens there. */
  readonly unheard: readonly { readonly id: string; readonly seconds: number }[]
  /** By path; of every file that is a recording. */
  readonly spans: ReadonlyMap<string, OwnSpan>
}

export interface ReportGroup {
  readonly members: readonly AlignedMember[]
  readonly links: readonly AlignmentLink[]
  readonly calendar?: CalendarClaim
}

export interface ReportApart {
  readonly id: string
  readonly code: string
  readonly reason: string
  /** For its own zero: it is on no other clock. */
  readonly calendar?: CalendarClaim
}

/** The first and the last time of a recording, its own or on a clock. */
export interface OwnSpan {
  readonly startSeconds: number
  readonly endSeconds: number
}

/** Where a member lies on its group's clock: once, or once for each piece of one cut together. */
export function spansOf(report: AlignReport, member: AlignedMember): readonly OwnSpan[] {
  const span = report.spans.get(member.id)
  if (span === undefined) return []
  if (member.pieces.length > 1) {
    return member.pieces.map((piece) => ({
      startSeconds: toClock(mapOf(member, piece), piece.fromSeconds),
      endSeconds: toClock(mapOf(member, piece), piece.toSeconds),
    }))
  }
  return [
    {
      startSeconds: toClock(member, span.startSeconds),
      endSeconds: toClock(member, span.endSeconds),
    },
  ]
}

/** When each member hears the group's impulsive sounds, on the clock. */
export function hearingsOf(
  report: AlignReport,
  group: number,
  member: AlignedMember,
): readonly { readonly atSeconds: number; readonly corroborated: boolean }[] {
  return report.impulses
    .filter((impulse) => impulse.group === group)
    .flatMap(({ heardIn, corroborated }) =>
      heardIn
        .filter(({ recording }) => recording === member.id)
        .flatMap(({ ownSeconds }) => {
          const atSeconds = clockAt(member, ownSeconds)
          return atSeconds === undefined ? [] : [{ atSeconds, corroborated }]
        }),
    )
}

/** What the recordings of a group span together. */
export function rangeOf(spans: readonly OwnSpan[]): OwnSpan {
  return {
    startSeconds: Math.min(...spans.map(({ startSeconds }) => startSeconds)),
    endSeconds: Math.max(...spans.map(({ endSeconds }) => endSeconds)),
  }
}

/** Round times on a ruler, 1, 2 or 5 times a power of ten apart and at least `leastSeconds`. */
export function ruled(
  { startSeconds, endSeconds }: OwnSpan,
  leastSeconds: number,
): { readonly times: readonly number[]; readonly decimals: number } {
  const power = 10 ** Math.floor(Math.log10(leastSeconds))
  const factor = [1, 2, 5, 10].find((each) => each * power >= leastSeconds * (1 - 1e-9)) ?? 10
  const step = factor * power
  const times: number[] = []
  for (let k = Math.ceil(startSeconds / step - 1e-9); k * step <= endSeconds + step * 1e-9; k++) {
    times.push(k * step)
  }
  return { times, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) }
}

export type Names = ReadonlyMap<string, string>

/** By path: the shortest end of it that tells it from the others, made safe to show. */
export function namesOf({ groups, apart }: AlignReport): Names {
  const ids = [...groups.flatMap(({ members }) => members), ...apart].map(({ id }) => id)
  const endOf = (path: string, parts: number): string => path.split('/').slice(-parts).join('/')
  const all = [...new Set(ids)]
  return new Map(
    all.map((path) => {
      let parts = 1
      while (
        endOf(path, parts) !== path &&
        all.some((other) => other !== path && endOf(other, parts) === endOf(path, parts))
      ) {
        parts++
      }
      return [path, printable(endOf(path, parts))]
    }),
  )
}
