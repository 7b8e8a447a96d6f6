/**
 * What the desk and its workers log: events of a list, with fields of a list, each with a form that
 * its values must have. Names, titles, paths, addresses, keys and messages of errors have no field,
 * so that none of them can be logged.
 */
import pino, { type Level } from 'pino'
import { errorFields } from './error-fields.ts'
import { logLine } from './log-line.ts'

/** A new event is a line here. */
const events = {
  started: 'info',
  request: 'info',
  /** A request of something that asks every few seconds. */
  probe: 'debug',
  'request-failed': 'error',
  /** What was read for an answer broke off after the answer had begun. */
  'answer-broken': 'error',
  /** Of uploads, what was withdrawn and jobs that ended long ago. */
  'sweep-failed': 'error',
  'job-begun': 'info',
  'job-done': 'info',
  'job-failed': 'warn',
  'job-quarantined': 'error',
  'job-given-back': 'info',
  /** Somebody else has it by now. */
  'job-lost': 'warn',
  /** What brings jobs cannot: the database does not answer, for one. */
  'queue-failed': 'warn',
  /** Of an incident whose case texts cannot be read. */
  'records-not-filled': 'error',
  stopping: 'info',
  /** Open connections, at the end of the time given to them. */
  'connections-cut': 'warn',
  stopped: 'info',
  crashed: 'fatal',
  /** A library wrote to the console; what it wrote is not repeated. */
  'library-spoke': 'warn',
  warning: 'warn',
} as const satisfies Readonly<Record<string, Level>>

/** Texts come from the program, never from what somebody sent. */
const forms = {
  requestId: /^[0-9a-f]{24}$/,
  method: /^[A-Z]{3,10}$/,
  /** The pattern of a route, as the program names it. */
  route: /^[\w/:.*-]{1,200}$/,
  signal: /^SIG[A-Z0-9]{2,10}$/,
  /** Of jobs. */
  kind: /^[a-z][a-z0-9-]{0,40}$/,
} as const
const numbers = [
  'status',
  'milliseconds',
  'bytes',
  'connections',
  'port',
  'job',
  'attempt',
] as const
const booleans = ['aborted'] as const

export type LogFields = {
  readonly [name in keyof typeof forms]?: string
} & {
  readonly [name in (typeof numbers)[number]]?: number
} & {
  readonly [name in (typeof booleans)[number]]?: boolean
} & {
  /** Its class, code, place in the program, and the same of its causes; never its message. */
  readonly error?: unknown
}

export type Log = (event: keyof typeof events, fields?: LogFields) => void

export const logLevels = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

export const silentLog: Log = () => undefined

/** JSON lines, or short ones for a person to read. */
export function createLog(
  write: (line: string) => void,
  { level, readable }: { readonly level: LogLevel; readonly readable: boolean },
): Log {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: readable ? (line: string) => write(logLine(line)) : write },
  )
  return (event, fields = {}) => {
    if (logger.isLevelEnabled(events[event])) logger[events[event]](allowed(fields), event)
  }
}

function allowed(fields: LogFields): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {}
  for (const [name, form] of Object.entries(forms)) {
    const value = fields[name as keyof typeof forms]
    if (value !== undefined) kept[name] = form.test(value) ? value : '(not in its form)'
  }
  for (const name of numbers) {
    const value = fields[name]
    if (typeof value === 'number') kept[name] = value
  }
  for (const name of booleans) {
    if (fields[name] === true) kept[name] = true
  }
  return fields.error === undefined ? kept : { ...kept, ...errorFields(fields.error) }
}
