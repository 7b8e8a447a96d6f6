import { createLog, logLevels, type Log, type LogLevel } from '../observe/log.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/**
 * The log of a program that goes on for long, on stderr, and nothing there beside it: what libraries
 * write to the console, warnings and what ends the program are events too.
 */
export function processLog(terminal: Terminal): Log {
  const readable = terminal.errIsTerminal
  const log = createLog((line) => terminal.err(line), { level: levelAsked(), readable })
  // Whoever read the log may go; the desk stays.
  process.stderr.on('error', () => undefined)
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    console[name] = () => log('library-spoke', { error: new Error('said') })
  }
  process.removeAllListeners('warning').on('warning', (error) => log('warning', { error }))
  process.once('uncaughtException', (error) => {
    log('crashed', { error })
    process.exit(exitCodes.failed)
  })
  return log
}

function levelAsked(): LogLevel {
  const { SIGHTLINE_LOG: asked = '' } = process.env
  if (asked === '') return 'info'
  const level = logLevels.find((name) => name === asked)
  if (level !== undefined) return level
  throw new CommandError(
    'usage',
    `SIGHTLINE_LOG "${asked}" is no level; give one of ${logLevels.join(', ')}`,
    exitCodes.usage,
  )
}
