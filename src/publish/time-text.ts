import type { StoryMaterial } from '../case/bundle.ts'
import { dateText } from './date-text.ts'
import * as text from '../time/text.ts'

const unbroken = (words: string) => words.replaceAll(' ', '\u00a0')

/** `+12.48 s` on the clock, never broken over two lines; zero has no sign. */
export function clockText(seconds: number): string {
  const words = text.fromZero(seconds)
  return unbroken(/^[+−]0\.00 /.test(words) ? words.slice(1) : words)
}

/** `1.27 s`, between two moments. */
export function intervalText(seconds: number): string {
  return unbroken(`${seconds.toFixed(2)} s`)
}

/** `± 0.04 s`, never rounded down to nothing. */
export function errorText(seconds: number): string {
  return unbroken(text.plusMinus(seconds))
}

/** `3 June 2026, 11:30 UTC+2`: a time of day in the incident's zone. */
export function zonedText(material: StoryMaterial, at: string): string {
  const { day, time, offset } = zonedParts(material, at)
  return `${day}, ${time} ${offset}`
}

/** The same for EDTF, to the second where it has seconds; what is no exact instant as `dateText` says it. */
export function timeText(material: StoryMaterial, edtf: string): string {
  if (!/T.*(?:Z|[+-]\d{2}:\d{2})$/.test(edtf)) return dateText(edtf)
  const { day, time, seconds, offset } = zonedParts(material, edtf)
  return `${day}, ${time}${seconds === '00' ? '' : `:${seconds}`} ${offset}`
}

export function zonedDay(material: StoryMaterial, at: string): string {
  return zonedParts(material, at).day
}

function zonedParts(material: StoryMaterial, at: string) {
  const parts = new Map(
    formatOf(material.case.incident.timezone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  return {
    day: `${part('day')} ${part('month')} ${part('year')}`,
    time: `${part('hour')}:${part('minute')}`,
    seconds: part('second'),
    offset: part('timeZoneName')
      .replace('GMT', 'UTC')
      .replace(/[+-]0$/, ''),
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Kept per zone: a page asks some fifty times, and making one takes a millisecond. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const made = newFormat(timeZone)
  formats.set(timeZone, made)
  return made
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'shortOffset',
  })
}

const words = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** `Three`, `12`. */
export function countText(count: number): string {
  const word = words[count]
  return word === undefined ? String(count) : `${word[0]?.toUpperCase()}${word.slice(1)}`
}
