import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

export const incidentOption = [
  '--incident <id>',
  'the incident; opened if there is none of that id',
] as const

export function readIncidentId(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(text)) return text
  throw new CommandError(
    'usage',
    `--incident "${text}" must be lower-case letters, digits and hyphens`,
    exitCodes.usage,
  )
}
