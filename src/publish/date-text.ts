import { readCalendarDate } from '../time/calendar.ts'

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const plainDate =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?)?)?$/

/**
 * An EDTF date in words: `17 May 2026`, `about May 2026`, `17 May 2026
 * (uncertain)`. What has no plain wording stays EDTF as written.
 */
export function dateText(edtf: string): string {
  const interval = edtf.split('/')
  if (interval.length === 2) {
    const [from = '', to = ''] = interval
    if (from === '..' || from === '') return `until ${dateText(to)}`
    if (to === '..' || to === '') return `from ${dateText(from)}`
    return `${dateText(from)} to ${dateText(to)}`
  }
  const mark = /[?~%]$/.exec(edtf)?.[0]
  const plain = plainText(mark === undefined ? edtf : edtf.slice(0, -1))
  if (plain === undefined) return edtf
  if (mark === '~') return `about ${plain}`
  if (mark === '?') return `${plain} (uncertain)`
  return mark === '%' ? `about ${plain} (uncertain)` : plain
}

function plainText(date: string): string | undefined {
  const [, year, month, day, time, zone] = plainDate.exec(date) ?? []
  if (year === undefined) return undefined
  if (month === undefined) return year
  const monthName = months[Number(month) - 1]
  if (monthName === undefined) return undefined
  const calendar =
    day === undefined ? `${monthName} ${year}` : `${Number(day)} ${monthName} ${year}`
  if (time === undefined) return calendar
  return `${calendar}, ${time}${zone === undefined ? '' : zone === 'Z' ? ' UTC' : ` UTC${zone}`}`
}

/** Usable as the `datetime` of a `<time>`: one exact day or instant, else undefined. */
export function machineDate(edtf: string): string | undefined {
  const [, year, month, day, time, zone] = plainDate.exec(edtf) ?? []
  if (year === undefined || (time !== undefined && zone === undefined)) return undefined
  if (month === undefined || day === undefined) return edtf
  return readCalendarDate(edtf) === undefined ? undefined : edtf
}
