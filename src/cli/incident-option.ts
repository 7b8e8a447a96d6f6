import { readIncidents } from '../store/incidents.ts'
import type { Reader } from '../store/store.ts'
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

/** Of a list: that it is empty is no answer about an incident that is not there. @throws CommandError */
export async function requireIncident(reader: Reader, id: string): Promise<void> {
  if ((await readIncidents(reader, id)).length === 0) throw noIncident(id)
}

export const noIncident = (id: string): CommandError =>
  new CommandError('incident-unknown', `there is no incident "${id}"`, exitCodes.failed)
