import { Malformed } from './finding.ts'

const maxDepth = 32

const write = (value: unknown, depth: number): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new Malformed('A string holds a lone surrogate.')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Malformed('A number is not a safe integer.')
    return String(value)
  }
  if (depth > maxDepth) throw new Malformed(`It is nested more than ${maxDepth} deep.`)
  if (Array.isArray(value)) {
    return `[${value.map((element: unknown) => write(element, depth + 1)).join(',')}]`
  }
  const members = Object.entries(value as object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${write(name, depth)}:${write(member, depth + 1)}`)
  return `{${members.join(',')}}`
}

/**
 * Reads JSON that must be written as RFC 8785 says. Writing it again and
 * comparing finds duplicate names (which JSON.parse drops), other spellings,
 * white space and whatever follows the value.
 */
export const readCanonicalJson = (text: string): unknown => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Malformed('It is not JSON.')
  }
  if (write(value, 1) !== text) throw new Malformed('It is not written canonically.')
  return value
}

/** The members of an object; a Map, so that no name reaches a prototype. */
export const readMembers = (value: unknown): ReadonlyMap<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Malformed('It is not an object.')
  }
  return new Map(Object.entries(value))
}
