import type { Anchor } from '../align/alignment.ts'
import type { CalendarEvidence } from '../align/calendar-time.ts'
import { readInstant } from '../time/instant.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

/** `a.mp4@12.3=b.mp4@4.56±0.02` */
export function readAnchor(text: string, paths: readonly string[]): Anchor {
  const refuse = refusal(`--anchor "${text}"`, 'a.mp4@12.3=b.mp4@4.56±0.02')
  const match = /^(.+)@(-?[\d.]+)=(.+)@(-?[\d.]+)(?:±|\+-)([\d.]+)$/s.exec(text)
  if (match === null) throw refuse('is not understood')
  const [, a = '', atA = '', b = '', atB = '', error = ''] = match
  const [aSeconds, bSeconds, errorSeconds] = [Number(atA), Number(atB), Number(error)]
  if (![aSeconds, bSeconds, errorSeconds].every(Number.isFinite) || errorSeconds <= 0)
    throw refuse('has a time that is no number')
  const ends = {
    a: { id: named(a, paths, refuse), atSeconds: aSeconds },
    b: { id: named(b, paths, refuse), atSeconds: bSeconds },
  }
  if (ends.a.id === ends.b.id) throw refuse('joins a recording with itself')
  return { ...ends, errorSeconds }
}

/** `a.mp4@12.3=2026-06-07T17:02:10+02:00±1` */
export function readTime(text: string, paths: readonly string[]): CalendarEvidence {
  const refuse = refusal(`--time "${text}"`, 'a.mp4@12.3=2026-06-07T17:02:10+02:00±1')
  const match = /^(.+)@(-?[\d.]+)=([^=±]+?)(?:±|\+-)([\d.]+)$/s.exec(text)
  if (match === null) throw refuse('is not understood; it needs its ± seconds')
  const [, name = '', own = '', at = '', error = ''] = match
  const [ownSeconds, uncertaintySeconds] = [Number(own), Number(error)]
  if (!Number.isFinite(ownSeconds) || !Number.isFinite(uncertaintySeconds))
    throw refuse('has seconds that are no number')
  const instant = readInstant(at)
  if (instant === undefined) throw refuse(`"${at}" is no date with a time of day`)
  if (instant.zoneMinutes === undefined)
    throw refuse('has no zone, and hours hang on it; end the time with Z or, say, +02:00')
  return {
    recording: named(name, paths, refuse),
    ownSeconds,
    at,
    uncertaintySeconds,
    kind: 'stated',
  }
}

type Refusal = (reason: string) => CommandError

function refusal(what: string, example: string): Refusal {
  return (reason) =>
    new CommandError('usage', `${what}: ${reason}; write ${example}`, exitCodes.usage)
}

function named(name: string, paths: readonly string[], refuse: Refusal): string {
  const exact = paths.filter((path) => path === name)
  const found = exact.length > 0 ? exact : paths.filter((path) => path.endsWith(`/${name}`))
  if (found.length !== 1)
    throw refuse(`"${name}" is ${found.length === 0 ? 'none' : 'more than one'} of the files`)
  return found[0] ?? name
}
