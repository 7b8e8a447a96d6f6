import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

/** A whole number from 0 on, as it was given to an option. */
export function wholeNumber(option: string, text: string, most: number, what: string): number {
  const number = Number(text)
  if (/^\d{1,9}$/.test(text) && number <= most) return number
  throw new CommandError(
    'usage',
    `${option} "${text}" is ${what}; give a number from 0 to ${most}`,
    exitCodes.usage,
  )
}
