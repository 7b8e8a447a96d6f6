import type { CalendarClaim } from '../align/calendar-time.ts'
import { plusMinus } from '../time/text.ts'
import { calendarText } from './align-text.ts'
import { namesOf, type AlignReport, type Names } from './align-report.ts'
import { printable, type Terminal } from './terminal.ts'
import { cellsOf, fitted } from './text-cells.ts'

export function printTable(terminal: Terminal, report: AlignReport): void {
  const say = (text: string): void => terminal.out(`${text}\n`)
  const names = namesOf(report)
  for (const [index, { members, links, calendar }] of report.groups.entries()) {
    const width = Math.max(...members.map(({ id }) => cellsOf(printable(id))))
    say(`Group ${index + 1}: ${members.length} recordings on one clock`)
    say(`  ${'recording'.padEnd(width)}     offset s    drift ppm  error`)
    for (const { id, offsetSeconds, rate, errorSeconds, method } of members) {
      const drift = ((rate - 1) * 1e6).toFixed(1)
      say(
        `  ${fitted(printable(id), width, '')} ${offsetSeconds.toFixed(4).padStart(12)} ${drift.padStart(12)}  ${plusMinus(errorSeconds)}  by ${method}`,
      )
    }
    for (const { a, b, accepted, reason } of links) {
      if (!accepted)
        say(`  not used: ${printable(a)} with ${printable(b)}: ${printable(reason ?? '')}`)
    }
    for (const { id, pieces } of members) {
      if (pieces.length < 2) continue
      const parts = pieces.map(
        ({ fromSeconds, toSeconds, offsetSeconds }) =>
          `${fromSeconds.toFixed(2)} to ${toSeconds.toFixed(2)} s at ${offsetSeconds.toFixed(4)} s`,
      )
      say(`  cut together: ${printable(id)}: ${parts.join(', ')}`)
    }
    if (calendar !== undefined) printCalendar(say, 'Clock zero', calendar, names)
  }
  for (const { id, of } of report.reuploads)
    say(`One recording, stored twice, one witness: ${printable(id)} and ${printable(of)}`)
  for (const { id, seconds } of report.unheard)
    say(`Not listened to: ${seconds.toFixed(3)} s of ${printable(id)} before its own time 0`)
}

/** What files and persons say of the calendar time of recordings that are on no clock but their own. */
export function printApartCalendars(terminal: Terminal, report: AlignReport): void {
  const say = (text: string): void => terminal.out(`${text}\n`)
  const names = namesOf(report)
  for (const { id, calendar } of report.apart) {
    if (calendar === undefined) continue
    printCalendar(say, `Zero of ${names.get(id) ?? ''}`, calendar, names)
  }
}

function printCalendar(
  say: (text: string) => void,
  what: string,
  calendar: CalendarClaim,
  names: Names,
): void {
  const { at, error, why, evidence } = calendarText(calendar)
  say(`  ${what}: ${at} ${error}, ${why}`)
  for (const { recording, text } of evidence)
    say(`    ${names.get(recording) ?? ''}: ${printable(text)}`)
}
